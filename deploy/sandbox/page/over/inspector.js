// How a message came about: what the bot was told and what it asked, in order, with every byte to read.
import { get } from "../state/api.js";
import { Icon } from "../base/icons.js";
import { Json } from "./json.js";
import { Dialog } from "./overlay.js";
import { plainWords, titleOf, toneOf } from "./trace.js";
import { cx, html, useEffect, useRef, useState } from "../base/ui.js";

const TABS = { timeline: "Timeline", message: "Message", states: "States" };

// Follows the message while it changes.
export function Inspector({ message, onClose }) {
  const [tab, show] = useState("timeline");
  const [found, setFound] = useState(null); // { trace, full } or { trouble }
  useEffect(() => {
    let wanted = true;
    Promise.all([get("/exchanges", { message: message.id }), get(`/messages/${message.id}`)])
      .then(([trace, full]) => wanted && setFound({ trace, full }), ({ message: trouble }) => wanted && setFound({ trouble }));
    return () => {
      wanted = false;
    };
  }, [message]);
  return html`<${Dialog} kind="inspector" label="Inspector" onClose=${onClose}>
    <header class="inspector-head"><h2>How this message came about</h2><code>${message.id}</code>
      <button type="button" class="inspector-close" autofocus aria-label="Close" onClick=${onClose}><${Icon} is="cross" /></button></header>
    <${Tabs} tab=${tab} show=${show} />
    <div class="inspector-body" role="tabpanel" id="inspector-panel" aria-labelledby=${`inspector-${tab}`} tabindex="0">
      ${found === null && html`<p class="inspector-none" role="status">Fetching…</p>`}
      ${found?.trouble && html`<p class="inspector-none" role="alert">${found.trouble}</p>`}
      ${found?.trace && tab === "timeline" && html`<${Timeline} trace=${found.trace} />`}
      ${found?.full && tab === "message" && html`<${Json} value=${raw(found.full)} label="The message, as Discord's API shows it" />`}
      ${found?.full && tab === "states" && html`<${States} history=${found.full.history} />`}
    </div>
  <//>`;
}

const raw = ({ history, sandbox, ...rest }) => rest;

function Tabs({ tab, show }) {
  const row = useRef(null);
  const turn = (event) => {
    const names = Object.keys(TABS), by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = names[(names.indexOf(tab) + by + names.length) % names.length];
    show(next);
    row.current.querySelector(`#inspector-${next}`).focus();
  };
  return html`<div class="inspector-tabs" role="tablist" aria-label="What to look at" ref=${row} onKeyDown=${turn}>${Object.entries(TABS).map(([key, words]) =>
    html`<button type="button" role="tab" key=${key} id=${`inspector-${key}`} aria-selected=${String(tab === key)} aria-controls="inspector-panel"
      tabindex=${tab === key ? 0 : -1} onClick=${() => show(key)}>${words}</button>`)}</div>`;
}

const began = (each) => (each.kind === "http" ? each.at - each.ms / 1000 : each.at);

function Timeline({ trace }) {
  if (!trace.length) return html`<p class="inspector-none">No bot heard of this message, and none asked for it. (The log keeps the newest 3,000 calls.)</p>`;
  const start = Math.min(...trace.map(began)), length = Math.max(0.001, ...trace.map((each) => each.at - start));
  const steps = [...trace].sort((one, other) => began(one) - began(other)); // a call before what it brought about
  const calls = trace.filter((each) => each.kind === "http").length, events = trace.length - calls;
  return html`<p class="inspector-sum">${events} ${events === 1 ? "event" : "events"} to the bot, ${calls} ${calls === 1 ? "call" : "calls"} from it, ${span(length)} in all</p>
    <ol class="trace">${steps.map((each) => html`<${Step} key=${each.number} step=${each} start=${start} length=${length} />`)}</ol>`;
}

function Step({ step, start, length }) {
  const [open, setOpen] = useState(false);
  const http = step.kind === "http";
  const bar = { left: `${((began(step) - start) / length) * 100}%`, width: http ? `${(step.ms / 1000 / length) * 100}%` : 0 };
  return html`<li class=${cx("step", step.kind, toneOf(step))}><details open=${open} onToggle=${(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}>
    <summary>
      <span class="step-at">+${span(began(step) - start)}</span>
      <span class="step-way" title=${http ? "From the bot" : "To the bot"}>${http ? "←" : "→"}</span>
      <span class="step-what"><b>${plainWords(step)}</b><code>${titleOf(step)}</code></span>
      <span class="step-end">${http ? html`<span class="step-status">${step.status}</span>${span(step.ms / 1000)}` : step.sent ? `shard ${step.shard}` : "kept for RESUME"}</span>
      <span class="step-track" aria-hidden="true"><i style=${bar} /></span>
    </summary>
    ${open && html`<div class="step-inner">${http ? html`<${Call} call=${step} />` : html`<${Json} value=${step.data} label=${`${step.event}, number ${step.seq} of shard ${step.shard}`} />`}</div>`}
  </details></li>`;
}

function Call({ call }) {
  return html`<p class="step-path"><code>${call.method} ${shorten(call.path)}</code></p>
    ${call.fault !== null && html`<p class="step-note">Fault ${call.fault} struck this call.</p>`}
    ${call.files.length > 0 && html`<p class="step-note">With ${new Intl.ListFormat("en").format(call.files)}.</p>`}
    ${call.request !== null && html`<${Json} value=${call.request} label="Request" />`}
    ${call.response !== null && html`<${Json} value=${call.response} label=${`Answer, ${call.status}`} depth=${1} />`}
    ${call.request === null && call.response === null && html`<p class="step-note">Neither request nor answer had a body.</p>`}`;
}

// Interaction tokens fill lines and say nothing.
const shorten = (path) => path.replace(/[\w-]{60,}/g, (token) => `${token.slice(0, 10)}…`);

function span(seconds) {
  if (seconds < 0.0995) return `${(seconds * 1000).toFixed(1)} ms`;
  return seconds < 100 ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : `${Math.round(seconds / 60)} min`;
}

function States({ history }) {
  const first = history[0]?.at;
  return html`<ol class="states">${history.map((each, index) => html`<li key=${index}>
    <span class="step-at">+${span(each.at - first)}</span><span class="state-text">${each.content || html`<i>no text</i>`}</span>
    <small>${each.attachments.length} ${each.attachments.length === 1 ? "file" : "files"}</small></li>`)}</ol>`;
}
