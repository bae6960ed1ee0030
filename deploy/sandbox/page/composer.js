// Where people write: plain messages, and slash commands with typed options.
import { $, closePopup, h, name, popup, readFile } from "./dom.js";
import { firstText, post, Refused, settled } from "./api.js";

const SUB = new Set([1, 2]);
const STRING = 3, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, MENTIONABLE = 9, NUMBER = 10, FILE = 11;

// `stage` has person(), channel(), world(), commands(), say(text, files, replyTo), failed(interaction), note(text).
export class Composer {
  constructor(stage) {
    this.stage = stage;
    this.replyTo = null;
    this.files = [];
    this.turn = 0;
  }

  open(allowed) {
    this.command = null;
    const box = $("composer");
    box.classList.remove("command");
    if (!allowed) return box.replaceChildren(h("p", { class: "denied" }, "You cannot send messages in this channel."));
    this.input = h("textarea", { rows: "1", id: "text", placeholder: `Message ${this.stage.title()}. Type / for commands`,
      "aria-label": "Message", oninput: () => this.typed(), onkeydown: (event) => this.key(event) });
    this.picker = h("ul", { id: "picker", role: "listbox", "aria-label": "Commands", hidden: true });
    const pick = h("input", { type: "file", multiple: true, hidden: true, onchange: (e) => this.attach([...e.target.files]) });
    this.note = h("div", { class: "reply-note", hidden: true });
    this.chips = h("div", { class: "chips" });
    box.replaceChildren(this.picker, this.note, this.chips, h("div", { class: "line" },
      h("button", { class: "plus", title: "Attach files", "aria-label": "Attach files", onclick: () => pick.click() }, "+"), pick, this.input));
    this.setReply(null);
    this.files = [];
  }

  setReply(message) {
    this.replyTo = message?.id ?? null;
    if (!this.note) return;
    this.note.hidden = !message;
    if (!message) return;
    this.note.replaceChildren("Replying to ", h("b", {}, name(message.author)),
      h("button", { class: "text", "aria-label": "Do not reply", onclick: () => this.setReply(null) }, "✕"));
    this.input.focus();
  }

  async attach(files) {
    this.files = [...this.files, ...(await Promise.all(files.map(readFile)))];
    this.showFiles();
  }

  showFiles() {
    this.chips.replaceChildren(...this.files.map((each, index) => h("span", { class: "chip" }, each.filename,
      h("button", { class: "text", "aria-label": `Remove ${each.filename}`, onclick: () => {
        this.files = this.files.filter((_, other) => other !== index);
        this.showFiles();
      } }, "✕"))));
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
    const text = this.input.value;
    if (!text.startsWith("/") || text.includes("\n")) {
      this.picker.hidden = true;
      return;
    }
    const wanted = text.slice(1).toLowerCase().trimEnd();
    this.found = flatten(this.stage.commands()).filter((each) => each.words.join(" ").startsWith(wanted));
    this.chosen = 0;
    this.showPicker();
  }

  showPicker() {
    this.picker.hidden = !this.found.length;
    this.picker.replaceChildren(...this.found.map((each, index) => h("li", { role: "option", "aria-selected": String(index === this.chosen),
      class: index === this.chosen ? "chosen" : "", onpointerdown: (event) => { event.preventDefault(); this.begin(each); } },
      h("b", {}, `/${each.words.join(" ")}`), h("span", { class: "option-names" }, each.options.map((option) => option.name).join("  ")),
      h("span", { class: "description" }, each.description))));
    this.picker.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const picking = !this.picker.hidden;
    if (picking && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.chosen = (this.chosen + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length;
      this.showPicker();
    } else if (picking && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      this.begin(this.found[this.chosen]);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      this.picker.hidden = true;
      this.setReply(null);
    }
  }

  async send() {
    const text = this.input.value.trim();
    if (!text && !this.files.length) return;
    try {
      await this.stage.say(text, this.files, this.replyTo);
      this.input.value = "";
      this.typed();
      this.setReply(null);
      this.files = [];
      this.showFiles();
    } catch (refused) {
      this.stage.note(refused.message);
    }
  }

  // A command was chosen: show its options as fields.
  begin(command) {
    this.command = command;
    this.fields = new Map();
    this.form = h("form", { class: "slash", onsubmit: (event) => { event.preventDefault(); this.run(); },
      oninput: () => this.keep(), onkeydown: (event) => event.key === "Escape" && $("popup").hidden && !event.repeat && this.leave() });
    this.leaving = false;
    this.optional = h("div", { class: "optional" });
    this.form.append(h("span", { class: "slash-name" }, `/${command.words.join(" ")}`));
    for (const option of command.options) if (option.required) this.form.append(this.field(option));
    this.form.append(this.optional, h("button", { class: "send", "aria-label": "Send the command" }, "Send ⏎"),
      h("button", { type: "button", class: "text", onclick: () => this.stage.reopen() }, "Cancel"));
    this.offerOptional();
    const box = $("composer");
    box.classList.add("command");
    this.trouble = h("p", { class: "trouble", role: "alert" });
    box.replaceChildren(h("p", { class: "about" }, command.description), this.form, this.trouble);
    (this.form.querySelector("input, textarea, select") || this.form.querySelector(".send")).focus();
  }

  // Escape closes the form at once when nothing is in it, else the second time.
  leave() {
    const typed = [...this.fields.values()].some(({ control }) => control.value !== "");
    if (!typed || this.leaving) return this.stage.reopen();
    this.leaving = true;
    this.trouble.textContent = "Press Escape again to throw away what you typed.";
  }

  keep() {
    if (this.leaving) this.trouble.textContent = "";
    this.leaving = false;
  }

  offerOptional() {
    const left = this.command.options.filter((option) => !option.required && !this.fields.has(option.name));
    this.optional.replaceChildren(...left.map((option) => h("button", { type: "button", class: "add-option", title: option.description,
      onclick: () => {
        const field = this.field(option);
        this.form.insertBefore(field, this.optional);
        this.offerOptional();
        field.querySelector("input, textarea, select")?.focus();
      } }, `+ ${option.name}`)));
  }

  field(option) {
    const control = this.control(option);
    this.fields.set(option.name, { option, control });
    const remove = option.required ? null : h("button", { type: "button", class: "text", "aria-label": `Remove ${option.name}`, onclick: () => {
      this.fields.delete(option.name);
      wrapper.remove();
      this.offerOptional();
    } }, "✕");
    const wrapper = h("label", { class: `option type-${option.type}`, "data-option": option.name }, h("span", { class: "option-name" }, option.name), control,
      remove, h("span", { class: "hint" }, hint(option)));
    return wrapper;
  }

  control(option) {
    const world = this.stage.world(), guild = this.stage.guild();
    if (option.choices?.length) return choose(option.choices.map((each) => [each.value, each.name]));
    switch (option.type) {
      case BOOLEAN: return choose([["true", "True"], ["false", "False"]]);
      case USER: case MENTIONABLE: return choose(world.people.map((each) => [each.id, name(each)]));
      case CHANNEL: return choose((guild?.channels || []).map((each) => [each.id, `#${each.name}`]));
      case ROLE: return choose((guild?.roles || []).map((each) => [each.id, each.name]));
      case FILE: return h("input", { type: "file" });
      default: return this.text(option);
    }
  }

  text(option) {
    const numeric = option.type === INTEGER || option.type === NUMBER;
    const input = h("input", { type: "text", inputmode: numeric ? "decimal" : "text", autocomplete: "off", maxlength: option.max_length || 6000 });
    if (option.autocomplete) {
      let timer;
      const ask = () => { clearTimeout(timer); timer = setTimeout(() => this.complete(option, input), 150); };
      input.addEventListener("input", () => { delete input.dataset.value; ask(); });
      input.addEventListener("focus", ask);
    }
    return input;
  }

  async complete(option, input) {
    const body = { ...this.place(), command: this.command.words.join(" "), focused: option.name, value: input.value, options: this.values(option.name) };
    const turn = ++this.turn; // only the newest answer counts
    const done = await settled(await post("/autocomplete", body)).catch(() => null);
    if (turn !== this.turn || document.activeElement !== input || !done?.choices) return;
    if (!done.choices.length) return closePopup();
    const pick = (choice) => {
      input.value = choice.name;
      input.dataset.value = JSON.stringify(choice.value);
      this.turn += 1;
      closePopup();
    };
    popup(input, h("ul", { class: "choices" }, done.choices.map((choice) =>
      h("li", {}, h("button", { type: "button", class: "choice", onpointerdown: (event) => { event.preventDefault(); pick(choice); } }, choice.name)))), true);
  }

  place() {
    return { person: this.stage.person(), channel: this.stage.channel() };
  }

  values(except) {
    const out = {};
    for (const [key, { option, control }] of this.fields) {
      if (key === except || option.type === FILE || control.value === "") continue;
      if (control.dataset.value) out[key] = JSON.parse(control.dataset.value);
      else if (option.type === BOOLEAN) out[key] = control.value === "true";
      else if (option.type === INTEGER || option.type === NUMBER) out[key] = Number.isNaN(Number(control.value)) ? control.value : Number(control.value);
      else out[key] = control.value;
    }
    return out;
  }

  async run() {
    for (const each of this.form.querySelectorAll(".bad")) each.classList.remove("bad");
    const options = this.values();
    for (const [key, { option, control }] of this.fields) {
      if (option.type === FILE && control.files[0]) options[key] = await readFile(control.files[0]);
    }
    try {
      const made = await post("/slash", { ...this.place(), command: this.command.words.join(" "), options });
      this.stage.reopen();
      this.stage.started(made);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      const [field] = Object.keys(refused.errors);
      this.trouble.textContent = field ? `${field}: ${firstText(refused.errors[field])}` : refused.message;
      const wrapper = this.form.querySelector(`[data-option="${CSS.escape(field || "")}"]`);
      wrapper?.classList.add("bad");
      wrapper?.querySelector("input, select")?.focus();
    }
  }
}

function choose(pairs) {
  return h("select", {}, h("option", { value: "", disabled: true, selected: true }, "choose"), pairs.map(([value, label]) => h("option", { value }, label)));
}

function hint(option) {
  const low = option.min_value ?? option.min_length, high = option.max_value ?? option.max_length;
  const unit = option.type === STRING ? " characters" : "";
  if (low === undefined && high === undefined) return option.description;
  return `${option.description} (${low ?? "…"}–${high ?? "…"}${unit})`;
}

// Every command that can be sent, subcommands with their whole name.
export function flatten(commands) {
  const walk = (words, node) => {
    const inner = (node.options || []).filter((each) => SUB.has(each.type));
    if (inner.length) return inner.flatMap((each) => walk([...words, each.name], each));
    return [{ words, description: node.description, options: node.options || [] }];
  };
  return commands.filter((each) => each.type === 1).flatMap((each) => walk([each.name], each)).sort((a, b) => (a.words.join() < b.words.join() ? -1 : 1));
}
