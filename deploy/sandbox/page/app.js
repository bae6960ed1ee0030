// The page begins here.
import { start } from "./live.js";
import { App } from "./shell.js";
import { html, render } from "./ui.js";

render(html`<${App} />`, document.getElementById("app"));
start();
