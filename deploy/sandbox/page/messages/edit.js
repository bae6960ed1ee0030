// Changing the words of one's own message, where they stand.
import { edit, saveEdit } from "../state/actions.js";
import { fit, html, useLayoutEffect, useRef, useState } from "../base/ui.js";
import { mentioned, unmentioned } from "../state/world.js";

export function EditBox({ message }) {
  const [text, setText] = useState(unmentioned(message.content));
  const area = useRef(null);
  useLayoutEffect(() => {
    area.current.focus();
    area.current.setSelectionRange(text.length, text.length);
    return () => document.getElementById("text")?.focus(); // who has changed it writes on
  }, []);
  useLayoutEffect(() => fit(area.current), [text]);
  const save = async () => {
    const wanted = mentioned(text.trim());
    if (wanted === message.content || (wanted && (await saveEdit(message, wanted)))) edit(null);
  };
  const key = (event) => {
    if (event.key === "Escape") edit(null);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
  };
  return html`<div class="edit-box"><textarea ref=${area} rows="1" value=${text} aria-label="Change the message"
      onInput=${(event) => setText(event.currentTarget.value)} onKeyDown=${key} />
    <p>escape to <button class="text" onClick=${() => edit(null)}>cancel</button> · enter to <button class="text" onClick=${save}>save</button></p></div>`;
}
