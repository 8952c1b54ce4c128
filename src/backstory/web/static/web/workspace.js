// What a freshly opened conversation needs: its place in the queue marked, its newest message in view.
const workspace = document.getElementById("workspace");

function scrollToNewest() {
  const body = document.getElementById("thread-body");
  const newest = body?.querySelector(".message:last-of-type");
  if (!newest) return;
  body.scrollTop = body.scrollHeight;
  if (newest.offsetHeight > body.clientHeight) newest.scrollIntoView({ block: "start" });
}

export function current() {
  return document.getElementById("conversation")?.dataset.conversation || "";
}

function opened() {
  const id = current();
  workspace.classList.toggle("has-conversation", Boolean(id));
  document.querySelectorAll(".queue-link").forEach((link) => {
    const isCurrent = link.parentElement.dataset.conversation === id;
    if (isCurrent) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  const subject = document.querySelector("#thread-head h2")?.textContent;
  if (subject) {
    document.title = `${subject} · Backstory`;
    document.querySelector("#main > h1").textContent = subject;
  }
  scrollToNewest();
  document.dispatchEvent(new CustomEvent("workspace:opened"));
}

// Single keys act again after sending: p accepts the promise just made.
function sent() {
  scrollToNewest();
  const box = document.getElementById("composer-text");
  if (!box.value) document.getElementById("thread-body")?.focus();
}

if (workspace) {
  opened();
  document.addEventListener("htmx:after:settle", (event) => {
    if (event.detail.task?.newContent?.some?.((node) => node.id === "conversation")
      || event.detail.newContent?.some((node) => node.id === "conversation")) opened();
    else if (event.detail.newContent?.some((node) => node.id === "composer")) sent();
  });
}

document.addEventListener("click", (event) => {
  const panel = document.getElementById("panel");
  if (event.target.closest("[data-panel-open]")) panel.classList.add("is-open");
  else if (event.target.closest("[data-panel-close]")) {
    panel.classList.remove("is-open");
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  } else return;
  event.preventDefault();
});
