"""What the poster takes for an answer of Discord's."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from pydantic import SecretStr

from worker.poster.discord import Discord, UnreachableError
from worker.poster.routes import create_message

MADE = json.dumps({"id": "5", "channel_id": "1", "content": "x" * 5000}).encode()

Send = Callable[[web.StreamResponse], Awaitable[None]]


@asynccontextmanager
async def answering(send: Send, length: int | None) -> AsyncIterator[Discord]:
    """A Discord whose answers are written by `send`; `length` is what it says of them."""

    async def handle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        answer.content_length = length
        await answer.prepare(request)
        await send(answer)
        return answer

    app = web.Application()
    app.router.add_post("/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with Discord(f"http://127.0.0.1:{runner.addresses[0][1]}", SecretStr("t")) as discord:
            yield discord
    finally:
        await runner.cleanup()


async def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    async def pieces(answer: web.StreamResponse) -> None:
        for at in range(0, len(MADE), 100):
            await answer.write(MADE[at : at + 100])

    async with answering(pieces, None) as discord:
        assert (await discord.request(create_message(1), {}))["id"] == "5"


async def test_an_answer_that_is_cut_off_is_none() -> None:
    async def half(answer: web.StreamResponse) -> None:
        await answer.write(MADE[:1000])
        assert answer._req is not None
        assert answer._req.transport is not None
        answer._req.transport.abort()

    async with answering(half, len(MADE)) as discord:
        with pytest.raises(UnreachableError):
            await discord.request(create_message(1), {})


async def test_an_answer_that_is_not_discords_is_none() -> None:
    async with answering(lambda answer: answer.write(b"<html>welcome</html>"), None) as discord:
        with pytest.raises(UnreachableError, match="not Discord's"):
            await discord.request(create_message(1), {})
