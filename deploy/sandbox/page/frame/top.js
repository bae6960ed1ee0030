// The bar above the messages.
import { Icon } from "../base/icons.js";
import { change, state, useStore } from "../state/store.js";
import { html, useEffect } from "../base/ui.js";
import { heading } from "../state/reads.js";
import { channelOf, guildOf, title } from "../state/world.js";

function Link() {
  const link = useStore((s) => s.link), bots = useStore((s) => s.bots);
  const on = link === "up" && bots > 0;
  return html`<span id="link" role="status" class=${on ? "on" : ""}>${on ? "bot online" : "no bot online"}</span>`;
}

export function Top({ members, onMembers }) {
  const channel = useStore((s) => s.channel);
  for (const part of ["world", "read", "newest", "pings"]) useStore((s) => s[part]);
  const open = useStore((s) => s.drawer);
  useEffect(() => {
    document.title = `${heading()}${title(channel)} · Sandbox`;
  });
  const topic = channelOf(channel)?.topic;
  return html`<header id="top">
    <button id="menu" aria-label="Servers and channels" aria-expanded=${String(open)} onClick=${() => change({ drawer: !state.drawer })}><${Icon} is="menu" /></button>
    <h1 id="channel-name">${title(channel)}</h1>${topic && html`<p id="topic" title=${topic}>${topic}</p>`}
    <${Link} />
    ${guildOf(channel) && html`<button id="show-members" title="Member list" aria-label="Member list" aria-pressed=${String(members)}
        onClick=${onMembers}><${Icon} is="people" /></button>`}
  </header>`;
}
