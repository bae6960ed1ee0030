// What a person does here. Every refusal becomes a line that only this tab shows.
import { post, settled } from "./api.js";
import { plain } from "../messages/markdown.js";
import { go, loadWorld } from "./places.js";
import { change, put, state } from "./store.js";

const TIMED_OUT = "The application did not respond";
const TYPING_MS = 8000;
let notices = 0;

// A line in the channel on screen that no one else sees.
export function notify(text) {
  notices += 1;
  const notice = { id: `n${notices}`, channel: state.channel, at: new Date().toISOString(), after: state.messages?.at(-1)?.id || "0", text };
  change({ notices: [...state.notices, notice] });
}

export const dismissNotice = (id) => change({ notices: state.notices.filter((each) => each.id !== id) });

async function attempt(promise) {
  try {
    return await promise;
  } catch (refused) {
    notify(refused.message);
    return null;
  }
}

const mine = (message) => ({ person: state.me, message: message.id });

// A command is under way: it stands in the list until the bot has answered.
export const began = (started, title) => change({ sending: put(state.sending, started.id, { title, channel: state.channel }) });

// Follow an interaction that this tab started: show its modal, or that no one answered.
export async function watch(started, message = null) {
  const done = await settled(started);
  change({ sending: put(state.sending, started.id, undefined) });
  if (done.state === "failed" && message) change({ failed: put(state.failed, message.id, TIMED_OUT) });
  else if (done.state === "failed") notify(done.kind === 2 ? `/${done.name}: ${TIMED_OUT}` : TIMED_OUT);
  else if (done.answer_type === 9) change({ layer: { kind: "modal", interaction: done } });
  return done;
}

async function use(path, message, body) {
  change({ busy: put(state.busy, message.id, body.custom_id), failed: put(state.failed, message.id, undefined) });
  const started = await attempt(post(path, { ...mine(message), ...body }));
  if (started) await watch(started, message);
  change({ busy: put(state.busy, message.id, undefined) });
}

export const press = (message, custom_id) => use("/press", message, { custom_id });
export const pick = (message, custom_id, values) => use("/select", message, { custom_id, values });

export async function runOn(message, command) {
  const started = await attempt(post("/context-menu", { ...mine(message), command }));
  if (started) await watch(started, message);
}

export async function runOnPerson(user, command) {
  const started = await attempt(post("/context-menu", { person: state.me, channel: state.channel, user: user.id, command }));
  if (started) await watch(started);
}

export const react = (message, emoji, add = true) => attempt(post(add ? "/react" : "/unreact", { ...mine(message), emoji }));
export const remove = (message) => attempt(post("/delete", mine(message)));
export const pin = (message, pinned) => attempt(post("/pin", { ...mine(message), pinned }));
export const edit = (message) => change({ editing: message?.id || null });
export const saveEdit = (message, content) => attempt(post("/edit", { ...mine(message), content }));

// Named after the first line of its message, up to the end of a word.
function threadName({ content }) {
  const line = plain(content.split("\n")[0]);
  return (line.length > 60 ? line.slice(0, 61).replace(/\s+\S*$/, "") : line) || "New thread";
}

export async function startThread(message) {
  const made = await attempt(post("/thread", { ...mine(message), name: threadName(message) }));
  if (!made) return;
  await loadWorld();
  await go(made.id);
}

// A post of a forum: a thread with its first message. The form itself says what went wrong.
export async function startPost(forum, name, content) {
  const made = await post("/thread", { person: state.me, channel: forum, name, content });
  await loadWorld();
  await go(made.id);
}

let typedAt = 0;

// Tell the others, now and then, that this person writes.
export function typing() {
  if (Date.now() - typedAt < TYPING_MS) return;
  typedAt = Date.now();
  post("/typing", { person: state.me, channel: state.channel }).catch(() => null); // no one misses it
}

export const setSelf = (what) => attempt(post("/person", { person: state.me, ...what }));
export const reply = (message) => change({ replyTo: message });
// The form itself says what went wrong.
export const submitModal = async (interaction, fields) =>
  settled(await post("/submit", { person: state.me, interaction: interaction.id, fields }));

export const view = (pictures, index = 0) => change({ layer: { kind: "viewer", pictures, index } });
export const inspect = (message) => change({ layer: { kind: "inspector", message } });
export const openMenu = (message, at, picture = null) => change({ layer: { kind: "menu", message, at, picture } });
export const openPersonMenu = (user, at) => change({ layer: { kind: "person", user, at } });
export const openEmoji = (message, at) => change({ layer: { kind: "emoji", message, at } });
export const close = () => change({ layer: null });

// Scroll to a message and let it light up for a moment.
export function jump(id) {
  const target = document.getElementById(`m${id}`);
  if (!target) {
    notify("That message is further up, or is gone.");
    return;
  }
  target.scrollIntoView({ block: "center" });
  target.classList.add("flash");
  setTimeout(() => target.classList.remove("flash"), 1500);
}
