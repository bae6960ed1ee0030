// JSON to read: coloured, folded where it is deep, and copied as it is.
import { Icon } from "../base/icons.js";
import { html, useState } from "../base/ui.js";

const isBranch = (value) => value !== null && typeof value === "object" && Object.keys(value).length > 0;

function Leaf({ value }) {
  if (Array.isArray(value)) return html`<span class="json-empty">[ ]</span>`;
  if (value !== null && typeof value === "object") return html`<span class="json-empty">{ }</span>`;
  return html`<span class=${`json-${value === null ? "null" : typeof value}`}>${JSON.stringify(value)}</span>`;
}

const Key = ({ name }) => name !== undefined && html`<span class="json-key">${name}</span><span class="json-colon">: </span>`;

function count(value) {
  const size = Object.keys(value).length;
  return Array.isArray(value) ? `[ ${size} ]` : `{ ${size} }`;
}

function Node({ name, value, depth }) {
  const [open, setOpen] = useState(depth > 0);
  if (!isBranch(value)) return html`<div class="json-line"><${Key} name=${name} /><${Leaf} value=${value} /></div>`;
  return html`<details class="json-branch" open=${open} onToggle=${(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}>
    <summary><${Key} name=${name} /><span class="json-count">${count(value)}</span></summary>
    ${open && html`<div class="json-inner">${Object.entries(value).map(([key, each]) =>
      html`<${Node} key=${key} name=${key} value=${each} depth=${depth - 1} />`)}</div>`}</details>`;
}

// `depth`: how many levels are open at first.
export function Json({ value, label, depth = 2 }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return html`<div class="json"><div class="json-head"><span>${label}</span><${Copy} text=${text} what=${label} /></div>
    <div class="json-body" tabindex="0" role="group" aria-label=${label}>${isBranch(value) ? Object.entries(value).map(([key, each]) => html`<${Node} key=${key} name=${key} value=${each} depth=${depth - 1} />`) : html`<${Leaf} value=${value} />`}</div></div>`;
}

export function Copy({ text, what }) {
  const [said, say] = useState("Copy");
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(() => say("Copied"), () => say("The browser did not allow it"));
    setTimeout(() => say("Copy"), 2000);
  };
  return html`<button type="button" class="copy" aria-label=${said === "Copy" ? `Copy: ${what}` : said} onClick=${copy}><${Icon} is=${said === "Copied" ? "check" : "copy"} />${said}</button>`;
}
