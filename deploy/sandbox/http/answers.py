"""Answers as they leave: Discord's JSON, pages of the proxy in front of it, and connections that end too early."""

import json
import math

from aiohttp import web

from deploy.sandbox.errors import ApiError, Refusal
from deploy.sandbox.faults.faults import Fault

VIA = {"Via": "1.1 sandbox"}
# discord.py compares the whole header with "application/json", so no charset may follow.
JSON = {"Content-Type": "application/json"}
PROXY = {"Content-Type": "text/html; charset=UTF-8", "Server": "cloudflare"}
PAGE = """<!DOCTYPE html>
<html><head><title>discord.com | {status}: {words}</title></head>
<body><h1>{words}</h1><p>Error code {status}</p></body></html>
"""
WORDS = {
    429: "Too many requests", 500: "Internal server error", 502: "Bad gateway", 503: "Service unavailable",
    504: "Gateway time-out", 520: "Web server is returning an unknown error", 521: "Web server is down",
    522: "Connection timed out", 524: "A timeout occurred",
}  # fmt: skip
BANNED = "error code: 1015"


def answer(status: int, result: object, headers: dict[str, str] | None = None) -> web.Response:
    """`result` as JSON; with 204 there is none."""
    more = {**VIA, **(headers or {})}
    if status == 204:
        return web.Response(status=204, headers=more)
    return web.Response(status=status, body=json.dumps(result).encode(), headers={**more, **JSON})


def refuse(refusal: Refusal) -> web.Response:
    """A refusal as JSON."""
    return answer(refusal.status, ApiError(refusal).payload())


def banned(seconds: float) -> web.Response:
    """The proxy's answer to a banned caller: 429 without `Via`."""
    headers = {"Server": "cloudflare", "Retry-After": str(math.ceil(seconds))}
    return web.Response(status=429, text=BANNED, headers=headers)


def faulty(fault: Fault, headers: dict[str, str]) -> web.Response:
    """The status that a fault asks for, as Discord's own or as a page of the proxy."""
    status = fault.status or 500
    if fault.html:
        words = fault.message or WORDS.get(status, "Error")
        late = {"Retry-After": f"{fault.retry_after:g}"} if status == 429 else {}
        return web.Response(status=status, text=PAGE.format(status=status, words=words), headers={**PROXY, **late})
    text = fault.message or ("You are being rate limited." if status == 429 else f"{status}: sandbox fault")
    body: dict[str, object] = {"message": text, "code": fault.code}
    if status == 429:
        body |= {"retry_after": fault.retry_after, "global": fault.scope == "global"}
        headers = {**headers, "Retry-After": f"{fault.retry_after:g}", "X-RateLimit-Scope": fault.scope,
                   "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{fault.retry_after:.3f}"}  # fmt: skip
        if fault.scope == "global":
            headers["X-RateLimit-Global"] = "true"
    made = answer(status, body, headers)
    if not fault.via:
        del made.headers["Via"]
    return made


async def deliver(request: web.Request, made: web.Response, fault: Fault | None) -> web.StreamResponse:
    """Let the answer go, or drop the connection before it or in the middle of it."""
    if fault is None or not (fault.drop or fault.truncate):
        return made
    if not fault.drop:
        body = made.body if isinstance(made.body, bytes) else b""
        part = web.StreamResponse(status=made.status, headers={**VIA, "Content-Type": made.content_type})
        part.content_length = len(body) + 1
        await part.prepare(request)
        await part.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return made
