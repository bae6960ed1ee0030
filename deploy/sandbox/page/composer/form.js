// A slash command being filled in.
import { complete } from "./combo.js";
import { descriptionOf, nameOf } from "./commands.js";
import { Field } from "./field.js";
import { BLANK, useEntries, useSending, values } from "./filling.js";
import { Icon } from "../base/icons.js";
import { isEmpty, limits, problem } from "./options.js";
import { state } from "../state/store.js";
import { html, useLayoutEffect, useRef, useState } from "../base/ui.js";

const optionAt = (target) => target.closest("[data-option]")?.dataset.option;

// What is asked for now: above the fields, and read out with each of them.
function About({ command, option, trouble }) {
  const limit = option && limits(option);
  return html`<p class="about" id="about">${option ? html`<b>${nameOf(option)}</b><span>${descriptionOf(option)}</span>${limit && html`<small>${limit}</small>`}`
    : html`<b>/${command.title}</b><span>${command.description}</span>`}${trouble && html`<em>${trouble}</em>`}</p>`;
}

// What a key means in a field: arrows at the ends of the text and Backspace in an empty one go to the next field.
function meaning({ key, target, shiftKey, isComposing, ctrlKey, metaKey, altKey, repeat }) {
  if (isComposing || ctrlKey || metaKey || altKey) return null;
  if (key === "Escape") return repeat ? null : "leave";
  if (typeof target.selectionStart !== "number" || shiftKey) return null;
  if (key === "Enter") return "send";
  if (key === "Backspace") return target.value === "" && !repeat ? "back" : null;
  if (key === "ArrowLeft") return target.selectionEnd === 0 ? "previous" : null;
  return key === "ArrowRight" && target.selectionStart === target.value.length ? "next" : null;
}

// Where the focus goes: into a field that is there, or that comes with the next drawing.
function useFocus(form, shown) {
  const wanted = useRef(null);
  const focus = (name) => {
    const field = form.current?.querySelector(`[data-option="${CSS.escape(name)}"] :is(.entry, .file-pick)`);
    field?.focus();
    field?.setSelectionRange?.(field.value.length, field.value.length);
  };
  useLayoutEffect(() => (shown[0] ? focus(shown[0].name) : form.current.querySelector(".send").focus()), []);
  useLayoutEffect(() => {
    if (wanted.current) focus(wanted.current);
    wanted.current = null;
  }, [shown.length]);
  return { now: focus, next: (name) => { wanted.current = name; } };
}

// Escape leaves at once when nothing is filled in, else the second time.
function useLeaving({ shown, entries, say, onClose }) {
  const warned = useRef(false);
  const leave = () => {
    if (warned.current || shown.every((each) => isEmpty(entries[each.name]))) onClose("");
    else say("Press Escape again to throw away what you typed.");
    warned.current = true;
  };
  return { leave, stay: () => { warned.current = false; } };
}

function More({ left, onAdd }) {
  if (!left.length) return null;
  return html`<div class="optional" role="group" aria-label="More options">${left.map((option) =>
    html`<button type="button" key=${option.name} class="add-option" title=${descriptionOf(option)}
        onClick=${() => onAdd(option.name)}>+ ${nameOf(option)}</button>`)}</div>`;
}

// `first`: what was typed behind the command's name. `onClose(text)`: back to plain text, with this in it.
export function CommandForm({ command, first, onClose }) {
  const form = useRef(null);
  const [active, setActive] = useState(null);
  const [touched, setTouched] = useState({});
  const { shown, entries, left, set, add, drop } = useEntries(command, first);
  const focus = useFocus(form, shown);
  const { refused, sending, clear, say, send } = useSending({ command, shown, entries, onClose, onWrong: focus.now });
  const { leave, stay } = useLeaving({ shown, entries, say, onClose });

  const at = (name) => shown.findIndex((each) => each.name === name);
  const touch = (names) => setTouched((before) => ({ ...before, ...Object.fromEntries(names.map((each) => [each, true])) }));
  const trouble = (option) => refused.fields[option.name] || (touched[option.name] ? problem(option, entries[option.name]) : "");
  const enter = (name, entry) => {
    set(name, entry);
    stay();
    clear();
  };
  const submit = () => {
    touch(shown.map((each) => each.name));
    send();
  };
  const remove = (name) => {
    focus.next(shown[Math.max(0, at(name) - 1)]?.name);
    drop(name);
  };
  const onward = (name) => {
    const next = shown.slice(at(name) + 1).find((each) => each.required && isEmpty(entries[each.name]));
    if (next) focus.now(next.name);
  };
  const steps = {
    send: submit, leave,
    previous: (name) => at(name) > 0 && focus.now(shown[at(name) - 1].name),
    next: (name) => at(name) < shown.length - 1 && focus.now(shown[at(name) + 1].name),
    back(name) {
      if (!shown[at(name)]?.required) remove(name);
      else if (shown.every((each) => isEmpty(entries[each.name]))) onClose(`/${command.title}`);
    },
  };
  const key = (event) => {
    const what = meaning(event);
    if (!what || steps[what](optionAt(event.target)) === false) return;
    event.preventDefault();
  };
  const blurred = (event) => {
    const name = optionAt(event.target);
    if (name && !isEmpty(entries[name])) touch([name]);
  };
  const here = shown[at(active)];
  return html`<div class="slash-form" onKeyDown=${key}>
    <${About} command=${command} option=${here} trouble=${here && trouble(here)} />
    <form class="slash" ref=${form} novalidate aria-label=${`/${command.title}`} onSubmit=${(event) => { event.preventDefault(); submit(); }}
        onfocusin=${(event) => setActive(optionAt(event.target) || null)} onfocusout=${blurred}>
      <span class="slash-name">/${command.title}</span>
      ${shown.map((option) => html`<${Field} key=${option.name} option=${option} entry=${entries[option.name] || BLANK} trouble=${trouble(option)}
        completes=${option.autocomplete ? complete(state, command, option, values(shown, entries, option.name)) : null}
        onEntry=${(entry) => enter(option.name, entry)} onRemove=${option.required ? null : () => remove(option.name)} onDone=${() => onward(option.name)} />`)}
      <${More} left=${left} onAdd=${(name) => { focus.next(name); add(name); }} />
      <span class="slash-end"><button type="button" class="slash-close" title="Leave the command (Esc)" aria-label="Leave the command"
          onClick=${() => onClose("")}><${Icon} is="cross" /></button>
        <button class="send" aria-label="Send the command" aria-busy=${sending ? "true" : null}>Send</button></span>
    </form>
    <p class="trouble" role="alert">${refused.words}</p>
  </div>`;
}
