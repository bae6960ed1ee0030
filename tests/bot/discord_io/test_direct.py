"""Whatever Discord does with a direct message, a person reads that it is closed or that Discord is in trouble."""

from typing import Any
from unittest.mock import AsyncMock, MagicMock

import aiohttp
import discord
import pytest

from bot import texts
from bot.discord_io.direct import DirectMessages, NotTakenError
from bot.discord_io.responder import explain
from bot.result_errors import ClosedDms
from worker.contract.message.languages import ENGLISH


def answered(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    return kind(MagicMock(status=status, reason="x"), "")


def failing(error: Exception, *, opens: bool) -> DirectMessages:
    """With a client that fails where the channel is opened, or where the message is sent."""
    channel = MagicMock(send=AsyncMock(side_effect=error))
    client: Any = MagicMock(create_dm=AsyncMock(side_effect=error if opens else None, return_value=channel))
    return DirectMessages(client)


TROUBLES = [
    answered(discord.NotFound, 404), answered(discord.HTTPException, 400), answered(discord.HTTPException, 429),
    answered(discord.DiscordServerError, 503), aiohttp.ClientPayloadError(), aiohttp.ClientConnectionError(),
    TimeoutError(), ValueError("no JSON"), discord.RateLimited(3.0),
]  # fmt: skip


@pytest.mark.parametrize("opens", [True, False])
@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: type(error).__name__)
async def test_trouble_is_told_in_words(error: Exception, opens: bool) -> None:
    with pytest.raises(NotTakenError) as raised:
        await failing(error, opens=opens).send(5, "hello")
    assert explain(raised.value, ENGLISH) == texts.discord_away(ENGLISH)


@pytest.mark.parametrize("opens", [True, False])
async def test_closed_ones_are_no_trouble(opens: bool) -> None:
    with pytest.raises(ClosedDms):
        await failing(answered(discord.Forbidden, 403), opens=opens).send(5, "hello")
