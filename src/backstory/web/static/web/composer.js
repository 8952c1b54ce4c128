// The reply box: autosaved draft, advice on every pause, apply and dismiss by key. All events are delegated,
// because the box is replaced when a message is sent or another conversation is opened.
const CHECK_AFTER = 450;
const SAVE_AFTER = 900;
const RETRY_AFTER = 5000;
let checkTimer, saveTimer, checking, saving;

const form = () => document.querySelector("form#composer");
const box = () => document.getElementById("composer-text");
const mode = () => form()?.querySelector("[name=mode]:checked")?.value;

function status(word) {
  const line = document.getElementById("draft-status");
  if (line) line.textContent = line.dataset[word] ?? "";
}

function post(url, extra = {}) {
  const body = new FormData(form());
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return { method: "POST", body, headers: { "HX-Request": "true" }, url };
}

async function save() {
  const current = form();
  if (!current) return;
  status("saving");
  delete current.dataset.unsaved;
  saving = new AbortController();
  const { signal } = saving;
  try {
    const request = post(current.dataset.draftUrl);
    const response = await fetch(request.url, { ...request, keepalive: true, signal });
    if (!response.ok) throw new Error(response.status);
    if (!current.dataset.unsaved) status("saved");
  } catch {
    if (signal.aborted) return;
    current.dataset.unsaved = "yes";
    status("failed");
    saveTimer = setTimeout(save, RETRY_AFTER);
  }
}

async function check(extra) {
  const current = form();
  if (!current || mode() !== "reply") return;
  clearTimeout(checkTimer); // this asks about all that is written by now
  checking?.abort();
  checking = new AbortController();
  const { signal } = checking;
  const advice = document.getElementById("advice");
  advice.setAttribute("aria-busy", "true");
  try {
    const request = post(current.dataset.checkUrl, extra);
    const response = await fetch(request.url, { ...request, signal });
    const answer = await response.text();
    if (response.ok && form() === current && !signal.aborted) advice.innerHTML = answer;
  } catch {
    // Offline or overtaken by the next pause: the advice shown stays.
  } finally {
    if (!signal.aborted) advice.removeAttribute("aria-busy");
  }
}

function changed() {
  const current = form();
  current.dataset.unsaved = "yes";
  clearTimeout(saveTimer);
  clearTimeout(checkTimer);
  saveTimer = setTimeout(save, SAVE_AFTER);
  checkTimer = setTimeout(check, CHECK_AFTER);
  if (mode() === "reply") document.getElementById("advice").setAttribute("aria-busy", "true");
}

// Nothing is saved any more: a draft that arrives after its letter would come back to life.
export function halt() {
  clearTimeout(saveTimer);
  clearTimeout(checkTimer);
  saving?.abort();
}

function showMode() {
  const current = form();
  current.classList.toggle("is-note", mode() === "note");
  current.querySelectorAll("[data-mode-only]").forEach((part) => { part.hidden = part.dataset.modeOnly !== mode(); });
}

// Offsets count characters as Python does; JavaScript counts UTF-16 units.
function cut(text, start, end) {
  const letters = Array.from(text);
  return [letters.slice(0, start).join(""), letters.slice(start, end).join(""), letters.slice(end).join("")];
}

function apply(finding) {
  const { start, end, rewrite } = finding.dataset;
  if (rewrite === undefined) return;
  const [before, found, after] = cut(box().value, Number(start), Number(end));
  const quote = finding.querySelector("q")?.textContent ?? "";
  if (quote && found !== quote) { check(); return; } // written on since: the places are no longer these
  box().focus();
  box().setSelectionRange(before.length, box().value.length - after.length);
  // execCommand keeps the browser's own undo; where it is gone the value is set.
  if (!document.execCommand(rewrite ? "insertText" : "delete", false, rewrite)) {
    box().value = before + rewrite + after;
    changed();
  }
}

// The finding in focus, else the first that can be done something with.
function focused(button) {
  const first = document.querySelector(`#advice .finding:has(${button})`);
  return document.activeElement.closest?.(".finding") ?? first;
}

function onKey(event) {
  if (!form()) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === box()) {
    event.preventDefault();
    form().requestSubmit();
  } else if (event.altKey && ["a", "d"].includes(event.key.toLowerCase())) {
    const applies = event.key.toLowerCase() === "a";
    const finding = focused(applies ? "[data-apply]" : "[data-dismiss]");
    if (!finding) return;
    event.preventDefault();
    if (applies) apply(finding);
    else dismiss(finding);
  }
}

function dismiss(finding) {
  if (!finding.querySelector("[data-dismiss]")) return;
  box().focus();
  check({ dismiss: finding.dataset.finding });
}

// At the caret, and so that the browser's own undo takes it out again.
export function place(words) {
  const text = box();
  if (!text) return;
  text.focus();
  if (document.execCommand("insertText", false, words)) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  changed();
}

function insert(button) {
  const text = box();
  if (!text) return;
  const gap = text.value && !text.value.endsWith("\n") ? "\n\n" : "";
  text.setSelectionRange(text.value.length, text.value.length);
  place(gap + button.dataset.insert);
  document.getElementById("panel")?.classList.remove("is-open");
}

document.addEventListener("input", (event) => { if (event.target === box()) changed(); });
document.addEventListener("composer:changed", () => { if (form()) changed(); }); // recipients, files
document.addEventListener("change", (event) => {
  if (event.target.name === "mode" && form()?.contains(event.target)) showMode();
  if (event.target.name === "quote" && form()?.contains(event.target)) changed();
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const finding = event.target.closest(".finding");
  if (finding && event.target.closest("[data-apply]")) apply(finding);
  else if (finding && event.target.closest("[data-dismiss]")) dismiss(finding);
  const suggestion = event.target.closest("[data-insert]");
  if (suggestion) insert(suggestion);
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  halt();
  form().elements.seen.value = document.getElementById("thread-body").dataset.newest;
}, true);
// Refused or offline: the words are still here, so they are kept as a draft again.
document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement === form() && !(response?.status < 400)) changed();
});
// Another conversation is about to take this place.
document.addEventListener("htmx:before:request", (event) => {
  if (event.detail.ctx.target?.id === "conversation" && form()?.dataset.unsaved) save();
});
window.addEventListener("online", () => { if (form()?.dataset.unsaved) save(); });
window.addEventListener("pagehide", () => { if (form()?.dataset.unsaved) save(); });
document.addEventListener("workspace:opened", () => { if (box()?.value) check(); });
