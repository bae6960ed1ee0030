// What this tab knows: the world, who it is, where it is, and the messages there.
import { get } from "./api.js";
import { name } from "./dom.js";

const VIEW = 1n << 10n, SEND = 1n << 11n, MANAGE = 1n << 13n;

export const state = {
  world: null,
  me: sessionStorage.getItem("me"),
  channel: null,
  messages: new Map(),
  commands: [],
  unread: new Set(),
};

export async function loadWorld() {
  const first = state.world === null ? await get("/world") : state.world;
  const known = first.people.some((each) => each.id === state.me);
  if (!known) become((first.people.find((each) => each.username === "bea") || first.people[0]).id);
  state.world = await get("/world", { person: state.me });
}

export function become(id) {
  state.me = id;
  sessionStorage.setItem("me", id);
}

export const bits = (channelId) => BigInt(state.world.permissions[channelId] || 0);
export const sees = (channelId) => Boolean(bits(channelId) & VIEW);
export const maySend = (channelId) => Boolean(bits(channelId) & SEND);

export const myDm = () => state.world.dms.find((each) => each.recipients.some((person) => person.id === state.me));
export const channelOf = (id) => state.world.guilds.flatMap((each) => each.channels).find((each) => each.id === id) || state.world.dms.find((each) => each.id === id);
export const guildOf = (id) => state.world.guilds.find((guild) => guild.channels.some((each) => each.id === id));
export const firstChannel = (guild) => guild.channels.find((each) => each.name === "gallery" && sees(each.id)) || guild.channels.find((each) => sees(each.id));

export function title(id) {
  const channel = channelOf(id);
  return channel?.name ? `#${channel.name}` : `@${name(state.world.bot)}`;
}

export const mayRemove = (message) =>
  message.author.id === state.me || message.sandbox.ephemeral_to === state.me || Boolean(channelOf(message.channel_id)?.name && bits(message.channel_id) & MANAGE);

// The colour of somebody's highest coloured role here.
export function shade(id) {
  const guild = guildOf(state.channel);
  const roles = guild?.members.find((each) => each.id === id)?.roles || [];
  const best = (guild?.roles || []).filter((each) => roles.includes(each.id) && each.color).sort((a, b) => b.position - a.position)[0];
  return best ? `#${best.color.toString(16).padStart(6, "0")}` : null;
}

// Names for mentions.
export const context = {
  person: (id) => {
    const found = [...state.world.people, state.world.bot].find((each) => each.id === id);
    return found ? name(found) : "unknown-user";
  },
  role: (id) => state.world.guilds.flatMap((each) => each.roles).find((each) => each.id === id)?.name || "unknown-role",
  channel: (id) => channelOf(id)?.name || "unknown",
};
