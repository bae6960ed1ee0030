"""The way into every route: faults, token, rate limit, body, handler, answer, log."""

import asyncio
import hmac
import math
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox import background
from deploy.sandbox.errors import METHOD_NOT_ALLOWED, NOT_FOUND, SERVER_ERROR, UNAUTHORIZED, ApiError
from deploy.sandbox.faults.faults import Fault
from deploy.sandbox.faults.ratelimit import RateLimitedError
from deploy.sandbox.recording.exchanges import Exchange

from .answers import answer, banned, deliver, faulty, refuse
from .bodies import Body, read_body
from .call import Call, Created, Endpoint
from .conditions import conditions

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox

PREFIX = "/api/v10"
LOCALE = "X-Discord-Locale"


def bind(box: "Sandbox", endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of one route."""

    async def enter(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        path = request.path.removeprefix(PREFIX)
        met = await conditions(box, request) if box.faults.conditional else ()
        fault = box.faults.take(request.method, path, met) or box.chaos.call(request.method, endpoint.path)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        made, body = await _serve(box, endpoint, request, fault)
        box.ban.count(made.status, made.headers.get("X-RateLimit-Scope"))
        _log(box, endpoint, request, path, made, body, fault, started)
        return await deliver(request, made, fault)

    return enter


async def _serve(
    box: "Sandbox", endpoint: Endpoint, request: web.Request, fault: Fault | None
) -> tuple[web.Response, Body]:
    headers: dict[str, str] = {}
    body = Body()
    if box.ban.seconds_left:
        await request.read()
        return banned(box.ban.seconds_left), body
    try:
        _check_token(box, endpoint, request)
        if endpoint.limit is not None:
            major = "/".join(request.match_info[name] for name in endpoint.major)
            headers = box.limits.charge(endpoint.name, major, endpoint.limit, counts_globally=endpoint.needs_token)
        body = await read_body(request)
        prevented = fault is not None and fault.prevents
        call = Call(box, request.match_info, request.query, body, request.headers.get(LOCALE, ""))
        result = None if prevented else endpoint.handler(call)
    except ApiError as refused:
        await request.read()  # else the client meets a closed connection while it still sends
        if refused.retry_after is not None:
            headers = {**headers, "Retry-After": str(math.ceil(refused.retry_after))}
        return answer(refused.refusal.status, refused.payload(), headers), body
    except RateLimitedError as limited:
        await request.read()
        return answer(429, limited.payload, dict(limited.headers)), body
    except Exception as problem:  # noqa: BLE001 - as Discord does, and the log says why
        background.report(f"{endpoint.name} failed", problem)
        return refuse(SERVER_ERROR), body
    return faulty(fault, headers) if fault is not None and fault.replaces else _granted(result, headers), body


def _granted(result: object, headers: dict[str, str]) -> web.Response:
    if isinstance(result, Created):
        return answer(201, result.body, headers)
    return answer(204 if result is None else 200, result, headers)


def _check_token(box: "Sandbox", endpoint: Endpoint, request: web.Request) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Bot ")
    if endpoint.needs_token and not hmac.compare_digest(given.encode(), box.token.encode()):
        raise ApiError(UNAUTHORIZED)


def _log(
    box: "Sandbox", endpoint: Endpoint, request: web.Request, path: str, made: web.Response,
    body: Body, fault: Fault | None, started: float,
) -> None:  # fmt: skip
    response = made.body if isinstance(made.body, bytes) else b""
    box.exchanges.add(
        Exchange(
            box.exchanges.next_number(), box.clock.now(), request.method, path, endpoint.path, made.status,
            (time.perf_counter() - started) * 1000, body.text,
            [f"{each.filename} ({len(each.content)} bytes)" for each in body.uploads.values()],
            response.decode(), fault.id if fault else None,
        )
    )  # fmt: skip


@web.middleware
async def plain_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer in Discord's JSON where aiohttp would answer with a page of its own."""
    try:
        return await handler(request)
    except ApiError as refused:
        return answer(refused.refusal.status, refused.payload())
    except web.HTTPMethodNotAllowed:
        return refuse(METHOD_NOT_ALLOWED)
    except web.HTTPNotFound:
        return refuse(NOT_FOUND)
    except web.HTTPException:
        raise
    except Exception as problem:  # noqa: BLE001 - in JSON as well, and the log says why
        background.report(f"{request.method} {request.path} failed", problem)
        return refuse(SERVER_ERROR)
