// Where this tab is: which person, which channel, and fetching what is shown there.
import { get, post } from "./api.js";
import { hasNew, markRead, meet, readUpTo } from "./reads.js";
import { change, state } from "./store.js";
import { channelOf, firstChannel, isMine, me, myDms, myGuilds, others } from "./world.js";
import { name } from "../base/ui.js";

const PAGE = 50, MOST = 400;
const WHO = "sandbox:me";
let during = []; // events about the channel while its messages are fetched

export const query = () => new URLSearchParams(location.search);

// Who this tab is: by its address (?as=Bea), as it was, or Bea.
function whoAmI(people) {
  const wanted = (query().get("as") || "").toLowerCase();
  const find = (test) => people.find(test)?.id;
  return (wanted && find((each) => [each.id, each.username, name(each).toLowerCase()].includes(wanted))) ||
    find((each) => each.id === sessionStorage.getItem(WHO)) || find((each) => each.username === "bea") || people[0].id;
}

export async function loadWorld() {
  const { people } = state.world || (await get("/world"));
  const who = people.some((each) => each.id === state.me) ? state.me : whoAmI(people);
  const world = await get("/world", { person: who });
  change({ me: who, world });
  sessionStorage.setItem(WHO, who);
  meet();
}

export const addressAs = (user, channel = state.channel) => `${location.pathname}?as=${encodeURIComponent(name(user))}#${channel || ""}`;

export async function become(id) {
  change({ me: id, messages: null, replyTo: null, busy: {}, notices: [] });
  await loadWorld();
  await settle();
}

// Stay where the tab is if this person may, else go where they may.
export async function settle() {
  const wanted = location.hash.slice(1) || state.channel;
  const home = myGuilds().map(firstChannel).find(Boolean) || myDms()[0];
  if (wanted && isMine(wanted)) await go(wanted);
  else if (home) await go(home.id);
}

export async function go(id) {
  const since = hasNew(channelOf(id)) ? readUpTo(id) : null;
  during = [];
  change({ channel: id, messages: null, since, drawer: false, replyTo: null, editing: null, older: false, layer: null, typing: {} });
  history.replaceState(null, "", addressAs(me(), id));
  await fetchChannel(id, PAGE);
}

// The newest messages again, as many as are on screen: after the stream was away.
export const refresh = () => fetchChannel(state.channel, Math.max(PAGE, state.messages?.length || 0));

async function fetchChannel(id, limit) {
  const place = { channel: id, person: state.me };
  const [messages, { commands }] = await Promise.all([get("/messages", { ...place, limit }), get("/commands", place).catch(() => ({ commands: [] }))]);
  if (state.channel !== id || state.me !== place.person) return;
  change({ messages, commands, older: messages.length === limit });
  for (const event of during.splice(0)) apply(event);
  seen();
}

export async function loadOlder() {
  const first = state.messages?.[0];
  if (!first || !state.older) return;
  const found = await get("/messages", { channel: state.channel, person: state.me, limit: PAGE, before: first.id });
  if (state.messages?.[0] !== first) return;
  change({ messages: [...found, ...state.messages], older: found.length === PAGE });
}

export async function loadCommands() {
  const { commands } = await get("/commands", { channel: state.channel, person: state.me });
  change({ commands });
}

// A message of the channel on screen was created, updated or deleted.
export function apply(event) {
  if (state.messages === null) {
    during.push(event);
    return;
  }
  const { change: kind, message } = event;
  const at = state.messages.findIndex((each) => each.id === message.id);
  if (kind === "deleted") change({ messages: state.messages.filter((each) => each.id !== message.id) });
  else if (at >= 0) change({ messages: state.messages.with(at, message) });
  else if (kind === "created") change(appended([...state.messages, message]));
}

// In the order of their ids; what grows too long loses its beginning, which scrolling up fetches again.
function appended(messages) {
  const last = messages.at(-1), before = messages.at(-2);
  if (before && BigInt(last.id) < BigInt(before.id)) messages.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  return messages.length > MOST && state.atEnd ? { messages: messages.slice(-PAGE), older: true } : { messages };
}

// What is on screen has been read, if anyone looks.
export function seen() {
  const newest = state.messages?.findLast((each) => !each.sandbox.ephemeral_to);
  if (document.hasFocus() && !document.hidden) markRead(state.channel, newest?.id || "0");
}

// The direct messages with someone: with the bot when no one is named.
export async function openDm(user = state.world.bot) {
  const known = myDms().find((each) => each.type === 1 && others(each)[0].id === user.id);
  const opened = known || (await post("/open-dm", { person: state.me, ...(user.bot ? {} : { with: user.id }) }));
  if (!known) await loadWorld();
  await go(opened.id);
}
