"""Direct messages to people, and short replies that go again where those are closed."""

import asyncio
import io
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import discord
from discord.http import MultipartParameters

from bot.result_errors import ClosedDms

from .interactions import File

log = logging.getLogger(__name__)

# A body cut off on its way is no JSON, and a 404 or 429 may come from before Discord itself.
_NOT_TAKEN = (discord.DiscordException, aiohttp.ClientError, TimeoutError, ValueError)
GOES_AFTER = 20.0  # seconds, of a reply that matters to one person for a moment


class NotTakenError(Exception):
    """Discord did not take a direct message just now, or its answer was lost on the way."""


class DirectMessages:
    """Sends them as the bot."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def send(self, person: int, text: str, files: Sequence[File] = ()) -> None:
        """Raises ClosedDms or NotTakenError."""
        made = [discord.File(io.BytesIO(each.data), each.name, description=each.description or None) for each in files]
        try:
            channel = await self._client.create_dm(discord.Object(person))
            await channel.send(text, files=made)
        except discord.Forbidden as error:
            raise ClosedDms from error
        except _NOT_TAKEN as error:
            raise NotTakenError from error

    async def reply(
        self, channel: int, message: int, text: str, mentions: int, button: Mapping[str, Any] | None = None
    ) -> None:
        """Reply to a message in its channel, with the mention of one person, and with a button below if there is one.

        Raises:
            discord.Forbidden: nothing may be said there.
            discord.NotFound: the channel is gone; a message that is gone is no hindrance.
            NotTakenError: Discord did not take it now, for any other reason.
        """
        payload: dict[str, Any] = {
            "content": text,
            "message_reference": {"message_id": str(message), "fail_if_not_exists": False},
            "allowed_mentions": {"users": [str(mentions)], "replied_user": False},
        }
        if button:
            payload["components"] = [{"type": 1, "components": [button]}]
        parameters = MultipartParameters(payload=payload, multipart=None, files=None)
        try:
            await self._client.http.send_message(channel, params=parameters)
        except (discord.Forbidden, discord.NotFound):
            raise
        except _NOT_TAKEN as error:
            raise NotTakenError from error

    async def reply_for_a_moment(self, channel: int, message: int, text: str) -> None:
        """A reply in the channel that mentions nobody and goes after GOES_AFTER; nothing where that is refused."""
        try:
            place = self._client.get_partial_messageable(channel).get_partial_message(message)
            said = await place.reply(text, mention_author=False, silent=True)
            await asyncio.sleep(GOES_AFTER)
            await said.delete()
        except (discord.HTTPException, aiohttp.ClientConnectionError) as error:
            log.info("could not reply for a moment: %s", type(error).__name__)
