// What this tab's person has set for themselves: language, direct messages, the app as their own (a user installation).
import { setSelf } from "../state/actions.js";
import { html } from "../base/ui.js";

// Discord's languages.
const LOCALES = "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(" ");

function nameOf(locale) {
  const words = new Intl.DisplayNames([locale], { type: "language" }).of(locale);
  return words[0].toLocaleUpperCase(locale) + words.slice(1);
}

const Switch = ({ on, label, onChange }) =>
  html`<label><input type="checkbox" checked=${on} onChange=${(event) => onChange(event.currentTarget.checked)} />${label}</label>`;

export function Settings({ user, bot }) {
  return html`<div class="self-settings"><label>Language <select value=${user.locale} onChange=${(event) => setSelf({ locale: event.currentTarget.value })}>
      ${LOCALES.map((each) => html`<option key=${each} value=${each}>${nameOf(each)}</option>`)}</select></label>
    <${Switch} on=${user.dms_open} label="Takes direct messages" onChange=${(dms_open) => setSelf({ dms_open })} />
    <${Switch} on=${user.installed} label=${`Has installed ${bot}`} onChange=${(installed) => setSelf({ installed })} /></div>`;
}
