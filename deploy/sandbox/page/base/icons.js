// Small line drawings, drawn for this page, in the colour of the text around them.
import { html } from "./ui.js";

const SHAPES = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  thread: "M5 4v9a4 4 0 0 0 4 4h11m-4-4 4 4-4 4",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  pin: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  mail: "M3 6h18v12H3zm0 1 9 7 9-7",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zm-6 9c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5m2 3.5c2 .8 3 2.7 3 5.5",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 10v.01M15.5 10v.01M8 14.5c1 1.5 2.3 2.2 4 2.2s3-.7 4-2.2",
  reply: "M10 6 4 12l6 6M4 12h9c4 0 7 2 7 6",
  bin: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  more: "M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0",
  plus: "M12 5v14M5 12h14",
  cross: "M6 6l12 12M18 6 6 18",
  down: "M12 4v15m-6-6 6 6 6-6",
  chevron: "M6 9l6 6 6-6",
  eye: "M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5S5 16.5 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  menu: "M4 7h16M4 12h16M4 17h16",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  tab: "M4 8h16v12H4zM4 8V5h7l1.5 3",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  slash: "M15 4 9 20",
  check: "M5 12.5 10 17.5 19.5 7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  save: "M12 4v11m0 0-4.500-4.500M12 15l4.500-4.500M5 19.500h14",
  closer: "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12m4.500 10.500L20 20M10 7v6M7 10h6",
  further: "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12m4.500 10.500L20 20M7 10h6",
  left: "m14.500 5-7 7 7 7",
  right: "m9.500 5 7 7-7 7",
  look: "M4 5h16v11H4zM9 20h6M12 16v4M8 9l2 2-2 2M12.500 13H16",
  at: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm4-8v5.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-4 7.500",
  crown: "M4 18h16M4.5 15 3.5 7l5 4L12 5l3.5 6 5-4-1 8z",
};

export const Icon = ({ is }) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${SHAPES[is]} /></svg>`;
