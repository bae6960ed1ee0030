// The list of commands above the composer.
import { descriptionOf, nameOf } from "./commands.js";
import { state } from "../state/store.js";
import { Avatar, cx, html, name, useEffect, useRef } from "../base/ui.js";

function Command({ command, index, chosen, onPick }) {
  const row = useRef(null);
  useEffect(() => chosen && row.current.scrollIntoView({ block: "nearest" }), [chosen]);
  const pick = (event) => {
    event.preventDefault(); // the text field keeps the focus until the form takes it
    onPick(command);
  };
  return html`<li id=${`pick-${index}`} ref=${row} role="option" aria-selected=${String(chosen)} class=${cx(chosen && "chosen")} onPointerDown=${pick}>
    <span class="pick-name"><b>/${command.title}</b>${command.options.map((each) => html`<span key=${each.name}
        class=${cx("pick-option", each.required && "needed")} title=${descriptionOf(each)}>${nameOf(each)}</span>`)}</span>
    <span class="description">${command.description}</span></li>`;
}

// `found`: commands that match; `chosen`: the index of the one that Enter takes.
export function Picker({ found, chosen, onPick }) {
  const bot = state.world.bot;
  return html`<div class="suggest" id="picker-frame"><p class="suggest-head"><${Avatar} user=${bot} />${name(bot)}</p>
    ${found.length ? html`<ul id="picker" role="listbox" aria-label="Commands">${found.map((each, index) =>
      html`<${Command} key=${each.words.join(" ")} command=${each} index=${index} chosen=${index === chosen} onPick=${onPick} />`)}</ul>`
      : html`<p class="suggest-none" role="status">${name(bot)} has no such command here.</p>`}</div>`;
}
