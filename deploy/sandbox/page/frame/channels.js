// The channels of a server with their threads, or the direct messages; and below, who this tab is.
import { Icon } from "../base/icons.js";
import { go, openDm } from "../state/places.js";
import { isUnread, pingsIn } from "../state/reads.js";
import { Self } from "./self.js";
import { state, useStore } from "../state/store.js";
import { AppTag, Avatar, cx, html, name, useLayoutEffect, useRef } from "../base/ui.js";
import { channelTree, guildOf, me, myDms, others, signOf, title } from "../state/world.js";

function Row({ channel, here, kind, children }) {
  const unread = isUnread(channel), pings = pingsIn(channel.id);
  return html`<button class=${cx("channel", kind, here && "current", unread && "unread")} aria-current=${here ? "page" : null} onClick=${() => go(channel.id)}>
    ${children}
    ${pings > 0 && html`<span class="pings" aria-label=${`${pings} mentions`}>${pings}</span>`}
    ${unread && !pings && html`<span class="sr">unread</span>`}</button>`;
}

function Tree({ guild, channel }) {
  return html`<ul>${channelTree(guild).map(({ channel: each, threads }) => html`<li key=${each.id}>
    <${Row} channel=${each} here=${each.id === channel}><${Icon} is=${signOf(each)} /><span class="channel-name">${each.name}</span><//>
    ${threads.length > 0 && html`<ul class="threads">${threads.map((one) => html`<li key=${one.id}>
      <${Row} channel=${one} here=${one.id === channel} kind="thread"><${Icon} is="thread" /><span class="channel-name">${one.name}</span><//></li>`)}</ul>`}</li>`)}</ul>`;
}

// Direct messages that there are, then the people to write to.
function Direct({ channel, world }) {
  const last = (each) => BigInt(state.newest[each.id] || each.last_message_id || 0);
  const there = myDms().sort((one, other) => (last(one) < last(other) ? 1 : -1));
  const known = there.filter((each) => others(each).length === 1).map((each) => others(each)[0].id);
  const rest = [world.bot, ...world.people].filter((each) => each.id !== me().id && !known.includes(each.id));
  return html`<ul>${there.map((each) => html`<li key=${each.id}><${Row} channel=${each} here=${each.id === channel} kind="direct">
    <${Avatar} user=${others(each)[0]} /><span class="channel-name">${title(each.id).replace(/^@/, "")}</span><${AppTag} user=${others(each)[0]} /><//></li>`)}</ul>
    ${rest.length > 0 && html`<h2 class="side-head">Write to</h2><ul>${rest.map((each) => html`<li key=${each.id}><button class="channel direct"
        onClick=${() => openDm(each)}>
      <${Avatar} user=${each} /><span class="channel-name">${name(each)}</span><${AppTag} user=${each} /></button></li>`)}</ul>`}`;
}

export function Side() {
  for (const part of ["read", "pings", "newest"]) useStore((s) => s[part]);
  const world = useStore((s) => s.world), channel = useStore((s) => s.channel);
  const here = guildOf(channel), drawer = useStore((s) => s.drawer);
  const box = useRef(null);
  useLayoutEffect(() => {
    if (drawer) box.current.querySelector(".current")?.focus();
    else if (box.current.contains(document.activeElement)) document.getElementById("menu")?.focus();
  }, [drawer]);
  return html`<aside id="side" ref=${box} aria-label="Channels and you">
    <header id="server-name">${here ? here.name : "Direct messages"}</header>
    <nav id="channels" aria-label="Channels">${here ? html`<${Tree} guild=${here} channel=${channel} />` : html`<${Direct} channel=${channel} world=${world} />`}</nav>
    <${Self} guild=${here} />
  </aside>`;
}
