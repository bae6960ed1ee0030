// The commands that the bot offers, as a person picks them: flat, in this person's language.
import { me } from "../state/world.js";

const SUBCOMMAND = 1, GROUP = 2, SLASH = 1;

export const locale = () => me()?.locale || "en-US";

const localised = (thing, key) => thing[`${key}_localizations`]?.[locale()] || thing[key];
export const nameOf = (thing) => localised(thing, "name");
export const descriptionOf = (thing) => localised(thing, "description");

function walk(path, node) {
  const inner = (node.options || []).filter((each) => each.type === SUBCOMMAND || each.type === GROUP);
  if (inner.length) return inner.flatMap((each) => walk([...path, each], each));
  return [{ words: path.map((each) => each.name), title: path.map(nameOf).join(" "), description: descriptionOf(node), options: node.options || [] }];
}

// Every command that can be sent: { words: its real name, title: as shown, description, options }.
export const flatten = (commands) =>
  commands.filter((each) => each.type === SLASH).flatMap((each) => walk([each], each)).sort((a, b) => a.title.localeCompare(b.title));

// Commands for what was typed behind the slash: those that begin with it, then those that have it in them.
export function matching(commands, typed) {
  const wanted = typed.toLowerCase().trimEnd();
  const names = (each) => [each.title.toLowerCase(), each.words.join(" ")];
  const begin = commands.filter((each) => names(each).some((name) => name.startsWith(wanted)));
  const contain = commands.filter((each) => !begin.includes(each) && names(each).some((name) => name.includes(wanted)));
  return [...begin, ...contain];
}

// "/imagine a red apple" typed or pasted at once: the command, and what stands behind its name.
export function begun(commands, text) {
  const fits = (name) => text.toLowerCase().startsWith(`/${name.toLowerCase()} `);
  const found = commands.filter((each) => fits(each.title) || fits(each.words.join(" "))).sort((a, b) => b.title.length - a.title.length)[0];
  if (!found) return undefined;
  const named = fits(found.title) ? found.title : found.words.join(" ");
  return { command: found, rest: text.slice(named.length + 2) };
}
