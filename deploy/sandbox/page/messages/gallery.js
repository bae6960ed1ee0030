// Pictures of a message: one large, several in a mosaic as Discord lays them out.
import { view } from "../state/actions.js";
import { cx, html, local, useEffect, useState } from "../base/ui.js";

const MOST_WIDE = 550, MOST_HIGH = 350; // px

// The address to show: the old picture stays until the new one can be drawn, so that previews do not flicker.
function useLoaded(url) {
  const [shown, show] = useState(url);
  useEffect(() => {
    if (url === shown) return undefined;
    let wanted = true;
    const next = new Image();
    next.src = url;
    next.decode().catch(() => null).then(() => wanted && show(url));
    return () => {
      wanted = false;
    };
  }, [url]);
  return shown;
}

// A picture that stands alone keeps its shape, and its place before it is loaded: at most 550 by 350, small ones larger.
function alone({ width, height }) {
  if (!width || !height) return {};
  const shown = Math.min(Math.max(width, 256), MOST_WIDE, (MOST_HIGH * width) / height);
  return { width: `min(100%, ${Math.round(shown)}px)`, aspectRatio: `${width} / ${height}` };
}

function Picture({ item, all, index, kind }) {
  const [hidden, hide] = useState(Boolean(item.spoiler));
  const src = useLoaded(item.url);
  if (!src.startsWith("/")) return html`<a class=${cx("picture outside", kind)} href=${src} target="_blank" rel="noreferrer">
      <span>A picture on another host, which this page does not fetch: ${src}</span></a>`;
  const label = item.description || "no description";
  const open = () => (hidden ? hide(false) : view(all, index));
  return html`<button class=${cx("picture", kind, hidden && "hidden")} onClick=${open} style=${all.length === 1 && !kind ? alone(item) : {}}
      aria-label=${hidden ? "Spoiler: press to show the picture" : `Open picture: ${label}`}>
    <img src=${src} alt=${hidden ? "" : item.description || ""} />
    ${hidden && html`<span class="veil">Spoiler</span>`}
  </button>`;
}

const near = (item) => ({ ...item, url: local(item.url) });

// `items`: { url, width, height, description, spoiler, filename }
export function Gallery({ items }) {
  const all = items.map(near);
  return html`<div class=${`gallery of-${all.length}`}>${all.map((each, index) =>
    html`<${Picture} key=${index} item=${each} all=${all} index=${index} />`)}</div>`;
}

export const Thumbnail = ({ item }) => html`<${Picture} item=${near(item)} all=${[near(item)]} index=${0} kind="thumbnail" />`;
