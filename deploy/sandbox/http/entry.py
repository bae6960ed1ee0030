"""The way into every route: faults, token, rate limit, body, handler, answer, log."""

import asyncio
import hmac
import json
import math
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox.bodies import Body, read_body
from deploy.sandbox.errors import METHOD_NOT_ALLOWED, NOT_FOUND, UNAUTHORIZED, ApiError, Refusal
from deploy.sandbox.exchanges import Exchange
from deploy.sandbox.faults import Fault
from deploy.sandbox.ratelimit import RateLimitedError

from .call import Call, Endpoint

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox

VIA = {"Via": "1.1 sandbox"}
PREFIX = "/api/v10"


def bind(box: "Sandbox", endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of one route."""

    async def enter(request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        path = request.path.removeprefix(PREFIX)
        fault = box.faults.strike(request.method, path)
        body = Body()
        if fault is not None and fault.drop == "before":
            answer = _answer(503, "")
        else:
            if fault is not None and fault.delay:
                await asyncio.sleep(fault.delay)
            answer, body = await _serve(box, endpoint, request, fault)
        _log(box, endpoint, request, path, answer, body, fault, started)
        if fault is not None and (fault.drop or fault.truncate):
            return await _cut(request, answer, fault)
        return answer

    return enter


async def _serve(
    box: "Sandbox", endpoint: Endpoint, request: web.Request, fault: Fault | None
) -> tuple[web.Response, Body]:
    headers: dict[str, str] = {}
    body = Body()
    try:
        _check_token(box, endpoint, request)
        if endpoint.limit is not None:
            major = "/".join(request.match_info[name] for name in endpoint.major)
            headers = box.limits.charge(endpoint.name, major, endpoint.limit, counts_globally=endpoint.needs_token)
        body = await read_body(request)
        if fault is not None and fault.status is not None:
            return _faulty(fault, headers), body
        result = endpoint.handler(Call(box, request.match_info, request.query, body))
    except ApiError as refused:
        if refused.retry_after is not None:
            headers = {**headers, "Retry-After": str(math.ceil(refused.retry_after))}
        return _answer(refused.refusal.status, json.dumps(refused.payload()), headers), body
    except RateLimitedError as limited:
        await request.read()  # else the client meets a closed connection while it still sends
        return _answer(429, json.dumps(limited.payload), dict(limited.headers)), body
    if result is None:
        return _answer(204, "", headers), body
    return _answer(200, json.dumps(result), headers), body


def _check_token(box: "Sandbox", endpoint: Endpoint, request: web.Request) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Bot ")
    if endpoint.needs_token and not hmac.compare_digest(given.encode(), box.token.encode()):
        raise ApiError(UNAUTHORIZED)


def _answer(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py compares the whole header with "application/json", so no charset may follow.
    more = {**VIA, **(headers or {})}
    if status == 204:
        return web.Response(status=204, headers=more)
    return web.Response(status=status, body=text.encode(), headers={**more, "Content-Type": "application/json"})


def _faulty(fault: Fault, headers: dict[str, str]) -> web.Response:
    status = fault.status or 500
    text = fault.message or ("You are being rate limited." if status == 429 else f"{status}: sandbox fault")
    body: dict[str, object] = {"message": text, "code": fault.code}
    if status == 429:
        body |= {"retry_after": fault.retry_after, "global": fault.scope == "global"}
        headers = {**headers, "Retry-After": str(fault.retry_after), "X-RateLimit-Scope": fault.scope,
                   "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{fault.retry_after:.3f}"}  # fmt: skip
        if fault.scope == "global":
            headers["X-RateLimit-Global"] = "true"
    answer = _answer(status, json.dumps(body), headers)
    if not fault.via:
        del answer.headers["Via"]
    return answer


async def _cut(request: web.Request, answer: web.Response, fault: Fault) -> web.StreamResponse:
    """Drop the connection; with `truncate` after a part of the answer."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    if fault.truncate and not fault.drop:
        part = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json", **VIA})
        part.content_length = len(body) + 1
        await part.prepare(request)
        await part.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return answer


def _log(
    box: "Sandbox", endpoint: Endpoint, request: web.Request, path: str, answer: web.Response,
    body: Body, fault: Fault | None, started: float,
) -> None:  # fmt: skip
    response = answer.body if isinstance(answer.body, bytes) else b""
    box.exchanges.add(
        Exchange(
            box.exchanges.next_number(), box.clock.now(), request.method, path, endpoint.path, answer.status,
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
        return _answer(refused.refusal.status, json.dumps(refused.payload()))
    except web.HTTPMethodNotAllowed:
        return _refuse(METHOD_NOT_ALLOWED)
    except web.HTTPNotFound:
        return _refuse(NOT_FOUND)


def _refuse(refusal: Refusal) -> web.Response:
    return _answer(refusal.status, json.dumps(ApiError(refusal).payload()))
