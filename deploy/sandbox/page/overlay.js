// What lies over the page: a dialog that holds the focus, and a box beside something that goes away by itself.
import { cx, html, useLayoutEffect, useRef } from "./ui.js";

const SHEET = "(max-width: 720px)"; // narrower than this a popover comes up from the bottom
const GAP = 6, EDGE = 8;

// Where the focus was when the component came; it goes back there when the component goes.
function useFocusBack() {
  const before = useRef(undefined);
  if (before.current === undefined) before.current = document.activeElement;
  return () => before.current?.isConnected && before.current.focus({ preventScroll: true });
}

// A modal dialog. Escape, and a click beside it, call `onClose`; whoever owns it takes it away.
export function Dialog({ label, kind, onClose, onKeyDown, children }) {
  const box = useRef(null), outside = useRef(false), giveBack = useFocusBack();
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    return () => {
      dialog.close();
      giveBack();
    };
  }, []);
  const mine = (event) => event.target === box.current; // a file picker's "cancel" bubbles up to here as well
  const cancel = (event) => {
    if (!mine(event)) return;
    event.preventDefault();
    onClose();
  };
  return html`<dialog ref=${box} class=${kind} aria-label=${label} onCancel=${cancel} onKeyDown=${onKeyDown}
    onPointerDown=${(event) => { outside.current = mine(event); }}
    onClick=${(event) => { if (mine(event) && outside.current) onClose(); }}>${children}</dialog>`;
}

// A box beside an element or at a point, in the top layer; `side` is "below" or "right".
export function Popover({ at, side = "below", kind, label, role = "dialog", onClose, onKeyDown, children }) {
  const box = useRef(null), alive = useRef(true), giveBack = useFocusBack();
  useLayoutEffect(() => {
    box.current.showPopover();
    return () => {
      alive.current = false;
      giveBack();
    };
  }, []);
  useLayoutEffect(() => place(box.current, at, side));
  const toggled = ({ target, newState }) => target === box.current && newState === "closed" && alive.current && onClose();
  return html`<div ref=${box} popover="auto" class=${cx("popover", kind)} role=${role} aria-label=${label}
    onToggle=${toggled} onKeyDown=${onKeyDown}>${children}</div>`;
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
