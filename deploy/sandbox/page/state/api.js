// The control API and its stream of events.

export class Refused extends Error {
  constructor(body) {
    const details = Object.entries(body.errors || {}).map(([field, node]) => `${field}: ${firstText(node)}`);
    super(details.length ? details.join("; ") : body.message);
    this.code = body.code;
    this.errors = body.errors || {};
  }
}

export function firstText(node) {
  if (node?._errors) return node._errors[0].message;
  return firstText(Object.values(node || {})[0] || { _errors: [{ message: "not accepted" }] });
}

const AWAY = { message: "The sandbox does not answer. Please try again in a moment." };

async function call(path, options) {
  const answer = await fetch(`/sandbox${path}`, options).catch(() => {
    throw new Refused(AWAY);
  });
  const body = await answer.json().catch(() => AWAY); // it went away in the middle of its answer
  if (!answer.ok || body === AWAY) throw new Refused(body);
  return body;
}

export function get(path, query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return call(`${path}?${new URLSearchParams(known)}`);
}

export const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// Calls `hear(event)` for every event, for ever; `linked(true | false)` tells whether the stream is up.
export function follow(hear, linked) {
  const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/sandbox/events`);
  socket.onmessage = ({ data }) => {
    for (const event of JSON.parse(data)) {
      if (event.event === "hello") linked(true);
      else hear(event);
    }
  };
  socket.onclose = () => {
    linked(false);
    setTimeout(() => follow(hear, linked), 1000);
  };
}

const KEPT = 200;
const waiting = new Map();
const done = new Map(); // the stream is often quicker than the answer to the call

// The interaction as soon as it was answered or failed; `heard` feeds it from the stream.
export function settled(interaction) {
  const known = interaction.state === "pending" ? done.get(interaction.id) : interaction;
  if (known) return Promise.resolve(known);
  return new Promise((resolve) => waiting.set(interaction.id, resolve));
}

export function heard(interaction) {
  if (interaction.state === "pending") return;
  done.set(interaction.id, interaction);
  if (done.size > KEPT) done.delete(done.keys().next().value);
  waiting.get(interaction.id)?.(interaction);
  waiting.delete(interaction.id);
}

// Interactions that someone still waits for; the stream may have been away when they were answered.
export const unsettled = () => [...waiting.keys()];
