// The stream of events, turned into state. When it was away, everything is fetched again.
import { follow, get, heard, unsettled } from "./api.js";
import { apply, loadCommands, loadWorld, refresh, seen, settle } from "./places.js";
import { arrived, readUpTo } from "./reads.js";
import { change, put, state } from "./store.js";
import { channelOf, isMine, isThread, sees } from "./world.js";

const TYPING_MS = 9000, THREAD_STARTER = 21;

// Whether it is one of a thread's messages for Discord: not the one that the thread starts with.
const counts = (message) => message.id !== message.channel_id && message.type !== THREAD_STARTER && !message.sandbox.ephemeral_to;

const hear = {
  async message(event) {
    const { change: kind, message } = event;
    if (message.sandbox.ephemeral_to && message.sandbox.ephemeral_to !== state.me) return;
    if (!channelOf(message.channel_id)) await loadWorld();
    const channel = channelOf(message.channel_id);
    if (!channel) return;
    if (isThread(channel) && kind !== "updated" && counts(message)) channel.message_count = Math.max(0, channel.message_count + (kind === "created" ? 1 : -1));
    if (kind === "created" && !message.sandbox.ephemeral_to) arrived(message, channel);
    if (message.channel_id !== state.channel) return;
    if (kind === "created" && state.since === null && !document.hasFocus()) change({ since: readUpTo(channel.id) });
    change({ typing: put(state.typing, message.author.id, undefined) });
    apply(event);
    seen();
  },
  interaction: ({ interaction }) => heard(interaction),
  typing({ channel_id, user_id }) {
    if (channel_id !== state.channel || user_id === state.me) return;
    change({ typing: put(state.typing, user_id, Date.now() + TYPING_MS) });
    setTimeout(() => {
      if ((state.typing[user_id] || Infinity) <= Date.now()) change({ typing: put(state.typing, user_id, undefined) });
    }, TYPING_MS + 50);
  },
  gateway: countBots,
  commands: loadCommands,
  async world() {
    await loadWorld();
    if (isMine(state.channel) && sees(state.channel)) await loadCommands();
    else await settle();
  },
  async reset() {
    change({ notices: [], pings: {}, read: {}, newest: {} });
    await loadWorld();
    await settle();
  },
};

async function countBots() {
  const { sessions } = await get("/gateway");
  change({ bots: sessions.filter((each) => each.connected).length });
}

// An interaction that a sandbox which was started anew does not know any more.
const forgotten = (id) => (refused) => {
  if (!refused.code) throw refused;
  return { id, state: "failed" };
};

async function linked(up) {
  if (!up) {
    change({ link: "lost" });
    return;
  }
  await loadWorld();
  const there = state.channel && state.messages && isMine(state.channel);
  await (there ? refresh() : settle());
  for (const id of unsettled()) heard(await get(`/interactions/${id}`).catch(forgotten(id)));
  await countBots();
  change({ link: "up" });
}

// Events are taken one after the other: some of them fetch what they need.
let turn = Promise.resolve();
const inTurn = (task) => {
  turn = turn.then(task).catch((trouble) => console.warn("The page will try again:", trouble));
};

export function start() {
  follow((event) => hear[event.event] && inTurn(() => hear[event.event](event)), (up) => inTurn(() => linked(up)));
  addEventListener("focus", () => state.messages && seen());
  addEventListener("hashchange", () => location.hash.slice(1) !== state.channel && inTurn(settle));
}
