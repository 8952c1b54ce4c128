// The stream only hints that something changed; what changed is fetched through the ordinary views, which decide
// what this reader may see. Parts the agent is working in are left alone until they are done.
import { showBanner } from "./notices.js";
import { current } from "./workspace.js";

const PAUSE = 150; // gathers the hints of one change
const INTERVAL = 1000; // at the most one refresh a second, however busy the desk is
const PATIENCE = 3000; // a stream that comes back within this was never missed
const QUEUE_KINDS = /^(message|conversation|complaint|reading|promise|severity)\./;
let leaving = false, wasOpen = false, timer = null, lastRefresh = 0, brokenTimer = null;
const stale = { queue: false, thread: false };

const get = (url, options) => window.htmx?.ajax("GET", url, options);

async function refreshQueue() {
  const queue = document.getElementById("queue");
  if (!queue) return;
  const before = new Set([...queue.querySelectorAll(".queue-row")].map((row) => row.id));
  await get(queue.dataset.url, { source: queue, target: queue, swap: "outerMorph" });
  const fresh = [...document.querySelectorAll("#queue .queue-row")].filter((row) => !before.has(row.id));
  fresh.forEach((row) => row.classList.add("is-arriving"));
  if (fresh.length && before.size) announce(fresh[0].querySelector(".queue-name").textContent);
}

function announce(name) {
  const line = document.getElementById("announcer");
  line.textContent = `${line.dataset.arrived}: ${name}`;
}

function isWritingIn(panel) {
  return panel?.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
}

// Whoever has changed or confirmed recipients, or is about to, keeps them as they are.
function isAddressing() {
  const recipients = document.getElementById("recipients");
  return !recipients || document.getElementById("composer").dataset.unsaved || recipients.contains(document.activeElement)
    || recipients.querySelector("[name=confirmed]:checked");
}

async function refreshConversation() {
  const conversation = document.getElementById("conversation");
  if (!conversation?.dataset.changesUrl) return;
  const body = document.getElementById("thread-body");
  const panel = document.getElementById("panel");
  const atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 80;
  const skip = isWritingIn(panel);
  if (skip) panel.dataset.live = "stale";
  else delete panel.dataset.live;
  const busy = isAddressing();
  const asked = new URLSearchParams({ ...(skip && { panel: "no" }), ...(busy && { recipients: "no" }), ...(conversation.dataset.all && { all: "yes" }) });
  await get(`${conversation.dataset.changesUrl}?${asked}`, { source: body, swap: "none" });
  const now = document.getElementById("thread-body");
  if (atEnd && now) now.scrollTop = now.scrollHeight;
}

function refresh() {
  timer = null;
  if (document.hidden) return; // caught up with when the page is looked at again
  lastRefresh = Date.now();
  if (stale.queue) refreshQueue();
  if (stale.thread) refreshConversation();
  stale.queue = stale.thread = false;
}

function schedule() {
  timer ??= setTimeout(refresh, Math.max(PAUSE, lastRefresh + INTERVAL - Date.now()));
}

function hint(message) {
  const { kind, conversation } = JSON.parse(message.data);
  if (kind === "backstory.read" || kind === "sensitive.seen") return;
  stale.queue ||= QUEUE_KINDS.test(kind);
  stale.thread ||= String(conversation ?? "") === current();
  if (stale.queue || stale.thread) schedule();
}

function connected() {
  clearTimeout(brokenTimer);
  showBanner(null);
  if (wasOpen) { stale.queue = stale.thread = true; schedule(); }
  wasOpen = true;
}

function broken() {
  if (leaving) return;
  clearTimeout(brokenTimer);
  brokenTimer = setTimeout(() => showBanner(navigator.onLine ? "reconnecting" : "offline"), PATIENCE);
}

function listen(url) {
  const stream = new EventSource(url);
  stream.addEventListener("open", connected);
  stream.addEventListener("changed", hint);
  stream.addEventListener("error", () => {
    broken();
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen(url), 5000);
  });
  window.addEventListener("pagehide", () => { leaving = true; stream.close(); }, { once: true });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-earlier]")) document.getElementById("conversation").dataset.all = "yes";
});
window.addEventListener("offline", () => showBanner("offline"));
window.addEventListener("online", () => showBanner(null));
document.addEventListener("visibilitychange", () => { if (!document.hidden) schedule(); });
document.addEventListener("focusout", () => setTimeout(() => {
  const panel = document.getElementById("panel");
  if (panel?.dataset.live === "stale" && !isWritingIn(panel)) refreshConversation();
}, 150));
// Back from the browser's cache the page is old and its stream is closed.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (document.body.dataset.liveUrl && document.getElementById("workspace")) listen(document.body.dataset.liveUrl);
