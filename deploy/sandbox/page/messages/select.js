// A select menu of a message. One choice is sent at once; several when the list closes.
import { Icon } from "../base/icons.js";
import { colourOf } from "../composer/options.js";
import { Popover } from "../over/overlay.js";
import { state } from "../state/store.js";
import { Avatar, cx, hex, html, name, tint, useEffect, useLayoutEffect, useRef, useState } from "../base/ui.js";
import { channelTree, guildOf } from "../state/world.js";

const STRING = 3, USER = 5, ROLE = 6, MENTIONABLE = 7, CHANNEL = 8;
const LONG = 9; // from here on, and for all that is not the bot's own list, there is a field to search in

// What can be chosen: { value, name, note?, emoji?, sign?, user?, color? }.
function choices(item) {
  if (item.type === STRING) return item.options.map((each) => ({ value: each.value, name: each.label, note: each.description, emoji: each.emoji?.name }));
  const guild = guildOf(state.channel);
  const people = [state.world.bot, ...state.world.people].map((user) => ({ value: user.id, name: name(user), user }));
  const roles = (guild?.roles || []).map((each) => ({ value: each.id, name: each.name.replace(/^@/, ""), sign: "@", color: each.color ? hex(each.color) : null }));
  if (item.type === CHANNEL) {
    const all = guild ? channelTree(guild).flatMap((each) => [each.channel, ...each.threads]) : [];
    return all.filter((each) => !item.channel_types?.length || item.channel_types.includes(each.type)).map((each) => ({ value: each.id, name: each.name, sign: "#" }));
  }
  return { [USER]: people, [ROLE]: roles, [MENTIONABLE]: [...people, ...roles] }[item.type];
}

const preset = (item) => (item.options ? item.options.filter((each) => each.default).map((each) => each.value) : (item.default_values || []).map((each) => each.id));

function Sign({ each }) {
  if (each.user) return html`<${Avatar} user=${each.user} />`;
  return (each.emoji || each.sign) && html`<span class=${each.emoji ? "emoji" : "sign"}>${each.emoji || each.sign}</span>`;
}

function Option({ id, each, on, many, chosen, full, onPick }) {
  const row = useRef(null);
  useLayoutEffect(() => {
    if (chosen) row.current.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return html`<li id=${id} ref=${row} role="option" aria-selected=${String(on)} aria-disabled=${full ? "true" : null}
      class=${cx("pick", chosen && "chosen", full && "full")} onClick=${() => onPick(each)}>
    <${Sign} each=${each} /><span class="pick-words"><span class="tinted" style=${tint(colourOf(each))}>${each.name}</span>
        ${each.note && html`<small>${each.note}</small>`}</span>
    ${many ? html`<span class=${cx("tick", on && "on")}>${on && html`<${Icon} is="check" />`}</span>` : on && html`<${Icon} is="check" />`}</li>`;
}

function List({ item, options, picked, at, onToggle, onClose }) {
  const [typed, type] = useState("");
  const [here, setHere] = useState(Math.max(0, options.findIndex((each) => picked.includes(each.value))));
  const box = useRef(null);
  const many = item.max_values > 1, search = item.type !== STRING || options.length >= LONG;
  const shown = options.filter((each) => each.name.toLowerCase().includes(typed.trim().toLowerCase()));
  useLayoutEffect(() => box.current.focus(), []);
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shown.length) setHere((here + by + shown.length) % shown.length);
    else if ((event.key === "Enter" || (event.key === " " && !search)) && shown[here]) onToggle(shown[here]);
    else if (event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };
  const id = `list-${item.custom_id}`;
  const common = { "aria-controls": id, "aria-activedescendant": shown[here] ? `${id}-${here}` : null, "aria-label": item.placeholder || "Make a selection" };
  return html`<${Popover} at=${at} kind="select-list" label=${item.placeholder || "Make a selection"} onClose=${onClose} onKeyDown=${key}>
    ${search && html`<input ref=${box} type="search" role="combobox" aria-expanded="true" aria-autocomplete="list" ...${common} placeholder="Search" autocomplete="off"
      value=${typed} onInput=${(event) => { type(event.currentTarget.value); setHere(0); }} />`}
    <ul id=${id} role="listbox" aria-multiselectable=${String(many)} ...${search ? { "aria-label": common["aria-label"] } : { ref: box, tabindex: 0, ...common, "aria-controls": null }}>
      ${shown.map((each, index) => html`<${Option} key=${each.value} id=${`${id}-${index}`} each=${each} on=${picked.includes(each.value)}
          many=${many} chosen=${index === here}
        full=${many && !picked.includes(each.value) && picked.length >= item.max_values} onPick=${onToggle} />`)}</ul>
    ${!shown.length && html`<p class="suggest-none" role="status">Nothing is called “${typed.trim()}”.</p>`}
    ${many && html`<p class="select-foot">${amount(item, picked.length)}</p>`}<//>`;
}

const amount = ({ min_values: least, max_values: most }, count) =>
  `${count} chosen, ${least === most ? `${most} needed` : `${least ? `${least} to ` : "up to "}${most}`}. Close the list to send.`;

export function Select({ item, busy, onPick }) {
  const [open, setOpen] = useState(false);
  const [changed, setPicked] = useState(null);
  const button = useRef(null);
  const options = choices(item), many = item.max_values > 1;
  const picked = changed || preset(item);
  useEffect(() => setPicked(null), [preset(item).join()]); // the bot has changed what is chosen
  const shown = options.filter((each) => picked.includes(each.value));
  const toggle = (each) => {
    if (!many) {
      setOpen(false);
      setPicked([each.value]);
      onPick([each.value]);
    } else if (picked.includes(each.value)) setPicked(picked.filter((value) => value !== each.value));
    else if (picked.length < item.max_values) setPicked([...picked, each.value]);
  };
  const close = () => {
    setOpen(false);
    if (!many || !changed || changed.join() === preset(item).join()) return;
    if (changed.length >= item.min_values) onPick(changed);
    setPicked(changed.length >= item.min_values ? changed : null);
  };
  const label = item.placeholder || "Make a selection";
  return html`<button type="button" ref=${button} class=${cx("select", busy && "waits")} disabled=${Boolean(item.disabled)} aria-haspopup="listbox"
      aria-expanded=${String(open)} aria-busy=${busy ? "true" : null}
      data-select=${item.custom_id} aria-label=${shown.length ? `${label}: ${shown.map((each) => each.name).join(", ")}` : label} onClick=${() => !busy && setOpen(true)}>
    <span class="select-words">${shown.map((each) => html`<span key=${each.value} class=${many ? "chosen-one" : "chosen-only"}>
        <${Sign} each=${each} />${each.name}</span>`)}${!shown.length && html`<span class="hint">${label}</span>`}</span><${Icon} is="chevron" /></button>
    ${open && html`<${List} ...${{ item, options, picked }} at=${button.current} onToggle=${toggle} onClose=${close} />`}`;
}
