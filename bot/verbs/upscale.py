"""Upscale: one picture of a message made larger, for anyone, as long as the message exists."""

import asyncio

import discord

from bot.errors import MissingPermissions, NoRecipe, NoSuchPicture, NotYet, SourceGone
from bot.intake.admission import Desk
from worker.contract.message.job_message import picture_index
from worker.contract.types.job import Job
from worker.contract.types.request import Request, Upscale
from worker.contract.types.upscale_source import Source

from . import pictures, records
from .action import READ_HISTORY, Press


async def upscale(desk: Desk, press: Press, index: int) -> Job:
    """Ask for picture `index` (from 0) of the message; the caps are those of whoever pressed.

    Raises Refusal or RedisError.
    """
    record = await records.find(desk.jobs, press.job)
    if record is not None and not record.state.terminal:
        raise NotYet
    attachment = _find(press.message, index)
    drawn = record.request if record is not None else await _drawn(attachment, desk.reading)
    source = _source(press.message, attachment, index, alone=drawn.count == 1)
    return await _ask(desk, press, drawn.only(index), source, attachment)


async def again(desk: Desk, press: Press, failed: Job, source: Source) -> Job:
    """Ask once more for an upscale that came to nothing; its picture is looked up anew. Raises as `upscale` does."""
    try:
        message = await press.message.channel.fetch_message(source.message)
    except discord.NotFound:
        raise SourceGone from None
    except discord.Forbidden:
        raise MissingPermissions([READ_HISTORY], source.channel) from None
    attachment = _find(message, source.index)
    fresh = _source(message, attachment, source.index, alone=source.alone)
    return await _ask(desk, press, failed.request, fresh, attachment)


async def _ask(desk: Desk, press: Press, drawn: Request, source: Source, attachment: discord.Attachment) -> Job:
    """Put an upscale of what `drawn` describes in line."""
    width, height = attachment.width or drawn.width, attachment.height or drawn.height
    upscaler = await desk.catalogue.upscaler(width, height)
    how = Upscale(upscaler=upscaler.id, scale=upscaler.scale, width=width, height=height)
    return await desk.admit(press.occasion, drawn.enlarged(how), "upscale", upscaler.factor, source)


def _source(message: discord.Message, attachment: discord.Attachment, index: int, *, alone: bool) -> Source:
    """Its link is as fresh as the message, which Discord gave us just now: links end after a day, messages stay."""
    return Source(channel=message.channel.id, message=message.id, index=index, alone=alone, link=attachment.url)


def _find(message: discord.Message, index: int) -> discord.Attachment:
    """The file that holds the picture, wherever in the message it stands. Raises NoSuchPicture."""
    for attachment in message.attachments:
        if picture_index(attachment.filename) == index:
            return attachment
    raise NoSuchPicture(index + 1)


async def _drawn(attachment: discord.Attachment, turns: asyncio.Semaphore) -> Request:
    """What the picture itself says of how it and its kin were drawn. Raises NoRecipe or PictureUnread."""
    found = await pictures.recipe_in(attachment, turns)
    if found is None:
        raise NoRecipe
    return found.request
