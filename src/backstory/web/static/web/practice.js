// The role-play page: Ctrl+Enter says it, the newest message stays in view, a question on offer goes into the box.
const box = () => document.getElementById("practice-said");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target !== box()) return;
  event.preventDefault();
  document.getElementById("practice-form").requestSubmit();
});

document.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-practice-insert]");
  if (!offer || !box()) return;
  const gap = box().value && !box().value.endsWith(" ") ? " " : "";
  box().focus();
  box().setRangeText(gap + offer.dataset.practiceInsert, box().value.length, box().value.length, "end");
  box().dispatchEvent(new Event("input", { bubbles: true }));
});

const isTalk = (node) => node.id === "practice-talk" || node.querySelector?.("#newest") || node.id === "newest";

document.addEventListener("htmx:after:settle", (event) => {
  const added = event.detail.newContent ?? event.detail.task?.newContent ?? [];
  if (![...added].some?.(isTalk)) return;
  document.getElementById("newest")?.scrollIntoView({ block: "center" });
  (box() ?? document.querySelector(".practice-over a"))?.focus({ preventScroll: true });
});

document.getElementById("newest")?.scrollIntoView({ block: "nearest" });
