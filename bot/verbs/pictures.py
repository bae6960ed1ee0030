"""What a picture in a message says of itself, for when Redis has forgotten it."""

import asyncio
import logging

import aiohttp
import discord

from bot.errors import NoSuchPicture, PictureUnread
from worker.contract.discord_limits import REQUEST_MAX
from worker.contract.message.job_message import picture_index
from worker.contract.types import recipe
from worker.contract.types.recipe import Recipe

log = logging.getLogger(__name__)

FETCH_TIMEOUT = 20.0  # seconds


def find(message: discord.Message, index: int) -> discord.Attachment:
    """The file that holds the picture, wherever in the message it stands. Raises NoSuchPicture."""
    for attachment in message.attachments:
        if picture_index(attachment.filename) == index:
            return attachment
    raise NoSuchPicture(index + 1)


async def recipe_in(attachment: discord.Attachment, turns: asyncio.Semaphore) -> Recipe | None:
    """The recipe inside an attached picture, read when it is our turn; None when it has none. Raises PictureUnread."""
    kind = attachment.content_type
    # Larger than Easel itself could post, or no picture, so it is not one of its own.
    if attachment.size > REQUEST_MAX or (isinstance(kind, str) and not kind.startswith("image/")):
        return None
    async with turns:
        return await asyncio.to_thread(recipe.read, await read(attachment))


async def read(attachment: discord.Attachment) -> bytes:
    """The bytes of a file. Raises PictureUnread."""
    try:
        async with asyncio.timeout(FETCH_TIMEOUT):
            return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        log.warning("attachment %s could not be read: %s", attachment.id, type(error).__name__)
        raise PictureUnread from error


def in_embed(attachment: discord.Attachment) -> dict[str, str]:
    """It as the picture of an embed, described for those who hear it as it is in its message."""
    return {"url": attachment.url} | ({"description": attachment.description} if attachment.description else {})
