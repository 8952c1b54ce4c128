// A verdict shows the words it rests on: pointing at it, or coming to it by key, marks them in the message; pressing
// it keeps them marked and brings them into view. Places are code points, and links in the text stay links.
let pinned = null;

const textOf = (verdict) => {
  const id = verdict.closest("[data-message]")?.dataset.message;
  const message = id ? document.getElementById(`message-${id}`) : verdict.closest(".message");
  return message?.querySelector("[data-evidence-text]");
};

// Where each code point begins among the text's UTF-16 units.
function offsets(text) {
  const found = [];
  let at = 0;
  for (const letter of text) { found.push(at); at += letter.length; }
  return [...found, at];
}

function clear(body) {
  body.querySelectorAll("mark").forEach((mark) => mark.replaceWith(...mark.childNodes));
  body.normalize();
}

function wrap(node, from, to, side) {
  if (from >= to) return;
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  const mark = document.createElement("mark");
  if (side) mark.dataset.side = side;
  range.surroundContents(mark);
}

function markPlaces(body, places) {
  const at = offsets(body.textContent);
  const units = places.map(([start, end, side]) => [at[Math.min(start, at.length - 1)], at[Math.min(end, at.length - 1)], side]);
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  for (let node = walker.nextNode(), begin = 0; node; begin += node.length, node = walker.nextNode()) nodes.push([node, begin]);
  for (const [node, begin] of nodes) {
    const end = begin + node.length;
    let last = end; // from the back, so that what is left of the node keeps its places; overlapping ones are cut
    for (const [from, to, side] of units.filter((one) => one[0] < end && one[1] > begin).sort((a, b) => b[0] - a[0])) {
      const stop = Math.min(to, last);
      wrap(node, Math.max(from, begin) - begin, stop - begin, side);
      last = Math.max(from, begin);
    }
  }
}

export function show(verdict) {
  const body = textOf(verdict);
  if (!body) return;
  clear(body);
  markPlaces(body, JSON.parse(verdict.dataset.evidence || "[]"));
}

function hide(verdict) {
  const body = textOf(verdict);
  if (!body || verdict.matches(":hover, :focus") || verdict === pinned) return;
  clear(body);
  if (pinned?.isConnected && textOf(pinned) === body) show(pinned);
}

function pin(verdict) {
  const before = pinned;
  pinned = before === verdict ? null : verdict;
  before?.setAttribute("aria-pressed", "false");
  if (before && before !== verdict && before.isConnected) hide(before);
  verdict.setAttribute("aria-pressed", String(pinned === verdict));
  show(verdict);
  if (pinned) textOf(verdict)?.querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

const on = (name, handler) => document.addEventListener(name, (event) => {
  const verdict = event.target.closest?.("[data-evidence]");
  if (verdict) handler(verdict, event);
}, true);
on("mouseenter", show);
on("focusin", show);
on("mouseleave", (verdict) => setTimeout(() => hide(verdict)));
on("focusout", (verdict) => setTimeout(() => hide(verdict)));
on("click", (verdict) => { if (verdict.matches("button.chip")) pin(verdict); });

// Left and right go from verdict to verdict of one message.
document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.(".reading");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!group || !step || !event.target.matches("button, a")) return;
  const all = [...group.querySelectorAll("button, a")];
  all[(all.indexOf(event.target) + step + all.length) % all.length].focus();
  event.preventDefault();
});
