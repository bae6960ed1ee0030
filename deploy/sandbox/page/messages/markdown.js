// Discord's markdown, drawn as elements: text never becomes markup.
import { change } from "../state/store.js";
import { full, written } from "../base/time.js";
import { context, title } from "../state/world.js";
import { go } from "../state/places.js";
import { hex, html, tint, useEffect, useState } from "../base/ui.js";

const LAST_SECOND = 8.64e12; // beyond it a Date is none, and to write it throws

function Spoiler({ children }) {
  const [open, setOpen] = useState(false);
  if (open) return html`<span class="spoiler open">${children}</span>`;
  return html`<button class="spoiler" aria-label="Spoiler: press to show" onClick=${() => setOpen(true)}><span aria-hidden="true">${children}</span></button>`;
}

// `<t:…:R>` counts on by itself.
function Stamp({ seconds, style }) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (style !== "R") return undefined;
    const timer = setInterval(() => tick((turn) => turn + 1), Math.abs(Date.now() / 1000 - seconds) < 120 ? 1000 : 20_000);
    return () => clearInterval(timer);
  }, [seconds, style]);
  const at = new Date(seconds * 1000);
  return html`<time class="stamp" datetime=${at.toISOString()} title=${full(at)}>${written(seconds, style)}</time>`;
}

function Role({ id }) {
  const role = context.role(id);
  return html`<span class="mention tinted" style=${tint(role?.color ? hex(role.color) : null)}>@${role?.name || "unknown-role"}</span>`;
}

// A link to a message, of which Discord shows where it is.
function Place({ id }) {
  return html`<button class="mention" onClick=${() => go(id)}>${`${title(id) || "unknown"} › message`}</button>`;
}

const link = (url, inside) => html`<a href=${url} target="_blank" rel="noreferrer">${inside}</a>`;
const command = (words) => html`<button class="mention" onClick=${() => change({ draft: { words: words.split(" ") } })}>/${words}</button>`;

// Each rule finds something in a line; the one that begins first wins.
const INLINE = [
  [/\\([^0-9A-Za-z\s])/, (m) => m[1]],
  [/``([^\n]+?)``|`([^`\n]+)`/, (m) => html`<code>${m[1] || m[2]}</code>`],
  [/\|\|([\s\S]+?)\|\|/, (m) => html`<${Spoiler}>${inline(m[1])}<//>`],
  [/\*\*\*([\s\S]+?)\*\*\*/, (m) => html`<strong><em>${inline(m[1])}</em></strong>`],
  [/\*\*([\s\S]+?)\*\*/, (m) => html`<strong>${inline(m[1])}</strong>`],
  [/__([\s\S]+?)__/, (m) => html`<u>${inline(m[1])}</u>`],
  [/~~([\s\S]+?)~~/, (m) => html`<s>${inline(m[1])}</s>`],
  [/(?<![\w*])\*([^*\n]+?)\*(?!\w)|(?<![\w_])_([^_\n]+?)_(?!\w)/, (m) => html`<em>${inline(m[1] || m[2])}</em>`],
  [/\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/, (m) => link(m[2], inline(m[1]))],
  [/https:\/\/discord\.com\/channels\/(?:@me|\d+)\/(\d+)\/\d+/, (m) => html`<${Place} id=${m[1]} />`],
  [/<?(https?:\/\/[^\s<>]+[^\s<>.,:;"')\]!?])>?/, (m) => link(m[1], m[1])],
  [/<@!?(\d+)>/, (m) => html`<span class="mention">@${context.person(m[1])}</span>`],
  [/<@&(\d+)>/, (m) => html`<${Role} id=${m[1]} />`],
  [/<#(\d+)>/, (m) => html`<button class="mention" onClick=${() => go(m[1])}>#${context.channel(m[1])}</button>`],
  [/@(everyone|here)\b/, (m) => html`<span class="mention">${m[0]}</span>`],
  [/<\/([-_'\p{L}\p{N} ]+):\d+>/u, (m) => command(m[1])],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (m) => (Math.abs(m[1]) <= LAST_SECOND ? html`<${Stamp} seconds=${Number(m[1])} style=${m[2]} />` : m[0])],
  [/<a?:(\w+):\d+>/, (m) => html`<span class="custom-emoji">:${m[1]}:</span>`],
];

export function inline(text) {
  const out = [];
  let rest = text;
  while (rest) {
    let first = null;
    for (const [pattern, build] of INLINE) {
      const match = pattern.exec(rest);
      if (match && (first === null || match.index < first.match.index)) first = { match, build };
    }
    if (first === null) break;
    out.push(rest.slice(0, first.match.index), first.build(first.match));
    rest = rest.slice(first.match.index + first.match[0].length);
  }
  return [...out, rest];
}

const LINE = [
  [/^(#{1,3}) +(.+)/, (m) => html`<h3 class=${`md md${m[1].length}`}>${inline(m[2])}</h3>`], // a message may begin with any of them
  [/^-# +(.+)/, (m) => html`<small class="subtext">${inline(m[1])}</small>`],
  [/^(\s*)[-*] +(.+)/, (m) => html`<div class=${m[1].length > 1 ? "item deep" : "item"}>${inline(m[2])}</div>`],
  [/^(\s*)(\d+)\. +(.+)/, (m) => html`<div class="item numbered"><span class="number">${m[2]}.</span>${inline(m[3])}</div>`],
];

// `inside` a quote there are no more of them, as on Discord.
function lines(text, inside = false) {
  const out = [];
  let quoted = [];
  const quote = () => quoted.length && out.push(html`<blockquote>${lines(quoted.splice(0).join("\n"), true)}</blockquote>`);
  for (const line of text.split("\n")) {
    if (!inside && /^> ?/.test(line) && line !== ">") {
      quoted.push(line.replace(/^> ?/, ""));
      continue;
    }
    quote();
    const found = LINE.map(([pattern, build]) => [pattern.exec(line), build]).find(([match]) => match);
    out.push(found ? found[1](found[0]) : html`<div class="line">${line ? inline(line) : html`<br />`}</div>`);
  }
  quote();
  return out;
}

const OPEN = new Set(["line", "subtext", "item", "item deep"]);

// `tail` stands at the end of the last line, where that is a line of text.
export function markdown(text, tail = null) {
  const shown = blocks(text);
  const last = shown.at(-1);
  if (tail && OPEN.has(last?.props.class)) last.props.children = [last.props.children, " ", tail];
  else if (tail) shown.push(tail);
  return shown;
}

function blocks(text) {
  return text.split(/```(?:[\w+-]+\n)?([\s\S]*?)```/).flatMap((part, index) => {
    if (index % 2) return [html`<pre tabindex="0"><code>${part.replace(/^\n|\n$/g, "")}</code></pre>`];
    return part.trim() ? lines(part.replace(/^\n|\n$/g, "")) : [];
  });
}

// A few emoji and nothing else, which are drawn large.
const EMOJI = /^(?:\p{Extended_Pictographic}|[\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\ufe0f\u200d\s]|[\d#*]\ufe0f?\u20e3)+$/u;
export const onlyEmoji = (text) => text.length <= 120 && EMOJI.test(text) && text.trim() !== "";

// As someone would read it aloud: marks taken for what they mean.
const TEXT = (node) => {
  if (node === null || node === undefined || typeof node === "boolean") return "";
  if (Array.isArray(node)) return node.map(TEXT).join("");
  if (typeof node !== "object") return String(node);
  if (node.type === Role) return `@${context.role(node.props.id)?.name || "unknown-role"}`;
  if (node.type === Stamp) return written(node.props.seconds, node.props.style);
  return TEXT(node.props?.children);
};
export const plain = (text) => markdown(text).map(TEXT).join(" ").trim();
