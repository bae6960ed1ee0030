"""What a job's message looks like, as plain Discord JSON. `texts` has its sentences.

The bot shows it in its first answer, the poster in every edit: one place, so that they cannot differ.
"""

import re
from collections.abc import Sequence
from typing import Any

from worker.contract.discord_limits import ALT_TEXT_MAX, BUTTONS_PER_ROW, CONTENT_MAX
from worker.contract.types.job import UNREADABLE, Job, Reason, State
from worker.contract.types.request import Request

from . import texts
from .custom_ids import CustomId
from .languages import Language
from .markdown import mention, safe
from .notice_texts import left_out, noticed
from .verbs import VERBS, ButtonStyle, Verb

PROMPT_SHOWN = 600  # characters of the prompt on screen
_FILE = re.compile(r"easel-[A-Za-z0-9_-]{1,40}-([1-9][0-9]?)\.(?:png|webp|jpg)")


def card(
    job: Job, language: Language, enlargeable: Sequence[int] = (), note: str = "", *, model: str = ""
) -> dict[str, Any]:
    """The message of a job in its present state, without its pictures.

    Args:
        job: of which the message is.
        language: of its sentences.
        enlargeable: which of its pictures, by index, this message shows and an upscaler takes.
        note: one more fact about the pictures, a sentence in that language.
        model: the title of its model; "" where nobody knows it, and its id stands for it.
    """
    job = _without_words(job, language) if job.wordless else job
    prompt = texts.unreadable(language) if job.request == UNREADABLE else safe(job.request.prompt, PROMPT_SHOWN)
    status = texts.BETWEEN.join(filter(None, [_status(job, language, model), note]))
    content = f"**{prompt}** — {mention(job.owner)}\n{status}"
    notice = _noticed(job, language)
    return {
        "content": content + notice if len(content + notice) <= CONTENT_MAX else content,
        "components": [*upscale_rows(job, language, enlargeable), *_components(job, language, enlargeable)],
        "allowed_mentions": {"parse": []},
    }


def moved_card(job: Job, link: str, language: Language) -> dict[str, Any]:
    """The message of a job whose pictures are in another channel: what was asked for, and a link that leads there."""
    shown = card(job, language)
    first, _, _ = shown["content"].partition("\n")
    return shown | {"content": f"{first}\n-# {texts.posted_in(link, language)}", "components": []}


def _without_words(job: Job, language: Language) -> Job:
    """The job as it may be shown where Discord objects to its words: none of them are left, in whatever line."""
    request = job.request.model_copy(update={"prompt": texts.wordless(language), "negative_prompt": ""})
    result = job.result.model_copy(update={"notice": None, "left_out": (), "read_to": ""}) if job.result else None
    return job.model_copy(update={"request": request, "result": result})


def upscale_rows(job: Job, language: Language, enlargeable: Sequence[int]) -> list[dict[str, Any]]:
    """The rows U1 to Un under several pictures. Under a single one its button stands beside the others."""
    row = VERBS[Verb.UPSCALE]
    if job.state not in row.states or _single(job):
        return []
    buttons = [numbered(job, language, index) for index in enlargeable]
    starts = range(0, len(buttons), BUTTONS_PER_ROW)
    return [{"type": 1, "components": buttons[start : start + BUTTONS_PER_ROW]} for start in starts]


def numbered(job: Job, language: Language, index: int) -> dict[str, Any]:
    """The button that makes one of several pictures larger, which shows whether that was done."""
    row, used = VERBS[Verb.UPSCALE], index in job.upscales
    label = language.gettext(row.used_numbered_label if used else row.numbered_label, number=index + 1)
    return button(CustomId(Verb.UPSCALE, job.id, index), language, label, used=used)


def alt_text(request: Request, index: int, count: int, language: Language) -> str:
    """What a screen reader says of a picture, number `index` from 0 of `count`: which one it is, and its prompt."""
    prompt = " ".join(request.prompt.split())
    words = texts.picture_of(index + 1, count, prompt, language) if count > 1 else prompt
    return words if len(words) <= ALT_TEXT_MAX else words[: ALT_TEXT_MAX - 1] + "…"


def file_name(job: Job, index: int, extension: str = "png") -> str:
    """The name of a picture's file; nothing of the prompt is in it."""
    return f"easel-{job.id}-{index + 1}.{extension}"


def picture_index(name: str) -> int | None:
    """Which picture of its job a file holds, from 0; None when it is none of ours."""
    found = _FILE.fullmatch(name)
    return int(found[1]) - 1 if found else None


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
            return "-# " + texts.made(job, language, model)
        case State.FAILED | State.CANCELLED:
            reason, upscale = job.reason or Reason.ENGINE, job.request.upscale is not None
            return texts.reason_sentence(reason, language, job.cause, job.detail, upscale=upscale)


def _noticed(job: Job, language: Language) -> str:
    """What its model did not make of the request, each on a line of its own."""
    if job.result is None or job.state is not State.POSTED:
        return ""
    said = [noticed(job.result.notice, language)] if job.result.notice else []
    return "".join(f"\n-# {each}" for each in [*said, *left_out(job.result, language)])


def _single(job: Job) -> bool:
    return job.result is None or len(job.result.pictures) == 1


def _components(job: Job, language: Language, enlargeable: Sequence[int]) -> list[dict[str, Any]]:
    buttons = []
    for verb, row in VERBS.items():
        if job.state not in row.states:
            continue
        if not row.per_picture:
            buttons.append(button(CustomId(verb, job.id), language))
        elif _single(job):
            each = ((CustomId(verb, job.id, index), index in job.upscales) for index in enlargeable)
            buttons += [
                button(control, language, language.gettext(row.used_label) if used else "", used=used)
                for control, used in each
            ]
    return [{"type": 1, "components": buttons}] if buttons else []


def button(control: CustomId, language: Language, label: str = "", *, used: bool = False) -> dict[str, Any]:
    """A verb's button, as Discord takes it; `label` in place of its usual one, green if it was `used`."""
    row = VERBS[control.verb]
    made: dict[str, Any] = {
        "type": 2,
        "style": int(ButtonStyle.SUCCESS if used else row.style),
        "label": label or language.gettext(row.label),
        "custom_id": str(control),
    }
    if row.emoji:
        made["emoji"] = {"name": row.emoji}
    return made
