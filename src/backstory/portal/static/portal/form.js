// A form of the portal: looks at files before they travel, does the proof of work, sends once.
const FRESH_MS = 15 * 60 * 1000; // a solution is accepted for 20 minutes: solve anew in good time
const form = document.querySelector("form[enctype]");
const button = form?.querySelector("button[type=submit]");
const label = button?.textContent;
const proof = { running: null, solvedAt: 0 };

document.getElementById("problems")?.focus();
if (form) watch();

function watch() {
  const picker = form.querySelector("input[type=file]");
  picker?.addEventListener("change", () => complainAbout(picker));
  form.addEventListener("submit", (event) => send(event, picker));
  if (needsProof() && !canSolve()) showFailure(); // said before anybody types in vain
  else if (needsProof()) form.addEventListener("focusin", () => { solved().catch(showFailure); }, { once: true });
  // Coming back with “back” shows the page as it was left: its button is off and its solution is spent.
  window.addEventListener("pageshow", (event) => { if (event.persisted) reset(); });
}

function needsProof() { return Boolean(form.dataset.challenge); }

// Browsers offer their cryptography on https:// and localhost only.
function canSolve() { return globalThis.isSecureContext && Boolean(globalThis.Worker); }

function reset() {
  button.disabled = false;
  button.textContent = label;
  proof.solvedAt = 0;
  proof.running = null;
}

async function send(event, picker) {
  if (button.disabled || (picker && complainAbout(picker))) { event.preventDefault(); return; }
  if (!needsProof() || isFresh()) { lock(); return; }
  event.preventDefault();
  lock();
  try {
    await solved();
    form.submit();
  } catch (error) {
    showFailure();
    document.getElementById("proof-failed").focus();
    reset();
  }
}

function lock() {
  button.disabled = true;
  button.textContent = form.dataset.sending;
}

function isFresh() { return proof.solvedAt > 0 && Date.now() - proof.solvedAt < FRESH_MS; }

function solved() {
  if (isFresh()) return Promise.resolve();
  proof.running ??= solve().finally(() => { proof.running = null; });
  return proof.running;
}

async function solve() {
  const note = document.getElementById("proof");
  if (!canSolve()) throw new Error("no secure context");
  note.textContent = note.dataset.working;
  const answer = await fetch(form.dataset.challenge, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
  const challenge = await answer.json();
  const solution = await work(challenge);
  form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution }));
  proof.solvedAt = Date.now();
  document.getElementById("proof-failed").hidden = true;
  note.textContent = note.dataset.ready;
}

function work(challenge) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(form.dataset.worker);
    worker.onerror = (event) => { worker.terminate(); reject(new Error(event.message)); };
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (!data || data.error) reject(new Error("unsolved")); else resolve(data);
    };
    worker.postMessage({ type: "work", challenge, timeout: 120000 });
  });
}

function showFailure() {
  document.getElementById("proof").textContent = "";
  document.getElementById("proof-failed").hidden = false;
}

// The same limits as on the server, told before anything is uploaded in vain. Returns the sentence, or "".
function complainAbout(picker) {
  const { largest, total, count, tooLarge, together, tooMany } = picker.dataset;
  const files = [...picker.files];
  let sum = 0;
  let sentence = "";
  for (const [index, file] of files.entries()) {
    sum += file.size;
    const wrong = index >= Number(count) ? tooMany : file.size > Number(largest) ? tooLarge : sum > Number(total) ? together : "";
    if (wrong) { sentence = wrong.replace("%", () => file.name); break; }
  }
  const place = document.getElementById("files-live");
  place.textContent = sentence;
  place.hidden = !sentence;
  picker.toggleAttribute("aria-invalid", Boolean(sentence));
  if (sentence) { picker.setAttribute("aria-invalid", "true"); picker.focus(); }
  return sentence;
}
