// An embed.
import { Gallery, Thumbnail } from "./gallery.js";
import { inline, markdown } from "./markdown.js";
import { stamp } from "../base/time.js";
import { cx, hex, html } from "../base/ui.js";

const outside = (url, inside) => (url ? html`<a href=${url} target="_blank" rel="noreferrer">${inside}</a>` : inside);

function Fields({ fields }) {
  return html`<dl class="fields">${fields.map((each) => html`<div class=${cx("field", each.inline && "inline")}>
    <dt>${inline(each.name)}</dt><dd>${markdown(each.value)}</dd></div>`)}</dl>`;
}

function Foot({ embed }) {
  const words = [embed.footer?.text, embed.timestamp && stamp(embed.timestamp)].filter(Boolean).join(" • ");
  return words && html`<footer>${words}</footer>`;
}

export function Embed({ embed }) {
  const edge = Number.isInteger(embed.color) ? { borderLeftColor: hex(embed.color) } : {};
  return html`<article class="embed" style=${edge}>
    ${embed.thumbnail && html`<${Thumbnail} item=${embed.thumbnail} />`}
    ${embed.author && html`<div class="embed-author">${outside(embed.author.url, embed.author.name)}</div>`}
    ${embed.title && html`<div class="embed-title">${outside(embed.url, inline(embed.title))}</div>`}
    ${embed.description && html`<div class="embed-text">${markdown(embed.description)}</div>`}
    ${embed.fields?.length > 0 && html`<${Fields} fields=${embed.fields} />`}
    ${embed.image && html`<${Gallery} items=${[embed.image]} />`}
    <${Foot} embed=${embed} />
  </article>`;
}
