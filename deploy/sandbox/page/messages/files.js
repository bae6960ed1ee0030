// A file that is no picture.
import { Icon } from "../base/icons.js";
import { bytes, html, local } from "../base/ui.js";

export const isPicture = (attachment) => (attachment.content_type || "").startsWith("image/");

export function FileCard({ url, filename, size }) {
  return html`<a class="file" href=${local(url)} download=${filename}><${Icon} is="file" /><span class="file-name">${filename}</span>
    ${size !== null && size !== undefined && html`<small>${bytes(size)}</small>`}</a>`;
}
