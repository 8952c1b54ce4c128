// Short messages at the edge of the page, the offline banner, menus and the theme.
const toasts = document.getElementById("toasts");
const banner = document.getElementById("banner");
const QUIET_AFTER = 4500;

export function toast(text, { error = false } = {}) {
  const line = document.createElement("div");
  line.className = error ? "toast-line error" : "toast-line";
  line.textContent = text;
  toasts.append(line);
}

export function showBanner(kind) {
  banner.hidden = !kind;
  if (kind) banner.lastElementChild.textContent = banner.dataset[kind];
}

function expire(line) {
  if (!(line instanceof HTMLElement)) return;
  const close = () => line.remove();
  line.addEventListener("click", close);
  if (!line.classList.contains("error")) setTimeout(close, QUIET_AFTER);
}

new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(expire)))
  .observe(toasts, { childList: true });

document.querySelectorAll("[data-flash] li").forEach((item) =>
  toast(item.textContent, { error: item.dataset.level === "error" }));

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) toast(banner.dataset.offline, { error: true });
});

// A menu closes when one clicks elsewhere, chooses something or presses Escape.
function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("submit", () => closeMenus(null));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

// The choice goes into the cookie the server reads, and takes effect at once.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-themes] button");
  if (!button) return;
  event.preventDefault();
  const root = document.documentElement;
  root.dataset.theme = button.value;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = button.value === "system" ? (dark ? "dark" : "light") : button.value;
  document.cookie = `theme=${button.value}; path=/; max-age=31536000; samesite=lax`;
  button.parentElement.querySelectorAll("button").forEach((other) =>
    other.setAttribute("aria-pressed", String(other === button)));
  document.dispatchEvent(new CustomEvent("theme:changed"));
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(button.dataset.copied);
});
