// Who this tab is, and becoming someone else.
import { Icon } from "../base/icons.js";
import { addressAs, become } from "../state/places.js";
import { useStore } from "../state/store.js";
import { Theme } from "./theme.js";
import { Avatar, html, name, useEffect, useRef, useState } from "../base/ui.js";
import { me, part } from "../state/world.js";
import { Settings } from "./you.js";

function Person({ user, here, guild, onPick }) {
  const what = part(guild, user.id);
  return html`<li><button class="person" data-id=${user.id} aria-current=${here ? "true" : null} onClick=${() => onPick(user.id)}>
      <${Avatar} user=${user} /><span class="person-name">${name(user)}</span>${what && html`<small>${what}</small>`}${here && html`<${Icon} is="check" />`}</button>
    <a class="as" href=${addressAs(user)} target="_blank" rel="noopener" title=${`Open another tab as ${name(user)}`}
        aria-label=${`Open another tab as ${name(user)}`}><${Icon} is="out" /></a></li>`;
}

function People({ guild, onClose }) {
  const people = useStore((s) => s.world.people), who = useStore((s) => s.me), bot = useStore((s) => s.world.bot);
  const box = useRef(null);
  useEffect(() => {
    box.current.querySelector("[aria-current]")?.focus();
    const outside = (event) => !box.current.parentElement.contains(event.target) && onClose();
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, []);
  const step = (event) => {
    if (event.key === "Escape") onClose();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !event.target.matches(".person")) return;
    event.preventDefault();
    const all = [...box.current.querySelectorAll(".person")];
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
  };
  const pick = (id) => {
    onClose();
    become(id);
  };
  return html`<div id="people" ref=${box} role="group" aria-label="Be this person" onKeyDown=${step}><p>In this tab you are</p>
    <ul>${people.map((each) => html`<${Person} key=${each.id} user=${each} here=${each.id === who} guild=${guild} onPick=${pick} />`)}</ul>
    <${Settings} user=${me()} bot=${name(bot)} /></div>`;
}

export function Self({ guild }) {
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  useStore((s) => s.me);
  const user = me();
  const shut = () => {
    setOpen(false);
    button.current.focus();
  };
  return html`<footer id="self">
    ${open && html`<${People} guild=${guild} onClose=${shut} />`}
    <button id="person" ref=${button} aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <${Avatar} user=${user} id="self-avatar" /><span class="self-text"><small>You are </small><b>${name(user)}</b></span>
      <span class="sr">: be someone else</span><${Icon} is="chevron" /></button>
    <${Theme} />
  </footer>`;
}
