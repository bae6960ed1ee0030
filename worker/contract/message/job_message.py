"""What a job's message looks like, as plain Discord JSON. `texts` has its sentences.

The bot shows it in its first answer, the poster in every edit: one place, so that they cannot differ.
"""

import re
from collections.abc import Sequence
from typing import Any

from worker.contract.discord_limits import ALT_TEXT_MAX, CONTENT_MAX
from worker.contract.types.job import UNREADABLE, Job, Reason, State
from worker.contract.types.request import Request

from . import fact_texts, texts
from .languages import Language
from .layout import rows
from .markdown import mention, message_link, safe
from .notice_texts import left_out, noticed

PROMPT_SHOWN = 200  # characters of the prompt on screen; all of it is under More
_BOLD = 120  # characters that are still read well in bold
_FILE = re.compile(r"easel-([A-Za-z0-9_-]{1,40})-([1-9][0-9]?)\.(?:png|webp|jpg|gif)")


def card(
    job: Job,
    language: Language,
    enlargeable: Sequence[int] = (),
    note: str = "",
    *,
    model: str = "",
    varied: Sequence[int] = (),
    draft: bool = False,
    beyond: bool = False,
) -> dict[str, Any]:
    """The message of a job in its present state, without its pictures.

    Args:
        job: of which the message is.
        language: of its sentences.
        enlargeable: which of its pictures, by index, this message shows and an upscaler takes.
        varied: likewise, which can be varied.
        draft: it was drawn with few steps, and all of them show more.
        beyond: whether a single one can go on beyond its edges.
        note: one more fact about the pictures, a sentence in that language.
        model: the title of its model; "" where nobody knows it, and its id stands for it.
    """
    job = _without_words(job, language) if job.wordless else job
    status = fact_texts.BETWEEN.join(filter(None, [_status(job, language, model), note]))
    content = "\n".join(
        filter(None, [f"{_prompt(job, language)} — {mention(job.owner)}", _origin(job, language), status])
    )
    notice = _noticed(job, language)
    return {
        "content": content + notice if len(content + notice) <= CONTENT_MAX else content,
        "components": rows(job, language, enlargeable, varied, beyond=beyond, draft=draft),
        "allowed_mentions": {"parse": []},
    }


def _prompt(job: Job, language: Language) -> str:
    """What was asked for, in bold while that can be read well."""
    if job.request == UNREADABLE:
        return f"**{texts.unreadable(language)}**"
    shown = safe(job.request.prompt, PROMPT_SHOWN)
    return shown if len(job.request.prompt) > _BOLD else f"**{shown}**"


def _origin(job: Job, language: Language) -> str:
    """Which picture of which message it was made of, with a link there."""
    source, how = job.source, job.request.upscale
    if job.state is not State.POSTED:
        return ""
    if source is None or how is None:
        forward = job.request.forward
        said = ["" if forward else fact_texts.varied_from(job, language) or fact_texts.gone_beyond(job, language)]
        said.insert(0, fact_texts.came_about(job, language))
        return "\n".join(f"-# {each}" for each in said if each)
    link = message_link(job.destination.server, source.channel, source.message)
    return "-# " + fact_texts.enlarged_from(None if source.alone else source.index + 1, how.scale, link, language)


def moved_card(job: Job, link: str, language: Language) -> dict[str, Any]:
    """The message of a job whose pictures are in another channel: what was asked for, and a link that leads there."""
    shown = card(job, language)
    first, _, _ = shown["content"].partition("\n")
    return shown | {"content": f"{first}\n-# {texts.posted_in(link, language)}", "components": []}


def _without_words(job: Job, language: Language) -> Job:
    """The job as it may be shown where Discord objects to its words: none of them are left, in whatever line."""
    request = job.request.model_copy(update={"prompt": texts.wordless(language), "negative_prompt": "", "prompts": ()})
    result = job.result.model_copy(update={"notice": None, "left_out": (), "read_to": ""}) if job.result else None
    return job.model_copy(update={"request": request, "result": result})


def alt_text(request: Request, index: int, count: int, language: Language, noise: Sequence[int] = ()) -> str:
    """What a screen reader says of a picture, number `index` from 0 of `count`: which one it is, and its prompt.

    `noise`: of each moment that it shows, in percent, as far as known.
    """
    prompt = " ".join(request.prompt_of(index).split())
    if request.moments:
        words = texts.came_about(prompt, language, moves=index > 0, noise=noise, forward=request.forward)
    else:
        words = texts.picture_of(index + 1, count, prompt, language) if count > 1 else prompt
    return words if len(words) <= ALT_TEXT_MAX else words[: ALT_TEXT_MAX - 1] + "…"


def file_name(job: Job, index: int, extension: str = "png") -> str:
    """The name of a picture's file; nothing of the prompt is in it."""
    return f"easel-{job.id}-{index + 1}.{extension}"


def picture_index(name: str) -> int | None:
    """Which picture of its job a file holds, from 0; None when it is none of ours."""
    found = file_of(name)
    return found[1] if found else None


def file_of(name: str) -> tuple[str, int] | None:
    """The job that a file's name names, and which of its pictures, from 0; None when it is none of ours."""
    found = _FILE.fullmatch(name)
    return (found[1], int(found[2]) - 1) if found else None


def _status(job: Job, language: Language, model: str) -> str:
    match job.state:
        case State.QUEUED:
            return "-# " + texts.waiting(job, language, model)
        case State.CLAIMED:
            return "-# " + texts.drawing(job, language)
        case State.RENDERED:
            return "-# " + texts.sending(language)
        case State.POSTED if job.cause:
            return texts.sent_to_owner(job.cause, language)
        case State.POSTED:
            return "-# " + fact_texts.made(job, language, model)
        case State.FAILED | State.CANCELLED:
            reason, upscale = job.reason or Reason.ENGINE, job.request.upscale is not None
            return texts.reason_sentence(reason, language, job.cause, job.detail, upscale=upscale)


def _noticed(job: Job, language: Language) -> str:
    """What each picture shows by words of its own, and what its model did not make of the request, a line each."""
    if job.result is None or job.state is not State.POSTED:
        return ""
    said = [words] if (words := fact_texts.own_words(job)) and not job.request.upscale else []
    said += [noticed(job.result.notice, language)] if job.result.notice else []
    return "".join(f"\n-# {each}" for each in [*said, *left_out(job.result, language)])
