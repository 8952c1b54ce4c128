// Single keys act only when nobody is typing; each presses the button that carries its name.
import { openReading } from "./judging.js";

const isTyping = (target) =>
  target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]");
const isShown = (element) => element.getClientRects().length > 0;

function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] .queue-link")];
  if (!rows.length) return;
  const focused = rows.indexOf(document.activeElement);
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(Math.max(current + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function write(mode) {
  const choice = document.querySelector(`#composer input[value="${mode}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  document.getElementById("composer-text").focus();
}

// A search box keeps the first Escape to itself, which would leave its dialog open without focus.
function leave(event) {
  const dialog = event.target.closest("dialog");
  if (dialog) event.preventDefault();
  if (dialog) dialog.close();
  else event.target.blur();
}

export function press(key) {
  const button = [...document.querySelectorAll(`[data-key="${key}"]`)].find((each) => isShown(each) || each.closest("details"));
  button?.click();
  return Boolean(button);
}

export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:open"));
}

const KEYS = {
  v: openReading,
  j: () => move(1),
  k: () => move(-1),
  r: () => write("reply"),
  n: () => write("note"),
  "/": () => document.getElementById("queue-search")?.focus(),
  "?": () => open("shortcuts"),
};

export function act(key) {
  if (KEYS[key]) KEYS[key]();
  else press(key);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open("palette");
    return;
  }
  if (event.key === "Escape" && event.target.matches?.("textarea, input")) leave(event);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key in KEYS || "ecpazsmhobt".includes(event.key)) {
    if (event.key !== "Enter") event.preventDefault();
    act(event.key);
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener.dataset.opens);
});
