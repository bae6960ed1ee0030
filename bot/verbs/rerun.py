"""Rerun: the same request with a new seed, for anyone, as long as the message exists."""

import asyncio
import logging
import random

import aiohttp
import discord

from bot.desk import Desk
from bot.errors import NoRecipe, PictureUnread
from worker.contract import recipe
from worker.contract.job import Job
from worker.contract.request import SEED_MAX, Request

from . import records
from .press import Press

log = logging.getLogger(__name__)

FETCH_TIMEOUT = 20.0  # seconds
PICTURE_MAX = 32 * 1024 * 1024  # bytes of an attachment that are worth reading for its recipe


async def rerun(desk: Desk, press: Press) -> Job:
    """Ask again with a new seed; the caps are those of whoever pressed. Raises Refusal or RedisError."""
    record = await records.find(desk.jobs, press.job)
    request = record.request if record is not None else await _from_picture(press.message)
    again = request.model_copy(update={"seed": random.randint(0, SEED_MAX)})
    return await desk.accept(press.occasion, again, verb="rerun")


async def _from_picture(message: discord.Message) -> Request:
    """The request inside the first attached picture that has one. Raises NoRecipe or PictureUnread."""
    for attachment in message.attachments:
        if attachment.size > PICTURE_MAX:
            continue
        picture = await _read(attachment)
        found = await asyncio.to_thread(recipe.read, picture)
        if found is not None:
            return found.request
    raise NoRecipe


async def _read(attachment: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(FETCH_TIMEOUT):
            return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        log.warning("attachment %s could not be read: %s", attachment.id, type(error).__name__)
        raise PictureUnread from error
