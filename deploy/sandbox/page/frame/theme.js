// Light or dark: as the system has it, until someone chooses.
import { Icon } from "../base/icons.js";
import { html, useEffect, useState } from "../base/ui.js";

const KEPT = "sandbox:theme";
const system = matchMedia("(prefers-color-scheme: light)");
const current = () => localStorage.getItem(KEPT) || (system.matches ? "light" : "dark");

function show() {
  document.documentElement.dataset.theme = current();
}

show();
system.addEventListener("change", show);

export function Theme() {
  const [, draw] = useState(0);
  useEffect(() => {
    const follow = () => draw((turn) => turn + 1);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  const next = current() === "dark" ? "light" : "dark";
  const turn = () => {
    localStorage.setItem(KEPT, next);
    show();
    draw((count) => count + 1);
  };
  return html`<button id="theme" title=${`Switch to ${next}`} aria-label=${`Switch to ${next} colours`} onClick=${turn}>
    <${Icon} is=${next === "light" ? "sun" : "moon"} /></button>`;
}
