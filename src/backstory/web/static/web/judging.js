// The popover in which one judges what was read in a message: v opens it, arrows and numbers choose, Enter keeps,
// Escape leaves. It is not modal: words can be marked in the message meanwhile. Without it the same is a page.
const sheet = () => document.getElementById("judging");
let came = null; // from where: a selector that outlives a refresh

function latest() {
  return [...document.querySelectorAll(".message [data-reading]")].at(-1)?.closest(".message");
}

export function openReading() {
  const focus = document.activeElement;
  const message = focus?.closest?.(".message");
  const read = (message?.querySelector("[data-reading]") ? message : latest());
  if (!read) return;
  const field = read.contains(focus) ? focus.dataset.field : "";
  open(read, field);
}

function open(message, field = "") {
  const url = message.querySelector("[data-reading]").dataset.reading;
  came = `#${message.id} ${field ? `[data-field="${field}"]` : "[data-judge]"}`;
  load(field ? `${url}?field=${encodeURIComponent(field)}` : url);
}

async function load(url) {
  await window.htmx.ajax("GET", url, { source: sheet(), target: sheet(), swap: "innerHTML" });
  if (!sheet().firstElementChild) return;
  if (!sheet().open) sheet().show();
  const first = sheet().querySelector("input:checked, [name=value], [data-choice], [name=quote]");
  (first || sheet().querySelector("h2")).focus();
  takeMarked();
}

function close() {
  sheet().close();
  sheet().replaceChildren();
  const back = document.querySelector(came) || document.querySelector(came?.split(" ")[0]);
  back?.focus();
}

const choices = () => [...sheet().querySelectorAll("[data-choice]")];

function choose(choice) {
  choice?.focus();
  if (choice?.matches("input")) choice.checked = true;
  else choice?.click();
}

function step(by) {
  const all = choices();
  const at = all.indexOf(document.activeElement);
  all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

// Arrows in a group of radio buttons are the browser's own.
function pressed(event) {
  const typing = event.target.matches("input[name=quote], select");
  if (event.key === "Escape") close();
  else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  else if (/^[0-9]$/.test(event.key)) choose(choices().find((choice) => choice.dataset.choice === event.key));
  else if (event.key === "ArrowDown" && !event.target.matches("input")) step(1);
  else if (event.key === "ArrowUp" && !event.target.matches("input")) step(-1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Words marked in the message are offered as what belongs to the field.
function takeMarked() {
  const quote = sheet()?.querySelector("[name=quote]");
  const selection = getSelection();
  const id = sheet()?.querySelector("[data-message]")?.dataset.message;
  const body = id && document.querySelector(`#message-${id} [data-evidence-text]`);
  if (!quote || !body || selection.isCollapsed || !body.contains(selection.anchorNode)) return;
  const range = selection.getRangeAt(0);
  const before = document.createRange();
  before.setStart(body, 0);
  before.setEnd(range.startContainer, range.startOffset);
  quote.value = selection.toString().trim();
  quote.form.elements.near.value = Array.from(before.toString()).length;
}

document.addEventListener("keydown", (event) => { if (sheet()?.open) pressed(event); }, true);
document.addEventListener("selectionchange", takeMarked);
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.button || !sheet()) return;
  const opener = event.target.closest("[data-judge]");
  const line = event.target.closest("#judging a[data-choice], #judging [data-judging-back]");
  if (event.target.closest("[data-judging-close]")) close();
  else if (opener) open(opener.closest(".message"));
  else if (line) load(line.getAttribute("href"));
  else return;
  event.preventDefault();
});
document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (sourceElement?.closest?.("[data-judgement]") && response?.status < 400) close();
});
