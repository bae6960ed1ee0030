// What every part of the page is drawn with.
import { Component, html } from "../vendor/htm-preact.js";

export {
  Component, html, render, useCallback, useEffect, useErrorBoundary, useLayoutEffect, useMemo, useRef, useState,
} from "../vendor/htm-preact.js";

// Names of classes, without those that do not apply.
export const cx = (...names) => names.filter(Boolean).join(" ");

const same = (one, other) => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.is(one[key], other[key]));
};

// A component that is drawn again only when one of its props is another value.
export const pure = (draw) =>
  class extends Component {
    shouldComponentUpdate(next) {
      return !same(this.props, next);
    }

    render(props) {
      return draw(props);
    }
  };

export const name = (user) => user.global_name || user.username;

const COLOURS = ["#4c6b22", "#2d7d46", "#b3541e", "#c2337b", "#117864", "#8e44ad", "#c0392b", "#21618c"];

const shadeOf = (user) => (user.bot ? "#5865f2" : COLOURS[Number(BigInt(user.id) >> 22n) % COLOURS.length]);

// A text area as high as its lines, up to `most` px.
export function fit(area, most = Infinity) {
  const around = area.parentElement.style;
  around.minHeight = `${area.parentElement.offsetHeight}px`; // nothing else moves while it is measured
  area.style.overflowY = "hidden"; // a scrollbar would make the lines shorter while they are counted
  area.style.height = "0";
  area.style.height = `${Math.min(area.scrollHeight, most)}px`;
  area.style.overflowY = "";
  around.minHeight = "";
}

// Decoration: the name always stands beside it.
export function Avatar({ user, id }) {
  return html`<span class=${cx("avatar", user.bot && "bot")} id=${id} data-user=${user.id} aria-hidden="true" style=${{ background: shadeOf(user) }}>
    ${name(user).slice(0, 1)}</span>`;
}

export const AppTag = ({ user }) => user.bot && html`<span class="tag">APP</span>`;

const UNITS = ["bytes", "KB", "MB"];

export function bytes(count) {
  const power = Math.min(2, Math.floor(Math.log(Math.max(count, 1)) / Math.log(1024)));
  return `${power ? (count / 1024 ** power).toFixed(power) : count} ${UNITS[power]}`;
}

// The address of a file of the sandbox on the host that this page came from, be it called 127.0.0.1 or localhost.
export const local = (url) => url.replace(/^https?:\/\/[^/]+(?=\/cdn\/)/, "");

export const hex = (number) => `#${number.toString(16).padStart(6, "0")}`;

// The style of a name in its role's colour; theme.css makes it readable on the ground that it stands on.
export const tint = (colour) => (colour ? { "--role": colour } : {});
