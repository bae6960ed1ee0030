// Options of a slash command: what can be chosen, what is wrong with a value in words, and how it is sent.
import { nameOf } from "./commands.js";
import { state } from "../state/store.js";
import { hex, name } from "../base/ui.js";
import { channelTree, guildOf, rolesOf } from "../state/world.js";

export const STRING = 3, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, MENTIONABLE = 9, NUMBER = 10, FILE = 11;

export const isNumeric = (option) => option.type === INTEGER || option.type === NUMBER;

const people = () => {
  const guild = guildOf(state.channel);
  const there = guild ? guild.members.map((each) => each.id) : null;
  return [...state.world.people, state.world.bot].filter((each) => !there || there.includes(each.id))
    .map((user) => ({ value: user.id, name: name(user), note: user.username, user }));
};
const roles = () => (guildOf(state.channel)?.roles || []).map((each) => ({ value: each.id, name: each.name, sign: "@", color: each.color ? hex(each.color) : null }));
const channels = ({ channel_types: wanted }) => {
  const guild = guildOf(state.channel);
  const all = guild ? channelTree(guild).flatMap((each) => [each.channel, ...each.threads]) : [];
  return all.filter((each) => !wanted?.length || wanted.includes(each.type)).map((each) => ({ value: each.id, name: each.name, sign: "#" }));
};

// What the option may be, when that is a list; else null. Each: { value, name, note?, sign?, user?, color? }.
export function candidates(option) {
  if (option.choices?.length) return option.choices.map((each) => ({ value: each.value, name: nameOf(each) }));
  switch (option.type) {
    case BOOLEAN: return [{ value: true, name: "True" }, { value: false, name: "False" }];
    case USER: return people();
    case CHANNEL: return channels(option);
    case ROLE: return roles();
    case MENTIONABLE: return [...people(), ...roles()];
    default: return null;
  }
}

export const isEmpty = (entry) => !entry || (!entry.picked && !entry.file && entry.text === "");

const between = (low, high, unit) => {
  if (low !== undefined && high !== undefined) return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
  if (low !== undefined) return `${low}${unit} or more`;
  return high !== undefined ? `${high}${unit} or fewer` : "";
};
const lengths = (option) => between(option.min_length || undefined, option.max_length, " characters");

// The limits of an option in words, or "".
export function limits(option) {
  if (option.type === STRING && !option.choices?.length) return lengths(option);
  return isNumeric(option) && !option.choices?.length ? between(option.min_value, option.max_value, "") : "";
}

function wrongNumber(option, text) {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) return "This must be a number";
  if (option.type === INTEGER && !Number.isInteger(value)) return "This must be a whole number";
  if (value < (option.min_value ?? -Infinity) || value > (option.max_value ?? Infinity)) return `This must be ${between(option.min_value, option.max_value, "")}`;
  return "";
}

// What is wrong with the entry, in words; "" when it can be sent. An entry: { text, picked?: candidate, file?: File }.
export function problem(option, entry) {
  if (isEmpty(entry)) return option.required ? "This field is required" : "";
  if (entry.picked || entry.file) return "";
  if (candidates(option)) return "Choose one of the list";
  if (isNumeric(option)) return wrongNumber(option, entry.text);
  const short = entry.text.length < (option.min_length || 0), long = entry.text.length > (option.max_length || 6000);
  return short || long ? `This must be ${lengths(option)}; it has ${entry.text.length}` : "";
}

// A candidate that the text names in full.
export function named(option, text) {
  const wanted = text.trim().toLowerCase().replace(/^[@#]/, "");
  return wanted ? candidates(option)?.find((each) => each.name.toLowerCase() === wanted) : undefined;
}

// The value as the control API takes it; files apart.
export function sent(option, entry) {
  if (entry.picked) return entry.picked.value;
  if (isNumeric(option)) return wrongNumber({ type: option.type }, entry.text) ? entry.text : Number(entry.text);
  return entry.text;
}

// The highest role's colour, for a candidate that is a person.
export const colourOf = (candidate) => {
  const guild = guildOf(state.channel);
  const role = candidate.user && guild && rolesOf(guild, candidate.user.id).find((each) => each.color);
  return candidate.color || (role ? hex(role.color) : null);
};
