// Where people write: plain text, or a slash command being filled in.
import { flatten } from "./commands.js";
import { CommandForm } from "./form.js";
import { change, useStore } from "./store.js";
import { TextBox } from "./textbox.js";
import { html, useEffect, useState } from "./ui.js";
import { maySend } from "./world.js";

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
  if (mode.command) {
    return html`<${CommandForm} key=${`${mode.command.title}${mode.turn || ""}`} command=${mode.command} first=${mode.text} onClose=${(text) => setMode({ command: null, text })} />`;
  }
  return html`<${TextBox} key=${`text${mode.turn || ""}`} first=${mode.text} onCommand=${(command, rest = "") => setMode({ command, text: rest })} />`;
}

export function Composer() {
  const channel = useStore((s) => s.channel), me = useStore((s) => s.me);
  useStore((s) => s.world);
  return html`<section id="composer" aria-label="Write">${maySend(channel) ? html`<${Mode} key=${`${channel}${me}`} />`
    : html`<p class="denied">You do not have permission to send messages in this channel.</p>`}</section>`;
}
