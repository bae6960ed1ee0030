// Times as Discord writes them.
const LOCALE = navigator.language || "en";
const format = (shape) => {
  const made = new Intl.DateTimeFormat(LOCALE, shape);
  return (date) => made.format(date);
};

export const clock = format({ hour: "2-digit", minute: "2-digit" });
export const full = format({ dateStyle: "full", timeStyle: "short" });
export const day = format({ dateStyle: "long" });
const date = format({ dateStyle: "short" });

export const dayOf = (at) => new Date(at).toDateString();

// Beside a name: today only the time.
export function stamp(at) {
  const sent = new Date(at);
  return dayOf(sent) === dayOf(Date.now()) ? clock(sent) : `${date(sent)}, ${clock(sent)}`;
}

const STYLES = {
  t: format({ timeStyle: "short" }), T: format({ timeStyle: "medium" }), d: date, D: day,
  f: format({ dateStyle: "long", timeStyle: "short" }), F: full,
};
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

// "in 5 minutes", "3 hours ago".
export function relative(at, now = Date.now()) {
  const seconds = Math.round((at - now) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) || UNITS.at(-1);
  return RELATIVE.format(Math.round(seconds / size), unit);
}

// `<t:seconds:style>`
export const written = (seconds, style = "f") => (style === "R" ? relative(seconds * 1000) : STYLES[style](new Date(seconds * 1000)));
