// Discord's markdown, as far as bots use it. Builds nodes, never markup.
import { h } from "./dom.js";

const INLINE = [
  [/`([^`\n]+)`/, (m) => h("code", {}, m[1])],
  [/\|\|([\s\S]+?)\|\|/, (m, c) => h("span", { class: "spoiler", tabindex: "0", onclick: (e) => e.currentTarget.classList.add("open") }, inline(m[1], c))],
  [/\*\*([\s\S]+?)\*\*/, (m, c) => h("strong", {}, inline(m[1], c))],
  [/__([\s\S]+?)__/, (m, c) => h("u", {}, inline(m[1], c))],
  [/~~([\s\S]+?)~~/, (m, c) => h("s", {}, inline(m[1], c))],
  [/(?<![\w*])\*([^*\n]+?)\*(?!\w)|(?<![\w_])_([^_\n]+?)_(?!\w)/, (m, c) => h("em", {}, inline(m[1] || m[2], c))],
  [/\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/, (m, c) => link(m[2], inline(m[1], c))],
  [/<?(https?:\/\/[^\s<>]+[^\s<>.,:;"')\]!?])>?/, (m) => link(m[1], m[1])],
  [/<@!?(\d+)>/, (m, c) => h("span", { class: "mention" }, `@${c.person(m[1])}`)],
  [/<@&(\d+)>/, (m, c) => h("span", { class: "mention" }, `@${c.role(m[1])}`)],
  [/<#(\d+)>/, (m, c) => h("span", { class: "mention" }, `#${c.channel(m[1])}`)],
  [/<\/([\w\- ]+):\d+>/, (m) => h("span", { class: "mention" }, `/${m[1]}`)],
  [/<t:(\d+)(?::([tTdDfFR]))?>/, (m) => h("time", { class: "stamp", datetime: new Date(m[1] * 1000).toISOString() }, when(m[1], m[2]))],
  [/<a?:(\w+):\d+>/, (m) => h("span", { class: "custom-emoji" }, `:${m[1]}:`)],
  [/\\([*_~`|\\<>#\-[\]()@:.])/, (m) => m[1]],
];

const link = (url, text) => h("a", { href: url, target: "_blank", rel: "noreferrer" }, text);

function when(seconds, style = "f") {
  const date = new Date(seconds * 1000);
  if (style === "R") return relative((date - Date.now()) / 1000);
  const shapes = {
    t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
    f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
  };
  return new Intl.DateTimeFormat("en", shapes[style]).format(date);
}

export function relative(seconds) {
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return words.format(Math.round(seconds), "second");
}

export function inline(text, context) {
  let first = null;
  for (const [pattern, build] of INLINE) {
    const match = pattern.exec(text);
    if (match && (first === null || match.index < first.match.index)) first = { match, build };
  }
  if (first === null) return text ? [text] : [];
  const { match, build } = first;
  return [text.slice(0, match.index), build(match, context), ...inline(text.slice(match.index + match[0].length), context)];
}

const LINE = [
  [/^(#{1,3}) (.+)/, (m, c) => h(`h${m[1].length + 1}`, { class: "md" }, inline(m[2], c))],
  [/^-# (.+)/, (m, c) => h("small", { class: "subtext" }, inline(m[1], c))],
  [/^> (.*)/, (m, c) => h("blockquote", {}, inline(m[1], c))],
  [/^(\s*)[-*] (.+)/, (m, c) => h("div", { class: m[1].length > 1 ? "item deep" : "item" }, inline(m[2], c))],
];

function lines(text, context) {
  const out = [];
  for (const line of text.split("\n")) {
    const found = LINE.map(([pattern, build]) => [pattern.exec(line), build]).find(([match]) => match);
    out.push(found ? found[1](found[0], context) : h("div", { class: "line" }, line ? inline(line, context) : h("br")));
  }
  return out;
}

export function markdown(text, context) {
  return text.split(/```(?:\w+\n)?([\s\S]*?)```/).flatMap((part, index) =>
    index % 2 ? h("pre", {}, h("code", {}, part.replace(/\n$/, ""))) : part ? lines(part.replace(/^\n|\n$/g, ""), context) : []);
}
