// One message: who, when, text, pictures, embeds, components, reactions, and what can be done with it.
import { jump, openEmoji, openMenu, openPersonMenu, remove, reply } from "../state/actions.js";
import { Components } from "./components.js";
import { Embed } from "./embeds.js";
import { FileCard, isPicture } from "./files.js";
import { Gallery } from "./gallery.js";
import { Icon } from "../base/icons.js";
import { markdown, onlyEmoji, plain } from "./markdown.js";
import { menuTriggers } from "../over/menu.js";
import { Reactions } from "./reactions.js";
import { clock, full, stamp } from "../base/time.js";
import { EditBox } from "./edit.js";
import { SystemLine, THREAD_STARTER, ThreadCard, isSystem } from "./threads.js";
import { AppTag, Avatar, cx, html, pure, tint } from "../base/ui.js";
import { called, mayRemove, person, shade } from "../state/world.js";

const COMPONENTS_V2 = 1 << 15;
const FROM_MENU = 23; // message type: the answer to a context menu's command

export const commandOf = (message) => message.interaction ?? null;

const Name = ({ user }) => html`<b class="author" data-user=${user.id} style=${tint(shade(user.id))}>${called(user)}</b>`;

// The line above: the command that was used, or the message that is answered.
function Above({ message }) {
  const command = commandOf(message);
  const target = message.referenced_message;
  if (message.type === THREAD_STARTER) return html`<div class="above"><span class="quoted">The thread began with this message</span></div>`;
  if (command) {
    const words = message.type === FROM_MENU ? command.name : `/${command.name}`;
    return html`<div class="above"><${Avatar} user=${command.user} /><${Name} user=${command.user} /> used <span class="mention">${words}</span></div>`;
  }
  if (target) {
    return html`<button class="above" title="Go to this message" onClick=${() => jump(target.id)}><${Avatar} user=${target.author} /><${Name} user=${target.author} />
      <span class="quoted">${plain(target.content).slice(0, 120) || "Click to see the attachment"}</span></button>`;
  }
  return message.message_reference && html`<div class="above"><span class="quoted">The original message was deleted</span></div>`;
}

function Head({ message }) {
  return html`<div class="head"><button class="author" data-user=${message.author.id} title="More about this person" style=${tint(shade(message.author.id))}
    onClick=${(event) => openPersonMenu(message.author, event.currentTarget)}>${called(message.author)}</button><${AppTag} user=${message.author} />
    <time datetime=${message.timestamp} title=${full(new Date(message.timestamp))}>${stamp(message.timestamp)}</time></div>`;
}

function Content({ message, editing }) {
  if (editing) return html`<${EditBox} message=${message} />`;
  if (message.sandbox.thinking && message.sandbox.failed) return html`<p class="failed">The application did not respond</p>`;
  if (message.sandbox.thinking) {
    return html`<p class="thinking"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${called(message.author)} is thinking…</p>`;
  }
  const edited = message.edited_timestamp &&
    html`<span class="edited" title=${`Edited ${full(new Date(message.edited_timestamp))}`}>(edited)</span>`;
  if (!message.content && !edited) return null;
  return html`<div class=${cx("content", onlyEmoji(message.content) && "jumbo")}>${markdown(message.content, edited)}</div>`;
}

function Attached({ message }) {
  if (message.flags & COMPONENTS_V2) return null;
  const pictures = message.attachments.filter(isPicture);
  const spoiler = (each) => ({ ...each, spoiler: each.filename.startsWith("SPOILER_") });
  return html`${pictures.length > 0 && html`<${Gallery} items=${pictures.map(spoiler)} />`}
    ${message.attachments.filter((each) => !isPicture(each)).map((each) => html`<${FileCard} key=${each.id} ...${each} />`)}`;
}

const Only = ({ message }) => html`<p class="only"><${Icon} is="eye" />Only you can see this<span aria-hidden="true"> · </span>
  <button class="text" onClick=${() => remove(message)}>Dismiss message</button></p>`;

function Tool({ label, icon, act }) {
  return html`<button title=${label} aria-label=${label} onClick=${(event) => act(event.currentTarget)}><${Icon} is=${icon} /></button>`;
}

function Tools({ message }) {
  return html`<div class="tools" role="group" aria-label="Message actions">
    ${!message.sandbox.ephemeral_to && html`<${Tool} label="Add reaction" icon="smile" act=${(at) => openEmoji(message, at)} />`}
    ${!message.sandbox.ephemeral_to && html`<${Tool} label="Reply" icon="reply" act=${() => reply(message)} />`}
    ${mayRemove(message) && html`<${Tool} label="Delete message" icon="bin" act=${() => remove(message)} />`}
    <${Tool} label="More" icon="more" act=${(at) => openMenu(message, at)} /></div>`;
}

// The menu of the person, the picture or the message that was pointed at; links, fields and marked text keep the browser's.
function menuAt(event, at, message) {
  if (event.target.closest("a, input, textarea, select") || !getSelection().isCollapsed) return false;
  const who = event.target.closest("[data-user]")?.dataset.user;
  const picture = event.target.closest(".picture")?.querySelector("img");
  const user = who && person(who);
  if (user) openPersonMenu(user, at);
  else openMenu(message, at, picture && { url: picture.src });
  return true;
}

// At the beginning of a thread stands the message that it grew from; what is pressed there is pressed on that one.
const starter = (message) =>
  (message.type === THREAD_STARTER && message.referenced_message ? { ...message.referenced_message, sandbox: message.sandbox } : message);

// `first`: it opens a group. `busy`: a component waits for the bot. `failed`: words for what went unanswered.
export const Message = pure(({ message, first, me, busy, failed, calls, editing }) => {
  const extra = message.sandbox, shown = starter(message);
  if (isSystem(message)) return html`<${SystemLine} message=${message} />`;
  return html`<li id=${`m${message.id}`} data-id=${message.id} ...${menuTriggers((event, at) => menuAt(event, at, message))}
      class=${cx("message", first && "first", extra.ephemeral_to && "ephemeral", calls && "called")}>
    <${Above} message=${message} />
    ${first ? html`<${Avatar} user=${message.author} />` : html`<span class="gutter" aria-hidden="true">${clock(new Date(message.timestamp))}</span>`}
    <div class="body">
      ${first && html`<${Head} message=${message} />`}
      <${Content} message=${shown} editing=${editing} />
      <${Attached} message=${shown} />
      ${shown.embeds.map((each, index) => html`<${Embed} key=${index} embed=${each} />`)}
      ${shown.components.length > 0 && html`<div class="components"><${Components} list=${shown.components} message=${shown} busy=${busy} /></div>`}
      ${failed && html`<p class="failed note" role="alert">${failed}</p>`}
      ${message.thread && html`<${ThreadCard} thread=${message.thread} />`}
      <${Reactions} message=${message} me=${me} />
      ${extra.ephemeral_to && html`<${Only} message=${message} />`}
    </div>
    <${Tools} message=${message} /></li>`;
});
