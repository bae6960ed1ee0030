// The messages of the channel on screen.
import { Icon } from "../base/icons.js";
import { seen } from "../state/places.js";
import { Welcome, rows } from "./rows.js";
import { useScrolling } from "./scrolling.js";
import { useStore } from "../state/store.js";
import { html, useRef } from "../base/ui.js";
import { title } from "../state/world.js";

const PARTS = ["messages", "notices", "sending", "me", "busy", "failed", "since", "channel", "editing", "commands", "older", "world"];

const inChannel = (channel, list) => list.filter((each) => each.channel === channel);

function Newest({ missed, toEnd }) {
  const words = missed ? `${missed} new ${missed === 1 ? "message" : "messages"}` : "Jump to newest";
  return html`<button id="newest" onClick=${toEnd}>${words}<${Icon} is="down" /></button>`;
}

export function Log() {
  const all = Object.fromEntries(PARTS.map((part) => [part, useStore((s) => s[part])]));
  const { messages, channel, older, commands } = all;
  const notices = inChannel(channel, all.notices);
  const sending = Object.fromEntries(Object.entries(all.sending).filter(([, each]) => each.channel === channel));
  const box = useRef(null), list = useRef(null);
  const { missed, far, toEnd, onScroll } = useScrolling({ box, list, messages, channel, older });
  return html`<div class="log-frame"><h2 class="sr">Messages</h2>
    <section id="log" ref=${box} aria-label=${`Messages in ${title(channel)}`} tabindex="0" onScroll=${onScroll} onfocusin=${seen}>
      <ol id="messages" ref=${list} aria-busy=${String(messages === null)}>
        ${messages && !older && html`<${Welcome} key="welcome" commands=${commands} channel=${channel} />`}
        ${rows({ ...all, messages: messages || [], notices, sending })}
      </ol>
    </section>
    ${(missed > 0 || far) && html`<${Newest} missed=${missed} toEnd=${toEnd} />`}
  </div>`;
}
