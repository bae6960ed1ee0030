// What opens on top: modals of the bot, pictures at full size, the raw exchange behind a message.
import { $, h, readFile } from "./dom.js";
import { firstText, get, post, Refused } from "./api.js";
import { markdown } from "./markdown.js";

function open(id, ...content) {
  const dialog = $(id);
  dialog.replaceChildren(...content);
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close(); // and return nothing: false would undo the click
  };
  if (!dialog.open) dialog.showModal();
  return dialog;
}

// The bot asked for a modal; `person` fills it in.
export function modal(interaction, person, context) {
  const shown = interaction.modal;
  const fields = [];
  const rows = shown.components.map((row) => {
    if (row.type === 10) return h("div", {}, markdown(row.content, context));
    const inner = row.type === 18 ? row.component : row.components[0];
    const control = input(inner);
    fields.push({ inner, control });
    return h("label", { class: "modal-field" }, h("b", {}, row.label || inner.label, inner.required === false ? "" : h("span", { class: "star" }, " *")),
      row.description ? h("small", {}, row.description) : null, control);
  });
  const trouble = h("p", { class: "trouble", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    try {
      await post("/submit", { person, interaction: interaction.id, fields: await values(fields) });
      $("dialog").close();
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      trouble.textContent = Object.values(refused.errors).map(firstText)[0] || refused.message;
    }
  };
  open("dialog", h("form", { class: "modal", onsubmit: send }, h("h2", {}, shown.title), rows, trouble,
    h("div", { class: "modal-buttons" }, h("button", { type: "button", class: "text", onclick: () => $("dialog").close() }, "Cancel"),
      h("button", { class: "button primary" }, "Submit"))));
}

function input(inner) {
  if (inner.type === 4) {
    const common = { placeholder: inner.placeholder, maxlength: inner.max_length || 4000, value: inner.value || "" };
    return inner.style === 2 ? h("textarea", { rows: "4", ...common }) : h("input", { type: "text", ...common });
  }
  if (inner.type === 19) return h("input", { type: "file", multiple: (inner.max_values || 1) > 1 });
  return h("select", { multiple: (inner.max_values || 1) > 1 }, inner.required === false ? h("option", { value: "" }, "") : null,
    (inner.options || []).map((each) => h("option", { value: each.value, selected: each.default }, each.label)));
}

async function values(fields) {
  const out = {};
  for (const { inner, control } of fields) {
    if (control.type === "file") out[inner.custom_id] = await Promise.all([...control.files].map(readFile));
    else if (control.tagName === "SELECT") out[inner.custom_id] = [...control.selectedOptions].map((each) => each.value).filter(Boolean);
    else out[inner.custom_id] = control.value;
  }
  return out;
}

export function view(media) {
  const file = media.filename || decodeURIComponent(new URL(media.url).pathname.split("/").pop());
  open("viewer", h("figure", {}, h("img", { src: media.url, alt: media.description || "" }),
    h("figcaption", {}, media.description ? h("span", { class: "alt" }, media.description) : null,
      h("span", {}, [file, media.width ? `${media.width} × ${media.height}` : null].filter(Boolean).join(" · ")),
      h("a", { href: media.url, download: file }, "Save"), h("button", { class: "text", onclick: () => $("viewer").close() }, "Close"))));
}

// The message as it is on the wire, how it changed, and the calls that concern it.
export async function inspect(message) {
  const full = await get(`/messages/${message.id}`);
  const token = message.sandbox.interaction_id ? (await get(`/interactions/${message.sandbox.interaction_id}`).catch(() => null))?.token : null;
  const calls = (await get("/exchanges", { limit: 2000 })).filter((each) =>
    each.path.includes(message.id) || (token && each.path.includes(token)) || each.response?.id === message.id);
  const { history, ...raw } = full;
  const json = (value) => h("pre", {}, JSON.stringify(value, null, 2));
  open("dialog", h("div", { class: "inspector" }, h("h2", {}, "Inspector"),
    h("h3", {}, `Calls (${calls.length})`), calls.map((each) => h("details", {}, h("summary", {}, `${each.method} ${each.route} → ${each.status}, ${each.ms} ms`),
      each.files.length ? h("p", {}, each.files.join(", ")) : null, json(each.request), json(each.response))),
    h("h3", {}, `States (${history.length})`), h("ol", {}, history.map((each) => h("li", {},
      `${new Date(each.at * 1000).toLocaleTimeString("en")} · ${each.attachments.length} files · ${each.content.slice(0, 120) || "no text"}`))),
    h("details", {}, h("summary", {}, "Message"), json(raw)),
    h("button", { class: "text", onclick: () => $("dialog").close() }, "Close")));
}
