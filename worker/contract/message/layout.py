"""Which buttons stand under a job's message, and in which rows. `verbs` says all else about each.

several pictures:  [U1][U2][U3][U4][rerun]   [edit][keep][send][More]
a single one:      [Edit][Upscale]           [rerun][keep][send][More]
waiting, running:  [Cancel]
came to nothing:   [Rerun][Edit][Delete]
"""

from collections.abc import Sequence
from typing import Any

from worker.contract.discord_limits import BUTTONS_PER_ROW
from worker.contract.types.job import Job, State

from .custom_ids import CustomId
from .languages import Language
from .verbs import VERBS, ButtonStyle, Verb

_OF_PICTURES = {Verb.UPSCALE, Verb.KEEP, Verb.SEND, Verb.MORE}  # that stand under pictures alone
Row = list[dict[str, Any]]
_BESIDE = (
    Verb.EDIT,
    Verb.KEEP,
    Verb.SEND,
    Verb.MORE,
)  # what stands below the numbered buttons, as signs alone where they have one
_BELOW = (Verb.RERUN, Verb.KEEP, Verb.SEND, Verb.MORE)  # and below a single picture's own


def rows(job: Job, language: Language, enlargeable: Sequence[int]) -> list[dict[str, Any]]:
    """All rows under a job's message; `enlargeable`: which of its pictures an upscaler takes."""
    if job.state is State.POSTED and job.cause is None:
        found = _single(job, language, enlargeable) if _is_single(job) else _several(job, language, enlargeable)
    else:
        found = [[_button(job, verb, language) for verb, row in VERBS.items() if _stands(row.states, verb, job)]]
    return [{"type": 1, "components": row} for row in found if row]


def numbered_rows(job: Job, language: Language, enlargeable: Sequence[int]) -> list[dict[str, Any]]:
    """The rows U1 to Un alone, for a further message of a large result."""
    if job.state is not State.POSTED or _is_single(job):
        return []
    return [{"type": 1, "components": row} for row in _numbered(job, language, enlargeable)]


def button(control: CustomId, language: Language, label: str = "", *, used: bool = False) -> dict[str, Any]:
    """A verb's button, as Discord takes it; `label` in place of its usual one, blue if it was `used`."""
    row = VERBS[control.verb]
    made: dict[str, Any] = {
        "type": 2,
        "style": int(ButtonStyle.PRIMARY if used else row.style),
        "label": label or language.gettext(row.label),
        "custom_id": str(control),
    }
    if row.emoji:
        made["emoji"] = {"name": row.emoji}
    return made


def _several(job: Job, language: Language, enlargeable: Sequence[int]) -> list[Row]:
    above, rerun = _numbered(job, language, enlargeable), _sign(_button(job, Verb.RERUN, language))
    below = [_sign(_button(job, verb, language)) for verb in _BESIDE] + _alone(job, language)
    if len(above) == 1 and len(above[0]) < BUTTONS_PER_ROW:
        return [[*above[0], rerun], below]
    return [*above, [rerun, *below]]


def _single(job: Job, language: Language, enlargeable: Sequence[int]) -> list[Row]:
    larger = VERBS[Verb.UPSCALE]
    upscale = [
        button(CustomId(Verb.UPSCALE, job.id, index), language, language.gettext(larger.used_label), used=True)
        if index in job.upscales
        else button(CustomId(Verb.UPSCALE, job.id, index), language)
        for index in enlargeable
    ]
    below = [_sign(_button(job, verb, language)) for verb in _BELOW]
    return [[_button(job, Verb.EDIT, language), *upscale], below + _alone(job, language)]


def _numbered(job: Job, language: Language, enlargeable: Sequence[int]) -> list[Row]:
    row = VERBS[Verb.UPSCALE]
    found = []
    for index in enlargeable:
        used = index in job.upscales
        label = language.gettext(row.used_numbered_label if used else row.numbered_label, number=index + 1)
        found.append(button(CustomId(Verb.UPSCALE, job.id, index), language, label, used=used))
    return [found[start : start + BUTTONS_PER_ROW] for start in range(0, len(found), BUTTONS_PER_ROW)]


def _alone(job: Job, language: Language) -> Row:
    """Delete, where nothing but a press on the message itself can reach it."""
    return [] if job.destination.shared else [_sign(_button(job, Verb.DELETE, language))]


def _stands(states: frozenset[State], verb: Verb, job: Job) -> bool:
    return job.state in states and verb not in _OF_PICTURES


def _is_single(job: Job) -> bool:
    return job.result is None or len(job.result.pictures) == 1


def _button(job: Job, verb: Verb, language: Language) -> dict[str, Any]:
    return button(CustomId(verb, job.id), language)


def _sign(made: dict[str, Any]) -> dict[str, Any]:
    """A button without its words, where it has a sign; screen readers say the sign's name."""
    return {name: value for name, value in made.items() if name != "label" or "emoji" not in made}
