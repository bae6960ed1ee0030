"""Which buttons stand under a job's message, and in which rows. `verbs` says all else about each.

several pictures:  [U1][U2][U3][U4][rerun]    [V1][V2][V3][V4][edit]   [keep][send][More]
a single one:      [Vary a little][a lot][Edit]    [Upscale][Zoom out][Widen]    [rerun][keep][send][More]
waiting, running:  [Cancel][Tell me when done]
came to nothing:   [Rerun][Edit][Delete]    without [Rerun] where it would come to the same
how it came about: [rerun][edit][keep][send][More]
A draft has [Enhance] besides: before [keep], or after [Edit].
[Zoom out ×2] and [Heighten] are under More, so that each row is one line on a phone; where nothing under More can reach
the message later, they have a row of their own.
"""

from collections.abc import Sequence
from typing import Any

from worker.contract.discord_limits import BUTTONS_PER_ROW, ROWS_MAX
from worker.contract.types.cause import FINAL
from worker.contract.types.job import Job, State
from worker.contract.types.telling import Telling

from .custom_ids import CustomId
from .languages import Language
from .verbs import VERBS, ButtonStyle, Verb

_VARY = (Verb.VARY_LITTLE, Verb.VARY_LOT)
_BEYOND, FURTHER = (Verb.ZOOM_SOME, Verb.WIDEN), (Verb.ZOOM_TWICE, Verb.HEIGHTEN)
UNDER_MORE = (Verb.CAME_ABOUT, Verb.FORWARD, *FURTHER)
_OF_PICTURES = {  # that stand under pictures alone
    *(Verb.UPSCALE, *_VARY, *_BEYOND, *UNDER_MORE, Verb.ENHANCE, Verb.KEEP, Verb.SEND, Verb.MORE)
}
Row = list[dict[str, Any]]
_BESIDE = (  # what stands beside and below the numbered buttons, as signs alone where they have one
    Verb.RERUN,
    Verb.EDIT,
    Verb.KEEP,
    Verb.SEND,
    Verb.MORE,
)
_BELOW = (Verb.RERUN, Verb.KEEP, Verb.SEND, Verb.MORE)  # and below a single picture's own


def rows(
    job: Job,
    language: Language,
    enlargeable: Sequence[int],
    varied: Sequence[int] = (),
    *,
    beyond: bool = False,
    draft: bool = False,
) -> list[dict[str, Any]]:
    """All rows under a job's message; which pictures an upscaler takes, which can be varied, if they are a draft.

    `beyond`: whether a single one can go on beyond its edges.
    """
    if job.state is State.POSTED and job.cause is None:
        enhance = [_button(job, Verb.ENHANCE, language)] if draft else []
        if job.request.moments:
            found = _in_rows([_sign(_button(job, verb, language)) for verb in _BESIDE] + _alone(job, language))
        elif _is_single(job):
            found = _single(job, language, enlargeable, varied, enhance, beyond=beyond)
        else:
            found = _several(job, language, enlargeable, varied, enhance)
    else:
        found = [[_plain(job, verb, language) for verb, row in VERBS.items() if _stands(row.states, verb, job)]]
    return [{"type": 1, "components": row} for row in found if row]


def numbered_rows(
    job: Job, language: Language, enlargeable: Sequence[int], varied: Sequence[int] = ()
) -> list[dict[str, Any]]:
    """The rows U1 to Un and V1 to Vn alone, for a further message of a large result."""
    if job.state is not State.POSTED or _is_single(job) or job.request.moments:
        return []
    found = _numbered(job, Verb.UPSCALE, language, enlargeable) + _numbered(job, Verb.VARY_LITTLE, language, varied)
    return [{"type": 1, "components": row} for row in found]


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


def _several(
    job: Job, language: Language, enlargeable: Sequence[int], varied: Sequence[int], enhance: Row
) -> list[Row]:
    """Numbered buttons with others beside them, as long as there is room; below them the rest."""
    above = _numbered(job, Verb.UPSCALE, language, enlargeable)
    vary = _numbered(job, Verb.VARY_LITTLE, language, varied)
    rest = [_sign(_button(job, verb, language)) for verb in _BESIDE] + _alone(job, language)
    for group in filter(None, (above, vary)):
        if len(group) == 1 and len(group[0]) < BUTTONS_PER_ROW:
            group[0].append(rest.pop(0))
    below = _in_rows(enhance + rest)
    room = len(above) + len(vary) + len(below) <= ROWS_MAX  # the most pictures under a message of one's own have none
    return [*above, *(vary if room else []), *below]


def _single(
    job: Job, language: Language, enlargeable: Sequence[int], varied: Sequence[int], enhance: Row, *, beyond: bool
) -> list[Row]:
    vary = [button(CustomId(verb, job.id, index), language) for index in varied for verb in _VARY]
    larger = VERBS[Verb.UPSCALE]
    upscale = [
        button(_used(job, index), language, language.gettext(larger.used_label), used=True)
        if index in job.upscales
        else button(CustomId(Verb.UPSCALE, job.id, index), language)
        for index in enlargeable
    ]
    below = [_sign(_button(job, verb, language)) for verb in _BELOW]
    edit = _button(job, Verb.EDIT, language)
    below += _alone(job, language)
    if beyond:
        on, further = ([_button(job, verb, language) for verb in verbs] for verbs in (_BEYOND, FURTHER))
        return [[*vary, edit, *enhance], [*upscale, *on], [] if job.destination.shared else further, below]
    if not vary:
        return [[edit, *upscale, *enhance], below]
    return [[*vary, edit, *enhance], *_in_rows([*upscale, *below])]


def _numbered(job: Job, verb: Verb, language: Language, indices: Sequence[int]) -> list[Row]:
    row = VERBS[verb]
    found = []
    for index in indices:
        used = verb is Verb.UPSCALE and index in job.upscales
        label = language.gettext(row.used_numbered_label if used else row.numbered_label, number=index + 1)
        control = _used(job, index) if used else CustomId(verb, job.id, index)
        made = button(control, language, label, used=used)
        found.append({name: value for name, value in made.items() if name != "emoji"})
    return _in_rows(found)


def _used(job: Job, index: int) -> CustomId:
    """Of a picture that was made larger: it says where that is, for when nobody else knows any more."""
    channel, message = job.upscaled_at.get(index, (0, 0))
    made_in = channel if channel != job.destination.channel else 0
    return CustomId(Verb.UPSCALE, job.id, index, made=message, made_in=made_in)


def _in_rows(buttons: Row) -> list[Row]:
    return [buttons[start : start + BUTTONS_PER_ROW] for start in range(0, len(buttons), BUTTONS_PER_ROW)]


def _alone(job: Job, language: Language) -> Row:
    """Delete, where nothing but a press on the message itself can reach it."""
    return [] if job.destination.shared else [_sign(_button(job, Verb.DELETE, language))]


def _stands(states: frozenset[State], verb: Verb, job: Job) -> bool:
    reached = job.destination.shared or verb is not Verb.TELL  # elsewhere nobody can be mentioned later
    futile = verb is Verb.RERUN and job.cause is not None and job.cause.code in FINAL
    return job.state in states and verb not in _OF_PICTURES and reached and not futile


def _is_single(job: Job) -> bool:
    return job.result is None or len(job.result.pictures) == 1


def _plain(job: Job, verb: Verb, language: Language) -> dict[str, Any]:
    """Its button under a message without pictures."""
    if verb is Verb.TELL and job.tell is Telling.ASKED:
        return button(CustomId(verb, job.id), language, language.gettext(VERBS[verb].used_label), used=True)
    return _button(job, verb, language)


def _button(job: Job, verb: Verb, language: Language) -> dict[str, Any]:
    return button(CustomId(verb, job.id), language)


def _sign(made: dict[str, Any]) -> dict[str, Any]:
    """A button without its words, where it has a sign; screen readers say the sign's name."""
    return {name: value for name, value in made.items() if name != "label" or "emoji" not in made}
