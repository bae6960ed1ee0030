// The page begins here.
import { start } from "./state/live.js";
import { App } from "./frame/shell.js";
import { html, render } from "./base/ui.js";

render(html`<${App} />`, document.getElementById("app"));
start();
