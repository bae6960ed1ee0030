// One or several of a list: for select menus in forms.
import { Avatar, cx, html, useState } from "../base/ui.js";

const LONG = 12; // from here on there is a field to search in

const Sign = ({ option }) => option.user ? html`<${Avatar} user=${option.user} />` : option.emoji?.name ? html`<span class="emoji">${option.emoji.name}</span>` : null;

// `options`: { value, label, description?, emoji?, user? }; `picked`: values; `onPick(values)`; `open`: a list even for one.
export function Choose({ id, label, options, picked, most = 1, required, placeholder, describedBy, invalid, open, onPick }) {
  if (most === 1 && !open) {
    return html`<select id=${id} class=${cx("choose", invalid && "bad")} value=${picked[0] || ""} aria-describedby=${describedBy} aria-invalid=${invalid ? "true" : null}
        aria-required=${required ? "true" : null} onInput=${({ currentTarget }) => onPick(currentTarget.value ? [currentTarget.value] : [])}>
      <option value="" disabled=${required} hidden=${required}>${placeholder || "Make a selection"}</option>
      ${options.map((each) => html`<option key=${each.value} value=${each.value}>
        ${[each.emoji?.name, each.label, each.description && `· ${each.description}`].filter(Boolean).join(" ")}</option>`)}</select>`;
  }
  return html`<${Many} ...${{ id, label, options, picked, most, describedBy, invalid, placeholder, onPick }} />`;
}

function Many({ id, label, options, picked, most, describedBy, invalid, placeholder, onPick }) {
  const [typed, type] = useState("");
  const shown = options.filter((each) => each.label.toLowerCase().includes(typed.trim().toLowerCase()));
  const toggle = (value) => onPick(picked.includes(value) ? picked.filter((each) => each !== value) : [...picked, value]);
  return html`<div id=${id} class=${cx("choose-many", invalid && "bad")} role="group" tabindex="-1" aria-label=${label} aria-describedby=${describedBy}>
    ${options.length >= LONG && html`<input type="search" value=${typed} placeholder=${placeholder || "Search"} aria-label=${`Search: ${label}`}
      onInput=${(event) => type(event.currentTarget.value)} />`}
    <div class="choose-list">${shown.map((each) => {
      const on = picked.includes(each.value);
      return html`<label key=${each.value}><input type="checkbox" checked=${on} disabled=${!on && picked.length >= most} onInput=${() => toggle(each.value)} />
        <${Sign} option=${each} /><span>${each.label}${each.description && html`<small>${each.description}</small>`}</span></label>`;
    })}${!shown.length && html`<p>Nothing is called “${typed.trim()}”.</p>`}</div>
    <small class="choose-count">${picked.length} of at most ${most} chosen</small></div>`;
}

export function Radios({ id, label, options, picked, describedBy, invalid, onPick }) {
  return html`<div id=${id} class=${cx("choose-many", invalid && "bad")} role="radiogroup" tabindex="-1" aria-label=${label} aria-describedby=${describedBy}>
    <div class="choose-list">${options.map((each) => html`<label key=${each.value}><input type="radio" name=${id} checked=${picked.includes(each.value)}
      onInput=${() => onPick([each.value])} /><${Sign} option=${each} /><span>${each.label}${each.description && html`<small>${each.description}</small>`}</span></label>`)}</div></div>`;
}
