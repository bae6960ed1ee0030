// A form that the bot asked for. What is missing is said beside its field, here or in the server's words.
import { Icon } from "../base/icons.js";
import { Field, idOf } from "./inputs.js";
import { markdown } from "../messages/markdown.js";
import { Dialog } from "./overlay.js";
import { Avatar, html, name, useMemo, useRef, useState } from "../base/ui.js";

const ROW = 1, TEXT = 10, LABEL = 18;

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
  const changed = (event) => {
    const field = event.target.closest("[data-field]")?.dataset.field;
    if (problems[field]) setProblems(({ [field]: _, ...rest }) => rest);
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
