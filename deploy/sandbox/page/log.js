// The messages of the channel on screen: grouped, divided by days, and kept at the newest unless somebody scrolled up.
import { dismissNotice } from "./acts.js";
import { Icon } from "./icons.js";
import { Message, commandOf } from "./message.js";
import { loadOlder, seen } from "./places.js";
import { called } from "./reads.js";
import { useStore } from "./store.js";
import { day, dayOf } from "./time.js";
import { Avatar, html, name, useEffect, useLayoutEffect, useRef, useState } from "./ui.js";
import { channelOf, isDm, me, title } from "./world.js";

const GROUP_MS = 7 * 60_000;
const NEAR = 80;

// Whether a message opens a new group.
function opens(message, before) {
  return !before || commandOf(message) || message.message_reference || before.author.id !== message.author.id ||
    Boolean(before.sandbox.ephemeral_to) !== Boolean(message.sandbox.ephemeral_to) || new Date(message.timestamp) - new Date(before.timestamp) > GROUP_MS;
}

const Divider = ({ words, fresh }) => html`<li class=${fresh ? "divider new" : "divider"} role="separator" aria-label=${words}><span>${words}</span></li>`;

function Notice({ notice }) {
  return html`<li class="notice"><span role="alert">${notice.text}</span><small><${Icon} is="eye" />Only you can see this ·
    <button class="text" onClick=${() => dismissNotice(notice.id)}>Dismiss message</button></small></li>`;
}

function Sending({ title: command }) {
  const user = me();
  return html`<li class="message first sending"><${Avatar} user=${user} /><div class="body"><div class="head"><b class="author">${name(user)}</b></div>
    <p class="thinking">Sending <span class="mention">/${command}</span><span class="dots" aria-hidden="true"><i /><i /><i /></span></p></div></li>`;
}

function Welcome({ commands, channel }) {
  const slash = commands.some((each) => each.type === 1);
  return html`<li class="welcome"><h2>Welcome to ${title(channel)}</h2><p>This is a sandbox: it looks and answers like Discord, but nothing leaves this machine.
    ${slash ? html` Type <kbd>/</kbd> to see what the bot can do.` : " No bot has registered commands yet."}</p></li>`;
}

// What stands in the list, top to bottom, each with its key.
function rows({ messages, notices, sending, me, busy, failed, since, channel, editing }) {
  const out = [];
  let before = null, marked = false;
  const place = channelOf(channel);
  for (const message of messages) {
    const newDay = !before || dayOf(before.timestamp) !== dayOf(message.timestamp);
    const fresh = !marked && since !== null && BigInt(message.id) > BigInt(since) && message.author.id !== me && !message.sandbox.ephemeral_to && before !== null;
    if (newDay) out.push(html`<${Divider} key=${`d${message.id}`} words=${day(new Date(message.timestamp))} />`);
    if (fresh) out.push(html`<${Divider} key="new" fresh words="New" />`);
    marked ||= fresh || !message.sandbox.ephemeral_to && BigInt(message.id) > BigInt(since || 0);
    out.push(html`<${Message} key=${message.id} message=${message} first=${Boolean(newDay || fresh || opens(message, before))} me=${me}
      busy=${busy[message.id]} failed=${failed[message.id]} editing=${editing === message.id}
      calls=${Boolean(place) && !isDm(place) && called(message, place).includes(me)} />`);
    before = message;
  }
  for (const [id, each] of Object.entries(sending)) if (each.channel === channel) out.push(html`<${Sending} key=${`s${id}`} title=${each.title} />`);
  for (const each of notices) out.push(html`<${Notice} key=${each.id} notice=${each} />`);
  return out;
}

// Stays at the bottom while content grows; `count` is how many messages came while it was not there.
function useFollowing(box, list, messages, channel) {
  const stuck = useRef(true), top = useRef(0);
  const [away, setAway] = useState(0);
  const last = useRef(null);
  const toEnd = () => {
    stuck.current = true;
    setAway(0);
    box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(() => {
    last.current = null;
    toEnd();
  }, [channel]);
  useLayoutEffect(() => {
    const newest = messages?.at(-1)?.id;
    const fresh = messages?.filter((each) => last.current && BigInt(each.id) > BigInt(last.current)).length || 0;
    if (stuck.current) box.current.scrollTop = box.current.scrollHeight;
    else if (fresh) setAway((count) => count + fresh);
    last.current = newest || null;
  }, [messages]);
  useEffect(() => {
    const grown = new ResizeObserver(() => stuck.current && (box.current.scrollTop = box.current.scrollHeight));
    grown.observe(list.current);
    grown.observe(box.current);
    return () => grown.disconnect();
  }, []);
  const scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    if (scrollHeight - scrollTop - clientHeight < NEAR) stuck.current = true;
    else if (scrollTop < top.current) stuck.current = false; // somebody went up; content that grew does not
    top.current = scrollTop;
    if (stuck.current) setAway(0);
  };
  return { away, toEnd, scrolled };
}

export function Log() {
  const all = {
    messages: useStore((s) => s.messages), notices: useStore((s) => s.notices), me: useStore((s) => s.me), busy: useStore((s) => s.busy),
    failed: useStore((s) => s.failed), sending: useStore((s) => s.sending), since: useStore((s) => s.since), channel: useStore((s) => s.channel),
    editing: useStore((s) => s.editing),
  };
  const commands = useStore((s) => s.commands);
  const older = useStore((s) => s.older);
  useStore((s) => s.world);
  const box = useRef(null), list = useRef(null), fetching = useRef(false);
  const { away, toEnd, scrolled } = useFollowing(box, list, all.messages, all.channel);
  const [far, setFar] = useState(false);
  const here = all.notices.filter((each) => each.channel === all.channel);

  const onScroll = async () => {
    scrolled();
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    setFar(scrollHeight - scrollTop - clientHeight > 2 * clientHeight);
    if (scrollTop > 400 || fetching.current || !older) return;
    fetching.current = true;
    const end = scrollHeight - scrollTop;
    await loadOlder();
    requestAnimationFrame(() => {
      box.current.scrollTop = box.current.scrollHeight - end;
      fetching.current = false;
    });
  };
  return html`<div class="log-frame">
    <section id="log" ref=${box} aria-label=${`Messages in ${title(all.channel)}`} tabindex="0" onScroll=${onScroll} onfocusin=${seen}>
      <ol id="messages" ref=${list} aria-busy=${String(all.messages === null)}>
        ${all.messages && !older && html`<${Welcome} key="welcome" commands=${commands} channel=${all.channel} />`}
        ${all.messages && rows({ ...all, notices: here })}
      </ol>
    </section>
    ${(away > 0 || far) && html`<button id="newest" onClick=${toEnd}>${away > 0 ? `${away} new ${away === 1 ? "message" : "messages"}` : "Jump to newest"}<${Icon} is="down" /></button>`}
  </div>`;
}
