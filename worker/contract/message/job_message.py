"""What a job's message looks like, as plain Discord JSON, and the words for every way in which a job can end.

The bot shows it in its first answer, the poster in every edit: one place, so that they cannot differ.
"""

import re
from collections.abc import Sequence
from typing import Any

from worker.contract.discord_limits import ALT_TEXT_MAX, BUTTONS_PER_ROW, CONTENT_MAX
from worker.contract.types.job import Job, Progress, Reason, State
from worker.contract.types.request import Request
from worker.contract.types.vocabulary_notice import Taken

from .custom_ids import CustomId
from .verbs import VERBS, Verb

PROMPT_SHOWN = 600  # characters of the prompt on screen
_BAR = 10
_FILE = re.compile(r"easel-[A-Za-z0-9_-]{1,40}-([1-9][0-9]?)\.(?:png|webp|jpg)")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides and isolates of bidirectional text

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
    Reason.SOURCE: "The picture could not be upscaled.",
    Reason.UNPOSTED: "The pictures were drawn, but Discord would not take them here.",
    Reason.DAMAGED: "Easel could not read this request any more. Please ask again.",
    Reason.OWNER: "Cancelled.",
    Reason.MODERATOR: "Cancelled by a moderator.",
}
# Where the advice for a drawing would not help.
_EXPLAIN_UPSCALE = {
    Reason.ATTEMPTS: "Sorry, this kept breaking the workers that tried to upscale it, so Easel gave up. "
    "It doesn't count against your limit.",
    Reason.MODEL: "The upscaler could not be loaded. Ask whoever runs Easel to look at the worker's log.",
    Reason.INVALID: "The picture could not be upscaled.",
    Reason.ENGINE: "Sorry, something went wrong each time a worker tried to upscale this. It doesn't count against "
    "your limit. Try again later; if it happens again, ask whoever runs Easel to look at the worker's log.",
    Reason.TIMEOUT: "Sorry, this took longer than Easel allows each time a worker tried to upscale it.",
}
_PHASES = {
    "fetch": "fetching the picture",
    "load": "loading the model",
    "encode": "reading the prompt",
    "decode": "finishing the pictures",
    "post": "sending the pictures",
}


def explain(reason: Reason, detail: str = "", *, upscale: bool = False) -> str:
    """Why a job ended, in words that say what to do."""
    words = (_EXPLAIN_UPSCALE if upscale else {}).get(reason, _EXPLAIN[reason])
    return f"{words} {safe(detail, 300)}".strip()


def card(job: Job, enlargeable: Sequence[int] = (), note: str = "") -> dict[str, Any]:
    """The message of a job in its present state, without its pictures.

    Args:
        job: of which the message is.
        enlargeable: which of its pictures, by index, this message shows and an upscaler takes.
        note: what else there is to say of the pictures.
    """
    content = f"**{safe(job.request.prompt, PROMPT_SHOWN)}** — <@{job.owner}>\n{_status(job)}{note}"
    notice = _noticed(job) if job.state is State.POSTED else ""
    return {
        "content": content + notice if len(content + notice) <= CONTENT_MAX else content,
        "components": [*upscale_rows(job, enlargeable), *_components(job, enlargeable)],
        "allowed_mentions": {"parse": []},
    }


def upscale_rows(job: Job, enlargeable: Sequence[int]) -> list[dict[str, Any]]:
    """The rows U1 to Un under several pictures. Under a single one its button stands beside the others."""
    row = VERBS[Verb.UPSCALE]
    if job.state not in row.states or _single(job):
        return []
    buttons = [
        button(Verb.UPSCALE, job.id, index, row.numbered_label.format(number=index + 1)) for index in enlargeable
    ]
    starts = range(0, len(buttons), BUTTONS_PER_ROW)
    return [{"type": 1, "components": buttons[start : start + BUTTONS_PER_ROW]} for start in starts]


def alt_text(request: Request) -> str:
    """What a screen reader says of a picture: its prompt."""
    prompt = " ".join(request.prompt.split())
    return prompt if len(prompt) <= ALT_TEXT_MAX else prompt[: ALT_TEXT_MAX - 1] + "…"


def file_name(job: Job, index: int, extension: str = "png") -> str:
    """The name of a picture's file; nothing of the prompt is in it."""
    return f"easel-{job.id}-{index + 1}.{extension}"


def picture_index(name: str) -> int | None:
    """Which picture of its job a file holds, from 0; None when it is none of ours."""
    found = _FILE.fullmatch(name)
    return int(found[1]) - 1 if found else None


def safe(text: str, limit: int) -> str:
    """Text of a person for the screen: one line, at most `limit` characters, no markdown, no working mention, no link.

    An invitation (discord.gg/…) works without https, too, so slashes are escaped as well. Characters that turn the
    direction of writing are dropped, for they would turn what follows the text as well.

    Escapes come after cutting, so the result may be longer than `limit`, at most twice.
    """
    flat = " ".join(_TURNS.sub("", text).split())
    if len(flat) > limit:
        flat = flat[: limit - 1].rstrip() + "…"
    flat = re.sub(r"([\\*_~`|<>\[\]()#:/])", r"\\\1", flat)
    return flat.replace("@", "@\u200b")


def plural(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


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
            return explain(job.reason or Reason.ENGINE, job.detail, upscale=job.request.upscale is not None)


def _waiting(job: Job) -> str:
    what = " ".join(["upscaling", *_which(job), "· "]) if job.request.upscale else ""
    return what + _in_line(job)


def _which(job: Job) -> list[str]:
    """The picture that is upscaled, by its number, where it was one of several."""
    return [f"picture {job.source.index + 1}"] if job.source and not job.source.alone else []


def _in_line(job: Job) -> str:
    words = "next in line" if job.place == 1 else f"waiting · place {job.place}" if job.place else "waiting"
    if job.attempt:
        words = f"a worker failed, trying again · {words}"
    if job.stalled:
        does = "upscales" if job.request.upscale else f"draws with {job.request.model}"
        return f"{words} · no worker {does} right now"
    return words + (f" · about {duration(job.eta)}" if job.eta else "")


def _drawing(job: Job) -> str:
    words = _enlarging(job.progress) if job.request.upscale else _progress(job.progress, job.request.steps)
    return f"try {job.attempt} · {words}" if job.attempt > 1 else words  # so nobody wonders why it begins again


def _progress(progress: Progress | None, asked: int) -> str:
    if progress is None:
        return "starting to draw"
    if progress.phase in _PHASES:
        return _PHASES[progress.phase]
    # An engine that draws some pictures after others counts the steps of all; that number would puzzle people.
    share = _share(progress)
    words = f"step {progress.step} of {progress.steps}" if progress.steps == asked else f"{share:.0%}"
    return f"drawing · {words} {_bar(share)}"


def _enlarging(progress: Progress | None) -> str:
    if progress is None or progress.phase not in {"load", "steps", "decode"}:
        return _PHASES["fetch"]
    if progress.phase in _PHASES:
        return {"load": "loading the upscaler", "decode": "finishing the picture"}[progress.phase]
    return f"upscaling · {_share(progress):.0%} {_bar(_share(progress))}"


def _share(progress: Progress) -> float:
    return progress.step / max(progress.steps, 1)


def _bar(share: float) -> str:
    done = round(_BAR * share)
    return f"{'▰' * done}{'▱' * (_BAR - done)}"


def _made(job: Job) -> str:
    asked = job.request
    if asked.upscale:
        return _made_larger(job)
    facts = [
        asked.model,
        f"{asked.width} × {asked.height}",
        plural(asked.steps, "step"),
        f"guidance {asked.guidance_scale:g}",
        f"seed {asked.seed}",
    ]
    if asked.scheduler:
        facts.insert(3, asked.scheduler.value)
    if asked.negative_prompt:
        facts.append(f"without {safe(asked.negative_prompt, 80)}")
    return " · ".join(facts + _took(job))


def _made_larger(job: Job) -> str:
    """What was done to which picture. The sizes are those of the files themselves."""
    asked = job.request.upscale
    facts = [f"Upscaled ×{asked.scale}", *_which(job)] if asked else []
    if asked and job.result:
        made = job.result.pictures[0]
        facts.append(f"{asked.width} × {asked.height} → {made.width} × {made.height}")
    return " · ".join(facts + _took(job))


def _took(job: Job) -> list[str]:
    total = job.result.timings.get("total") if job.result else None
    return [f"{total / 1000:.1f}\N{NO-BREAK SPACE}s"] if total else []  # where phones break the line


def _noticed(job: Job) -> str:
    """What its model made of words that it does not know, on a line of its own."""
    notice = job.result.notice if job.result else None
    if notice is None:
        return ""
    once = {1: ", one at a time", 2: ", two at a time"}.get(notice.at_once, "")
    knows = f"{safe(notice.model, 40)} knows {notice.known:,} {f'{notice.kind} ' if notice.kind else ''}things{once}"
    nothing = [f"none of these words, so it drew {_quoted(each.took)}" for each in notice.taken if not each.asked]
    took = _listed([f"{_quoted(each.took)} for {_quoted(each.asked)}" for each in notice.taken if each.asked])
    left = _listed([*map(_quoted, notice.left), *(["more"] if notice.more else [])])
    did = [*nothing, *([f"it took {took}"] if took else []), *([f"it left out {left}"] if left else [])]
    return f"\n-# {knows}{' and ' if nothing else ': '}{'; '.join(did)}. `/models` shows what it knows."


def _quoted(words: str) -> str:
    return f"“{safe(words, Taken.LONGEST)}”"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _single(job: Job) -> bool:
    return job.result is None or len(job.result.pictures) == 1


def _components(job: Job, enlargeable: Sequence[int]) -> list[dict[str, Any]]:
    buttons = []
    for verb, row in VERBS.items():
        if job.state not in row.states:
            continue
        if not row.per_picture:
            buttons.append(button(verb, job.id))
        elif _single(job):
            buttons += [button(verb, job.id, index) for index in enlargeable]
    return [{"type": 1, "components": buttons}] if buttons else []


def button(verb: Verb, job: str, index: int = 0, words: str = "") -> dict[str, Any]:
    """A verb's button, as Discord takes it; `words` in place of its usual label."""
    row = VERBS[verb]
    custom_id = str(CustomId(verb, job, index))
    made: dict[str, Any] = {"type": 2, "style": int(row.style), "label": words or row.label, "custom_id": custom_id}
    if row.emoji:
        made["emoji"] = {"name": row.emoji}
    return made
