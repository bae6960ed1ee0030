// One option of a slash command: its name and where its value is typed or chosen.
import { FileField, limitIn, useFiles } from "./attach.js";
import { Combo } from "./combo.js";
import { nameOf } from "./commands.js";
import { Icon } from "../base/icons.js";
import { FILE, candidates, isNumeric } from "./options.js";
import { state } from "../state/store.js";
import { cx, fit, html, useLayoutEffect, useRef } from "../base/ui.js";
import { guildOf } from "../state/world.js";

const LONG = 30; // characters that want more room than a half of the line

// Text in as many lines as it takes.
function Words({ id, option, entry, invalid, onEntry }) {
  const area = useRef(null);
  useLayoutEffect(() => fit(area.current)); // at every drawing: a new neighbour makes it narrower
  return html`<textarea id=${id} ref=${area} class="entry words" rows="1" value=${entry.text} aria-label=${option.name} aria-describedby="about"
    aria-invalid=${invalid ? "true" : null} aria-required=${String(Boolean(option.required))} onInput=${(event) => onEntry({ text: event.currentTarget.value })} />`;
}

const Digits = ({ id, option, entry, invalid, onEntry }) => html`<input id=${id} class="entry" type="text" inputmode="decimal" autocomplete="off"
    size=${Math.max(6, entry.text.length)}
  value=${entry.text} aria-label=${option.name} aria-describedby="about" aria-invalid=${invalid ? "true" : null} aria-required=${String(Boolean(option.required))}
  onInput=${(event) => onEntry({ text: event.currentTarget.value })} />`;

function FileOption({ id, option, invalid, onEntry }) {
  const held = useFiles({ limit: limitIn(guildOf(state.channel)), most: 1 });
  const file = held.files[0]?.file;
  useLayoutEffect(() => onEntry({ text: "", file }), [file]); // before anyone can press Send
  return html`<${FileField} id=${id} held=${held} label=${option.name} describedBy="about" invalid=${invalid} />`;
}

// `trouble`: what is wrong, in words. `completes`: asks the bot, for options that it completes. `onRemove` is absent for required ones.
export function Field({ option, entry, trouble, completes, onEntry, onRemove, onDone }) {
  const id = `option-${option.name}`;
  const inner = { id, option, entry, invalid: Boolean(trouble), onEntry };
  const wide = option.type === FILE || (!isNumeric(option) && !completes && !candidates(option));
  return html`<div class=${cx("option", `type-${option.type}`, wide && "wide", entry.text.length > LONG && "long", trouble && "bad")} data-option=${option.name} title=${trouble || null}>
    <label class="option-name" for=${id}>${nameOf(option)}</label>
    ${option.type === FILE ? html`<${FileOption} ...${inner} />`
      : completes || candidates(option) ? html`<${Combo} ...${inner} completes=${completes} onDone=${onDone} />`
      : isNumeric(option) ? html`<${Digits} ...${inner} />` : html`<${Words} ...${inner} />`}
    ${onRemove && html`<button type="button" class="option-remove" tabindex="-1" title=${`Remove ${nameOf(option)}`}
        aria-label=${`Remove ${nameOf(option)}`} onClick=${onRemove}><${Icon} is="cross" /></button>`}
  </div>`;
}
