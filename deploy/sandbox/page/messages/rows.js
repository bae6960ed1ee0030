// What stands in the list of messages, from top to bottom: days, the mark of what is new, messages, lines of this tab.
import { dismissNotice } from "../state/actions.js";
import { Icon } from "../base/icons.js";
import { Message, commandOf } from "./message.js";
import { called } from "../state/reads.js";
import { day, dayOf } from "../base/time.js";
import { Avatar, html, name } from "../base/ui.js";
import { channelOf, isDm, isThread, maySend, me, title } from "../state/world.js";

const GROUP_MS = 7 * 60_000;

const later = (one, other) => BigInt(one) > BigInt(other);

// Whether a message opens a new group.
function opens(message, before) {
  return !before || Boolean(commandOf(message) || message.message_reference) || before.author.id !== message.author.id ||
    before.sandbox.ephemeral_to !== message.sandbox.ephemeral_to || new Date(message.timestamp) - new Date(before.timestamp) > GROUP_MS;
}

const Divider = ({ words, fresh }) => html`<li class=${fresh ? "divider new" : "divider"}><span>${words}</span></li>`;

function Notice({ notice }) {
  return html`<li class="notice"><span role="alert">${notice.text}</span><small><${Icon} is="eye" />Only you can see this<span aria-hidden="true"> · </span>
    <button class="text" onClick=${() => dismissNotice(notice.id)}>Dismiss message</button></small></li>`;
}

// A command on its way to the bot.
function Sending({ title: command }) {
  const user = me();
  return html`<li class="message first sending"><${Avatar} user=${user} /><div class="body"><div class="head"><b class="author">${name(user)}</b></div>
    <p class="thinking">Sending <span class="mention">/${command}</span><span class="dots" aria-hidden="true"><i /><i /><i /></span></p></div></li>`;
}

function beginning(channel) {
  const place = channelOf(channel);
  if (isDm(place)) return `This is the beginning of your direct messages with ${title(channel).replace(/^@/, "")}.`;
  return isThread(place) ? `This is the beginning of the thread ${title(channel)}.` : `This is the beginning of ${title(channel)}.`;
}

const Hint = ({ commands }) => commands.some((each) => each.type === 1) ? html`Type <kbd>/</kbd> to see what the bot can do.`
  : "No bot has registered commands here yet.";

export function Welcome({ commands, channel }) {
  return html`<li class="welcome"><h2>${isDm(channelOf(channel)) || isThread(channelOf(channel)) ? title(channel) : `Welcome to ${title(channel)}`}</h2>
    <p>${beginning(channel)} It looks and answers like Discord, but nothing leaves this machine.
      ${maySend(channel) && html` <${Hint} commands=${commands} />`}</p></li>`;
}

// The id of the first message by others that came after `since`: the mark stands above it.
const firstNew = (messages, since, person) =>
  since === null ? undefined : messages.find((each, index) => index > 0 && later(each.id, since) && each.author.id !== person && !each.sandbox.ephemeral_to)?.id;

// `all`: { messages, notices, sending, me, busy, failed, since, channel, editing } of the store, those of this channel.
export function rows(all) {
  const { messages, me: person, since } = all;
  const place = channelOf(all.channel), fresh = firstNew(messages, since, person);
  const waiting = [...all.notices], out = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || dayOf(before.timestamp) !== dayOf(message.timestamp), isNew = message.id === fresh;
    while (waiting.length && later(message.id, waiting[0].after)) out.push(noticeRow(waiting.shift()));
    if (newDay) out.push(html`<${Divider} key=${`d${message.id}`} words=${day(new Date(message.timestamp))} />`);
    if (isNew) out.push(html`<${Divider} key="new" fresh words="New" />`);
    out.push(html`<${Message} key=${message.id} message=${message} first=${newDay || isNew || opens(message, before)} me=${person} place=${all.world}
      busy=${all.busy[message.id]} failed=${all.failed[message.id]} editing=${all.editing === message.id}
      calls=${Boolean(place) && !isDm(place) && called(message, place).includes(person)} />`);
  });
  for (const [id, { title: command }] of Object.entries(all.sending)) out.push(html`<${Sending} key=${`s${id}`} title=${command} />`);
  return [...out, ...waiting.map(noticeRow)];
}

const noticeRow = (notice) => html`<${Notice} key=${notice.id} notice=${notice} />`;
