// A form that the bot asked for. What is missing is said beside its field, here or in the server's words.
import { FileField, limitIn, readFiles, useFiles } from "./attach.js";
import { Choose } from "./choose.js";
import { Icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { Dialog } from "./overlay.js";
import { Avatar, cx, html, name, useMemo, useRef, useState } from "./ui.js";

const ROW = 1, STRING = 3, INPUT = 4, USER = 5, ROLE = 6, MENTIONABLE = 7, TEXT = 10, LABEL = 18, UPLOAD = 19;
const PARAGRAPH = 2, LONGEST = 4000;

// `interaction.modal` is the form. `world`: { bot, people, guild, channels } of the place; `submit(fields)` resolves to
// the interaction as the bot left it, and throws what the server refused, with `errors` by field.
export function ModalForm({ interaction, world, submit, onClose }) {
  const { title, components } = interaction.modal;
  const fields = useMemo(() => components.map(asField).filter(Boolean), [interaction]);
  const answers = useRef(new Map()); // custom_id → () => { value, problem, dirty }
  const form = useRef(null);
  const [problems, setProblems] = useState({});
  const [state, setState] = useState({ sending: false, trouble: "" });
  const warned = useRef(false);

  const leave = () => {
    const dirty = [...answers.current.values()].some((ask) => ask().dirty);
    if (!dirty || warned.current) return onClose();
    warned.current = true;
    setState({ sending: false, trouble: "Close once more to throw away what you wrote." });
  };
  const point = (found) => {
    setProblems(found);
    const first = fields.find((each) => found[each.inner.custom_id]);
    form.current.querySelector(first ? `[id="${idOf(first.inner)}"]` : ".primary")?.focus();
  };
  const send = async (event) => {
    event.preventDefault();
    const given = fields.map(({ inner }) => [inner.custom_id, answers.current.get(inner.custom_id)()]);
    const missing = Object.fromEntries(given.filter(([, each]) => each.problem).map(([key, each]) => [key, each.problem]));
    setState({ sending: false, trouble: "" });
    point(missing);
    if (Object.keys(missing).length) return;
    setState({ sending: true, trouble: "" });
    try {
      const values = Object.fromEntries(await Promise.all(given.map(async ([key, each]) => [key, await each.value()])));
      const done = await submit(values);
      if (done.state === "failed") setState({ sending: false, trouble: "The application did not respond. Try again." });
      else onClose();
    } catch (refused) {
      const [found, rest] = byField(refused, fields);
      setState({ sending: false, trouble: rest });
      point(found);
    }
  };
  const changed = () => {
    if (!warned.current) return;
    warned.current = false;
    setState((now) => ({ ...now, trouble: "" }));
  };
  return html`<${Dialog} kind="modal-box" label=${title} onClose=${leave}>
    <form class="modal-form" ref=${form} novalidate onSubmit=${send} onInput=${changed}>
      <header class="modal-head"><${Avatar} user=${world.bot} /><h2>${title}</h2>
        <button type="button" class="modal-close" aria-label="Close" onClick=${leave}><${Icon} is="cross" /></button></header>
      <div class="modal-body">
        <p class="modal-warning">What you write goes to ${name(world.bot)}. Share no passwords or other secrets.</p>
        ${components.map((row, index) => row.type === TEXT ? html`<div class="text-display" key=${index}>${markdown(row.content)}</div>`
          : html`<${Field} key=${index} field=${asField(row)} first=${row === components.find((each) => each.type !== TEXT)} world=${world} answers=${answers.current}
              problem=${problems[asField(row)?.inner.custom_id]} />`)}
      </div>
      <footer class="modal-buttons"><p class="trouble" role="alert">${state.trouble}</p>
        <button type="button" class="plain" onClick=${leave}>Cancel</button>
        <button class="primary" disabled=${state.sending}>${state.sending ? "Sending…" : "Submit"}</button></footer>
    </form>
  <//>`;
}

// Label, description and input of a row, in its older and its newer shape.
function asField(row) {
  if (row.type === LABEL) return { label: row.label, about: row.description, inner: row.component };
  if (row.type === ROW) return { label: row.components[0].label, about: null, inner: row.components[0] };
  return null;
}

const idOf = (inner) => `modal-${inner.custom_id}`;

// The server's refusal, per field of the form; what belongs to none of them as one line.
function byField(refused, fields) {
  const found = {};
  for (const { inner } of fields) {
    const node = inner.custom_id.split(".").reduce((at, key) => at?.[key], refused.errors || {});
    const said = node && firstSaid(node);
    if (said) found[inner.custom_id] = said;
  }
  return [found, Object.keys(found).length ? "" : refused.message];
}

function firstSaid(node) {
  if (node._errors) return node._errors[0].message;
  return Object.values(node).map((each) => typeof each === "object" && each && firstSaid(each)).find(Boolean);
}

function Field({ field, first, world, answers, problem }) {
  const { label, about, inner } = field;
  const id = idOf(inner);
  const required = inner.required !== false;
  const Control = inner.type === INPUT ? Text : inner.type === UPLOAD ? Upload : Pick;
  const described = cx(about && `${id}-about`, problem && `${id}-problem`) || null;
  return html`<div class="modal-field">
    <label class="modal-label" for=${id}>${label}${required && html`<span class="star" aria-hidden="true">*</span>`}</label>
    ${about && html`<p class="modal-about" id=${`${id}-about`}>${about}</p>`}
    <${Control} ...${{ id, inner, label, required, world, answers, described, first }} invalid=${Boolean(problem)}
      foot=${problem && html`<p class="trouble" id=${`${id}-problem`}>${problem}</p>`} /></div>`;
}

function Text({ id, inner, required, answers, described, invalid, first, foot }) {
  const [text, setText] = useState(inner.value || "");
  const most = inner.max_length || LONGEST, least = inner.min_length || 0;
  answers.set(inner.custom_id, () => ({ value: () => text, problem: textProblem(text, required, least, most), dirty: text !== (inner.value || "") }));
  const common = {
    id, value: text, autofocus: first, placeholder: inner.placeholder || "", class: cx(invalid && "bad"), "aria-describedby": described,
    "aria-invalid": invalid ? "true" : null, "aria-required": required ? "true" : null, autocomplete: "off",
    onInput: (event) => setText(event.currentTarget.value),
  };
  const counted = inner.max_length || least || text.length > LONGEST - 500;
  return html`${inner.style === PARAGRAPH ? html`<textarea rows="4" ...${common} />` : html`<input type="text" ...${common} />`}
    <div class="modal-foot-line">${foot}${counted && html`<span class="modal-count">${text.length} / ${most}</span>`}</div>`;
}

function textProblem(text, required, least, most) {
  if (!text.trim()) return required ? "Please fill this in." : null;
  if (text.length < least) return `Please write at least ${least} characters; there ${text.length === 1 ? "is" : "are"} ${text.length}.`;
  return text.length > most ? `Please write at most ${most} characters; there are ${text.length}.` : null;
}

function Upload({ id, inner, label, required, world, answers, described, invalid, foot }) {
  const most = inner.max_values ?? 1, least = required ? Math.max(1, inner.min_values ?? 1) : 0;
  const held = useFiles({ limit: limitIn(world.guild), most, where: world.guild ? `in ${world.guild.name}` : "in direct messages" });
  answers.set(inner.custom_id, () => ({ value: () => readFiles(held.files), problem: tooFew(held.files.length, least, "Add", "file"), dirty: held.files.length > 0 }));
  return html`<${FileField} ...${{ id, held, most, label, invalid }} describedBy=${described} />${foot}`;
}

function Pick({ id, inner, label, required, world, answers, described, invalid, foot }) {
  const options = useMemo(() => choices(inner, world), [inner]);
  const preset = useMemo(() => [...(inner.default_values || []).map((each) => each.id), ...options.filter((each) => each.default).map((each) => each.value)], [inner]);
  const [picked, pick] = useState(preset);
  const most = inner.max_values ?? 1, least = required ? Math.max(1, inner.min_values ?? 1) : 0;
  answers.set(inner.custom_id, () => ({
    value: () => picked, problem: picked.length || required ? tooFew(picked.length, Math.max(least, picked.length ? inner.min_values ?? 1 : 0), "Choose", "") : null,
    dirty: picked.join() !== preset.join(),
  }));
  return html`<${Choose} ...${{ id, label, options, picked, most, required, invalid }} placeholder=${inner.placeholder} describedBy=${described} onPick=${pick} />${foot}`;
}

function tooFew(count, least, verb, what) {
  if (count >= least) return null;
  return `${verb} at least ${least === 1 ? "one" : least}${what && ` ${what}${least === 1 ? "" : "s"}`}.`;
}

function choices(inner, { bot, people, guild, channels }) {
  const users = [bot, ...people].map((each) => ({ value: each.id, label: name(each), user: each }));
  const roles = (guild?.roles || []).map((each) => ({ value: each.id, label: each.name.startsWith("@") ? each.name : `@${each.name}` }));
  if (inner.type === STRING) return inner.options;
  if (inner.type === USER) return users;
  if (inner.type === ROLE) return roles;
  if (inner.type === MENTIONABLE) return [...users, ...roles];
  return channels.filter((each) => !inner.channel_types?.length || inner.channel_types.includes(each.type)).map((each) => ({ value: each.id, label: `#${each.name}` }));
}
