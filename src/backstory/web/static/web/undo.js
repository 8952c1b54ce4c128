// The bar with which a reply just sent is taken back. The server holds the letter; this only counts along.
import { halt } from "./composer.js";

const holder = document.getElementById("undo");
let timer;

function start() {
  clearInterval(timer);
  const bar = holder.querySelector(".undo-bar");
  if (!bar) return;
  const until = performance.now() + Number(bar.dataset.left) * 1000;
  timer = setInterval(() => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left > 0) bar.querySelector(".undo-count").textContent = left;
    else { clearInterval(timer); bar.remove(); }
  }, 250);
}

// What has been begun in the same box since comes along: the draft that was sent is put above it.
function carry(form) {
  const open = document.getElementById("conversation")?.dataset.conversation;
  const composer = document.querySelector("form#composer");
  const same = composer && (form.dataset.undo === "here" || form.dataset.undo === open);
  if (same) halt();
  form.elements.text.value = same ? composer.elements.text.value : "";
  form.elements.mode.value = same ? composer.elements.mode.value : "";
}

if (holder) new MutationObserver(start).observe(holder, { childList: true });
document.addEventListener("submit", (event) => { if (event.target.dataset.undo) carry(event.target); }, true);
document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (!sourceElement?.dataset?.undo || !(response?.status < 400)) return;
  document.getElementById("composer-text")?.focus();
  document.dispatchEvent(new CustomEvent("composer:changed")); // a save that was under way must not have the last word
});
