// A command that was pasted whole: "/imagine prompt:a red apple count:2", read as Discord does.
import { nameOf } from "./commands.js";
import { FILE, STRING, candidates, named, problem } from "./options.js";

const plain = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// What an option holds if this was typed for it; null where it cannot be that. Words are told of where they stand.
function entryOf(option, text) {
  const picked = named(option, text);
  const entry = picked ? { text: picked.name, picked } : { text };
  const free = option.type === STRING && !candidates(option);
  return free || !problem(option, entry) ? entry : null;
}

// Entries by option, for what stands behind a command's name: words for the first option that takes them, unless they
// begin with an option's name. `name:` counts where its option can be what follows, else it is one more word.
export function spread(options, rest) {
  const typed = options.filter((each) => each.type !== FILE), words = options.find((each) => each.type === STRING);
  const at = (name) => typed.find((each) => each.name === name || nameOf(each) === name);
  const names = typed.flatMap((each) => [each.name, nameOf(each)]).map(plain).join("|");
  const text = rest.trim();
  if (!text || !words) return {};
  if (!new RegExp(`^(?:${names}):`).test(text)) return { [words.name]: { text: rest } };
  const filled = {};
  let last = words.name;
  for (const part of text.split(new RegExp(`\\s+(?=(?:${names}):)`))) {
    const [, name, value] = part.match(/^([^\s:]+):([^]*)$/) || [];
    const option = at(name), entry = option && !filled[option.name] && entryOf(option, value.trim());
    if (entry) last = option.name;
    filled[last] = entry || { text: [filled[last]?.text, part].filter(Boolean).join(" ") };
  }
  return filled;
}
