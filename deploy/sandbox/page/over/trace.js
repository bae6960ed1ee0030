// The words for what the inspector lists.
import { context } from "../state/world.js";

const DID = { 2: "used", 4: "typed into", 5: "submitted the form" };
const BUTTON = 2;
const ANSWERED = {
  1: "Acknowledged a ping", 4: "Answered with a message", 5: "Said that it is thinking", 6: "Will change the message later",
  7: "Changed the message", 8: "Offered choices", 9: "Opened a form", 12: "Launched its activity",
};
const EVENT_WORDS = {
  MESSAGE_CREATE: "The message is there", MESSAGE_UPDATE: "The message changed", MESSAGE_DELETE: "The message is gone",
  THREAD_CREATE: "A thread began", THREAD_UPDATE: "The thread changed", THREAD_DELETE: "The thread is gone",
  MESSAGE_REACTION_REMOVE_ALL: "All reactions are gone", MESSAGE_REACTION_REMOVE_EMOJI: "One kind of reaction is gone",
};
const ASKED = [
  [/reactions/, { PUT: "Reacted", DELETE: "Took a reaction away", GET: "Asked who reacted" }],
  [/messages\/\{message\}/, { PATCH: "Edited the message", DELETE: "Deleted the message", GET: "Read the message" }],
  [/webhooks/, { POST: "Sent a follow-up" }],
  [/messages$/, { POST: "Sent a message", GET: "Read the channel" }],
];

// One entry of GET /sandbox/exchanges?message= in words.
export const plainWords = (step) => (step.kind === "gateway" ? eventWords(step) : callWords(step));

// The same as a protocol has it.
export const titleOf = (step) => (step.kind === "gateway" ? step.event : `${step.method} ${step.route}`);

export const toneOf = (step) => (step.kind === "gateway" ? "sent" : step.status < 300 ? "well" : step.status === 429 ? "limited" : "refused");

function eventWords({ event, data }) {
  if (event === "INTERACTION_CREATE") return `${who(data)} ${DID[data.type] || (data.data.component_type === BUTTON ? "pressed" : "picked from")} ${thing(data)}`;
  if (event === "MESSAGE_REACTION_ADD") return `${context.person(data.user_id)} reacted with ${data.emoji.name}`;
  if (event === "MESSAGE_REACTION_REMOVE") return `${context.person(data.user_id)} took ${data.emoji.name} away`;
  return EVENT_WORDS[event] || event;
}

const who = (data) => context.person((data.member?.user || data.user).id);

function thing({ type, data }) {
  if (type === 2 || type === 4) return data.type > 1 ? `“${data.name}”` : `/${data.name}`;
  return data.custom_id;
}

function callWords({ method, route, request, status }) {
  if (status >= 400) return `Was refused${request?.type ? `: ${lower(ANSWERED[request.type])}` : ""}`;
  if (route.endsWith("/callback")) return ANSWERED[request?.type] || "Answered";
  const known = ASKED.find(([pattern, words]) => pattern.test(route) && words[method]);
  return known ? known[1][method] : "Called";
}

const lower = (words) => (words ? words[0].toLowerCase() + words.slice(1) : "an answer");
