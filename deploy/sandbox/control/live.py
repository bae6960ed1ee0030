"""The live stream: a WebSocket at /sandbox/events that sends every change as JSON."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp import web

from .ask import refuse_strangers

if TYPE_CHECKING:
    from deploy.sandbox.server import Sandbox


def add_routes(app: web.Application, box: "Sandbox") -> None:
    async def events(request: web.Request) -> web.WebSocketResponse:
        refuse_strangers(request)
        socket = web.WebSocketResponse(heartbeat=30, compress=False)
        await socket.prepare(request)
        with box.stream.subscribe() as queue:
            await socket.send_str('{"n":0,"event":"hello"}')
            sender = asyncio.create_task(_send(socket, queue))
            async for _ in socket:  # nothing is expected; this notices the end
                pass
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
        return socket

    app.router.add_get("/sandbox/events", events)


async def _send(socket: web.WebSocketResponse, queue: asyncio.Queue[str | None]) -> None:
    with contextlib.suppress(ConnectionError):
        while (text := await queue.get()) is not None:
            await socket.send_str(text)
        await socket.close()
