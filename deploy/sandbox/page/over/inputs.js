// The inputs of a form, each with its label. What is in them is asked through `answers`: custom_id → function that
// gives { value() to send, problem in words or null, dirty }.
import { FileField, limitIn, readFiles, useFiles } from "../composer/attach.js";
import { Choose, Radios } from "./choose.js";
import { cx, html, name, useMemo, useState } from "../base/ui.js";

const STRING = 3, INPUT = 4, USER = 5, ROLE = 6, MENTIONABLE = 7, UPLOAD = 19, RADIOS = 21, CHECKS = 22, CHECK = 23;
const PARAGRAPH = 2, LONGEST = 4000;

export const idOf = (inner) => `modal-${inner.custom_id}`;

const CONTROLS = { [INPUT]: Text, [UPLOAD]: Upload, [CHECK]: Check };

export function Field({ field, first, world, answers, problem }) {
  const { label, about, inner } = field;
  const id = idOf(inner);
  const required = inner.type !== CHECK && inner.required !== false;
  const Control = CONTROLS[inner.type] || Pick;
  const described = cx(about && `${id}-about`, problem && `${id}-problem`) || null;
  return html`<div class="modal-field" data-field=${inner.custom_id}>
    <label class="modal-label" for=${id}>${label}${required && html`<span class="star" aria-hidden="true">*</span>`}</label>
    ${about && html`<p class="modal-about" id=${`${id}-about`}>${about}</p>`}
    <${Control} ...${{ id, inner, label, required, world, answers, described, first }} invalid=${Boolean(problem)}
      foot=${problem && html`<p class="trouble" id=${`${id}-problem`}>${problem}</p>`} /></div>`;
}

function Text({ id, inner, required, answers, described, invalid, first, foot }) {
  const [text, setText] = useState(inner.value || "");
  const most = inner.max_length || LONGEST, least = inner.min_length || 0;
  answers.set(inner.custom_id, () => ({ value: () => text, problem: textProblem(text, required, least, most), dirty: text !== (inner.value || "") }));
  const common = {
    id, value: text, autofocus: first, placeholder: inner.placeholder || "", class: cx(invalid && "bad"), "aria-describedby": described,
    "aria-invalid": invalid ? "true" : null, "aria-required": required ? "true" : null, autocomplete: "off",
    onInput: (event) => setText(event.currentTarget.value),
  };
  const counted = inner.max_length || least || text.length > LONGEST - 500;
  return html`${inner.style === PARAGRAPH ? html`<textarea rows="4" ...${common} />` : html`<input type="text" ...${common} />`}
    <div class="modal-foot-line">${foot}${counted && html`<span class="modal-count">${text.length} / ${most}</span>`}</div>`;
}

function textProblem(text, required, least, most) {
  if (!text.trim()) return required ? "Please fill this in." : null;
  if (text.length < least) return `Please write at least ${least} characters; there ${text.length === 1 ? "is" : "are"} ${text.length}.`;
  return text.length > most ? `Please write at most ${most} characters; there are ${text.length}.` : null;
}

function Upload({ id, inner, label, required, world, answers, described, invalid, foot }) {
  const most = inner.max_values ?? 1, least = required ? Math.max(1, inner.min_values ?? 1) : 0;
  const held = useFiles({ limit: limitIn(world.guild), most, where: world.guild ? `in ${world.guild.name}` : "in direct messages" });
  answers.set(inner.custom_id, () => ({ value: () => readFiles(held.files), problem: tooFew(held.files.length, least, "Add", " file"), dirty: held.files.length > 0 }));
  return html`<${FileField} ...${{ id, held, most, label, invalid }} describedBy=${described} />${foot}`;
}

function Pick({ id, inner, label, required, world, answers, described, invalid, foot }) {
  const options = useMemo(() => choices(inner, world), [inner]);
  const preset = useMemo(() => [...(inner.default_values || []).map((each) => each.id), ...options.filter((each) => each.default).map((each) => each.value)], [inner]);
  const [picked, pick] = useState(preset);
  const most = inner.type === RADIOS ? 1 : inner.max_values ?? (inner.type === CHECKS ? options.length : 1);
  const least = required || picked.length ? Math.max(required ? 1 : 0, inner.min_values ?? 1) : 0;
  answers.set(inner.custom_id, () => ({ value: () => picked, problem: tooFew(picked.length, least, "Choose"), dirty: picked.join() !== preset.join() }));
  const Kind = inner.type === RADIOS ? Radios : Choose;
  return html`<${Kind} ...${{ id, label, options, picked, most, required, invalid }} open=${inner.type === CHECKS} placeholder=${inner.placeholder}
    describedBy=${described} onPick=${pick} />${foot}`;
}

function Check({ id, inner, answers, described }) {
  const [on, set] = useState(Boolean(inner.default));
  answers.set(inner.custom_id, () => ({ value: () => on, problem: null, dirty: on !== Boolean(inner.default) }));
  return html`<input type="checkbox" id=${id} class="modal-check" checked=${on} aria-describedby=${described} onInput=${() => set(!on)} />`;
}

function tooFew(count, least, verb, what = "") {
  if (count >= least) return null;
  return `${verb} at least ${least === 1 ? "one" : least}${what && what + (least === 1 ? "" : "s")}.`;
}

function choices(inner, { bot, people, guild, channels }) {
  const users = [bot, ...people].map((each) => ({ value: each.id, label: name(each), user: each }));
  const roles = (guild?.roles || []).map((each) => ({ value: each.id, label: each.name.startsWith("@") ? each.name : `@${each.name}` }));
  if ([STRING, RADIOS, CHECKS].includes(inner.type)) return inner.options;
  if (inner.type === USER) return users;
  if (inner.type === ROLE) return roles;
  if (inner.type === MENTIONABLE) return [...users, ...roles];
  return channels.filter((each) => !inner.channel_types?.length || inner.channel_types.includes(each.type)).map((each) => ({ value: each.id, label: `#${each.name}` }));
}
