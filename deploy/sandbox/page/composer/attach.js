// Files that someone wants to send: dropped, pasted or picked, and checked before anything is sent.
import { Icon } from "../base/icons.js";
import { bytes, cx, html, useEffect, useRef, useState } from "../base/ui.js";

export const MOST = 10; // files with one message
const MIB = 1 << 20, REQUEST = 25 * MIB;
const BY_TIER = { 2: 50, 3: 100 };

// What one file may hold, in bytes, in a server (null: direct messages).
export const limitIn = (guild) => (BY_TIER[guild?.boost_tier] || 10) * MIB;

let last = 0;

const held = (file) => ({ id: ++last, file, url: file.type.startsWith("image/") ? URL.createObjectURL(file) : null });
const release = (each) => each.url && URL.revokeObjectURL(each.url);

const named = (file) => (file.name ? `“${file.name}”` : "The file");

// What of `given` may join the files that are there, and in words why the rest may not.
export function sift(given, there, { limit, most = MOST, where = "here" }) {
  const taken = [], troubles = [];
  let room = most - there.length, weight = there.reduce((sum, each) => sum + each.file.size, 0), left = 0;
  for (const file of given) {
    if (file.size > limit) troubles.push(`${named(file)} has ${bytes(file.size)}; a file ${where} may have at most ${bytes(limit)}.`);
    else if (weight + file.size > Math.max(REQUEST, limit)) {
      troubles.push(`${named(file)} has ${bytes(file.size)}; all files together may have at most ${bytes(Math.max(REQUEST, limit))}.`);
    } else if (room <= 0) left += 1;
    else {
      taken.push(file);
      room -= 1;
      weight += file.size;
    }
  }
  if (left) troubles.push(`At most ${most} ${most === 1 ? "file" : "files"} can be added; ${left} ${left === 1 ? "was" : "were"} left out.`);
  return { taken, trouble: troubles.join(" ") };
}

// Files of one form or of the composer; `rules`: { limit, most?, where? }.
export function useFiles(rules) {
  const [files, setFiles] = useState([]);
  const [trouble, setTrouble] = useState("");
  const now = useRef(files);
  now.current = files;
  useEffect(() => () => now.current.forEach(release), []);
  const add = (given) => {
    const sifted = sift([...given], rules.most === 1 ? [] : now.current, rules);
    setTrouble(sifted.trouble);
    if (!sifted.taken.length) return;
    if (rules.most === 1) now.current.forEach(release);
    setFiles([...(rules.most === 1 ? [] : now.current), ...sifted.taken.map(held)]);
  };
  const remove = (id) => {
    now.current.filter((each) => each.id === id).forEach(release);
    setTrouble("");
    setFiles(now.current.filter((each) => each.id !== id));
  };
  const clear = () => {
    now.current.forEach(release);
    setTrouble("");
    setFiles([]);
  };
  return { files, trouble, add, remove, clear };
}

// A file as the control API takes it.
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ filename: file.name, content_type: file.type, data: reader.result.split(",")[1] || "" });
    reader.onerror = () => reject(new Error(`${named(file)} could not be read: ${reader.error.message}`));
    reader.readAsDataURL(file);
  });
}

export const readFiles = (files) => Promise.all(files.map((each) => readFile(each.file)));

// Take files from the clipboard; plain text goes its usual way.
export function pasteFiles(event, add) {
  const files = [...(event.clipboardData?.files || [])];
  if (!files.length) return;
  event.preventDefault();
  add(files);
}

const carriesFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

// Shown over the whole page while files are dragged over it; `words` say what a drop does, and where.
export function DropTarget({ words, add }) {
  const [over, setOver] = useState(false);
  const taker = useRef(add);
  taker.current = add;
  useEffect(() => {
    let depth = 0; // every element on the way reports its own entering and leaving
    const settle = () => {
      depth = 0;
      setOver(false);
    };
    const on = {
      dragenter: (event) => carriesFiles(event) && setOver((depth += 1) > 0),
      dragleave: (event) => carriesFiles(event) && setOver((depth -= 1) > 0),
      dragover: (event) => carriesFiles(event) && event.preventDefault(),
      mousemove: () => depth && settle(), // there is none during a drag: it was broken off
      drop: (event) => {
        settle();
        if (!carriesFiles(event) || event.defaultPrevented) return;
        event.preventDefault();
        taker.current([...event.dataTransfer.files]);
      },
    };
    for (const [kind, listen] of Object.entries(on)) addEventListener(kind, listen);
    return () => {
      for (const [kind, listen] of Object.entries(on)) removeEventListener(kind, listen);
    };
  }, []);
  return over && html`<div class="drop-target"><div><${Icon} is="file" /><b>${words}</b><span>They wait beside your words until you send them.</span></div></div>`;
}

// The files that wait, each with a small picture and a way to take it out again.
export function Chips({ files, onRemove }) {
  if (!files.length) return null;
  return html`<ul class="chips" aria-label="Files to send">${files.map(({ id, file, url }) => html`<li key=${id} class="chip">
    ${url ? html`<img src=${url} alt="" />` : html`<span class="chip-sign"><${Icon} is="file" /></span>`}
    <span class="chip-name" title=${file.name}>${file.name}</span><small>${bytes(file.size)}</small>
    <button type="button" class="chip-remove" title="Remove" aria-label=${`Remove ${file.name}`} onClick=${() => onRemove(id)}><${Icon} is="cross" /></button></li>`)}</ul>`;
}

// A field for files: a place to drop them on that is a button as well. `held` comes from useFiles.
export function FileField({ id, held, most = 1, label, describedBy, invalid }) {
  const [over, setOver] = useState(false);
  const input = useRef(null);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    held.add([...event.dataTransfer.files]);
  };
  const picked = (event) => {
    held.add([...event.currentTarget.files]);
    event.currentTarget.value = ""; // else the same file cannot be picked again
  };
  const words = held.files.length && most === 1 ? "Choose another file" : `Drop ${most > 1 ? "files" : "a file"} here, or choose`;
  return html`<div class=${cx("file-field", over && "over", invalid && "bad")} onDrop=${drop} onPaste=${(event) => pasteFiles(event, held.add)}
      onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)}>
    <input ref=${input} type="file" class="file-input" tabindex="-1" aria-hidden="true" multiple=${most > 1} onChange=${picked} />
    <${Chips} files=${held.files} onRemove=${held.remove} />
    <button type="button" id=${id} class="file-pick" aria-label=${`${words}: ${label}`} aria-describedby=${describedBy}
      onClick=${() => input.current.click()}>${words}</button>
    ${held.trouble && html`<p class="trouble" role="alert">${held.trouble}</p>`}
  </div>`;
}
