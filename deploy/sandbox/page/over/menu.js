// Menus: a list of things to do, with arrows, first letters and menus inside menus.
import { Icon } from "../base/icons.js";
import { cx, html, useLayoutEffect, useRef, useState } from "../base/ui.js";
import { Popover } from "./overlay.js";

// `items`: { label, icon?, danger?, disabled?, run } or { label, items }; null draws a line between groups.
// `at` is an element or a point. What was chosen runs after the menu has gone.
export function Menu({ items, at, side, label = "Menu", onClose, onBack }) {
  const list = useRef(null);
  const [inner, setInner] = useState(null); // { index, at } of the open submenu
  useLayoutEffect(() => { buttons(list.current)[0]?.focus(); }, []);
  const choose = (item, index, button) => {
    if (item.items) return setInner({ index, at: button });
    onClose();
    item.run();
  };
  const key = (event) => {
    const all = buttons(list.current), here = all.indexOf(document.activeElement);
    const next = step(event.key, all, here);
    if (next) next.focus();
    else if (event.key === "ArrowRight" && all[here]?.ariaHasPopup) all[here].click();
    else if (event.key === "ArrowLeft" && onBack) onBack();
    else if (event.key === "Tab") onClose();
    else return;
    event.preventDefault();
  };
  return html`<${Popover} at=${at} side=${side} kind="context-menu" role="menu" label=${label} onClose=${onBack || onClose} onKeyDown=${key}>
    <div class="menu-items" role="presentation" ref=${list}>${items.map((item, index) => item === null
      ? html`<hr role="separator" />`
      : html`<button type="button" role="menuitem" tabindex="-1" class=${cx(item.danger && "danger", inner?.index === index && "open")}
          disabled=${item.disabled} aria-haspopup=${item.items ? "menu" : null} aria-expanded=${item.items ? String(inner?.index === index) : null}
          onClick=${(event) => choose(item, index, event.currentTarget)}
          onPointerEnter=${(event) => { if (event.pointerType === "mouse") event.currentTarget.focus({ preventScroll: true }); }}>
          <span>${item.label}</span><span class="menu-icon" aria-hidden="true">${(item.items || item.icon) && html`<${Icon} is=${item.items ? "right" : item.icon} />`}</span></button>`)}
    </div>
    ${inner && html`<${Menu} items=${items[inner.index].items} label=${items[inner.index].label} at=${inner.at} side="right"
      onClose=${onClose} onBack=${() => setInner(null)} />`}
  <//>`;
}

const buttons = (list) => [...list.children].filter((each) => each.role === "menuitem" && !each.disabled);

function step(key, all, here) {
  if (key === "ArrowDown") return all[(here + 1) % all.length];
  if (key === "ArrowUp") return all[(here - 1 + all.length) % all.length];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key.length !== 1 || key === " ") return null;
  const after = [...all.slice(here + 1), ...all.slice(0, here + 1)];
  return after.find((each) => each.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

const LONG_PRESS = 500; // ms

let timer = null; // of the one press that may become long
let long = false; // whether it has

const stop = () => clearTimeout(timer);

// Handlers that open a menu by right click, by the menu key (or Shift+F10) and by a long press:
// `open(event, at)`, with `at` as Menu wants it, returns whether it did; if not, the browser's own menu comes.
export function menuTriggers(open) {
  return {
    onContextMenu(event) {
      stop();
      const byKey = event.button !== 2 && event.pointerType !== "touch";
      if (open(event, byKey ? document.activeElement : { x: event.clientX, y: event.clientY })) event.preventDefault();
    },
    // In small letters: Preact knows touch events by their usual names only where there is a touchscreen.
    ontouchstart(event) {
      stop();
      long = false;
      const { clientX: x, clientY: y } = event.touches[0];
      if (event.touches.length === 1) timer = setTimeout(() => { long = open(event, { x, y }); }, LONG_PRESS);
    },
    ontouchmove: stop,
    ontouchcancel: stop,
    ontouchend(event) {
      stop();
      if (long) event.preventDefault(); // no click: what the finger lies on now is the menu
      long = false;
    },
  };
}
