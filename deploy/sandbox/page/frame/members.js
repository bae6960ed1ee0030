// Who is in this server, under the roles they have.
import { openPersonMenu } from "../state/actions.js";
import { Icon } from "../base/icons.js";
import { menuTriggers } from "../over/menu.js";
import { useStore } from "../state/store.js";
import { AppTag, Avatar, html, tint } from "../base/ui.js";
import { called, person, rolesOf, shade } from "../state/world.js";

// [title, people] for each part of the list, highest role first.
function parts(guild) {
  const groups = new Map();
  for (const { id } of guild.members) {
    const user = person(id);
    if (!user) continue;
    const [highest] = rolesOf(guild, id).filter((each) => !each.managed);
    const [at, label] = user.bot ? [-1, "Apps"] : highest ? [highest.position, highest.name] : [0, "Members"];
    groups.set(label, { at, label, people: [...(groups.get(label)?.people || []), user] });
  }
  return [...groups.values()].sort((a, b) => b.at - a.at);
}

const opening = (user) => ({
  onClick: (event) => openPersonMenu(user, event.currentTarget),
  ...menuTriggers((_, at) => {
    openPersonMenu(user, at);
    return true;
  }),
});

export function Members({ guild }) {
  useStore((s) => s.world);
  return html`<aside id="members" aria-label="Members">${parts(guild).map(({ label, people }) => html`<section key=${label}>
    <h2>${label} — ${people.length}</h2><ul>${people.map((each) => html`<li key=${each.id}><button class="member" ...${opening(each)}><${Avatar} user=${each} />
      <span class="tinted" style=${tint(shade(each.id))}>${called(each)}</span><${AppTag} user=${each} />
      ${guild.owner_id === each.id && html`<span class="owner" title="Owner of the server"><${Icon} is="crown" /><span class="sr">owner</span></span>`}</button></li>`)}</ul></section>`)}</aside>`;
}
