// A slash command being filled in.
import { readFile } from "./attach.js";
import { Refused, firstText, post } from "./api.js";
import { began, watch } from "./acts.js";
import { complete } from "./combo.js";
import { descriptionOf, nameOf } from "./commands.js";
import { Field } from "./field.js";
import { Icon } from "./icons.js";
import { isEmpty, limits, problem, sent } from "./options.js";
import { state } from "./store.js";
import { html, useLayoutEffect, useRef, useState } from "./ui.js";

const BLANK = { text: "" };
const place = () => ({ person: state.me, channel: state.channel });

function values(shown, entries, except) {
  const given = shown.filter((each) => each.name !== except && !isEmpty(entries[each.name]) && !entries[each.name].file);
  return Object.fromEntries(given.map((each) => [each.name, sent(each, entries[each.name])]));
}

async function withFiles(shown, entries) {
  const files = shown.filter((each) => entries[each.name]?.file);
  const read = await Promise.all(files.map(async (each) => [each.name, await readFile(entries[each.name].file)]));
  return { ...values(shown, entries), ...Object.fromEntries(read) };
}

// What is asked for now: above the fields, and read out with each of them.
function About({ command, option, trouble }) {
  const limit = option && limits(option);
  return html`<p class="about" id="about">${option ? html`<b>${nameOf(option)}</b><span>${descriptionOf(option)}</span>${limit && html`<small>${limit}</small>`}`
    : html`<b>/${command.title}</b><span>${command.description}</span>`}${trouble && html`<em>${trouble}</em>`}</p>`;
}

// Fields that are on screen, and what is in them.
function useEntries(command, first) {
  const words = command.options.find((each) => each.type === 3);
  const [extra, setExtra] = useState(first && words && !words.required ? [words.name] : []);
  const [entries, setEntries] = useState(first && words ? { [words.name]: { text: first } } : {});
  const option = (name) => command.options.find((each) => each.name === name);
  const shown = [...command.options.filter((each) => each.required), ...extra.map(option)];
  return {
    shown, entries,
    left: command.options.filter((each) => !shown.includes(each)),
    set: (name, entry) => setEntries((before) => ({ ...before, [name]: entry })),
    add: (name) => setExtra([...extra, name]),
    drop: (name) => {
      setExtra(extra.filter((each) => each !== name));
      setEntries(({ [name]: _, ...rest }) => rest);
    },
  };
}

// Moving between fields with arrows at the ends of the text, Backspace in an empty field, Enter, Escape.
function keyOf(event) {
  const { key, target, shiftKey, isComposing, ctrlKey, metaKey, altKey } = event;
  if (isComposing || ctrlKey || metaKey || altKey || target.selectionStart === undefined || target.selectionStart === null) return key === "Escape" && !event.repeat ? "escape" : null;
  const start = target.selectionEnd === 0, end = target.selectionStart === target.value.length;
  if (key === "Enter" && !shiftKey) return "send";
  if (key === "Escape" && !event.repeat) return "escape";
  if (key === "Backspace" && target.value === "" && !event.repeat) return "back";
  if (key === "ArrowLeft" && start && !shiftKey) return "previous";
  return key === "ArrowRight" && end && !shiftKey ? "next" : null;
}

// `first`: text for the first option with words. `onClose(text)`: back to plain text, with this in it.
export function CommandForm({ command, first, onClose }) {
  const { shown, entries, left, set, add, drop } = useEntries(command, first);
  const [active, setActive] = useState(null);
  const [touched, setTouched] = useState({});
  const [refused, setRefused] = useState({ words: "", fields: {} });
  const [sending, setSending] = useState(false);
  const form = useRef(null), leaving = useRef(false), wanted = useRef(null);
  const focus = (name) => {
    const entry = form.current?.querySelector(`[data-option="${CSS.escape(name)}"] :is(.entry, .file-pick)`);
    entry?.focus();
    entry?.setSelectionRange?.(entry.value.length, entry.value.length);
  };
  useLayoutEffect(() => (shown[0] ? focus(shown[0].name) : form.current.querySelector(".send").focus()), []);
  useLayoutEffect(() => {
    if (wanted.current) focus(wanted.current);
    wanted.current = null;
  }, [shown.length]);

  const trouble = (option) => refused.fields[option.name] || (touched[option.name] ? problem(option, entries[option.name]) : "");
  const enter = (name, entry) => {
    set(name, entry);
    leaving.current = false;
    setRefused({ words: "", fields: {} });
  };
  const addOption = (name) => {
    wanted.current = name;
    add(name);
  };
  const remove = (name) => {
    wanted.current = shown[Math.max(0, shown.findIndex((each) => each.name === name) - 1)]?.name;
    drop(name);
  };
  const leave = () => {
    const dirty = shown.some((each) => !isEmpty(entries[each.name]));
    if (!dirty || leaving.current) return onClose("");
    leaving.current = true;
    return setRefused({ words: "Press Escape again to throw away what you typed.", fields: {} });
  };
  const onward = (name) => {
    const next = shown.slice(shown.findIndex((each) => each.name === name) + 1).find((each) => each.required && isEmpty(entries[each.name]));
    if (next) focus(next.name);
  };
  const send = async () => {
    if (sending) return;
    const wrong = shown.map((each) => [each, problem(each, entries[each.name])]).find(([, words]) => words);
    setTouched(Object.fromEntries(shown.map((each) => [each.name, true])));
    if (wrong) {
      setRefused({ words: `${nameOf(wrong[0])}: ${wrong[1]}`, fields: {} });
      focus(wrong[0].name);
      return;
    }
    setSending(true);
    try {
      const started = await post("/slash", { ...place(), command: command.words.join(" "), options: await withFiles(shown, entries) });
      began(started, command.title);
      onClose("");
      watch(started);
    } catch (error) {
      setSending(false);
      if (!(error instanceof Refused)) throw error;
      const fields = Object.fromEntries(Object.entries(error.errors).map(([key, node]) => [key, firstText(node)]));
      const [name] = Object.keys(fields);
      setRefused({ words: name ? `${name}: ${fields[name]}` : error.message, fields });
      if (name) focus(name);
    }
  };
  const step = (name, by) => {
    const next = shown[shown.findIndex((each) => each.name === name) + by];
    if (next) focus(next.name);
    return Boolean(next);
  };
  const key = (event) => {
    const name = event.target.closest("[data-option]")?.dataset.option;
    const option = shown.find((each) => each.name === name);
    const what = keyOf(event);
    if (what === "send") send();
    else if (what === "escape") leave();
    else if (what === "back" && option && !option.required) remove(name);
    else if (what === "back" && option && shown.every((each) => isEmpty(entries[each.name]))) onClose(`/${command.title}`);
    else if (!((what === "previous" && step(name, -1)) || (what === "next" && step(name, 1)))) return;
    event.preventDefault();
  };
  const here = shown.find((each) => each.name === active);
  return html`<div class="slash-form" onKeyDown=${key}>
    <${About} command=${command} option=${here} trouble=${here && trouble(here)} />
    <form class="slash" ref=${form} novalidate aria-label=${`/${command.title}`} onSubmit=${(event) => { event.preventDefault(); send(); }}
        onfocusin=${(event) => setActive(event.target.closest("[data-option]")?.dataset.option || null)}
        onfocusout=${(event) => { const name = event.target.closest("[data-option]")?.dataset.option; if (name && !isEmpty(entries[name])) setTouched((before) => ({ ...before, [name]: true })); }}>
      <span class="slash-name">/${command.title}</span>
      ${shown.map((option) => html`<${Field} key=${option.name} option=${option} entry=${entries[option.name] || BLANK} trouble=${trouble(option)}
        completes=${option.autocomplete ? complete(place(), command, option, values(shown, entries, option.name)) : null}
        onEntry=${(entry) => enter(option.name, entry)} onRemove=${option.required ? null : () => remove(option.name)} onDone=${() => onward(option.name)} />`)}
      ${left.length > 0 && html`<div class="optional" role="group" aria-label="More options">${left.map((option) => html`<button type="button" key=${option.name} class="add-option"
        title=${descriptionOf(option)} onClick=${() => addOption(option.name)}>+ ${nameOf(option)}</button>`)}</div>`}
      <span class="slash-end"><button type="button" class="slash-close" title="Leave the command (Esc)" aria-label="Leave the command" onClick=${() => onClose("")}><${Icon} is="cross" /></button>
        <button class="send" aria-label="Send the command" aria-busy=${sending ? "true" : null}>Send</button></span>
    </form>
    <p class="trouble" role="alert">${refused.words}</p>
  </div>`;
}
