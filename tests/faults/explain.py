"""Why somebody was told no, and why a job came to nothing: each reason holds only where the plan gives cause for it.

A sentence that is not in these tables, or whose cause is not there, is a promise broken.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from worker.contract.message.verbs import Verb
from worker.contract.types.job import Reason
from worker.contract.types.model_info import DRAFT_AT_MOST

from . import blame, limits, sentences
from .lives import ANSWER, Book, Life, No
from .lives import NEAR as _NEAR
from .record import Record
from .shown import Phase, Shown
from .troubles import Trouble

_ATTEMPTS = 3
_SENDS = 12.0  # seconds from the last step until pictures are seen, on a busy machine
_USUAL_STEPS = 20  # of the fake engine's models


def refusal(book: Book, code: str, no: No) -> bool:
    """Does the plan explain that this was said?"""
    name, _, form = code.partition(".")
    if name == "OverCap":
        return limits.over_cap(book, form, no)
    why = _REFUSALS.get(name)
    return why is not None and why(book, no)


def _queue(book: Book, no: No) -> bool:
    return bool(book.record.troubles.during(Trouble.QUEUE, no.at - _NEAR, no.at + ANSWER))


def _discord(book: Book, no: No) -> bool:
    kinds = (Trouble.MESSAGES, Trouble.ANSWERS)
    return any(book.record.troubles.during(kind, no.at - _NEAR, no.at + ANSWER) for kind in kinds)


def _cdn(book: Book, no: No) -> bool:
    return bool(book.record.troubles.during(Trouble.CDN, no.at - _NEAR, no.at + ANSWER))


def _no_permission(book: Book, no: No) -> bool:
    return blame.shut(book.record, no.channel, no.at - _NEAR, no.at + _NEAR)


def _all_workers(book: Book, no: No) -> bool:
    """All hosts were struck, one after the other, and none was well again: that takes as long as a start."""
    begin = no.at - ANSWER - 2 * book.record.starts
    struck = {each.where for each in book.record.troubles.during(Trouble.WORKER, begin, no.at)}
    return bool(book.hosts) and struck >= book.hosts


def _nearly_over(book: Book, no: No) -> bool:
    """Its end was seen by then, or soon after; longer where it could not be shown at once."""
    life = book.lives.get(no.job)
    late = 60.0 if _discord(book, no) or _queue(book, no) else _SENDS
    shown = [s.at for line in (life.lines if life else ()) for s in line.shown if s.phase and s.phase >= Phase.SENDING]
    return life is None or (bool(shown) and min(shown) <= no.at + late)


def _not_yet(book: Book, no: No) -> bool:
    """Its pictures were seen, but whoever brought them was struck or heard nothing before the books said so."""
    life = book.lives.get(no.job)
    since = life.end if life and life.end <= no.at else no.at
    struck = any(book.record.troubles.during(kind, since - _NEAR, no.at) for kind in (Trouble.POSTER, Trouble.MESSAGES))
    return no.at - since <= _NEAR + book.record.lag or struck or _queue(book, no)


def _gone(book: Book, no: No) -> bool:
    life = book.lives.get(no.job)
    return any(blame.gone(book.record, number, no.at + ANSWER) for number in (no.about, *_sources(life)))


def _sources(life: Life | None) -> Iterable[int]:
    return (line.reply_to for line in (life.lines if life else ()) if line.reply_to)


def _others(book: Book, no: No) -> bool:
    life = book.lives.get(no.job)
    return life is not None and life.owner != no.person


def _upscaled(book: Book, no: No) -> bool:
    """Did anybody ask for it before, or is this a second press of theirs?"""
    pressed = (
        deed.control and deed.control.verb is Verb.UPSCALE and deed.control.job == no.job and deed.at < no.at
        for deed in book.record.deeds.values()
    )  # fmt: skip
    return any(pressed) or any(each.asks and each.job == no.job and each.at < no.at for each in book.record.reactions)


def _twice(book: Book, no: No) -> bool:
    same = [
        deed for deed in book.record.deeds.values()
        if deed.person == no.person and deed.source == no.about and deed.control and deed.at < no.at
    ]  # fmt: skip
    return bool(same)


def _no_pictures(book: Book, no: No) -> bool:
    """Did its message hold none just then? Those of the job may be in another one."""
    life = book.lives.get(no.job)
    lines = life.lines if life else ()
    shown = [line.at(no.at) for line in [each for each in lines if each.message == no.about] or lines]
    return any(each is not None for each in shown) and not any(each.pictures for each in shown if each)


def _dms_closed(book: Book, no: No) -> bool:
    dm = book.record.dms.get(no.person)
    return dm is not None and blame.shut(book.record, dm, no.at - _NEAR, no.at + ANSWER)


def _steps_enough(book: Book, no: No) -> bool:
    """Was it drawn with more than half of the usual steps?"""
    life = book.lives.get(no.job)
    said = [re.search(r"(\d+) steps", shown.content) for line in (life.lines if life else ()) for shown in line.shown]
    return any(found and DRAFT_AT_MOST * int(found[1]) > _USUAL_STEPS for found in said)


_REFUSALS: Mapping[str, Callable[[Book, No], bool]] = {
    sentences.QUEUE_AWAY: _queue,
    sentences.QUEUE_SLOW: _queue,
    sentences.DISCORD_AWAY: _discord,
    "ChannelBusy": _discord,
    "MissingPermissions": _no_permission,
    "NothingLive": _all_workers,
    "NoUpscaler": _all_workers,
    "TooLate": _nearly_over,
    "NotADraft": _steps_enough,
    "AlreadySent": _twice,
    "NoRecipe": _no_pictures,
    "NothingToSend": _no_pictures,
    "ClosedDms": _dms_closed,
    "NotYet": _not_yet,
    "NoSuchPicture": _no_pictures,
    "SourceGone": _gone,
    "BeginningGone": _gone,  # so does what it began with
    "PictureUnread": _cdn,
    "Forgotten": _gone,  # its record goes with its message
    "Upscaled": _upscaled,
    "NotYours": _others,
    "AlreadyAsked": _twice,
    "Blocked": limits.blocked,
    "Paused": limits.paused,
    "OverLimit": limits.over_one_request,
    "SettingsChanging": limits.changing,
}


def ending(book: Book, life: Life, shown: Shown) -> str | None:
    """What explains that a job ended without pictures: its "prompt", a "deed", or a "blow"; None for nothing."""
    if shown.ending is None:
        return None
    reason, cause = shown.ending
    asked = _ASKED_FOR.get(reason, {}).get(cause) or _ASKED_FOR.get(reason, {}).get("")
    if asked and asked in life.prompt:
        return "prompt"
    if reason in {Reason.OWNER, Reason.MODERATOR}:
        return "deed" if ended_by(book.record, life) else None
    why = _ENDINGS.get(reason)
    return "blow" if why is not None and why(book, life, cause) else None


def ended_by(record: Record, life: Life) -> bool:
    """Did somebody cancel it, or delete its message?"""
    pressed = any(
        deed.control and deed.control.job == life.job and deed.control.verb in {Verb.CANCEL, Verb.DELETE}
        for deed in record.deeds.values()
    )  # fmt: skip
    return pressed or any(each.ends and each.job == life.job for each in record.reactions)


def _struck(book: Book, life: Life, _cause: str) -> bool:
    """Enough blows fell while it was drawn: on workers, on Redis, or by jobs that kill the engine that draws both."""
    troubles, end = book.record.troubles, life.end
    drawn = [shown.at for line in life.lines for shown in line.shown if shown.phase is Phase.DRAWING]
    begin = min(drawn, default=life.begin + _NEAR) - _NEAR
    if any(troubles.during(kind, life.begin, begin) for kind in (Trouble.POSTER, Trouble.MESSAGES, Trouble.QUEUE)):
        begin = life.begin  # nobody could show then that it was drawn
    blows = sum(len(troubles.during(kind, begin, end)) for kind in (Trouble.WORKER, Trouble.QUEUE))
    beside = [
        other for other in book.lives.values()
        if other.job != life.job and "[crash]" in other.prompt and other.begin <= end and other.end >= begin
    ]  # fmt: skip
    return blows + _ATTEMPTS * len(beside) >= _ATTEMPTS


def _shut_out(book: Book, life: Life, cause: str) -> bool:
    """Its place was closed or deleted while it lived, or its message was deleted."""
    if cause == "message_deleted":
        return any(line.deleted is not None for line in life.lines)
    return any(blame.shut(book.record, line.channel, life.begin, life.end + _NEAR) for line in life.lines)


def _source_gone(book: Book, life: Life, _cause: str) -> bool:
    """It was deleted; or the CDN stumbled while it was fetched for the last time, as often as one attempt tries."""
    if book.record.troubles.during(Trouble.CDN, life.end - ANSWER, life.end):
        return True
    sources = {*_sources(life), *(line.reacted_to or 0 for line in life.lines)}
    asked = book.record.deeds.get(int(life.job)) if life.job.isdigit() else None
    sources |= {asked.source or 0} if asked else set()
    return any(blame.gone(book.record, number, life.end) for number in sources)


_ASKED_FOR: Mapping[Reason, Mapping[str, str]] = {
    Reason.ATTEMPTS: {"": "[crash]"},
    Reason.MEMORY: {"": "[oom]"},
    Reason.ENGINE: {"": "[fail]"},
    Reason.UNPOSTED: {"pictures_too_large": "[noise]"},
}
_ENDINGS: Mapping[str, Callable[[Book, Life, str], bool]] = {
    Reason.ATTEMPTS: _struck,
    Reason.UNPOSTED: _shut_out,
    Reason.SOURCE: _source_gone,
    "closed": _shut_out,  # cancelled undrawn, by an Easel that knows this reason
}
