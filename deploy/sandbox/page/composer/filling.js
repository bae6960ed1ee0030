// What is in the fields of a slash command, and sending it.
import { began, watch } from "../state/actions.js";
import { Refused, firstText, post } from "../state/api.js";
import { readFile } from "./attach.js";
import { nameOf } from "./commands.js";
import { isEmpty, problem, sent } from "./options.js";
import { spread } from "./pasted.js";
import { state } from "../state/store.js";
import { useState } from "../base/ui.js";

export const BLANK = { text: "" };
const NOTHING_WRONG = { words: "", fields: {} };

// Values of the options that are filled in, files apart.
export function values(shown, entries, except) {
  const given = shown.filter((each) => each.name !== except && !isEmpty(entries[each.name]) && !entries[each.name].file);
  return Object.fromEntries(given.map((each) => [each.name, sent(each, entries[each.name])]));
}

async function withFiles(shown, entries) {
  const files = shown.filter((each) => entries[each.name]?.file);
  const read = await Promise.all(files.map(async (each) => [each.name, await readFile(entries[each.name].file)]));
  return { ...values(shown, entries), ...Object.fromEntries(read) };
}

// Which options are on screen, and what is in them. `first`: what was typed behind the command's name.
export function useEntries(command, first) {
  const [entries, setEntries] = useState(() => spread(command.options, first));
  const [extra, setExtra] = useState(() => command.options.filter((each) => !each.required && entries[each.name]).map((each) => each.name));
  const shown = [...command.options.filter((each) => each.required), ...extra.map((name) => command.options.find((each) => each.name === name))];
  return {
    shown, entries,
    left: command.options.filter((each) => !shown.includes(each)),
    set: (name, entry) => setEntries((before) => ({ ...before, [name]: entry })),
    add: (name) => setExtra([...extra, name]),
    drop: (name) => {
      setExtra(extra.filter((each) => each !== name));
      setEntries(({ [name]: _, ...rest }) => rest);
    },
  };
}

// `onWrong(name)`: the option whose value was not accepted, here or by the server.
export function useSending({ command, shown, entries, onClose, onWrong }) {
  const [refused, setRefused] = useState(NOTHING_WRONG);
  const [sending, setSending] = useState(false);
  const refuse = (option, words, fields) => {
    setRefused({ words: option ? `${nameOf(option)}: ${words}` : words, fields });
    if (option) onWrong(option.name);
  };
  const run = async () => {
    setSending(true);
    try {
      const options = await withFiles(shown, entries);
      const started = await post("/slash", { person: state.me, channel: state.channel, command: command.words.join(" "), options });
      began(started, command.title);
      onClose("");
      watch(started);
    } catch (error) {
      setSending(false);
      if (!(error instanceof Refused)) throw error;
      const fields = Object.fromEntries(Object.entries(error.errors).map(([key, node]) => [key, firstText(node)]));
      const option = shown.find((each) => fields[each.name]);
      refuse(option, option ? fields[option.name] : error.message, fields);
    }
  };
  const send = () => {
    const wrong = shown.map((each) => [each, problem(each, entries[each.name])]).find(([, words]) => words);
    if (wrong) refuse(...wrong, {});
    else if (!sending) run();
  };
  return { refused, sending, send, clear: () => setRefused(NOTHING_WRONG), say: (words) => setRefused({ words, fields: {} }) };
}
