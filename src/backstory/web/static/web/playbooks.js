// The editor of a playbook: Tab indents, and a problem leads to its line.
const text = document.getElementById("playbook-source");

function toLine(number) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max((number - 6) * height, 0);
}

document.addEventListener("click", (event) => {
  const problem = event.target.closest("[data-line]");
  if (problem && text) toLine(Number(problem.dataset.line));
});

// Escape first, and Tab leaves the field: nobody is trapped in it.
let leaving = false;
text?.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && !event.shiftKey && !leaving) {
    event.preventDefault();
    text.setRangeText("  ", text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  leaving = event.key === "Escape";
});
