// One message: who, when, text, pictures, embeds, components, reactions, and what can be done with it.
import { avatar, h, name } from "./dom.js";
import { colour, components, gallery } from "./components.js";
import { markdown } from "./markdown.js";

const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit" });
const FULL = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "medium" });
const QUIET_MINUTES = 7;

// `act` is what can be done: see Actions in app.js.
export function message(data, before, act) {
  const extra = data.sandbox;
  const command = data.interaction || null;
  const first = command || data.referenced_message || !before || before.author.id !== data.author.id ||
    new Date(data.timestamp) - new Date(before.timestamp) > QUIET_MINUTES * 60_000;
  return h("li", { class: `message ${first ? "first" : ""} ${extra.ephemeral_to ? "ephemeral" : ""}`, id: `m${data.id}`, "data-id": data.id },
    above(data, command, act),
    first ? avatar(data.author) : h("span", { class: "gutter" }, CLOCK.format(new Date(data.timestamp))),
    h("div", { class: "body" }, first ? head(data, act) : null, content(data, act), below(data, act)),
    tools(data, act));
}

function above(data, command, act) {
  if (command) {
    const text = data.type === 23 ? command.name : `/${command.name}`;
    return h("div", { class: "above" }, avatar(command.user), h("b", {}, name(command.user)), " used ", h("span", { class: "mention" }, text));
  }
  const target = data.referenced_message;
  if (!target) return null;
  const text = target.content ? plain(target.content, act.context).slice(0, 90) : "Click to see attachment";
  return h("button", { class: "above", onclick: () => act.jump(target.id) }, avatar(target.author), h("b", {}, name(target.author)), ` ${text}`);
}

// As somebody would read it: marks taken for what they mean, mentions and emoji by name.
const plain = (text, context) => markdown(text, context).map((each) => each.textContent).join(" ");

function head(data, act) {
  const sent = new Date(data.timestamp);
  const author = h("b", { class: "author" }, name(data.author));
  const shade = act.shade(data.author.id);
  if (shade) author.style.color = shade;
  return h("div", { class: "head" }, author, data.author.bot ? h("span", { class: "tag" }, "✓ APP") : null,
    h("time", { datetime: data.timestamp, title: FULL.format(sent) }, CLOCK.format(sent)));
}

function content(data, act) {
  if (data.sandbox.thinking) {
    if (data.sandbox.failed) return h("p", { class: "failed" }, "The application did not respond");
    return h("p", { class: "thinking" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), ` ${name(data.author)} is thinking…`);
  }
  const edited = data.edited_timestamp ? h("span", { class: "edited", title: FULL.format(new Date(data.edited_timestamp)) }, "(edited)") : null;
  const text = markdown(data.content, act.context);
  if (edited && text.length && text.at(-1).tagName !== "PRE") text.at(-1).append(" ", edited);
  else if (edited) text.push(edited);
  return h("div", { class: "content" }, text);
}

function below(data, act) {
  const v2 = data.flags & (1 << 15);
  const pictures = data.attachments.filter((each) => (each.content_type || "").startsWith("image/"));
  const files = data.attachments.filter((each) => !pictures.includes(each));
  return [
    pictures.length && !v2 ? gallery(pictures, act) : null,
    v2 ? null : files.map((each) => h("a", { class: "file", href: each.url, download: each.filename }, `📄 ${each.filename} · ${bytes(each.size)}`)),
    data.embeds.map((each) => embed(each, act)),
    h("div", { class: "components" }, components(data.components, act.on(data))),
    h("p", { class: "failed note", hidden: true }, "This interaction failed"),
    reactions(data, act),
    data.sandbox.ephemeral_to ? h("p", { class: "only" }, "👁 Only you can see this · ",
      h("button", { class: "text", onclick: () => act.remove(data) }, "Dismiss message")) : null,
  ];
}

export const bytes = (count) => (count < 1024 ? `${count} bytes` : count < 1 << 20 ? `${(count / 1024).toFixed(1)} KB` : `${(count / (1 << 20)).toFixed(2)} MB`);

function embed(data, act) {
  const md = (text) => markdown(text, act.context);
  const box = h("article", { class: "embed" },
    data.thumbnail ? h("img", { class: "thumb", src: data.thumbnail.url, alt: "" }) : null,
    data.author ? h("div", { class: "embed-author" }, data.author.name) : null,
    data.title ? h("div", { class: "embed-title" }, data.url ? h("a", { href: data.url, target: "_blank", rel: "noreferrer" }, data.title) : md(data.title)) : null,
    data.description ? h("div", { class: "embed-text" }, md(data.description)) : null,
    data.fields?.length ? h("div", { class: "fields" }, data.fields.map((each) =>
      h("div", { class: each.inline ? "field inline" : "field" }, h("b", {}, md(each.name)), h("div", {}, md(each.value))))) : null,
    data.image ? gallery([data.image], act) : null,
    data.footer || data.timestamp ? h("footer", {}, [data.footer?.text, data.timestamp ? FULL.format(new Date(data.timestamp)) : null].filter(Boolean).join(" • ")) : null);
  if (data.color !== undefined) box.style.borderLeftColor = colour(data.color);
  return box;
}

function reactions(data, act) {
  const all = Object.entries(data.sandbox.reactions);
  if (!all.length) return null;
  return h("div", { class: "reactions" }, all.map(([emoji, people]) => {
    const mine = people.includes(act.me());
    const who = people.map((id) => act.context.person(id)).join(", ");
    return h("button", { class: mine ? "reaction mine" : "reaction", title: `${who} reacted with ${emoji}`, "aria-pressed": String(mine),
      onclick: () => act.react(data, emoji, !mine) }, h("span", { class: "emoji" }, emoji), ` ${people.length}`);
  }), h("button", { class: "reaction add", "aria-label": "Add reaction", onclick: (e) => act.pickEmoji(data, e.currentTarget) }, "+"));
}

function tools(data, act) {
  const make = (label, text, go) => h("button", { title: label, "aria-label": label, onclick: (e) => go(e.currentTarget) }, text);
  return h("div", { class: "tools" },
    data.sandbox.ephemeral_to ? null : make("Add reaction", "☺", (at) => act.pickEmoji(data, at)),
    make("Reply", "↩", () => act.reply(data)),
    act.mayRemove(data) ? make("Delete message", "🗑", () => act.remove(data)) : null,
    make("More", "⋯", (at) => act.more(data, at)));
}
