import asyncio
from io import BytesIO
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import aiohttp
import discord
import pytest
from PIL import Image

from bot.errors import NoRecipe, PictureUnread
from bot.verbs.drawn import recipe_of
from worker.contract.discord_limits import REQUEST_MAX
from worker.contract.types import recipe
from worker.contract.types.request import Request

REQUEST = Request(prompt="a red apple", model="starter", width=64, height=64, steps=1, guidance_scale=1, seed=1)


def picture(**options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64)).save(out, **options)
    return out.getvalue()


OURS = picture(format="PNG", pnginfo=recipe.png_info(recipe.Recipe(request=REQUEST)))
SMALLER = picture(format="WEBP", exif=recipe.exif(recipe.Recipe(request=REQUEST)))
THEIRS = picture(format="PNG")


def attached(content: bytes | Exception, size: int = 1000) -> discord.Attachment:
    made = create_autospec(discord.Attachment, instance=True)
    made.id, made.size = 5, size
    made.read = AsyncMock(side_effect=[content])
    return made


def message(*attachments: discord.Attachment) -> discord.Message:
    made = create_autospec(discord.Message, instance=True)
    made.attachments = list(attachments)
    return made


async def from_picture(shown: discord.Message) -> Request:
    return (await recipe_of(shown, asyncio.Semaphore(1))).request


@pytest.mark.parametrize("ours", [OURS, SMALLER])
async def test_the_first_picture_with_a_recipe_serves(ours):
    assert await from_picture(message(attached(THEIRS), attached(b"no picture"), attached(ours))) == REQUEST


async def test_files_beyond_reason_are_not_even_fetched():
    huge, film = attached(OURS, REQUEST_MAX + 1), attached(OURS)
    film.content_type = "video/mp4"
    with pytest.raises(NoRecipe):
        await from_picture(message(huge, film))
    for each in (huge, film):
        each.read.assert_not_awaited()  # type: ignore[attr-defined] # a mock


async def test_no_picture_at_all():
    with pytest.raises(NoRecipe):
        await from_picture(message())


@pytest.mark.parametrize("trouble", [aiohttp.ClientConnectionError(), TimeoutError()])
async def test_a_picture_that_cannot_be_fetched_is_no_lost_recipe(trouble):
    with pytest.raises(PictureUnread):
        await from_picture(message(attached(trouble)))


async def test_only_some_pictures_are_in_memory_at_once():
    held, most = 0, 0

    async def read() -> bytes:
        nonlocal held, most
        held += 1
        most = max(most, held)
        await asyncio.sleep(0)
        held -= 1
        return OURS

    shown = [attached(OURS) for _ in range(5)]
    for each in shown:
        each.read = read  # type: ignore[assignment] # it takes no options
    turns = asyncio.Semaphore(2)
    found = await asyncio.gather(*(recipe_of(message(each), turns) for each in shown))
    assert [each.request for each in found] == [REQUEST] * 5
    assert most == 2
