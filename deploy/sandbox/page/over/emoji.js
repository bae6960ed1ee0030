// The picker of reactions: search, what was used lately, categories. Its names and words: see emoji_data.py.
import { html, useEffect, useMemo, useRef, useState } from "../base/ui.js";
import { Popover } from "./overlay.js";

const RECENT = "sandbox:emoji", KEPT = 18, FOUND = 90;
const USUAL = ["🔁", "🎨", "⭐", "❌", "1️⃣", "2️⃣", "3️⃣", "4️⃣", "✉️", "👍", "❤️", "😂", "🎉", "😮", "🔥", "👀"];
const SIGNS = ["🕓", "😀", "🐻", "🍎", "🚗", "⚽", "💡", "❤️", "🏁"];

let loading = null; // one fetch for all pickers

const load = () => {
  loading ||= fetch("/page/vendor/emoji.json").then((answer) => answer.json()).catch((trouble) => {
    loading = null;
    throw trouble;
  });
  return loading;
};

const recents = () => {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) || [];
  } catch {
    return []; // someone else wrote there, or storage is off
  }
};

const remember = (emoji) => localStorage.setItem(RECENT, JSON.stringify([emoji, ...recents().filter((each) => each !== emoji)].slice(0, KEPT)));

// The usual ones stand behind those that were used, until there are enough of those.
function lately(categories) {
  const known = new Map(categories.flatMap(([, all]) => all).map((each) => [each[0], each]));
  return [...new Set([...recents(), ...USUAL])].slice(0, KEPT).map((each) => known.get(each)).filter(Boolean);
}

function search(categories, typed) {
  const wanted = typed.toLowerCase().replace(/[:_]/g, " ").trim().split(/\s+/);
  const rank = ([emoji, label, words]) => {
    if (emoji === typed.trim()) return 0;
    const text = `${label} ${words.replace(/_/g, " ")}`;
    if (!wanted.every((each) => text.includes(each))) return null;
    return label.startsWith(wanted[0]) ? 1 : ` ${text}`.includes(` ${wanted[0]}`) ? 2 : 3;
  };
  return categories.flatMap(([, all]) => all).map((each) => [rank(each), each]).filter(([at]) => at !== null)
    .sort(([one], [other]) => one - other).slice(0, FOUND).map(([, each]) => each);
}

// `onPick(emoji)`; with Shift held the picker stays open. `at` is an element or a point.
export function EmojiPicker({ at, onPick, onClose }) {
  const [categories, setCategories] = useState(null);
  const [typed, type] = useState("");
  const [shown, show] = useState(null); // what the foot of the picker names
  const box = useRef(null), field = useRef(null);
  useEffect(() => {
    field.current.focus();
    load().then(setCategories, () => setCategories([]));
  }, []);
  const sections = useMemo(() => {
    if (!categories) return [];
    if (typed.trim()) return [["Found", search(categories, typed)]];
    return [["Lately", lately(categories)], ...categories];
  }, [categories, typed]);
  const best = typed.trim() && sections[0]?.[1][0]; // what Enter takes
  const named = shown?.emoji ? shown : best ? { emoji: best[0], label: best[1] } : null;
  const pick = (event, emoji) => {
    remember(emoji);
    if (!event.shiftKey) onClose();
    onPick(emoji);
  };
  const key = (event) => {
    const all = [...box.current.querySelectorAll("[data-emoji]")], here = all.indexOf(document.activeElement);
    if (here < 0 && event.key === "Enter" && best) pick(event, best[0]);
    else {
      const next = step(event.key, all, here);
      if (next === undefined) return;
      next.focus();
    }
    event.preventDefault();
  };
  const step = (pressed, all, here) => {
    if (here < 0) return pressed === "ArrowDown" ? all[0] : undefined;
    if (pressed === "ArrowRight") return all[here + 1];
    if (pressed === "ArrowLeft") return all[here - 1] || field.current;
    if (pressed === "ArrowDown") return under(all, here, 1);
    if (pressed === "ArrowUp") return under(all, here, -1) || field.current;
    return undefined;
  };
  const jump = (index) => {
    type("");
    box.current.querySelectorAll("section")[index]?.scrollIntoView({ block: "start" });
  };
  return html`<${Popover} at=${at} kind="emoji-picker" label="Pick a reaction" onClose=${onClose} onKeyDown=${key}>
    <input ref=${field} type="search" class="emoji-search" placeholder="Find a reaction" aria-label="Find a reaction" autocomplete="off"
      value=${typed} onInput=${(event) => type(event.currentTarget.value)} />
    ${!typed.trim() && categories?.length > 0 && html`<nav class="emoji-tabs" aria-label="Categories">${sections.map(([label], index) =>
      html`<button type="button" title=${label} aria-label=${label} onClick=${() => jump(index)}>${SIGNS[index]}</button>`)}</nav>`}
    <div ref=${box} class="emoji-list" onPointerOver=${(event) => show(event.target.dataset)} onfocusin=${(event) => show(event.target.dataset)}>
      ${categories?.length === 0 && html`<p class="emoji-none" role="status">The list of emoji could not be fetched. Close this and try again.</p>`}
      ${sections.map(([label, all]) => html`<${Section} key=${label} label=${label} all=${all} pick=${pick} typed=${typed} />`)}
    </div>
    <p class="emoji-name" aria-hidden="true">${named ? html`<b>${named.emoji}</b> ${named.label}` : "Hold Shift to pick several"}</p>
  <//>`;
}

function Section({ label, all, pick, typed }) {
  if (!all.length) return html`<p class="emoji-none" role="status">There is no emoji like “${typed.trim()}”.</p>`;
  return html`<section aria-label=${label}><h3>${label}</h3><div class="emoji-grid">${all.map(([emoji, name]) =>
    html`<button type="button" key=${emoji} tabindex="-1" aria-label=${name} data-emoji=${emoji} data-label=${name}
      onClick=${(event) => pick(event, emoji)}>${emoji}</button>`)}</div></section>`;
}

// The button in the next row, or the one before, that stands nearest in the same column.
function under(all, here, way) {
  const from = all[here].getBoundingClientRect();
  const rows = way > 0 ? all.slice(here + 1) : all.slice(0, here).reverse();
  const first = rows.find((each) => (each.getBoundingClientRect().top - from.top) * way > 4);
  if (!first) return undefined;
  const top = first.getBoundingClientRect().top;
  const row = rows.filter((each) => Math.abs(each.getBoundingClientRect().top - top) < 4);
  const distance = (each) => Math.abs(each.getBoundingClientRect().left - from.left);
  return row.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}
