// Recipients as chips over a plain text field, which is what the form sends; without script the field is typed into.
// What should be looked at twice is asked of the server whenever they change, and again when the letter is sent.
const SEPARATOR = /[,;\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)/;
const ADDRESS = /^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+$/;
const ASK_AFTER = 250;
let asking, askTimer;

const bare = (person) => (person.match(/<([^<>]*)>$/)?.[1] ?? person).trim();
const split = (text) => text.split(SEPARATOR).map((part) => part.trim()).filter(Boolean);

class RecipientField extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.field = this.querySelector("input");
    this.field.hidden = true;
    this.list = document.createElement("ul");
    this.list.className = "recipient-chips";
    this.input = document.createElement("input");
    Object.assign(this.input, { type: "text", className: "recipient-input", autocomplete: "off", spellcheck: false, id: `${this.field.id}-input` });
    this.input.setAttribute("aria-label", this.dataset.add);
    this.querySelector("label").htmlFor = this.input.id;
    this.append(this.list, this.input);
    this.people = split(this.field.value);
    this.draw();
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("input", () => { if (/[,;]/.test(this.input.value)) this.take(); });
    this.input.addEventListener("blur", () => this.take());
    this.input.addEventListener("paste", (event) => this.onPaste(event));
    this.list.addEventListener("keydown", (event) => this.onChipKey(event));
    this.list.addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (chip) this.remove(Number(chip.dataset.index));
    });
    this.addEventListener("click", (event) => { if (event.target === this || event.target === this.list) this.input.focus(); });
  }

  draw() {
    this.list.replaceChildren(...this.people.map((person, index) => this.chip(person, index)));
  }

  chip(person, index) {
    const item = document.createElement("li");
    const wrong = !ADDRESS.test(bare(person));
    item.className = wrong ? "recipient wrong" : "recipient";
    item.title = wrong ? `${person}: ${this.dataset.wrong}` : person;
    const name = document.createElement("span");
    name.textContent = person;
    name.dir = "auto";
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "×" });
    button.dataset.index = index;
    button.setAttribute("aria-label", this.dataset.remove.replace("%s", person) + (wrong ? `. ${this.dataset.wrong}` : ""));
    item.append(name, button);
    return item;
  }

  take(text = this.input.value) {
    const known = new Set(this.people.map((person) => bare(person).toLowerCase()));
    const fresh = split(text).filter((person) => !known.has(bare(person).toLowerCase()));
    this.input.value = "";
    if (fresh.length) this.change([...this.people, ...fresh]);
  }

  remove(index) {
    this.change(this.people.filter((_, each) => each !== index));
    (this.list.querySelectorAll("button")[Math.min(index, this.people.length - 1)] ?? this.input).focus();
  }

  change(people) {
    this.people = people;
    this.field.value = people.join(", ");
    this.draw();
    document.dispatchEvent(new CustomEvent("composer:changed"));
    askSoon();
  }

  onKey(event) {
    const empty = !this.input.value && this.people.length;
    if (event.key === "Enter") {
      event.preventDefault();
      this.take();
      if (event.ctrlKey || event.metaKey) this.closest("form").requestSubmit();
    } else if (event.key === "Tab" && this.input.value.trim()) {
      event.preventDefault();
      this.take();
    } else if (empty && (event.key === "Backspace" || (event.key === "ArrowLeft" && this.input.selectionStart === 0))) {
      event.preventDefault();
      this.list.lastElementChild.querySelector("button").focus();
    }
  }

  onChipKey(event) {
    const buttons = [...this.list.querySelectorAll("button")];
    const at = buttons.indexOf(event.target);
    if (at < 0) return;
    if (event.key === "Backspace" || event.key === "Delete") this.remove(at);
    else if (event.key === "ArrowLeft") buttons[Math.max(at - 1, 0)].focus();
    else if (event.key === "ArrowRight") (buttons[at + 1] ?? this.input).focus();
    else return;
    event.preventDefault();
  }

  onPaste(event) {
    const text = event.clipboardData.getData("text");
    if (!SEPARATOR.test(text) && !ADDRESS.test(bare(text.trim()))) return;
    event.preventDefault();
    this.take(text);
  }
}

function askSoon() {
  clearTimeout(askTimer);
  askTimer = setTimeout(ask, ASK_AFTER);
  document.getElementById("recipients")?.setAttribute("aria-busy", "true");
}

async function ask() {
  const part = document.getElementById("recipients");
  if (!part) return;
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const body = new FormData(part.closest("form"));
    const answer = await fetch(part.dataset.warningsUrl, { method: "POST", body, headers: { "HX-Request": "true" }, signal });
    const html = await answer.text();
    if (answer.ok && document.contains(part)) document.getElementById("recipient-warnings").innerHTML = html;
  } catch {
    // Offline: the server asks again before anything is sent.
  } finally {
    if (!signal.aborted) part.removeAttribute("aria-busy");
  }
}

customElements.define("recipient-field", RecipientField);
