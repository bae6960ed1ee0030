"""Upscale: one picture of a message made larger, for anyone, as long as the message exists."""

import asyncio
from dataclasses import dataclass, replace

import discord

from bot.errors import AlreadyAsked, MessageGone, NoRecipe, SourceGone, Upscaled
from bot.intake import origin
from bot.intake.admission import Enlarging, Intake
from bot.result_errors import ShowsMoments
from worker.contract.message.markdown import message_link
from worker.contract.types.job import Job, State
from worker.contract.types.request import Request, Upscale
from worker.contract.types.source_place import SourcePlaces
from worker.contract.types.upscale_source import UpscaleSource

from . import pictures, records
from .action import Action


async def upscale(intake: Intake, action: Action) -> Job:
    """Ask for one picture of the message; the caps are those of whoever asks. Raises Refusal or RedisError."""
    record, index = action.record, action.index
    action.check_ended()
    message = await action.look(intake.messages)
    attachment = pictures.find(message, index)
    if not action.again:
        await _refuse_twice(intake, action, message)
    drawn = record.request if record is not None else await _drawn(attachment, intake.reading)
    if drawn.moments:
        raise ShowsMoments
    source = _source(message, attachment, index, alone=drawn.count == 1)
    asked = _Asked(drawn.only(index), source, record.sources if record else None, _shown_in(record))
    if record is not None and asked.of and not action.again:
        try:
            return await _ask(intake, _by_anyone(action), asked, attachment)
        except AlreadyAsked:
            await _refuse_twice(intake, replace(action, record=await records.find(intake.jobs, record.id)), message)
    return await _ask(intake, action, asked, attachment)


def _by_anyone(action: Action) -> Action:
    """The same as an event that is one whoever asks: two who press at once are not to get two pictures of one."""
    event = f"upscale:{action.job}:{action.index}"
    return replace(action, origin=replace(action.origin, event=event, event_ttl=origin.PRESS_TTL))


async def again(intake: Intake, action: Action, failed: Job, source: UpscaleSource) -> Job:
    """Ask once more for an upscale that came to nothing; its picture is looked up again. Raises as `upscale` does."""
    try:
        message = await intake.messages.get(source.channel, source.message)
    except MessageGone:
        raise SourceGone from None
    attachment = pictures.find(message, source.index)
    fresh = _source(message, attachment, source.index, alone=source.alone)
    asked = _Asked(failed.request, fresh, failed.sources, failed.upscale_of.partition(":")[0])
    return await _ask(intake, action, asked, attachment)


async def _refuse_twice(intake: Intake, action: Action, message: discord.Message) -> None:
    """Raise Upscaled where there is a larger one already, or will be. One that came to nothing is none."""
    record, number = action.record, action.index + 1
    alone = len(message.attachments) == 1 if record is None else record.request.count == 1
    before = record and await records.find(intake.jobs, record.upscales.get(action.index, ""))
    if before is not None and before.state not in {State.FAILED, State.CANCELLED}:
        raise Upscaled(None if alone else number, _link(before), done=before.state is State.POSTED)
    place = _made_before(action)
    if before is None and place is not None:  # all that is left to tell of it
        channel, made = place
        link = message_link(action.origin.destination.server, channel, made) if made else ""
        raise Upscaled(None if alone else number, link, done=True)


def _made_before(action: Action) -> tuple[int, int] | None:
    """Where the larger picture is, (0, 0) where nobody knows; None where there is none."""
    record, index = action.record, action.index
    if record is None:
        return action.made if action.used else None
    return record.upscaled_at.get(index, action.made) if index in record.upscales else None


def _link(job: Job) -> str:
    """To a job's message; to its channel while it has none."""
    place = job.destination
    if place.message:
        return message_link(place.server, place.channel, place.message)
    return f"https://discord.com/channels/{place.server or '@me'}/{place.channel}"


def _shown_in(record: Job | None) -> str:
    """The job whose message can show that this was asked for: a poster must be able to edit it for years."""
    if record is None or record.destination.message is None or record.destination.ephemeral:
        return ""
    return record.id if record.destination.installed else ""


@dataclass(frozen=True)
class _Asked:
    """An upscale of what `drawn` describes, which began with `sources`; `of`: the job whose message shows it, or ""."""

    drawn: Request
    source: UpscaleSource
    sources: SourcePlaces | None
    of: str


async def _ask(intake: Intake, action: Action, asked: _Asked, attachment: discord.Attachment) -> Job:
    """Put it in line."""
    drawn = asked.drawn
    width, height = attachment.width or drawn.width, attachment.height or drawn.height
    upscaler = await intake.live_models.upscaler(width, height)
    how = Upscale(upscaler=upscaler.id, scale=upscaler.scale, width=width, height=height)
    return await intake.admit(
        action.origin,
        drawn.enlarged(how),
        "upscale",
        upscaler,
        Enlarging(asked.source, asked.of),
        sources=asked.sources,
    )


def _source(message: discord.Message, attachment: discord.Attachment, index: int, *, alone: bool) -> UpscaleSource:
    """Its link is as fresh as the message, which Discord gave us just now: links end after a day, messages stay."""
    return UpscaleSource(channel=message.channel.id, message=message.id, index=index, alone=alone, link=attachment.url)


async def _drawn(attachment: discord.Attachment, turns: asyncio.Semaphore) -> Request:
    """What the picture itself says of how it and its kin were drawn. Raises NoRecipe or PictureUnread."""
    found = await pictures.recipe_in(attachment, turns)
    if found is None:
        raise NoRecipe
    return found.request
