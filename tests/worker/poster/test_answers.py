"""What each answer of Discord's means, and for which requests after it."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from worker.contract.types.destination import Destination
from worker.poster.discord import (
    BadTokenError,
    BrokenError,
    Discord,
    RateLimitedError,
    RefusedError,
    SlowUploadError,
    UnreachableError,
)
from worker.poster.limits import Route
from worker.poster.request_body import Moment, OverdueError, PunctualBody, UploadFile
from worker.poster.routes import create_message, edit_message, edit_reply

BOT = create_message(1)
REPLY = edit_reply(Destination(channel=1, application=5, token="t", message=9))
VIA = {"Via": "1.1 google"}


class Server:
    """Answers every request alike; `seen` has what came with them."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 200, {"id": "5"}, dict(VIA)
        self.seen: list[web.Request] = []
        self.bodies: list[bytes] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        self.bodies.append(await request.read())
        return web.json_response(self.body, status=self.status, headers=self.headers)

    def says(self, status: int, body: dict[str, Any] | None = None, **headers: str) -> None:
        self.status, self.body = status, body or {}
        self.headers = VIA | {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def discord(server: Server) -> AsyncIterator[Discord]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    async with TestServer(app) as listening, Discord(str(listening.make_url("")).rstrip("/"), SecretStr("b")) as made:
        yield made


def invalid(discord: Discord) -> int:
    """How many answers count towards Discord's ban."""
    return len(discord._limits._invalid)


@pytest.mark.parametrize(
    ("route", "status", "kind", "counts"),
    [
        (BOT, 401, BadTokenError, 1),
        (REPLY, 401, RefusedError, 1),
        (BOT, 403, RefusedError, 1),
        (BOT, 404, RefusedError, 0),
        (BOT, 413, RefusedError, 0),
        (BOT, 429, RateLimitedError, 1),
        (BOT, 500, BrokenError, 0),
        (BOT, 503, BrokenError, 0),
    ],
)
async def test_what_is_final_and_what_is_passing(
    discord: Discord, server: Server, route: Route, status: int, kind: type[Exception], counts: int
) -> None:
    server.says(status, {"code": 7, "message": "no"})
    with pytest.raises(kind) as caught:
        await discord.request(route, {})
    assert type(caught.value) is kind
    assert invalid(discord) == counts


async def test_the_bots_token_goes_with_the_bots_own_requests_alone(discord: Discord, server: Server) -> None:
    for route in (BOT, REPLY):
        await discord.request(route, {})
    assert [request.headers.get("Authorization") for request in server.seen] == ["Bot b", None]


async def test_a_redirect_is_not_followed(discord: Discord, server: Server) -> None:
    server.says(302, Location="/elsewhere")
    with pytest.raises(RefusedError):
        await discord.request(BOT, {})
    assert len(server.seen) == 1


async def limited(discord: Discord, route: Route = BOT) -> float:
    with pytest.raises(RateLimitedError) as caught:
        async with asyncio.timeout(10):
            await discord.request(route, {})
    return caught.value.retry_after


async def test_a_429_of_one_bucket_is_waited_for_elsewhere(discord: Discord, server: Server) -> None:
    server.says(429, {"retry_after": 20.5}, X_RateLimit_Scope="user")
    assert await limited(discord) == 20.5
    assert 10 < await limited(discord) <= 20.5  # without asking
    assert len(server.seen) == 1
    server.says(200, {"id": "5"})
    await discord.request(create_message(2), {})
    await discord.request(REPLY, {})


@pytest.mark.parametrize("how", [{"X_RateLimit_Scope": "global"}, {}])
async def test_a_429_of_the_bot_stops_the_bot_alone(discord: Discord, server: Server, how: dict[str, str]) -> None:
    server.says(429, {"retry_after": 20.5, "global": not how}, **how)
    await limited(discord)
    await limited(discord, create_message(2))
    assert len(server.seen) == 1
    server.says(200, {"id": "5"})
    await discord.request(REPLY, {})


async def test_a_429_that_is_not_the_apis_stops_its_route_and_a_second_one_everything(
    discord: Discord, server: Server
) -> None:
    server.says(429, {"retry_after": 20.5})
    del server.headers["Via"]
    await limited(discord)
    await limited(discord)
    assert len(server.seen) == 1
    await limited(discord, REPLY)
    await limited(discord, edit_message(8, 9))
    assert len(server.seen) == 2


async def test_a_429_that_others_caused_does_not_count(discord: Discord, server: Server) -> None:
    server.says(429, {"retry_after": 20.5}, X_RateLimit_Scope="shared")
    await limited(discord)
    assert invalid(discord) == 0


@pytest.mark.parametrize(
    ("body", "headers", "seconds"), [({}, {"Retry_After": "7"}, 7.0), ({"retry_after": "soon"}, {}, 5.0), ({}, {}, 5.0)]
)
async def test_how_long_to_wait_is_found_wherever_it_stands(
    discord: Discord, server: Server, body: dict[str, Any], headers: dict[str, str], seconds: float
) -> None:
    server.says(429, body, **headers)
    assert await limited(discord) == seconds


async def test_nothing_leaves_after_the_moment_that_the_guard_named(discord: Discord, server: Server) -> None:
    async def guard() -> Moment:
        return lambda: time.monotonic() - 1

    with pytest.raises(OverdueError):
        await discord.request(BOT, {"content": "late"}, guard=guard)
    assert b"".join(server.bodies) == b""


@pytest.mark.parametrize(("pieces", "kind"), [(0, UnreachableError), (1, SlowUploadError), (None, UnreachableError)])
async def test_only_an_upload_that_was_stuck_was_surely_not_taken(
    discord: Discord, monkeypatch: pytest.MonkeyPatch, pieces: int | None, kind: type[Exception]
) -> None:
    """Before its first piece nothing is known of the line; after its last one Discord may have done what it asks."""
    written = 0

    async def write(_: bytes) -> None:
        nonlocal written
        if pieces is not None and written >= pieces:
            raise TimeoutError
        written += 1

    class Connection:
        def __init__(self, data: PunctualBody) -> None:
            self._data = data

        async def __aenter__(self) -> None:
            if pieces != 0:
                await self._data.write(SimpleNamespace(write=write))  # type: ignore[arg-type]
            raise TimeoutError

        async def __aexit__(self, *_: object) -> None:
            pass

    async def guard() -> Moment:
        return lambda: time.monotonic() + 3600

    monkeypatch.setattr(discord._session, "request", lambda *_, data, **__: Connection(data))
    with pytest.raises(UnreachableError) as caught:
        await discord.request(BOT, {}, [UploadFile("a.png", b"png", "image/png")], guard)
    assert type(caught.value) is kind
