"""Discord's HTTP API, as much as the poster needs: one request, its pace and its errors.

Errors:
    DiscordError
    ├── UnreachableError   no answer: connection refused, dropped or timed out; it may or may not have been done
    │   └── SlowUploadError  its files did not get through in time, so it was not done
    ├── BrokenError        Discord's own trouble: 5xx, or what is said in its place
    ├── RateLimitedError   not now; carries the seconds to wait
    └── RefusedError       4xx with Discord's code and message
        └── BadTokenError  401 for the bot's own token: nothing works until the operator repairs it
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.payload import Payload
from pydantic import SecretStr

from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.metrics.table import status as status_label
from worker.contract.release import UNKNOWN, release

from .limits import INVALID_MANY, RateLimits, Route
from .request_body import Moment, OverdueError, PunctualBody, UploadFile, body

log = logging.getLogger("poster")

PATIENCE = 0.5  # seconds worth waiting in place; beyond that other messages go first
_RETRY_DEFAULT = 5.0
_ANSWER_MAX = 4 * 1024 * 1024


class DiscordError(Exception):
    """Base of what a request to Discord may end with."""


class UnreachableError(DiscordError):
    """There was no answer."""


class SlowUploadError(UnreachableError):
    """The files did not get through in time: the line may be too slow for them, so smaller ones are worth a try."""


class BrokenError(DiscordError):
    """Discord has trouble of its own; `code` is its JSON error code, 0 when it gave none."""

    def __init__(self, status: int, code: int = 0) -> None:
        super().__init__(f"HTTP {status}, code {code}" if code else f"HTTP {status}")
        self.status, self.code = status, code


class RateLimitedError(DiscordError):
    """Discord wants us to wait `retry_after` seconds, or would if we had asked."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"wait {retry_after:.1f} s")
        self.retry_after = retry_after


class RefusedError(DiscordError):
    """Discord will not do this; `code` is its JSON error code, 0 when it gave none.

    Attributes:
        message: what Discord says. It may quote what was sent, so it is no part of what is logged above DEBUG.
        readable: it was a JSON object, as Discord's answers are; else something before Discord may have answered.
    """

    def __init__(self, status: int, code: int, message: str, *, readable: bool = True) -> None:
        super().__init__(f"HTTP {status}, code {code}")
        self.status, self.code, self.message, self.readable = status, code, message, readable


class BadTokenError(RefusedError):
    """The bot's token is not accepted."""


Guard = Callable[[], Awaitable[Moment]]  # tells after which moment nothing may leave any more


class Discord:
    """A client of the HTTP API. Use it as an async context manager.

    Args:
        base: like https://discord.com/api/v10.
        token: of the bot; sent only on routes that need it.
        timeout: seconds for one request with its upload.
        metrics: where requests, their answers and limits are counted.
    """

    def __init__(self, base: str, token: SecretStr, timeout: float = 50.0, metrics: Metrics = NO_METRICS) -> None:
        self._base, self._metrics = base, metrics
        self._token = token
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=10)
        self._limits = RateLimits()
        self._warned = False
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._timeout, headers={"User-Agent": user_agent()})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def request(
        self, route: Route, payload: Mapping[str, Any], files: Sequence[UploadFile] = (), guard: Guard | None = None
    ) -> dict[str, Any]:
        """Send one request and return Discord's answer; a list comes as `{"items": […]}`.

        Requests of one route and major resource go one after the other. `guard` runs when it is this one's turn, right
        before it leaves; what it raises is raised here.

        Raises:
            DiscordError: see the tree above.
            OverdueError: it did not leave before the moment that `guard` named.
        """
        turn = self._turns.setdefault((route.family, route.major), asyncio.Lock())
        async with turn:
            await self._pace(route)
            until = await guard() if guard else None
            if (wait := self._limits.wait(route)) > 0:  # something was learnt meanwhile
                raise RateLimitedError(wait)
            self._limits.sent(route)
            try:
                sent = None if route.method == "GET" else body(payload, files, until)
                status, headers, answer = await self._counted(route, sent)
            finally:
                self._limits.answered(route)
        self._limits.learn(route, headers)
        try:
            return self._judge(route, status, headers, answer)
        finally:
            self._metrics.set("easel_poster_invalid_requests", self._limits.invalid_lately)

    async def _counted(self, route: Route, sent: Payload | None) -> tuple[int, Mapping[str, str], bytes]:
        began, code = time.monotonic(), 0
        try:
            code, headers, answer = await self._send(route, sent)
            return code, headers, answer
        finally:
            self._metrics.count("easel_poster_discord_requests_total", status=status_label(code))
            self._metrics.observe("easel_poster_discord_seconds", time.monotonic() - began)

    async def _pace(self, route: Route) -> None:
        self._warn()
        while (wait := self._limits.wait(route)) > 0:
            if wait > PATIENCE:
                raise RateLimitedError(wait)
            await asyncio.sleep(wait)

    def _warn(self) -> None:
        """Say it once, when too much was refused and everything slows down."""
        often = self._limits.refused_often
        if often and not self._warned:
            log.error(
                "Discord refused more than %d requests within ten minutes (401, 403 or 429) and bans an address at "
                "10,000, so posting slows down; the lines before say what it refused",
                INVALID_MANY,
            )
        self._warned = often

    async def _send(self, route: Route, sent: Payload | None) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Authorization": f"Bot {self._token.get_secret_value()}"} if route.bot else {}
        try:
            async with self._session.request(
                route.method, self._base + route.path, headers=headers, allow_redirects=False, data=sent
            ) as answer:
                return answer.status, answer.headers, await _whole(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error.__cause__, OverdueError):
                raise error.__cause__ from None
            slow = isinstance(error, TimeoutError) and isinstance(sent, PunctualBody) and sent.stuck
            raise (SlowUploadError if slow else UnreachableError)(f"{route.family}: {type(error).__name__}") from error

    def _judge(self, route: Route, status: int, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
        answer = _parse(content)
        if 200 <= status < 300:
            if content and not answer:
                raise UnreachableError(f"{route.family}: its answer is not Discord's")
            self._limits.succeeded()
            return answer or {}
        if status >= 500:
            raise BrokenError(status)
        if status == 429:
            raise self._limited(route, headers, answer or {})
        readable, answer = answer is not None, answer or {}
        code, message = answer.get("code", 0), str(answer.get("message", ""))
        if status in {401, 403}:
            self._limits.invalid()
        kind = BadTokenError if status == 401 and route.bot and readable else RefusedError
        raise kind(status, code if isinstance(code, int) else 0, message, readable=readable)

    def _limited(self, route: Route, headers: Mapping[str, str], answer: dict[str, Any]) -> RateLimitedError:
        try:
            seconds = float(answer.get("retry_after") or headers.get("Retry-After") or _RETRY_DEFAULT)
        except ValueError:
            seconds = _RETRY_DEFAULT
        scope = headers.get("X-RateLimit-Scope", "")
        everywhere = scope == "global" or answer.get("global") is True
        outside = "Via" not in headers  # then it was not Discord's API that answered, but what stands before it
        self._limits.refused(route, seconds, everywhere=everywhere and not outside, outside=outside)
        if scope != "shared":
            self._limits.invalid()
        self._metrics.count("easel_poster_limited_total", scope="cloudflare" if outside else scope or "user")
        log.info("%s: told to wait %.1f s (%s)", route.family, seconds, "Cloudflare" if outside else scope or "bucket")
        return RateLimitedError(seconds)


def user_agent() -> str:
    """What Discord asks of libraries: a name, a place to read about it, a version."""
    known = release()
    return f"DiscordBot (https://github.com/easel-bot/easel, {'0' if known == UNKNOWN else known})"


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """All of an answer. One that is cut off is none: what was made would not be found again."""
    found = bytearray()
    async for part in answer.content.iter_any():
        found += part
        if len(found) > _ANSWER_MAX:
            raise aiohttp.ClientPayloadError("it does not end")
    return bytes(found)


def _parse(content: bytes) -> dict[str, Any] | None:
    """What an answer holds; None when it is not Discord's, which are all JSON."""
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    if isinstance(answer, list):
        return {"items": answer}
    return answer if isinstance(answer, dict) else None
