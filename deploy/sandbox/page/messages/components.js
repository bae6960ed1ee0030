// Components of a message, the older rows and Components V2.
import { pick, press } from "../state/actions.js";
import { FileCard } from "./files.js";
import { Gallery, Thumbnail } from "./gallery.js";
import { Icon } from "../base/icons.js";
import { markdown } from "./markdown.js";
import { Select } from "./select.js";
import { cx, hex, html, useState } from "../base/ui.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

const media = (item) => ({ ...item.media, description: item.description, spoiler: item.spoiler });

function Button({ item, message, busy }) {
  const waits = busy === item.custom_id && busy !== undefined;
  const shown = item.label || item.emoji?.name;
  const inside = html`${item.emoji && html`<span class="emoji" aria-hidden="true">${item.emoji.name}</span>`}${item.label && html`<span>${item.label}</span>`}`;
  const common = { class: cx("button", STYLES[item.style], waits && "waits"), title: shown, "aria-label": shown };
  if (item.style === 5) return html`<a ...${common} href=${item.url} target="_blank" rel="noreferrer">${inside}<${Icon} is="out" /></a>`;
  return html`<button ...${common} disabled=${Boolean(item.disabled) || item.style === 6} aria-busy=${waits ? "true" : null}
    onClick=${() => !waits && press(message, item.custom_id)}>${inside}</button>`;
}

function Container({ item, message, busy }) {
  const [hidden, hide] = useState(Boolean(item.spoiler));
  const accent = Number.isInteger(item.accent_color) ? { borderLeftColor: hex(item.accent_color) } : {};
  return html`<div class=${cx("container", hidden && "hidden")} style=${accent}>
    ${hidden ? html`<button class="veil" onClick=${() => hide(false)}>Spoiler: press to show</button>`
      : html`<${Components} list=${item.components} message=${message} busy=${busy} />`}</div>`;
}

function Section({ item, message, busy }) {
  return html`<div class="section"><div class="section-text">${item.components.map((each) => html`<${One} item=${each} message=${message} />`)}</div>
    <${One} item=${item.accessory} message=${message} busy=${busy} /></div>`;
}

function One({ item, message, busy }) {
  const inner = { message, busy };
  switch (item.type) {
    case 1: return html`<div class="row">${item.components.map((each) => html`<${One} key=${each.custom_id || each.url} item=${each} ...${inner} />`)}</div>`;
    case 2: return html`<${Button} item=${item} ...${inner} />`;
    case 3: case 5: case 6: case 7: case 8:
      return html`<${Select} item=${item} busy=${busy === item.custom_id} onPick=${(values) => pick(message, item.custom_id, values)} />`;
    case 9: return html`<${Section} item=${item} ...${inner} />`;
    case 10: return html`<div class="text-display content">${markdown(item.content)}</div>`;
    case 11: return html`<${Thumbnail} item=${media(item)} />`;
    case 12: return html`<${Gallery} items=${item.items.map(media)} />`;
    case 13: return html`<${FileCard} url=${item.file.url} filename=${item.name} size=${item.size} />`;
    case 14: return html`<hr class=${cx(!item.divider && "blank", item.spacing === 2 && "wide")} />`;
    case 17: return html`<${Container} item=${item} ...${inner} />`;
    default: return html`<p class="unknown">This page does not know components of type ${item.type}.</p>`;
  }
}

// `busy` is the custom_id of the component that waits for the bot.
export const Components = ({ list, message, busy }) =>
  list.map((each, index) => html`<${One} key=${each.custom_id || index} item=${each} message=${message} busy=${busy} />`);
