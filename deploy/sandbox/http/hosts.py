"""The names under which the sandbox answers: those of this machine alone.

A page of another site can have its own name lead here (DNS rebinding). To the browser it is then of the sandbox's
origin and may call everything; only the Host header still tells.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from deploy.sandbox.errors import Refusal

from .answers import refuse

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MISDIRECTED = Refusal(
    421, 0, "The sandbox answers at the names of this machine alone. Call it at 127.0.0.1 or localhost, with its port."
)


def guard(allowed: Collection[str]) -> Middleware:
    """A middleware that refuses (421) every call to a name that is neither one of loopback's nor in `allowed`."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = host_name(request.host)
        if name in LOOPBACK or name in allowed:
            return await handler(request)
        await request.read()  # else the client meets a closed connection while it still sends
        return refuse(MISDIRECTED)

    return guarded


def host_name(host: str) -> str:
    """The name in a Host header, without port, capitals and the dot at the end; "" when there is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
