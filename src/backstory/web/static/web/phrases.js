// The phrases in the reply box: Alt+P, type, arrow keys, Enter puts one where the caret stands; Tab goes to what is
// still to be filled in.
import { place } from "./composer.js";

const ASK_AFTER = 150;
const BLANK = /\[[^\]\n]{1,80}\]/g;
const sheet = () => document.getElementById("phrases");
const query = () => document.getElementById("phrase-query");
const box = () => document.getElementById("composer-text");
const options = () => [...document.querySelectorAll("#phrase-results [data-phrase]")];
let timer, asking;

async function ask() {
  const field = query();
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const url = `${field.dataset.phrasesUrl}?q=${encodeURIComponent(field.value)}`;
    const response = await fetch(url, { headers: { "HX-Request": "true" }, signal });
    const answer = await response.text();
    if (!response.ok || signal.aborted || query() !== field) return;
    document.getElementById("phrase-results").innerHTML = answer;
    choose(0);
  } catch {
    // Offline or overtaken by the next letter: what is shown stays.
  }
}

function choose(index) {
  const all = options();
  if (!all.length) return query().removeAttribute("aria-activedescendant");
  const at = (index + all.length) % all.length;
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  query().setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function show(shown) {
  if (!sheet()) return;
  sheet().hidden = !shown;
  document.querySelector("[data-phrases]")?.setAttribute("aria-expanded", String(shown));
  if (!shown) return box().focus();
  query().value = "";
  query().focus();
  ask();
}

function take(option) {
  const start = box().selectionStart;
  show(false);
  box().setSelectionRange(start, box().selectionEnd);
  const gap = start && !/\s$/.test(box().value.slice(0, start)) ? " " : "";
  place(gap + option.dataset.phrase);
  nextBlank(start);
}

// Select the next [placeholder] from a place on; false where there is none.
function nextBlank(from) {
  BLANK.lastIndex = from;
  const found = BLANK.exec(box().value);
  if (found) box().setSelectionRange(found.index, found.index + found[0].length);
  return Boolean(found);
}

const onBlank = () => {
  const { value, selectionStart, selectionEnd } = box();
  return /^\[[^\]\n]{1,80}\]$/.test(value.slice(selectionStart, selectionEnd));
};

function onQuery(event) {
  const at = options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(at + 1);
  else if (event.key === "ArrowUp") choose(at - 1);
  else if (event.key === "Escape") show(false);
  else if (event.key === "Enter") { if (at >= 0) take(options()[at]); }
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("keydown", (event) => {
  if (event.target === query()) onQuery(event);
  // Tab leaves the box as ever, except from a placeholder that has one after it.
  else if (event.key === "Tab" && !event.shiftKey && event.target === box() && onBlank()) {
    if (nextBlank(box().selectionEnd)) event.preventDefault();
  } else if (event.altKey && event.key.toLowerCase() === "p" && sheet()) {
    event.preventDefault();
    show(sheet().hidden);
  }
}, true);
document.addEventListener("input", (event) => {
  if (event.target !== query()) return;
  event.stopPropagation();
  clearTimeout(timer);
  timer = setTimeout(ask, ASK_AFTER);
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-phrases]")) return show(sheet().hidden);
  const option = event.target.closest("#phrase-results [data-phrase]");
  if (option) take(option);
});
