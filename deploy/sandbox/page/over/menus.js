// What can be done with a message and with a person.
import { edit, inspect, notify, openEmoji, pin, remove, reply, runOn, runOnPerson, startThread } from "../state/actions.js";
import { isPicture } from "../messages/files.js";
import { addressAs, openDm } from "../state/places.js";
import { state } from "../state/store.js";
import { local, name } from "../base/ui.js";
import { fileName } from "./viewer.js";
import { isSystem } from "../messages/threads.js";
import { channelOf, guildOf, isThread, linkTo, mayPin, mayRemove, mayStartThread } from "../state/world.js";

const ON_PERSON = 2, ON_MESSAGE = 3;

const copy = (text) => navigator.clipboard.writeText(text).catch(() => notify("The browser did not allow copying."));

function save(picture) {
  const link = document.createElement("a");
  link.href = local(picture.url);
  link.download = fileName(picture);
  link.click();
}

// The commands of the bot for this kind of thing, as an entry with a menu of its own.
function apps(kind, run) {
  const items = state.commands.filter((each) => each.type === kind).map((each) => ({ label: each.name, run: () => run(each.name) }));
  return items.length ? [{ label: "Apps", items }] : [];
}

// Groups with a line between them.
const grouped = (...groups) => groups.filter((each) => each.length).flatMap((each, index) => (index ? [null, ...each] : each));

// What changes the message or the channel around it.
function ownItems(message) {
  return [
    ...(message.author.id === state.me ? [{ label: "Edit message", icon: "pencil", run: () => edit(message) }] : []),
    ...(mayPin(message.channel_id) ? [{ label: message.pinned ? "Unpin message" : "Pin message", icon: "pin", run: () => pin(message, !message.pinned) }] : []),
    ...(mayThread(message) ? [{ label: "Create thread", icon: "thread", run: () => startThread(message) }] : []),
  ];
}

const mayThread = ({ channel_id: id, thread }) => !thread && Boolean(guildOf(id)) && !isThread(channelOf(id)) && mayStartThread(id);

// `picture` is the one that the menu was opened on, if it was.
export function messageItems(message, at, picture) {
  const open = !message.sandbox.ephemeral_to;
  const pictures = picture ? [picture] : message.attachments.filter(isPicture);
  const own = message.sandbox.ephemeral_to === state.me;
  return grouped(
    open ? [{ label: "Add reaction", icon: "smile", run: () => openEmoji(message, at) }, { label: "Reply", icon: "reply", run: () => reply(message) }] : [],
    open && !isSystem(message) ? ownItems(message) : [],
    apps(ON_MESSAGE, (command) => runOn(message, command)),
    [
      ...(message.content ? [{ label: "Copy text", icon: "copy", run: () => copy(message.content) }] : []),
      ...(open ? [{ label: "Copy message link", icon: "link", run: () => copy(linkTo(message)) }] : []),
      { label: "Copy message ID", icon: "copy", run: () => copy(message.id) },
      ...(pictures.length === 1 ? [{ label: "Save image", icon: "save", run: () => save(pictures[0]) }] : []),
      ...(pictures.length > 1 ? [{ label: "Save all images", icon: "save", run: () => pictures.forEach(save) }] : []),
    ],
    [{ label: "Inspect", icon: "look", run: () => inspect(message) }],
    mayRemove(message) ? [{ label: own ? "Dismiss message" : "Delete message", icon: "bin", danger: true, run: () => remove(message) }] : [],
  );
}

export function personItems(user) {
  const another = !user.bot && user.id !== state.me;
  return grouped(
    user.id !== state.me ? [{ label: "Message", icon: "mail", run: () => openDm(user) }] : [],
    another ? [{ label: `Be ${name(user)} in a new tab`, icon: "tab", run: () => open(addressAs(user), "_blank") }] : [],
    apps(ON_PERSON, (command) => runOnPerson(user, command)),
    [{ label: "Copy user ID", icon: "copy", run: () => copy(user.id) }],
  );
}
