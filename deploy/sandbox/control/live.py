"""The live stream: a WebSocket at /sandbox/events that sends changes as lists of events."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox import background

from .request import refuse_foreign_origin

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox


def add_routes(app: web.Application, box: "Sandbox") -> None:
    """Put the event stream at `/sandbox/events`."""

    async def events(request: web.Request) -> web.WebSocketResponse:
        refuse_foreign_origin(request)
        socket = web.WebSocketResponse(heartbeat=30, compress=False)
        await socket.prepare(request)
        with box.stream.subscribe() as queue:
            await socket.send_str('[{"n":0,"event":"hello"}]')
            # A page that is cut off connects again, and reads what it has missed.
            sender = background.start(
                "The live stream to a page ended", lambda: _send(socket, queue), then=lambda: _cut(request)
            )
            async for _ in socket:  # nothing is expected; this notices the end
                pass
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
        return socket

    app.router.add_get("/sandbox/events", events)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _send(socket: web.WebSocketResponse, queue: asyncio.Queue[str | None]) -> None:
    with contextlib.suppress(ConnectionError):
        while batch := await _waiting(queue):
            await socket.send_str(f"[{','.join(batch)}]")
        await socket.close()


async def _waiting(queue: asyncio.Queue[str | None]) -> list[str]:
    """What waits in the queue, at least one event; empty when the stream has ended."""
    found = await queue.get()
    batch: list[str] = []
    while found is not None:
        batch.append(found)
        if queue.empty():
            return batch
        found = queue.get_nowait()
    queue.put_nowait(None)  # the end is met again after this batch
    return batch
