// A verdict shows the words it rests on: pointing at its chip marks them in the message.
function spans(text, pairs) {
  const letters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of [...pairs].sort((one, other) => one[0] - other[0])) {
    if (start < at || end <= start) continue;
    parts.push(letters.slice(at, start).join(""));
    const mark = document.createElement("mark");
    mark.textContent = letters.slice(start, end).join("");
    parts.push(mark);
    at = end;
  }
  return [...parts, letters.slice(at).join("")];
}

const textOf = (chip) => chip.closest(".message")?.querySelector("[data-evidence-text]");

function show(chip) {
  const body = textOf(chip);
  if (body) body.replaceChildren(...spans(body.textContent, JSON.parse(chip.dataset.evidence || "[]")));
}

function hide(chip) {
  const body = textOf(chip);
  if (body && !chip.matches(":hover, :focus")) body.textContent = body.textContent;
}

const on = (name, handler) => document.addEventListener(name, (event) => {
  const chip = event.target.closest?.("[data-evidence]");
  if (chip) handler(chip);
}, true);
on("mouseenter", show);
on("focusin", show);
on("mouseleave", (chip) => setTimeout(() => hide(chip)));
on("focusout", (chip) => setTimeout(() => hide(chip)));
