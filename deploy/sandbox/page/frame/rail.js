// The servers, and the direct messages on top.
import { go, openDm } from "../state/places.js";
import { Icon } from "../base/icons.js";
import { summary } from "../state/reads.js";
import { useStore } from "../state/store.js";
import { cx, html } from "../base/ui.js";
import { firstChannel, guildOf, myGuilds } from "../state/world.js";

function Pill({ label, current, guild, onClick, children }) {
  const { unread, pings } = summary(guild);
  const said = [label, pings ? `${pings} ${pings === 1 ? "mention" : "mentions"}` : unread && "unread"].filter(Boolean).join(", ");
  return html`<li class=${cx("pill", current && "current", unread && "unread")}><button class="server" title=${label} aria-label=${said}
      aria-current=${current ? "true" : null}
    onClick=${onClick}>${children}</button>${pings > 0 && html`<span class="pings" aria-hidden="true">${pings}</span>`}</li>`;
}

const initials = (words) => words.split(" ").map((word) => word[0]).join("").slice(0, 3);

export function Rail() {
  for (const part of ["world", "read", "pings", "newest"]) useStore((s) => s[part]);
  const channel = useStore((s) => s.channel);
  const here = guildOf(channel);
  return html`<nav id="servers" aria-label="Servers"><ul>
    <${Pill} label="Direct messages" guild=${null} current=${!here} onClick=${() => openDm()}><${Icon} is="mail" /><//>
    <li aria-hidden="true"><hr /></li>
    ${myGuilds().map((each) => html`<${Pill} key=${each.id} label=${each.name} guild=${each} current=${each === here}
      onClick=${() => firstChannel(each) && go(firstChannel(each).id)}><span class="initials" data-text=${initials(each.name)} /><//>`)}
  </ul></nav>`;
}
