// Plain messages: text, files, replies, and the way into slash commands.
import { edit, notify, reply, typing } from "../state/actions.js";
import { post } from "../state/api.js";
import { Chips, DropTarget, limitIn, pasteFiles, readFiles, useFiles } from "./attach.js";
import { begun, flatten, matching } from "./commands.js";
import { Icon } from "../base/icons.js";
import { Picker } from "./picker.js";
import { change, state, useStore } from "../state/store.js";
import { fit, html, name, useEffect, useLayoutEffect, useRef, useState } from "../base/ui.js";
import { guildOf, mayAttach, mentioned, title } from "../state/world.js";

const LONGEST = 2000, WARN = 200;

const WRITTEN = [0, 19]; // types of messages that people write: plain ones and replies
// Whether a command may be meant that the page does not know yet: what is offered here comes with the messages.
const isEarly = (text) => text.startsWith("/") && state.messages === null;
const lastOwn = () => state.messages?.findLast((each) => each.author.id === state.me && WRITTEN.includes(each.type));

function ReplyNote({ message }) {
  return html`<div class="reply-note"><span>Replying to <b>${name(message.author)}</b></span>
    <button title="Do not reply" aria-label="Do not reply" onClick=${() => reply(null)}><${Icon} is="cross" /></button></div>`;
}

function Attach({ add }) {
  const input = useRef(null);
  const picked = (event) => {
    add([...event.currentTarget.files]);
    event.currentTarget.value = "";
  };
  return html`<button class="plus" title="Attach files" aria-label="Attach files" onClick=${() => input.current.click()}><${Icon} is="plus" /></button>
    <input ref=${input} type="file" multiple hidden onChange=${picked} />`;
}

// Which commands fit what stands in the box, and which of them is chosen.
function usePicker(text, onCommand) {
  const offered = useStore((s) => s.commands), commands = flatten(offered);
  const [at, setAt] = useState(0);
  const [shut, setShut] = useState(null); // the text for which someone pressed Escape
  const open = text.startsWith("/") && !text.includes("\n") && text !== shut && commands.length > 0;
  const found = open ? matching(commands, text.slice(1)) : [];
  useEffect(() => {
    setAt(0);
    if (text !== shut) setShut(null);
  }, [text]);
  useEffect(() => {
    const typed = open && begun(commands, text);
    if (typed) onCommand(typed.command, typed.rest);
  }, [text, offered]); // which may come after the text
  const left = LONGEST - text.length;
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!open || !found.length) return false;
    if (by) setAt((at + by + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") onCommand(found[at]);
    else if (event.key === "Escape") setShut(text);
    else return false;
    return true;
  };
  return { open, found, at, key };
}

// Messages go out one after the other; the box is free for the next one at once. What was refused comes back into it.
function useSending(held, setText) {
  const turn = useRef(Promise.resolve());
  const send = async (message, { text, files, replyTo }) => {
    try {
      await post("/say", { ...message, files: await readFiles(files) });
    } catch (refused) {
      notify(refused.message);
      if (message.channel !== state.channel) return;
      setText((now) => now || text);
      held.add(files.map((each) => each.file));
      reply(replyTo);
    }
  };
  return (text, replyTo) => {
    const { files } = held;
    const message = { person: state.me, channel: state.channel, content: mentioned(text.trim()), ...(replyTo ? { reply_to: replyTo.id } : {}) };
    setText("");
    held.clear();
    reply(null);
    change({ since: null }); // who answers has read
    turn.current = turn.current.then(() => send(message, { text, files, replyTo }));
  };
}

// `first`: the text to begin with; `onCommand(command, rest)`: a slash command was chosen.
export function TextBox({ first, onCommand }) {
  const [text, setText] = useState(first);
  const replyTo = useStore((s) => s.replyTo), channel = useStore((s) => s.channel);
  const guild = guildOf(channel), attach = mayAttach(channel);
  const held = useFiles({ limit: limitIn(guild), where: guild ? `in ${guild.name}` : "here" });
  const picker = usePicker(text, onCommand);
  const send = useSending(held, setText);
  const area = useRef(null);
  useEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches || first || replyTo) area.current.focus({ preventScroll: true });
  }, [replyTo, channel]);
  useLayoutEffect(() => fit(area.current, innerHeight / 3), [text]);
  const left = LONGEST - text.length;
  const key = (event) => {
    if (picker.key(event)) event.preventDefault();
    else if (event.key === "Escape") reply(null);
    else if (event.key === "ArrowUp" && !text && lastOwn()) {
      event.preventDefault();
      edit(lastOwn());
    }
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (left < 0) notify(`Your message is too long: ${text.length} of at most ${LONGEST} characters.`);
      else if (isEarly(text)) notify("The bot's commands are not here yet, so nothing was sent. Press Enter again in a moment.");
      else if (text.trim() || held.files.length) send(text, replyTo);
    }
  };
  const type = ({ currentTarget: { value } }) => {
    setText(value);
    if (value && !value.startsWith("/")) typing();
  };
  const add = (files) => (attach ? held.add(files) : notify("You cannot attach files in this channel."));
  return html`<div class="text-box">
    ${picker.open && html`<${Picker} found=${picker.found} chosen=${picker.at} onPick=${(command) => onCommand(command)} />`}
    ${replyTo && html`<${ReplyNote} message=${replyTo} />`}
    <${Chips} files=${held.files} onRemove=${held.remove} />
    ${held.trouble && html`<p class="trouble" role="alert">${held.trouble}</p>`}
    <div class="line">${attach && html`<${Attach} add=${add} />`}
      <textarea id="text" ref=${area} rows="1" value=${text} placeholder=${`Message ${title(channel)}`} aria-label=${`Message ${title(channel)}`}
        aria-describedby="text-help" enterkeyhint="send"
        aria-autocomplete="list" aria-haspopup="listbox" aria-controls=${picker.open && picker.found.length ? "picker" : null}
        aria-activedescendant=${picker.open && picker.found.length ? `pick-${picker.at}` : null} autocomplete="off"
        onInput=${type} onKeyDown=${key} onPaste=${(event) => attach && pasteFiles(event, add)} />
      ${left < WARN && html`<span class=${left < 0 ? "count over" : "count"}>${left}</span>`}
      <button class="slash-open" title="Commands of the bot" aria-label="Commands of the bot"
          onClick=${() => { setText("/"); area.current.focus(); }}><${Icon} is="slash" /></button></div>
    <span id="text-help" class="sr">Enter sends. A slash opens the commands of the bot.</span>
    <${DropTarget} words=${`Send to ${title(channel)}`} add=${add} />
  </div>`;
}
