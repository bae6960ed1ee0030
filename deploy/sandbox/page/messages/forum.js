// A forum: its posts, and the form for a new one. Nothing is written in the forum itself.
import { Icon } from "../base/icons.js";
import { go } from "../state/places.js";
import { startPost } from "../state/actions.js";
import { context, maySend, posts, title } from "../state/world.js";
import { html, useState } from "../base/ui.js";
import { useStore } from "../state/store.js";

const LONGEST_TITLE = 100, LONGEST = 2000; // characters

function Post({ thread }) {
  const replies = thread.message_count || 0;
  return html`<li><button class="post" onClick=${() => go(thread.id)}><b>${thread.name}</b>
    <small>${context.person(thread.owner_id)} · ${replies} ${replies === 1 ? "reply" : "replies"}${thread.thread_metadata.archived ? " · archived" : ""}${thread.thread_metadata.locked ? " · locked" : ""}</small></button></li>`;
}

function NewPost({ forum }) {
  const [name, setName] = useState(""), [content, setContent] = useState(""), [state, setState] = useState({ sending: false, trouble: "" });
  const send = async (event) => {
    event.preventDefault();
    setState({ sending: true, trouble: "" });
    await startPost(forum, name.trim(), content.trim()).catch((refused) => setState({ sending: false, trouble: refused.message }));
  };
  const ready = name.trim() && content.trim() && !state.sending;
  return html`<form class="new-post" onSubmit=${send} aria-label="New post">
    <input id="post-title" value=${name} maxlength=${LONGEST_TITLE} placeholder="Title" aria-label="Title of the post" autocomplete="off" onInput=${(event) => setName(event.currentTarget.value)} />
    <textarea id="post-text" value=${content} maxlength=${LONGEST} rows="3" placeholder="First message" aria-label="First message of the post" onInput=${(event) => setContent(event.currentTarget.value)} />
    <p class="trouble" role="alert">${state.trouble}</p>
    <button class="button primary" disabled=${!ready}><span>Post</span></button></form>`;
}

export function Forum() {
  const channel = useStore((s) => s.channel);
  for (const part of ["world", "newest"]) useStore((s) => s[part]);
  const found = posts(channel);
  return html`<section id="forum" aria-label=${`Posts in ${title(channel)}`} tabindex="0">
    ${maySend(channel) ? html`<${NewPost} key=${channel} forum=${channel} />` : html`<p class="denied">You do not have permission to post here.</p>`}
    ${found.length ? html`<ol class="posts">${found.map((each) => html`<${Post} key=${each.id} thread=${each} />`)}</ol>` : html`<p class="no-posts">There are no posts yet.</p>`}
  </section>`;
}
