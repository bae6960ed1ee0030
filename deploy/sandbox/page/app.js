// The page: puts state, messages, composer and events together.
import { follow, get, heard, post, settled } from "./api.js";
import { Composer } from "./composer.js";
import { inspect, modal, view } from "./dialogs.js";
import { $, avatar, closePopup, h, name, popup } from "./dom.js";
import { message } from "./messages.js";
import { become, channelOf, context, firstChannel, guildOf, loadWorld, mayRemove, maySend, myDm, sees, shade, state, title } from "./state.js";

const EMOJI = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "🔁", "🎨", "✉️", "⭐", "❌", "👍", "❤️", "😂", "🎉", "😮", "🔥", "👀"];

const act = {
  context, view, mayRemove, shade,
  me: () => state.me,
  on: (data) => ({ context, view, choices: selectable,
    press: (custom_id) => use("/press", data, { custom_id }), pick: (custom_id, values) => use("/select", data, { custom_id, values }) }),
  react: (data, emoji, add) => attempt(post(add ? "/react" : "/unreact", { person: state.me, message: data.id, emoji })),
  pickEmoji: (data, at) => popup(at, h("div", { class: "emoji-grid" }, EMOJI.map((emoji) =>
    h("button", { "aria-label": emoji, onclick: () => { closePopup(); act.react(data, emoji, true); } }, emoji)))),
  remove: (data) => attempt(post("/delete", { person: state.me, message: data.id })),
  reply: (data) => composer.setReply(data),
  jump: (id) => {
    const target = $(`m${id}`);
    target?.scrollIntoView({ block: "center" });
    target?.classList.add("flash");
    setTimeout(() => target?.classList.remove("flash"), 1500);
  },
  more: (data, at) => {
    const apps = state.commands.filter((each) => each.type === 3);
    popup(at, h("div", { class: "menu" }, apps.map((each) => h("button", { onclick: () => { closePopup(); use("/context-menu", data, { command: each.name }); } }, each.name)),
      h("button", { onclick: () => { closePopup(); navigator.clipboard?.writeText(data.content); } }, "Copy text"),
      h("button", { onclick: () => { closePopup(); inspect(data); } }, "Inspect")));
  },
};

const stage = {
  person: () => state.me, channel: () => state.channel, world: () => state.world, guild: () => guildOf(state.channel),
  commands: () => state.commands, title: () => title(state.channel), note,
  say: (content, files, reply_to) => post("/say", { person: state.me, channel: state.channel, content, files, ...(reply_to ? { reply_to } : {}) }),
  reopen: () => { composer.open(maySend(state.channel)); $("text")?.focus(); },
  started: (made) => watch(made),
};
const composer = new Composer(stage);

function selectable(type) {
  const people = state.world.people.map((each) => ({ value: each.id, label: name(each) }));
  const guild = guildOf(state.channel);
  const roles = (guild?.roles || []).map((each) => ({ value: each.id, label: each.name }));
  const channels = (guild?.channels || []).map((each) => ({ value: each.id, label: `#${each.name}` }));
  return { 5: people, 6: roles, 7: [...people, ...roles], 8: channels }[type];
}

async function attempt(promise) {
  try {
    return await promise;
  } catch (refused) {
    note(refused.message);
    return null;
  }
}

async function use(path, data, more) {
  const made = await attempt(post(path, { person: state.me, message: data.id, ...more }));
  if (made) watch(made, data.id);
}

// Follow an interaction that this tab started: show its modal, or that nobody answered.
async function watch(made, messageId = null) {
  const row = messageId ? $(`m${messageId}`) : null;
  row?.classList.add("busy");
  const done = await settled(made);
  $(`m${messageId}`)?.classList.remove("busy");
  if (done.state === "failed") {
    const failed = $(`m${messageId}`)?.querySelector(".failed.note");
    if (failed) failed.hidden = false;
    else note(`/${done.name}: The application did not respond`);
  } else if (done.answer_type === 9) modal(done, state.me, context);
}

function note(text) {
  const item = h("li", { class: "notice" }, h("span", {}, text), h("small", {}, " Only you can see this "),
    h("button", { class: "text", onclick: () => item.remove() }, "Dismiss"));
  $("messages").append(item);
  bottom();
}

// Drawing

function drawFrame() {
  const here = guildOf(state.channel);
  const pill = (label, current, unread, go, inside) => h("button", { class: `server ${current ? "current" : ""} ${unread ? "unread" : ""}`, title: label, "aria-label": label, "aria-current": current ? "true" : null, onclick: go }, inside);
  const dm = myDm();
  $("servers").replaceChildren(
    pill("Direct messages", !here, dm && state.unread.has(dm.id), openDm, "✉"), h("hr"),
    ...state.world.guilds.filter((each) => each.members.some((member) => member.id === state.me)).map((each) =>
      pill(each.name, each === here, each.channels.some((channel) => state.unread.has(channel.id)), () => go(firstChannel(each).id), each.name.split(" ").map((word) => word[0]).join(""))));
  $("server-name").textContent = here ? here.name : "Direct messages";
  const list = here ? here.channels.filter((each) => sees(each.id)) : dm ? [dm] : [];
  $("channels").replaceChildren(...list.map((each) => h("button", { class: `channel ${each.id === state.channel ? "current" : ""} ${state.unread.has(each.id) ? "unread" : ""}`,
    "aria-current": each.id === state.channel ? "page" : null, onclick: () => go(each.id) }, each.name ? [h("span", { class: "hash" }, "#"), each.name] : [avatar(state.world.bot), name(state.world.bot)])));
  $("person").replaceChildren(...state.world.people.map((each) => h("option", { value: each.id, selected: each.id === state.me }, `${name(each)}${part(each, here)}`)));
  const self = state.world.people.find((each) => each.id === state.me);
  $("self-avatar").replaceChildren(avatar(self));
  $("channel-name").textContent = title(state.channel);
  $("topic").textContent = channelOf(state.channel)?.topic || "";
  document.title = `${title(state.channel)} · Sandbox`;
}

function part(person, guild) {
  if (!guild) return "";
  if (guild.owner_id === person.id) return " (owner)";
  const roles = guild.members.find((each) => each.id === person.id)?.roles || [];
  const named = guild.roles.filter((each) => roles.includes(each.id)).map((each) => each.name.toLowerCase());
  return named.length ? ` (${named.join(", ")})` : "";
}

function drawMessages() {
  const list = [...state.messages.values()];
  $("messages").replaceChildren(welcome(), ...list.map((each, index) => message(each, list[index - 1], act)));
}

function welcome() {
  return h("li", { class: "welcome" }, h("h2", {}, `Welcome to ${title(state.channel)}`),
    h("p", {}, "This is a sandbox: it looks and answers like Discord, but nothing leaves this machine. ",
      state.commands.some((each) => each.type === 1) ? "Type / to see what the bot can do." : "No bot has registered commands yet."));
}

function drawOne(data) {
  const stick = atBottom();
  const known = $(`m${data.id}`);
  const list = [...state.messages.values()];
  const index = list.findIndex((each) => each.id === data.id);
  const node = message(data, list[index - 1], act);
  if (known) known.replaceWith(node);
  else $("messages").append(node);
  if (stick) bottom();
  else if (!known) $("newest").hidden = false;
}

const atBottom = () => $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 80;
const bottom = () => { $("log").scrollTop = $("log").scrollHeight; $("newest").hidden = true; };

// Going places

async function openDm() {
  const dm = myDm() || (await post("/open-dm", { person: state.me }));
  await loadWorld();
  await go(dm.id);
}

async function go(id) {
  state.channel = id;
  state.unread.delete(id);
  location.hash = id;
  document.body.classList.remove("menu-open");
  const [messages, commands] = await Promise.all([get("/messages", { channel: id, person: state.me }), get("/commands", { channel: id, person: state.me })]);
  if (state.channel !== id) return;
  state.messages = new Map(messages.map((each) => [each.id, each]));
  state.commands = commands.commands;
  drawFrame();
  drawMessages();
  composer.open(maySend(id));
  bottom();
  $("text")?.focus({ preventScroll: true });
}

async function arrive() {
  await loadWorld();
  const wanted = location.hash.slice(1) || state.channel;
  const dm = myDm();
  const known = wanted && channelOf(wanted) && (sees(wanted) && (channelOf(wanted).name || dm?.id === wanted));
  await go(known ? wanted : firstChannel(state.world.guilds[0]).id);
}

// Events

const hear = {
  message({ change, message: data }) {
    const hidden = data.sandbox.ephemeral_to && data.sandbox.ephemeral_to !== state.me;
    if (hidden) return;
    if (data.channel_id !== state.channel) {
      if (change === "created" && sees(data.channel_id) && (channelOf(data.channel_id)?.name || myDm()?.id === data.channel_id)) {
        state.unread.add(data.channel_id);
        drawFrame();
      }
      return;
    }
    $("typing").textContent = "";
    if (change === "deleted") {
      state.messages.delete(data.id);
      $(`m${data.id}`)?.remove();
      return;
    }
    state.messages.set(data.id, data);
    drawOne(data);
  },
  interaction({ interaction }) {
    heard(interaction);
  },
  typing({ channel_id, user_id }) {
    if (channel_id !== state.channel || user_id === state.me) return;
    $("typing").textContent = `${context.person(user_id)} is typing…`;
    setTimeout(() => { $("typing").textContent = ""; }, 9000);
  },
  gateway: () => showBots(),
  commands: async () => {
    state.commands = (await get("/commands", { channel: state.channel, person: state.me })).commands;
    $("messages").querySelector(".welcome")?.replaceWith(welcome());
  },
  world: () => loadWorld().then(() => (channelOf(state.channel) && sees(state.channel) ? drawFrame() : arrive())),
  reset: () => arrive(),
};

async function showBots() {
  const { sessions } = await get("/gateway");
  const on = sessions.filter((each) => each.connected).length;
  $("link").textContent = on ? "● bot connected" : "○ no bot connected";
  $("link").className = on ? "on" : "";
}

$("person").addEventListener("change", (event) => { become(event.target.value); arrive(); });
$("newest").addEventListener("click", bottom);
$("menu").addEventListener("click", () => document.body.classList.toggle("menu-open"));
$("log").addEventListener("scroll", () => atBottom() && ($("newest").hidden = true));
addEventListener("hashchange", () => location.hash.slice(1) !== state.channel && arrive());

follow((event) => hear[event.event]?.(event), (up) => {
  if (up) arrive().then(showBots);
  else $("link").textContent = "○ the sandbox is gone; trying again…";
});
