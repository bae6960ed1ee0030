"""An engine whose every answer a test decides, on a real socket."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from worker.contract.types.vocabulary_notice import VocabularyNotice
from worker.engine import protocol
from worker.engine.protocol import Frame

NOTICE = VocabularyNotice(model="Starter", known=1, left=("saxophonist",))


class Stream:
    """One render as the script sees it."""

    def __init__(self, call: protocol.RenderCall, request: web.Request, response: web.StreamResponse) -> None:
        self.call, self._request, self._response = call, request, response

    async def send(self, header: protocol.Header, body: bytes = b"") -> None:
        await self._response.write(Frame(header=header, body=body).encode())

    async def pictures(self) -> None:
        asked = self.call.request
        for index in reversed(range(asked.count)):
            about = protocol.PictureFrame(
                index=index, seed=asked.seed_of(index), width=asked.width, height=asked.height
            )
            await self.send(about, b"picture %d" % index)
        await self.send(protocol.Done(timings={"total": 12.0}, engine="scripted", notice=NOTICE))

    async def die(self) -> None:
        """Break the connection, as a killed engine does."""
        await self.send(protocol.Step(step=1, steps=20))
        assert self._request.transport is not None
        self._request.transport.abort()
        await self.for_ever()

    async def for_ever(self) -> None:
        await asyncio.Event().wait()


Script = Callable[[Stream], Awaitable[None]]


class ScriptedEngine:
    """`health` is what it answers; `script` plays a render; `refusals` come first. `cancelled` is set by a hang-up."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "scripted.sock"
        self.health = protocol.Health(state="ready", places=1)
        self.script: Script = lambda stream: stream.pictures()
        self.refusals: list[tuple[int, dict[str, Any]]] = []
        self.calls = 0
        self.pictures: tuple[bytes, ...] = ()  # that came with the last call that had any
        self.cancelled = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/health", self._health)
        app.router.add_post("/render", self._render)
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self.path)).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text=self.health.model_dump_json(), content_type="application/json")

    async def _render(self, request: web.Request) -> web.StreamResponse:
        whole = await request.read()
        if request.content_type == protocol.FRAMES:
            call, self.pictures = protocol.RenderCall.decode(whole)
        else:
            call = protocol.RenderCall.model_validate_json(whole)
        self.calls += 1
        if self.refusals:
            status, refusal = self.refusals.pop(0)
            return web.json_response(refusal, status=status)
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            await self.script(Stream(call, request, response))
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return response
