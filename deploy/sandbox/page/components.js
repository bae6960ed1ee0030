// Buttons, selects and Components V2 of a message.
import { h } from "./dom.js";
import { markdown } from "./markdown.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

// `act` has press(custom_id), pick(custom_id, values), view(media) and context for markdown.
export function components(list, act) {
  return list.map((each) => draw(each, act));
}

function draw(item, act) {
  switch (item.type) {
    case 1: return h("div", { class: "row" }, components(item.components, act));
    case 2: return button(item, act);
    case 3: case 5: case 6: case 7: case 8: return select(item, act);
    case 9: return h("div", { class: "section" }, h("div", {}, components(item.components, act)), draw(item.accessory, act));
    case 10: return h("div", { class: "text-display" }, markdown(item.content, act.context));
    case 11: return picture(item.media, item.description, act, "thumbnail");
    case 12: return gallery(item.items.map((each) => ({ ...each.media, description: each.description, spoiler: each.spoiler })), act);
    case 13: return h("a", { class: "file", href: item.file.url, download: item.name }, `📄 ${item.name}`);
    case 14: return h("hr", { class: item.divider ? "" : "blank" });
    case 17: return container(item, act);
    default: return h("span", { class: "unknown" }, `component ${item.type}`);
  }
}

function container(item, act) {
  const box = h("div", { class: "container" }, components(item.components, act));
  if (item.accent_color !== null && item.accent_color !== undefined) box.style.borderLeftColor = colour(item.accent_color);
  return box;
}

export const colour = (number) => `#${number.toString(16).padStart(6, "0")}`;

function button(item, act) {
  const shown = item.label || item.emoji?.name;
  const inside = [item.emoji ? h("span", { class: "emoji" }, item.emoji.name) : null, item.label || ""];
  const common = { class: `button ${STYLES[item.style]}`, disabled: item.disabled, title: shown, "aria-label": shown };
  if (item.style === 5) return h("a", { ...common, href: item.url, target: "_blank", rel: "noreferrer" }, inside, " ↗");
  return h("button", { ...common, onclick: () => act.press(item.custom_id) }, inside);
}

function select(item, act) {
  const options = item.options || act.choices(item.type);
  const many = item.max_values > 1;
  const node = h("select", { class: "select", disabled: item.disabled, multiple: many, "aria-label": item.placeholder || "Choose" },
    many ? null : h("option", { value: "", selected: true, disabled: true }, item.placeholder || "Make a selection"),
    options.map((each) => h("option", { value: each.value, selected: each.default, title: each.description || "" },
      `${each.emoji ? `${each.emoji.name} ` : ""}${each.label}${each.description ? ` · ${each.description}` : ""}`)));
  if (!many) {
    node.addEventListener("change", () => act.pick(item.custom_id, [node.value]));
    return node;
  }
  node.size = Math.min(6, options.length);
  const send = () => act.pick(item.custom_id, [...node.selectedOptions].map((each) => each.value));
  return h("div", { class: "many" }, node, h("button", { class: "button secondary", onclick: send }, "Choose"));
}

export function picture(media, description, act, kind = "") {
  const image = h("img", { src: media.url, alt: description || "", width: media.width, height: media.height, loading: "lazy" });
  return h("button", { class: `picture ${kind}`, "aria-label": `Open picture: ${description || "no description"}`,
    onclick: () => act.view({ ...media, description }) }, image);
}

// Pictures side by side, four in a square.
export function gallery(items, act) {
  const shown = items.map((each) => picture(each, each.description, act, each.spoiler ? "hidden" : ""));
  return h("div", { class: `gallery of-${Math.min(items.length, 5)}` }, shown);
}
