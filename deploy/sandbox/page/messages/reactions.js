// Reactions below a message, with who gave them.
import { openEmoji, react } from "../state/actions.js";
import { Icon } from "../base/icons.js";
import { cx, html } from "../base/ui.js";
import { context } from "../state/world.js";

export const emojiName = (emoji) => (/^\w+:\d+$/.test(emoji) ? `:${emoji.split(":")[0]}:` : emoji);

function who(people) {
  const names = people.slice(0, 3).map(context.person);
  const others = people.length - names.length;
  if (others) names.push(`${others} ${others === 1 ? "other" : "others"}`);
  return new Intl.ListFormat("en").format(names);
}

export function Reactions({ message, me }) {
  const all = Object.entries(message.sandbox.reactions);
  if (!all.length) return null;
  return html`<div class="reactions">${all.map(([emoji, people]) => {
    const mine = people.includes(me);
    const said = `${who(people)} reacted with ${emojiName(emoji)}`;
    return html`<button key=${emoji} class=${cx("reaction", mine && "mine")} title=${said} aria-label=${`${emojiName(emoji)}, ${people.length}: ${said}`}
      aria-pressed=${String(mine)} onClick=${() => react(message, emoji, !mine)}><span class="emoji">${emojiName(emoji)}</span>
          <span class="count">${people.length}</span></button>`;
  })}<button class="reaction add" title="Add reaction" aria-label="Add another reaction" onClick=${(event) => openEmoji(message, event.currentTarget)}><${Icon} is="smile" /></button></div>`;
}
