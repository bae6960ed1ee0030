// What is open on top of everything: pictures, modals, menus.
import { close, inspect, react, remove, reply, runOn } from "./acts.js";
import { inspect as openInspector, modal, view } from "./dialogs.js";
import { closePopup, h, popup } from "./dom.js";
import { state, useStore } from "./store.js";
import { useEffect } from "./ui.js";
import { context } from "./world.js";

const EMOJI = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "🔁", "🎨", "✉️", "⭐", "❌", "👍", "❤️", "😂", "🎉", "😮", "🔥", "👀"];

const SHOW = {
  viewer: ({ pictures, index }) => view(pictures[index]),
  modal: ({ interaction }) => modal(interaction, state.me, { ...context, role: (id) => context.role(id)?.name }),
  inspector: ({ message }) => openInspector(message),
  emoji: ({ message, at }) => popup(at, h("div", { class: "emoji-grid" }, EMOJI.map((emoji) =>
    h("button", { "aria-label": emoji, onclick: () => { closePopup(); react(message, emoji); } }, emoji)))),
  menu: ({ message, at }) => at.getBoundingClientRect && popup(at, h("div", { class: "menu" },
    state.commands.filter((each) => each.type === 3).map((each) => h("button", { onclick: () => { closePopup(); runOn(message, each.name); } }, each.name)),
    h("button", { onclick: () => { closePopup(); inspect(message); } }, "Inspect"))),
};

export function Layer() {
  const layer = useStore((s) => s.layer);
  useEffect(() => {
    if (!layer) return;
    close();
    SHOW[layer.kind](layer);
  }, [layer]);
  return null;
}
void remove, reply;
