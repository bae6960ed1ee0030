// Holds the composer.
import { Composer } from "./composer.js";
import { notify, watch } from "./acts.js";
import { post } from "./api.js";
import { state, useStore } from "./store.js";
import { html, useEffect, useRef } from "./ui.js";
import { guildOf, maySend, title } from "./world.js";

const stage = {
  person: () => state.me, channel: () => state.channel, world: () => state.world, guild: () => guildOf(state.channel),
  commands: () => state.commands, title: () => title(state.channel), note: notify,
  say: (content, files, reply_to) => post("/say", { person: state.me, channel: state.channel, content, files, ...(reply_to ? { reply_to } : {}) }),
  reopen: () => { composer.open(maySend(state.channel)); document.getElementById("text")?.focus(); },
  started: watch,
};
const composer = new Composer(stage);

export function ComposerFrame() {
  const channel = useStore((s) => s.channel), me = useStore((s) => s.me), world = useStore((s) => s.world), replyTo = useStore((s) => s.replyTo);
  const box = useRef(null);
  const allowed = maySend(channel);
  useEffect(() => {
    composer.open(allowed);
    document.getElementById("text")?.focus({ preventScroll: true });
  }, [channel, me, allowed]);
  useEffect(() => replyTo && composer.setReply(replyTo), [replyTo]);
  void world;
  return html`<section id="composer" ref=${box} aria-label="Write" />`;
}
