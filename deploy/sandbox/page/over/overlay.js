// What lies over the page: a dialog that holds the focus, and a box beside something that goes away by itself.
import { cx, html, useLayoutEffect, useRef } from "../base/ui.js";

const SHEET = "(max-width: 720px)"; // narrower than this a popover comes up from the bottom
const GAP = 6, EDGE = 8;

// A modal dialog. Escape, and a click beside it, call `onClose`; whoever owns it takes it away, or does not.
export function Dialog({ label, kind, onClose, onKeyDown, children }) {
  const box = useRef(null), alive = useRef(true), outside = useRef(false);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    return () => {
      alive.current = false;
      dialog.close(); // which gives the focus back
    };
  }, []);
  const mine = (event) => event.target === box.current; // a file picker's "cancel" bubbles up to here as well
  const ask = (event) => {
    event.preventDefault();
    onClose();
  };
  const key = (event) => {
    if (event.key === "Escape" && !event.isComposing) ask(event);
    else onKeyDown?.(event);
  };
  const closed = (event) => { // by the browser, which does not always ask
    if (!mine(event) || !alive.current) return;
    box.current.showModal();
    onClose();
  };
  return html`<dialog ref=${box} class=${kind} aria-label=${label} onKeyDown=${key} onClose=${closed} onCancel=${(event) => mine(event) && ask(event)}
    onPointerDown=${(event) => { outside.current = mine(event); }}
    onClick=${(event) => { if (mine(event) && outside.current) onClose(); }}>${children}</dialog>`;
}

// A box beside an element or at a point, in the top layer; `side` is "below" or "right".
export function Popover({ at, side = "below", kind, label, role = "dialog", onClose, onKeyDown, children }) {
  const box = useRef(null), close = useRef(onClose), before = useRef(undefined);
  close.current = onClose;
  if (before.current === undefined) before.current = document.activeElement;
  useLayoutEffect(() => {
    // Not popover="auto": that goes as well when the finger is lifted whose long press opened it.
    box.current.showPopover();
    const outside = (event) => {
      if (box.current.contains(event.target)) return;
      if (matchMedia(SHEET).matches) swallowClick(); // a tap beside a sheet is meant for nothing else
      close.current();
    };
    addEventListener("pointerdown", outside, true);
    return () => {
      removeEventListener("pointerdown", outside, true);
      if (before.current?.isConnected) before.current.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => place(box.current, at, side));
  const key = (event) => {
    event.stopPropagation(); // what lies below is not meant
    if (event.key !== "Escape") return onKeyDown?.(event);
    event.preventDefault();
    return onClose();
  };
  return html`<div ref=${box} popover="manual" class=${cx("popover", kind)} role=${role} aria-label=${label} onKeyDown=${key}>${children}</div>`;
}

function swallowClick() {
  const stop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, true), 700);
}

function place(box, at, side) {
  if (matchMedia(SHEET).matches) {
    box.style.left = box.style.top = "";
    return;
  }
  const anchor = at instanceof Element ? at.getBoundingClientRect() : new DOMRect(at.x, at.y, 0, 0);
  const { offsetWidth: width, offsetHeight: height } = box;
  let left = anchor.left, top = anchor.bottom + GAP;
  if (side === "right") {
    left = anchor.right + width + EDGE > innerWidth ? anchor.left - width : anchor.right;
    top = anchor.top - GAP;
  } else if (top + height + EDGE > innerHeight && anchor.top - height - GAP >= EDGE) top = anchor.top - height - GAP;
  box.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  box.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}
