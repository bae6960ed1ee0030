"""What a job's message looks like, as plain Discord JSON, and the words for every way in which a job can end.

The bot shows it in its first answer, the poster in every edit: one place, so that they cannot differ.
"""

import re
from typing import Any

from .controls import Control, Verb
from .job import Job, Progress, Reason, State
from .request import Request

PROMPT_SHOWN = 600  # characters of the prompt on screen
ALT_MAX = 1024  # Discord's limit for an attachment's description
_BAR = 10
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides and isolates of bidirectional text

_SECONDARY, _DANGER = 2, 4  # Discord's button styles
_BUTTONS: dict[Verb, tuple[str, str | None, int]] = {
    Verb.RERUN: ("Rerun", "🔁", _SECONDARY),
    Verb.CANCEL: ("Cancel", None, _DANGER),
    Verb.DELETE: ("Delete", "❌", _SECONDARY),
}
_CONTROLS = {
    State.QUEUED: (Verb.CANCEL,),
    State.CLAIMED: (Verb.CANCEL,),
    State.RENDERED: (),
    State.POSTED: (Verb.RERUN, Verb.DELETE),
    State.FAILED: (Verb.RERUN, Verb.DELETE),
    State.CANCELLED: (Verb.RERUN, Verb.DELETE),
}

_EXPLAIN = {
    Reason.ATTEMPTS: "Sorry, this kept breaking the workers that tried to draw it, so Easel gave up. "
    "It doesn't count against your limit. Try fewer steps, a smaller size, or another model.",
    Reason.MEMORY: "This needs more memory than the worker has.",
    Reason.MODEL: "The model could not be loaded; its files are missing or damaged. Choose another model, or ask "
    "whoever runs Easel to look at the worker's log.",
    Reason.INVALID: "The model refused this request.",
    Reason.ENGINE: "Sorry, something went wrong each time a worker tried to draw this. It doesn't count against your "
    "limit. Try again later; if it happens again, ask whoever runs Easel to look at the worker's log.",
    Reason.TIMEOUT: "Sorry, this took longer than Easel allows each time a worker tried to draw it. Try fewer steps or "
    "a smaller size.",
    Reason.WAITED: "This waited too long for a free worker, so it was taken out of the line. Please try again later.",
    Reason.UNPOSTED: "The pictures were drawn, but Discord would not take them here.",
    Reason.DAMAGED: "Easel could not read this request any more. Please ask again.",
    Reason.OWNER: "Cancelled.",
    Reason.MODERATOR: "Cancelled by a moderator.",
}
_PHASES = {
    "load": "loading the model",
    "encode": "reading the prompt",
    "decode": "finishing the pictures",
    "post": "sending the pictures",
}


def explain(reason: Reason, detail: str = "") -> str:
    """Why a job ended, in words that say what to do."""
    return f"{_EXPLAIN[reason]} {safe(detail, 300)}".strip()


def card(job: Job) -> dict[str, Any]:
    """The message of a job in its present state, without its pictures."""
    return {
        "content": f"**{safe(job.request.prompt, PROMPT_SHOWN)}** — <@{job.owner}>\n{_status(job)}",
        "components": _components(job),
        "allowed_mentions": {"parse": []},
    }


def alt_text(request: Request) -> str:
    """What a screen reader says of a picture: its prompt."""
    prompt = " ".join(request.prompt.split())
    return prompt if len(prompt) <= ALT_MAX else prompt[: ALT_MAX - 1] + "…"


def file_name(job: Job, index: int, extension: str = "png") -> str:
    """The name of a picture's file; nothing of the prompt is in it."""
    return f"easel-{job.id}-{index + 1}.{extension}"


def safe(text: str, limit: int) -> str:
    """Text of a person for the screen: one line, at most `limit` characters, no markdown, no working mention.

    Characters that turn the direction of writing are dropped, for they would turn what follows the text as well.

    Escapes come after cutting, so the result may be longer than `limit`, at most twice.
    """
    flat = " ".join(_TURNS.sub("", text).split())
    if len(flat) > limit:
        flat = flat[: limit - 1].rstrip() + "…"
    flat = re.sub(r"([\\*_~`|<>\[\]()#:])", r"\\\1", flat)
    return flat.replace("@", "@\u200b")


def duration(seconds: float) -> str:
    """A span as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"


def _status(job: Job) -> str:
    match job.state:
        case State.QUEUED:
            return "-# " + _waiting(job)
        case State.CLAIMED:
            return "-# " + _drawing(job)
        case State.RENDERED:
            return "-# sending the pictures"
        case State.POSTED:
            return "-# " + _made(job)
        case State.FAILED | State.CANCELLED:
            return explain(job.reason or Reason.ENGINE, job.detail)


def _waiting(job: Job) -> str:
    words = "next in line" if job.place == 1 else f"waiting · place {job.place}" if job.place else "waiting"
    if job.attempt:
        words = f"a worker failed, trying again · {words}"
    if job.stalled:
        return f"{words} · no worker draws with {job.request.model} right now"
    return words + (f" · about {duration(job.eta)}" if job.eta else "")


def _drawing(job: Job) -> str:
    words = _progress(job.progress, job.request.steps)
    return f"try {job.attempt} · {words}" if job.attempt > 1 else words  # so nobody wonders why it begins again


def _progress(progress: Progress | None, asked: int) -> str:
    if progress is None:
        return "starting to draw"
    if progress.phase in _PHASES:
        return _PHASES[progress.phase]
    share = progress.step / max(progress.steps, 1)
    # An engine that draws some pictures after others counts the steps of all; that number would puzzle people.
    words = f"step {progress.step} of {progress.steps}" if progress.steps == asked else f"{share:.0%}"
    done = round(_BAR * share)
    return f"drawing · {words} {'▰' * done}{'▱' * (_BAR - done)}"


def _made(job: Job) -> str:
    asked = job.request
    facts = [
        asked.model,
        f"{asked.width} × {asked.height}",
        f"{asked.steps} steps",
        f"guidance {asked.guidance_scale:g}",
        f"seed {asked.seed}",
    ]
    if asked.scheduler:
        facts.insert(3, asked.scheduler.value)
    if asked.negative_prompt:
        facts.append(f"without {safe(asked.negative_prompt, 80)}")
    total = job.result.timings.get("total") if job.result else None
    return " · ".join([*facts, f"{total / 1000:.1f} s"] if total else facts)


def _components(job: Job) -> list[dict[str, Any]]:
    verbs = _CONTROLS[job.state]
    return [{"type": 1, "components": [_button(verb, job.id) for verb in verbs]}] if verbs else []


def _button(verb: Verb, job: str) -> dict[str, Any]:
    label, emoji, style = _BUTTONS[verb]
    button: dict[str, Any] = {"type": 2, "style": style, "label": label, "custom_id": str(Control(verb, job))}
    if emoji:
        button["emoji"] = {"name": emoji}
    return button
