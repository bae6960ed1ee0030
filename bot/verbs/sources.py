"""The pictures that a job began with, looked up again: their links last for a day, messages stay."""

import time

from yarl import URL

from bot.errors import MessageGone
from bot.intake.admission import Intake
from bot.source_errors import BeginningGone
from worker.contract.types.cause import picture_gone
from worker.contract.types.job import Job, Reason
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlace, SourcePlaces


async def of_request(intake: Intake, record: Job | None, asked: Request) -> SourcePlaces | None:
    """Where the pictures that come with a request are now; None where none do. Raises as `fresh` does."""
    return await fresh(intake, record) if asked.pictures else None


async def fresh(intake: Intake, record: Job | None) -> SourcePlaces:
    """Where its pictures are now. Raises BeginningGone, or as `Messages.get` does.

    A recipe says nothing of where they lie; so what Redis has forgotten is gone.
    """
    if record is None or record.sources is None:
        raise BeginningGone
    gone = record.reason is Reason.SOURCE and record.cause == picture_gone()
    return SourcePlaces(pictures=tuple([await _fresh(intake, each, gone=gone) for each in record.sources.pictures]))


async def of_guides(intake: Intake, record: Job | None) -> tuple[SourcePlace, ...]:
    """Where the pictures that it follows are now; none where it follows none, or not all can be had."""
    if record is None or record.sources is None or not record.request.guides:
        return ()
    places = record.sources.pictures[len(record.request.sources) :]
    try:
        return tuple([await _fresh(intake, each, gone=False) for each in places])
    except BeginningGone:
        return ()


async def _fresh(intake: Intake, place: SourcePlace, *, gone: bool) -> SourcePlace:
    if place.message is None or place.channel is None:
        if gone or _ended(place.link):
            raise BeginningGone
        return place
    try:
        message = await intake.messages.get(place.channel, place.message)
    except MessageGone:
        raise BeginningGone from None
    for attachment in message.attachments:
        if attachment.id == place.attachment:
            return place.model_copy(update={"link": attachment.url})
    raise BeginningGone


def _ended(link: str) -> bool:
    """Whether Discord's link says that its time is over: `ex` is the second, in hexadecimal digits."""
    try:
        return int(URL(link).query["ex"], 16) < time.time()
    except (KeyError, ValueError):
        return False
