// The whole window.
import { Side } from "./channels.js";
import { Composer } from "../composer/composer.js";
import { Layer } from "../over/layer.js";
import { Forum } from "../messages/forum.js";
import { Log } from "../messages/log.js";
import { Members } from "./members.js";
import { Rail } from "./rail.js";
import { change, useStore } from "../state/store.js";
import { Top } from "./top.js";
import { channelOf, context, guildOf, isForum } from "../state/world.js";
import { cx, html, useEffect, useLayoutEffect, useRef, useState } from "../base/ui.js";
import { plain } from "../messages/markdown.js";

function Banner() {
  const link = useStore((s) => s.link);
  return html`<p id="banner" role="status" hidden=${link !== "lost"}>${link === "lost" ? "Connection lost. Reconnecting…" : ""}</p>`;
}

function Typing() {
  const people = Object.keys(useStore((s) => s.typing)).map(context.person);
  const words = people.length > 3 ? "Several people are typing…"
    : people.length ? `${new Intl.ListFormat("en").format(people)} ${people.length === 1 ? "is" : "are"} typing…` : "";
  return html`<p id="typing" class=${words ? "on" : ""}>${words}</p>`;
}

function aloud(message) {
  const words = message.sandbox.thinking ? "is thinking" : plain(message.content) || "sent a message";
  return `${context.person(message.author.id)}: ${words}`;
}

// Says new messages to screen readers, once each; edits while a picture is drawn stay silent.
function Announcer() {
  const messages = useStore((s) => s.messages);
  const last = useRef(null);
  const [said, say] = useState("");
  useEffect(() => {
    const newest = messages?.at(-1);
    if (newest && last.current !== null && BigInt(newest.id) > BigInt(last.current)) say(aloud(newest));
    last.current = messages === null ? null : newest?.id || "0";
  }, [messages]);
  return html`<p class="sr" role="status" aria-live="polite">${said}</p>`;
}

const WIDE = matchMedia("(min-width: 1100px)"); // below, members are shown when they are asked for, below 900 over the messages

export function App() {
  const ready = useStore((s) => Boolean(s.world && s.channel));
  const drawer = useStore((s) => s.drawer);
  const channel = useStore((s) => s.channel);
  const lost = useStore((s) => s.link === "lost");
  const [members, showMembers] = useState(WIDE.matches);
  useEffect(() => {
    const follow = () => showMembers(WIDE.matches);
    WIDE.addEventListener("change", follow);
    return () => WIDE.removeEventListener("change", follow);
  }, []);
  useLayoutEffect(() => {
    const away = (event) => event.key === "Escape" && change({ drawer: false });
    if (drawer) addEventListener("keydown", away);
    return () => removeEventListener("keydown", away);
  }, [drawer]);
  if (!ready) return html`<main id="opening"><p role="status">${lost ? "The sandbox does not answer. Trying again…" : "Opening the sandbox…"}</p></main>`;
  const guild = guildOf(channel);
  return html`<div class=${cx("window", drawer && "drawer-open", guild && members && "with-members")}>
    <${Rail} /><${Side} />
    <div id="shade" onClick=${() => change({ drawer: false })} />
    <main inert=${drawer}><${Banner} /><${Top} members=${members} onMembers=${() => showMembers(!members)} />
      ${isForum(channelOf(channel)) ? html`<${Forum} />` : html`<${Log} /><${Composer} />`}<${Typing} /><${Announcer} /><${Layer} /></main>
    ${guild && members && html`<${Members} guild=${guild} />`}
  </div>`;
}
