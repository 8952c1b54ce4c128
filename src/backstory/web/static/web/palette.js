// Ctrl-K: one box over conversations, customers, places and actions.
import { act } from "./keyboard.js";

const palette = document.getElementById("palette");
const query = document.getElementById("palette-query");
const results = document.getElementById("palette-results");

const hits = () => [...results.querySelectorAll("[role=option]:not([aria-disabled])")];

function choose(index) {
  const all = hits();
  if (!all.length) return;
  const at = (index + all.length) % all.length;
  all.forEach((hit, place) => hit.setAttribute("aria-selected", String(place === at)));
  query.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function take(hit) {
  palette.close();
  if (hit.dataset.do) act(hit.dataset.do);
  else location.assign(hit.dataset.href);
}

function onKey(event) {
  const at = hits().findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(at + 1);
  else if (event.key === "ArrowUp") choose(at - 1);
  else if (event.key === "Enter" && at >= 0) take(hits()[at]);
  else return;
  event.preventDefault();
}

if (palette) {
  palette.addEventListener("dialog:open", () => {
    query.value = "";
    query.dispatchEvent(new CustomEvent("palette:open"));
  });
  query.addEventListener("keydown", onKey);
  results.addEventListener("click", (event) => {
    const hit = event.target.closest("[role=option]:not([aria-disabled])");
    if (hit) take(hit);
  });
  results.addEventListener("htmx:after:settle", () => choose(0));
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.sourceElement === query) choose(0);
  });
}
