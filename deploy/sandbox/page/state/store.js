// Everything that this tab knows. Values are replaced, never changed in place, so that parts can compare them.
import { useLayoutEffect, useState } from "../base/ui.js";

export const state = {
  world: null,      // GET /sandbox/world, with what this person may do in each channel
  me: null,         // the id of the person that this tab is
  channel: null,    // the id of the channel on screen
  messages: null,   // its messages, oldest first; null while they are fetched
  older: false,     // whether there are messages before the first of these
  since: null,      // the last message that had been read when something new came; null when there was nothing new
  atEnd: true,      // whether the newest messages are on screen
  commands: [],     // what the bot offers this person here
  notices: [],      // lines that only this tab shows: { id, channel, at, text }
  sending: {},      // commands that the bot has not answered yet: interaction id → { title, channel }
  busy: {},         // components that wait for the bot: message id → custom_id
  failed: {},       // what the bot left unanswered: message id → words
  typing: {},       // who writes here: user id → when that is over, in ms
  newest: {},       // newest message that came in while the page was open: channel id → message id
  read: {},         // newest message read: "person:channel" → message id
  pings: {},        // mentions since: "person:channel" → count
  link: "opening",  // the stream of events: opening, up, lost
  bots: 0,          // connected gateway sessions
  replyTo: null,    // the message that the composer answers
  editing: null,    // the id of the message of one's own that is being changed
  draft: null,      // a command that something on the page puts into the composer: { words }
  layer: null,      // what is open on top: { kind, ... }
  drawer: false,    // servers and channels, on a narrow screen
};

const listeners = new Set();

export function change(patch) {
  Object.assign(state, patch);
  for (const each of [...listeners]) each();
}

// A copy of the object with one key set, or left out when the value is undefined.
export function put(object, key, value) {
  const { [key]: _, ...rest } = object;
  return value === undefined ? rest : { ...rest, [key]: value };
}

// The chosen part of the state; the component is drawn again when that part is another value.
export function useStore(select) {
  const [, draw] = useState(0);
  const now = select(state);
  useLayoutEffect(() => {
    let seen = now;
    const look = () => {
      const next = select(state);
      if (Object.is(next, seen)) return;
      seen = next;
      draw((turn) => turn + 1);
    };
    look();
    listeners.add(look);
    return () => listeners.delete(look);
  });
  return now;
}
