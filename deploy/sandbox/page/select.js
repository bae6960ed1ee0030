// A select menu of a message: one's own options, or people, roles and channels of the server.
import { state } from "./store.js";
import { html, name, useState } from "./ui.js";
import { channelTree, guildOf } from "./world.js";

const STRING = 3, USER = 5, ROLE = 6, MENTIONABLE = 7, CHANNEL = 8;

function choices(item) {
  if (item.type === STRING) return item.options;
  const guild = guildOf(state.channel);
  const people = [state.world.bot, ...state.world.people].map((each) => ({ value: each.id, label: name(each) }));
  const roles = (guild?.roles || []).map((each) => ({ value: each.id, label: each.name }));
  const wanted = (each) => !item.channel_types || item.channel_types.includes(each.type);
  const channels = guild ? channelTree(guild).flatMap((each) => [each.channel, ...each.threads]).filter(wanted) : [];
  return {
    [USER]: people, [ROLE]: roles, [MENTIONABLE]: [...people, ...roles],
    [CHANNEL]: channels.map((each) => ({ value: each.id, label: `#${each.name}` })),
  }[item.type];
}

export function Select({ item, busy, onPick }) {
  const options = choices(item);
  const many = item.max_values > 1;
  const [turn, again] = useState(0);
  const shown = options.map((each) => html`<option value=${each.value} selected=${Boolean(each.default)} title=${each.description || ""}>
    ${[each.emoji?.name, each.label, each.description && `· ${each.description}`].filter(Boolean).join(" ")}</option>`);
  if (!many) {
    return html`<select key=${turn} class="select" disabled=${item.disabled || busy} aria-label=${item.placeholder || "Make a selection"}
      onChange=${(event) => { onPick([event.currentTarget.value]); again(turn + 1); }}>
      <option value="" disabled selected=${!options.some((each) => each.default)}>${item.placeholder || "Make a selection"}</option>${shown}</select>`;
  }
  const send = (event) => onPick([...event.currentTarget.previousElementSibling.selectedOptions].map((each) => each.value));
  return html`<div class="many"><select class="select" multiple disabled=${item.disabled || busy} size=${Math.min(6, options.length)}
    aria-label=${item.placeholder || "Make a selection"}>${shown}</select><button class="button secondary" onClick=${send}>Choose</button></div>`;
}
