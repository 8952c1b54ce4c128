// Files with what is being written: chosen, dropped or pasted, uploaded one after the other with their progress shown.
import { place } from "./composer.js";
import { toast } from "./notices.js";

const form = () => document.querySelector("form#composer");
const list = () => document.getElementById("files");
let waiting = 0;
let queue = Promise.resolve();

const words = (html) => { const part = document.createElement("template"); part.innerHTML = html; return part.content.textContent.trim(); };

function add(files, { intoText = false } = {}) {
  const current = form();
  if (!current) return;
  const most = Number(current.dataset.mostBytes);
  for (const file of files) {
    if (file.size > most) toast(current.dataset.tooLarge.replace("%s", file.name), { error: true });
    else enqueue(current, file, intoText);
  }
}

function enqueue(current, file, intoText) {
  const line = document.createElement("li");
  line.className = "draft-file is-uploading";
  const bar = document.createElement("progress");
  Object.assign(bar, { max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const name = document.createElement("span");
  name.className = "clip";
  name.textContent = file.name;
  line.append(name, bar);
  list().append(line);
  waiting += 1;
  queue = queue.then(() => upload(current, file, bar)).then((html) => show(current, html, line, intoText))
    .catch((error) => toast(error.message || current.dataset.uploadFailed.replace("%s", file.name), { error: true }))
    .finally(() => { waiting -= 1; line.remove(); });
}

function upload(current, file, bar) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", current.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("upload", file, file.name || "image.png");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener("load", () => {
      if (request.status < 300) done(request.responseText);
      else fail(new Error(request.status < 500 ? words(request.responseText) : ""));
    });
    request.addEventListener("error", () => fail(new Error("")));
    request.open("POST", current.dataset.attachUrl);
    request.setRequestHeader("HX-Request", "true");
    request.send(body);
  });
}

function show(current, html, line, intoText) {
  if (form() !== current) return; // another conversation is open: the file is with its own draft
  const uploading = [...list().querySelectorAll(".is-uploading")].filter((each) => each !== line);
  list().innerHTML = html;
  list().append(...uploading);
  const added = list().querySelector("[data-added]");
  if (added && intoText) picture(added.dataset.added);
}

// A picture stands on a line of its own: words beside it would be read as one sentence with its name.
function picture(name) {
  const box = document.getElementById("composer-text");
  const before = box.value.slice(0, box.selectionStart);
  place(`${before && !before.endsWith("\n") ? "\n\n" : ""}[image: ${name}]\n`);
}

async function remove(button) {
  const current = form();
  const body = new FormData(current);
  body.set(button.name, button.value);
  const answer = await fetch(button.formAction, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (answer.ok && form() === current) list().innerHTML = await answer.text();
}

document.addEventListener("change", (event) => {
  if (event.target.name !== "upload" || !form()?.contains(event.target)) return;
  add([...event.target.files]);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || !form()?.contains(event.target)) return;
  event.preventDefault();
  add(files, { intoText: files.every((file) => file.type.startsWith("image/")) });
});
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    const over = event.target.closest?.("form#composer");
    form()?.classList.toggle("is-dropping", Boolean(over));
    if (over) event.preventDefault();
  });
}
document.addEventListener("dragend", () => form()?.classList.remove("is-dropping"));
document.addEventListener("drop", (event) => {
  form()?.classList.remove("is-dropping");
  if (!event.target.closest?.("form#composer") || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  add([...event.dataTransfer.files]);
});
document.addEventListener("click", (event) => {
  const wanted = event.target.closest("[data-place-image]");
  if (wanted) picture(wanted.dataset.placeImage);
  const gone = event.target.closest("[data-remove-file]");
  if (gone) { event.preventDefault(); remove(gone); }
});
document.addEventListener("submit", (event) => {
  if (event.target !== form() || !waiting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(form().dataset.uploading, { error: true });
}, true);
