// A field that offers a list: choices, people, channels, roles, or what the bot completes.
import { post, settled } from "../state/api.js";
import { candidates, colourOf, isNumeric, named } from "./options.js";
import { Avatar, cx, html, tint, useEffect, useRef, useState } from "../base/ui.js";

const PAUSE_MS = 180;

function offered(option, entry) {
  const all = candidates(option);
  const wanted = entry.picked ? "" : entry.text.trim().toLowerCase().replace(/^[@#]/, "");
  const has = (each) => each.name.toLowerCase().includes(wanted) || (each.note || "").includes(wanted);
  return { all: all.filter(has), words: "Nothing in the list is like this." };
}

// What the bot completes, asked for a moment after the last key. `ask(text)` starts the interaction.
function useCompleted(active, text, ask) {
  const [found, setFound] = useState({ all: [], words: "" });
  useEffect(() => {
    if (!active) return undefined;
    let wanted = true;
    const timer = setTimeout(async () => {
      setFound((before) => ({ ...before, words: "Loading options…" }));
      const done = await ask(text).then(settled).catch(() => null);
      if (!wanted) return;
      const all = done?.choices?.map((each) => ({ value: each.value, name: each.name })) || [];
      setFound({ all, words: done?.choices ? "The bot has nothing like this." : "Loading options failed." });
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [active, text]);
  return found;
}

function Choice({ id, each, chosen, onPick }) {
  const row = useRef(null);
  useEffect(() => chosen && row.current.scrollIntoView({ block: "nearest" }), [chosen]);
  const pick = (event) => {
    event.preventDefault(); // the field keeps the focus
    onPick(each);
  };
  return html`<li id=${id} ref=${row} role="option" class=${cx("choice", chosen && "chosen")} aria-selected=${String(chosen)} onPointerDown=${pick}>
    ${each.user ? html`<${Avatar} user=${each.user} />` : each.sign && html`<span class="sign">${each.sign}</span>`}
    <span class="choice-name tinted" style=${tint(colourOf(each))}>${each.name}</span>${each.note && html`<small>${each.note}</small>`}</li>`;
}

// `completes(text)`: set when the bot completes this option. `onEntry(entry)`; `onDone()` after a pick.
export function Combo({ id, option, entry, invalid, completes, onEntry, onDone }) {
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const asked = useCompleted(open && Boolean(completes), entry.picked ? "" : entry.text, completes);
  const { all, words } = completes ? asked : offered(option, entry);
  const typed = !entry.picked && entry.text.trim().toLowerCase();
  const first = all.length && (completes ? typed && all[0].name.toLowerCase().includes(typed) : true) ? 0 : -1;
  const chosen = at >= 0 && at < all.length ? at : first;
  const shut = () => {
    setOpen(false);
    setAt(-1);
  };
  const pick = (each) => {
    onEntry({ text: each.name, picked: each });
    shut();
    onDone();
  };
  const type = (event) => {
    onEntry({ text: event.currentTarget.value });
    setOpen(true);
    setAt(-1);
  };
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      setOpen(true);
      setAt(open && all.length ? (chosen + by + all.length) % all.length : 0);
    } else if (open && event.key === "Escape") shut();
    else if (open && all[chosen] && event.key === "Enter") pick(all[chosen]);
    else if (open && all[chosen] && event.key === "Tab" && !event.shiftKey && (at >= 0 || typed)) {
      onEntry({ text: all[chosen].name, picked: all[chosen] });
      return; // the focus goes on by itself
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const left = () => {
    shut();
    const found = !entry.picked && named(option, entry.text);
    if (found) onEntry({ text: found.name, picked: found });
  };
  return html`<input id=${id} class="entry" role="combobox" autocomplete="off" spellcheck="false" size=${Math.max(8, entry.text.length)} value=${entry.text}
      inputmode=${isNumeric(option) && !option.choices?.length ? "decimal" : "text"} placeholder=${completes ? "" : "Choose"} aria-autocomplete="list" aria-expanded=${String(open)}
      aria-controls=${`${id}-list`} aria-activedescendant=${open && chosen >= 0 ? `${id}-${chosen}` : null} aria-invalid=${invalid ? "true" : null}
      aria-required=${String(Boolean(option.required))} aria-label=${option.name} aria-describedby="about" onInput=${type} onKeyDown=${key} onFocus=${() => setOpen(!entry.picked)}
      onClick=${() => setOpen(true)} onBlur=${left} />
    ${open && html`<div class="suggest"><p class="suggest-head">${option.name}</p>
      ${all.length ? html`<ul id=${`${id}-list`} class="choices" role="listbox" aria-label=${option.name}>
        ${all.map((each, index) => html`<${Choice} key=${String(each.value)} id=${`${id}-${index}`} each=${each} chosen=${index === chosen} onPick=${pick} />`)}</ul>`
        : words && html`<p class="suggest-none" role="status">${words}</p>`}</div>`}`;
}

// Asks the bot what an option may be, for what is typed; `values`: the other options.
export const complete = ({ me, channel }, command, option, values) => (text) =>
  post("/autocomplete", { person: me, channel, command: command.words.join(" "), focused: option.name, value: text, options: values });
