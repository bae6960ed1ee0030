// Where people write: plain text, or a slash command being filled in.
import { flatten } from "./commands.js";
import { CommandForm } from "./form.js";
import { change, useStore } from "../state/store.js";
import { TextBox } from "./textbox.js";
import { html, useEffect, useState } from "../base/ui.js";
import { clock } from "../base/time.js";
import { channelOf, isSpoken, mayConnect, maySend, silencedUntil } from "../state/world.js";

const PLAIN = { command: null, text: "" };

function Mode() {
  const [mode, setMode] = useState(PLAIN);
  const draft = useStore((s) => s.draft), commands = useStore((s) => s.commands);
  useEffect(() => {
    if (!draft) return;
    const words = draft.words.join(" ");
    const command = flatten(commands).find((each) => each.words.join(" ") === words);
    change({ draft: null });
    setMode(command ? { command, text: "", turn: Date.now() } : { command: null, text: `/${words}`, turn: Date.now() });
  }, [draft]);
  const begin = (command, rest = "") => {
    change({ replyTo: null }); // a command answers nothing
    setMode({ command, text: rest });
  };
  if (mode.command) {
    return html`<${CommandForm} key=${`${mode.command.title}${mode.turn || ""}`} command=${mode.command} first=${mode.text}
      onClose=${(text) => setMode({ command: null, text })} />`;
  }
  return html`<${TextBox} key=${`text${mode.turn || ""}`} first=${mode.text} onCommand=${begin} />`;
}

// Why no one writes here, in words; "" when this person may.
function denied(channel) {
  const until = silencedUntil(channel);
  if (until) return `You have been timed out until ${clock(until)}.`;
  const place = channelOf(channel), { thread_metadata: thread } = place || {};
  if (thread?.locked && !maySend(channel)) return "This thread is locked.";
  if (isSpoken(place) && !mayConnect(channel)) return "You need the permission Connect to read and write here.";
  return maySend(channel) ? "" : "You do not have permission to send messages in this channel.";
}

export function Composer() {
  const channel = useStore((s) => s.channel), me = useStore((s) => s.me);
  useStore((s) => s.world);
  const why = denied(channel);
  return html`<section id="composer" aria-label="Write">${why ? html`<p class="denied">${why}</p>` : html`<${Mode} key=${`${channel}${me}`} />`}</section>`;
}
