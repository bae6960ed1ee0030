// Threads as they show in their parent: a card below a message, and the lines that Discord writes itself.
import { Icon } from "../base/icons.js";
import { go } from "../state/places.js";
import { jump } from "../state/actions.js";
import { stamp } from "../base/time.js";
import { html } from "../base/ui.js";
import { called } from "../state/world.js";

export const PINNED = 6, THREAD_CREATED = 18, THREAD_STARTER = 21;
export const isSystem = (message) => message.type === PINNED || message.type === THREAD_CREATED;

export function ThreadCard({ thread }) {
  const count = thread.message_count || 0;
  return html`<button class="thread-card" onClick=${() => go(thread.id)}><${Icon} is="thread" /><b>${thread.name}</b>
    <span class="link">${count} ${count === 1 ? "message" : "messages"} ›</span>
    ${thread.thread_metadata?.archived && html`<small>archived</small>`}</button>`;
}

const WORDS = {
  [PINNED]: (message) => html`pinned <button class="text" onClick=${() => jump(message.message_reference?.message_id)}>a message</button> to this channel.`,
  [THREAD_CREATED]: (message) => html`started a thread: <button class="text" onClick=${() => go(message.message_reference?.channel_id)}>${message.content}</button>`,
};

// "Bea pinned a message to this channel."
export function SystemLine({ message }) {
  return html`<li id=${`m${message.id}`} data-id=${message.id} class="system"><${Icon} is=${message.type === PINNED ? "pin" : "thread"} />
    <span><b class="author" data-user=${message.author.id}>${called(message.author)}</b> ${WORDS[message.type](message)}${" "}
      <time datetime=${message.timestamp}>${stamp(message.timestamp)}</time></span></li>`;
}
