// What has been read, and how often someone was mentioned since. Kept per person, so that a tab may change who it is.
import { change, put, state } from "./store.js";
import { guildOf, isDm, myDms, myGuilds, sees } from "./world.js";

const KEPT = "sandbox:read";

const load = () => JSON.parse(localStorage.getItem(KEPT) || "{}");
const key = (channelId, person = state.me) => `${person}:${channelId}`;
const later = (one, other) => BigInt(one || 0) > BigInt(other || 0);

// Channels that this person sees for the first time count as read.
export function meet() {
  const read = { ...load(), ...state.read };
  const channels = [...state.world.dms, ...state.world.guilds.flatMap((each) => [...each.channels, ...(each.threads || [])])];
  for (const channel of channels) read[key(channel.id)] ??= channel.last_message_id || "0";
  change({ read });
  localStorage.setItem(KEPT, JSON.stringify(read));
}

export const readUpTo = (channelId) => state.read[key(channelId)] || "0";

export function markRead(channelId, messageId) {
  if (!later(messageId, readUpTo(channelId)) && !state.pings[key(channelId)]) return;
  const newest = later(messageId, readUpTo(channelId)) ? messageId : readUpTo(channelId);
  change({ read: put(state.read, key(channelId), newest), pings: put(state.pings, key(channelId), undefined) });
  localStorage.setItem(KEPT, JSON.stringify({ ...load(), [key(channelId)]: newest }));
}

// Whether there is something new for this person; threads count for those who are in them.
export const hasNew = (channel) => (!channel.member_ids || channel.member_ids.includes(state.me)) &&
  later(state.newest[channel.id] || channel.last_message_id, readUpTo(channel.id));

// The same, but for the channel that someone looks at.
export const isUnread = (channel) => hasNew(channel) && !(channel.id === state.channel && document.hasFocus());

export const pingsIn = (channelId) => state.pings[key(channelId)] || 0;

// How a server, or null for the direct messages, looks in the list of servers.
export function summary(guild) {
  const channels = guild ? [...guild.channels, ...(guild.threads || [])].filter((each) => sees(each.id)) : myDms();
  return { unread: channels.some(isUnread), pings: channels.reduce((sum, each) => sum + pingsIn(each.id), 0) };
}

// Whom a message calls.
export function called(message, channel) {
  if (isDm(channel)) return channel.recipients.map((each) => each.id);
  const members = guildOf(channel.id)?.members || [];
  const named = message.mentions.map((each) => each.id);
  const byRole = members.filter((each) => each.roles.some((role) => message.mention_roles.includes(role))).map((each) => each.id);
  const everyone = message.mention_everyone ? members.map((each) => each.id) : [];
  const answered = message.message_reference && message.referenced_message ? [message.referenced_message.author.id] : [];
  return [...new Set([...named, ...byRole, ...everyone, ...answered])].filter((each) => each !== message.author.id);
}

// A message came into a channel: it is the newest one there, and may call people.
export function arrived(message, channel) {
  const pings = { ...state.pings };
  for (const person of called(message, channel)) pings[key(channel.id, person)] = (pings[key(channel.id, person)] || 0) + 1;
  change({ pings, newest: put(state.newest, channel.id, message.id) });
}

// For the title of the tab: "(2) ", "• " or nothing.
export function heading() {
  const all = [null, ...myGuilds()].map(summary);
  const pings = all.reduce((sum, each) => sum + each.pings, 0);
  return pings ? `(${pings}) ` : all.some((each) => each.unread) ? "• " : "";
}
