// Pictures at full size: next and previous, closer and further, alt text, save.
import { Icon } from "../base/icons.js";
import { bytes, cx, html, useLayoutEffect, useRef, useState } from "../base/ui.js";
import { Dialog } from "./overlay.js";

const CLOSEST = 8, STEP = 1.5;

// `pictures`: { url, description?, filename?, width?, height?, size? }.
export function Viewer({ pictures, index = 0, onClose }) {
  const [at, setAt] = useState(index);
  const [scale, setScale] = useState(1);
  const shown = pictures[at];
  const go = (by) => {
    setAt((at + by + pictures.length) % pictures.length);
    setScale(1);
  };
  const zoom = (factor) => setScale((now) => Math.min(CLOSEST, Math.max(1, now * factor)));
  const keys = {
    ArrowLeft: () => go(-1), ArrowRight: () => go(1), Home: () => go(-at), End: () => go(pictures.length - 1 - at),
    "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: () => setScale(1),
  };
  const key = (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  };
  const many = pictures.length > 1;
  return html`<${Dialog} kind="viewer" label="Picture" onClose=${onClose} onKeyDown=${key}>
    <header class="viewer-bar">
      ${many && html`<span class="viewer-count" role="status">${at + 1} of ${pictures.length}</span>`}
      <span class="viewer-tools">
        <button type="button" title="Closer (+)" aria-label="Closer" disabled=${scale >= CLOSEST} onClick=${() => zoom(STEP)}><${Icon} is="closer" /></button>
        <button type="button" title="Further (-)" aria-label="Further" disabled=${scale <= 1} onClick=${() => zoom(1 / STEP)}><${Icon} is="further" /></button>
        <a class="viewer-save" href=${shown.url} download=${fileName(shown)} title="Save" aria-label="Save"><${Icon} is="save" /></a>
        <a href=${shown.url} target="_blank" rel="noreferrer" title="Open original" aria-label="Open original"><${Icon} is="out" /></a>
        <button type="button" autofocus title="Close (Esc)" aria-label="Close" onClick=${onClose}><${Icon} is="cross" /></button>
      </span>
    </header>
    <${Stage} picture=${shown} scale=${scale} onScale=${setScale} onZoom=${zoom} onClose=${onClose} key=${shown.url} />
    ${many && html`<button type="button" class="viewer-step previous" aria-label="Previous picture" onClick=${() => go(-1)}><${Icon} is="left" /></button>
      <button type="button" class="viewer-step next" aria-label="Next picture" onClick=${() => go(1)}><${Icon} is="right" /></button>`}
    <footer class="viewer-about">
      ${shown.description && html`<p class="alt">${shown.description}</p>`}
      <p class="viewer-facts">${facts(shown)}</p>
    </footer>
  <//>`;
}

// The picture itself. A click goes closer, or back; when it is larger than its place it can be dragged.
function Stage({ picture, scale, onScale, onZoom, onClose }) {
  const box = useRef(null), held = useRef(null), image = useRef(null), fitted = useRef(0);
  const large = scale > 1;
  if (!large && image.current) fitted.current = 0;
  else if (large && !fitted.current) fitted.current = image.current.offsetWidth; // it is drawn as it fits until now
  useLayoutEffect(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = box.current;
    box.current.scrollTo((scrollWidth - clientWidth) / 2, (scrollHeight - clientHeight) / 2);
  }, [scale]);
  const wheel = (event) => {
    event.preventDefault();
    onZoom(event.deltaY < 0 ? STEP ** 0.5 : STEP ** -0.5);
  };
  const take = (event) => {
    held.current = { x: event.clientX, y: event.clientY, left: box.current.scrollLeft, top: box.current.scrollTop, moved: false };
  };
  const drag = (event) => {
    const from = held.current;
    if (!from || !event.buttons || !large || event.pointerType === "touch") return;
    from.moved ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4;
    box.current.scrollTo(from.left - event.clientX + from.x, from.top - event.clientY + from.y);
  };
  const click = (event) => {
    if (held.current?.moved) return;
    if (event.target === box.current) onClose();
    else onScale(large ? 1 : 2);
  };
  return html`<div ref=${box} class=${cx("viewer-stage", large && "large")} tabindex=${large ? 0 : null} role="group" aria-label=${large ? "Enlarged picture" : null}
    onPointerDown=${take} onPointerMove=${drag} onWheel=${wheel} onClick=${click}>
    <img ref=${image} src=${picture.url} alt=${picture.description || ""} draggable=${false} style=${large ? { width: `${scale * fitted.current}px` } : {}} /></div>`;
}

export const fileName = (picture) => picture.filename || decodeURIComponent(new URL(picture.url, location.href).pathname.split("/").pop());

const facts = (picture) =>
  [fileName(picture), picture.width && `${picture.width} × ${picture.height}`, picture.size && bytes(picture.size)].filter(Boolean).join(" · ");
