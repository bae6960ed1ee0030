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
    403: "Forbidden", 404: "Not found", 429: "Too many requests", 500: "Internal server error", 502: "Bad gateway",
    503: "Service unavailable", 504: "Gateway time-out", 520: "Web server is returning an unknown error",
    521: "Web server is down", 522: "Connection timed out", 524: "A timeout occurred",
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
    """The status that a fault asks for: with a body of its own, as a page of the proxy, or as Discord's error."""
    made = _faulty(fault, fault.status or 500, headers)
    made.headers.update(fault.headers)
    return made


def _faulty(fault: Fault, status: int, headers: dict[str, str]) -> web.Response:
    if fault.body is not None:
        return _with_body(fault, status)
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


def _with_body(fault: Fault, status: int) -> web.Response:
    """Nothing is added to the body; of headers only `Via`, and with 429 when to come back."""
    plain = isinstance(fault.body, str)
    text = str(fault.body) if plain else json.dumps(fault.body)
    headers = {"Content-Type": fault.content_type or ("text/plain" if plain else JSON["Content-Type"])}
    headers |= VIA if fault.via else {}
    headers |= {"Retry-After": f"{fault.retry_after:g}"} if status == 429 else {}
    return web.Response(status=status, body=text.encode(), headers=headers)


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
