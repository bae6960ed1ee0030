// Small helpers to build elements; text never becomes markup.

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const $ = (id) => document.getElementById(id);

const COLOURS = ["#5865f2", "#3ba55c", "#e67e22", "#eb459e", "#1abc9c", "#9b59b6", "#e74c3c", "#3498db"];

export function avatar(user) {
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, name(user).slice(0, 1));
  const number = Number(BigInt(user.id) >> 22n);
  node.style.background = user.bot ? "#5865f2" : COLOURS[number % COLOURS.length];
  return node;
}

export const name = (user) => user.global_name || user.username;

// A popup beside an element: emoji, menus. It closes on Escape or on a click elsewhere.
export function popup(anchor, content, keepFocus = false) {
  const box = $("popup");
  box.replaceChildren(content);
  box.hidden = false;
  const at = anchor.getBoundingClientRect();
  const top = at.bottom + box.offsetHeight + 8 > innerHeight ? at.top - box.offsetHeight - 6 : at.bottom + 6;
  box.style.top = `${Math.max(8, top)}px`;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 12))}px`;
  if (!keepFocus) box.querySelector("button, input")?.focus();
  setTimeout(() => addEventListener("pointerdown", outside), 0);
}

export function closePopup() {
  $("popup").hidden = true;
  removeEventListener("pointerdown", outside);
}

function outside(event) {
  if (!$("popup").contains(event.target)) closePopup();
}

addEventListener("keydown", (event) => event.key === "Escape" && closePopup());

export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ filename: file.name, content_type: file.type, data: reader.result.split(",")[1] || "" });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
