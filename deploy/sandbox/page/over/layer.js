// What is open on top of everything: pictures, forms, menus, the inspector.
import { close, react, submitModal } from "../state/actions.js";
import { EmojiPicker } from "./emoji.js";
import { Inspector } from "./inspector.js";
import { Menu } from "./menu.js";
import { messageItems, personItems } from "./menus.js";
import { ModalForm } from "./modal.js";
import { state, useStore } from "../state/store.js";
import { html } from "../base/ui.js";
import { Viewer } from "./viewer.js";
import { channelTree, guildOf } from "../state/world.js";

// The people, roles and channels that a form may offer here.
function surroundings() {
  const { bot, people } = state.world;
  const guild = guildOf(state.channel) || null;
  const channels = guild ? channelTree(guild).flatMap((each) => [each.channel, ...each.threads]) : [];
  return { bot, people, guild, channels };
}

// The message as it is now; the layer holds it as it was when it was opened.
const current = (message) => state.messages?.find((each) => each.id === message.id) || message;

const SHOWN = {
  viewer: ({ pictures, index }) => html`<${Viewer} pictures=${pictures} index=${index} onClose=${close} />`,
  modal: ({ interaction }) => html`<${ModalForm} key=${interaction.id} interaction=${interaction} world=${surroundings()}
    submit=${(fields) => submitModal(interaction, fields)} onClose=${close} />`,
  inspector: ({ message }) => html`<${Inspector} message=${current(message)} onClose=${close} />`,
  emoji: ({ message, at }) => html`<${EmojiPicker} at=${at} onPick=${(emoji) => react(message, emoji)} onClose=${close} />`,
  menu: ({ message, at, picture }) => html`<${Menu} label="Message" items=${messageItems(message, at, picture)} at=${at} onClose=${close} />`,
  person: ({ user, at }) => html`<${Menu} label=${user.global_name || user.username} items=${personItems(user)} at=${at} onClose=${close} />`,
};

export function Layer() {
  const layer = useStore((s) => s.layer);
  useStore((s) => (layer?.kind === "inspector" ? s.messages : null)); // what it shows may change
  return layer && SHOWN[layer.kind](layer);
}
