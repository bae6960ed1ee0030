// Questions about the world as this tab's person sees it.
import { state } from "./store.js";
import { hex, name } from "../base/ui.js";

const VIEW = 1n << 10n, CONNECT = 1n << 20n, SEND = 1n << 11n, MANAGE = 1n << 13n, ATTACH = 1n << 15n;
const THREADS = 1n << 35n, IN_THREADS = 1n << 38n, PIN = 1n << 51n;
const DM = 1, VOICE = 2, GROUP = 3, NEWS = 5, STAGE = 13, FORUM = 15, THREAD_TYPES = new Set([10, 11, 12]);
const SIGNS = { [VOICE]: "voice", [NEWS]: "news", [STAGE]: "stage", [FORUM]: "forum" };

export const isThread = (channel) => THREAD_TYPES.has(channel.type);
export const isForum = (channel) => channel?.type === FORUM;
export const isSpoken = (channel) => channel?.type === VOICE || channel?.type === STAGE;
// The drawing that stands before a channel's name.
export const signOf = (channel) => SIGNS[channel.type] || (maySend(channel.id) ? "hash" : "lock");
export const isDm = (channel) => channel.type === DM || channel.type === GROUP;

export const me = () => state.world.people.find((each) => each.id === state.me);
export const person = (id) => [state.world.bot, ...state.world.people].find((each) => each.id === id);

const bits = (channelId) => BigInt(state.world.permissions[channelId] || 0);
const may = (bit) => (channelId) => Boolean(bits(channelId) & bit);
export const sees = may(VIEW);
export const mayAttach = may(ATTACH);
export const mayConnect = may(CONNECT);
export const mayPin = may(PIN);
export const mayStartThread = may(THREADS);
export const maySend = (channelId) => may(isThread(channelOf(channelId)) ? IN_THREADS : SEND)(channelId);

// Until when this person may not write in the server of the channel; null when they may.
export function silencedUntil(channelId) {
  const until = guildOf(channelId)?.members.find((each) => each.id === state.me)?.communication_disabled_until;
  return until && new Date(until) > Date.now() ? new Date(until) : null;
}

const inGuild = (guild) => [...guild.channels, ...(guild.threads || [])];
const indexes = new WeakMap(); // of each world that was fetched: a server may have many channels, and there may be many servers

function index() {
  const known = indexes.get(state.world);
  if (known) return known;
  const made = { channels: new Map(state.world.dms.map((each) => [each.id, each])), guilds: new Map() };
  for (const guild of state.world.guilds) {
    for (const channel of inGuild(guild)) {
      made.channels.set(channel.id, channel);
      made.guilds.set(channel.id, guild);
    }
  }
  indexes.set(state.world, made);
  return made;
}

export const channelOf = (id) => index().channels.get(id);
export const guildOf = (id) => index().guilds.get(id);
export const myGuilds = () => state.world.guilds.filter((guild) => guild.members.some((each) => each.id === state.me));
export const myDms = () => state.world.dms.filter((dm) => dm.recipients.some((each) => each.id === state.me));

// The link of a message as Discord writes it, which is what bots are told; `markdown.js` goes there inside the page.
export const linkTo = ({ channel_id: channel, id }) => `https://discord.com/channels/${guildOf(channel)?.id || "@me"}/${channel}/${id}`;

// Who else is in direct messages; the bot is, where a person seems to be alone.
export function others(dm) {
  const found = dm.recipients.filter((each) => each.id !== state.me);
  return found.length ? found : [state.world.bot];
}

// Whether this tab may show the channel: it exists, and it is one of this person's.
export const isMine = (id) => Boolean(channelOf(id)) && sees(id) && (!isDm(channelOf(id)) || myDms().some((each) => each.id === id));

export const firstChannel = (guild) =>
  guild.channels.find((each) => each.name === "gallery" && sees(each.id)) || guild.channels.find((each) => sees(each.id));

// The channels of a server in their order, each with the threads under it.
export function channelTree(guild) {
  const seen = inGuild(guild).filter((each) => sees(each.id));
  const open = (each) => !each.thread_metadata?.archived || each.id === state.channel;
  const under = (id) => seen.filter((each) => isThread(each) && each.parent_id === id && open(each));
  return seen.filter((each) => !isThread(each)).sort((a, b) => a.position - b.position)
    .map((each) => ({ channel: each, threads: under(each.id) }));
}

// All posts of a forum that this person sees, those with the newest message first.
export function posts(forum) {
  const newest = (each) => BigInt(state.newest[each.id] || each.last_message_id || each.id);
  return (guildOf(forum)?.threads || []).filter((each) => each.parent_id === forum && sees(each.id)).sort((one, other) => (newest(one) < newest(other) ? 1 : -1));
}

export function title(id) {
  const channel = channelOf(id);
  if (!channel) return "";
  if (channel.type === GROUP) return channel.name;
  if (isDm(channel)) return `@${name(others(channel)[0])}`;
  return isThread(channel) ? channel.name : `#${channel.name}`;
}

export const mayRemove = (message) =>
  message.author.id === state.me || message.sandbox.ephemeral_to === state.me ||
  Boolean(guildOf(message.channel_id) && bits(message.channel_id) & MANAGE);

export const rolesOf = (guild, id) => {
  const held = guild.members.find((each) => each.id === id)?.roles || [];
  return guild.roles.filter((each) => held.includes(each.id)).sort((a, b) => b.position - a.position);
};

// The colour of someone's highest coloured role in the server on screen.
export function shade(id) {
  const guild = guildOf(state.channel);
  const best = guild && rolesOf(guild, id).find((each) => each.color);
  return best ? hex(best.color) : null;
}

// What someone is in a server, in a word.
export function part(guild, id) {
  if (!guild) return "";
  if (guild.owner_id === id) return "owner";
  return rolesOf(guild, id).filter((each) => !each.managed).map((each) => each.name.toLowerCase()).join(", ");
}

// What someone is called where this tab is.
export const called = (user) => guildOf(state.channel)?.members.find((each) => each.id === user.id)?.nick || name(user);

// Names for mentions.
export const context = {
  person: (id) => {
    const found = person(id);
    return found ? called(found) : "unknown-user";
  },
  role: (id) => state.world.guilds.flatMap((each) => each.roles).find((each) => each.id === id),
  channel: (id) => channelOf(id)?.name || "unknown",
};

// Text as it is sent: the names of people and channels that were written out become mentions.
export function mentioned(text) {
  const people = new Map([state.world.bot, ...state.world.people].map((each) => [name(each).toLowerCase(), `<@${each.id}>`]));
  const channels = new Map((guildOf(state.channel)?.channels || []).filter((each) => sees(each.id)).map((each) => [each.name, `<#${each.id}>`]));
  return text.replace(/(?<![\w<`])@(\w+)/g, (all, word) => people.get(word.toLowerCase()) || all)
    .replace(/(?<![\w<`])#([\w-]+)/g, (all, word) => channels.get(word) || all);
}

// The other way round, for changing a message: names wherever they become the same mention again.
export const unmentioned = (content) => content.replace(/<([@#])(\d+)>/g, (mention, sign, id) => {
  const word = sign === "#" ? `#${context.channel(id)}` : `@${name(person(id) || state.world.bot)}`;
  return mentioned(word) === mention ? word : mention;
});
