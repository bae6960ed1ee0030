"""The HTTP handlers of the engine's socket. They set a cancel flag and pass on frames; they never draw."""

import asyncio
import logging
import time

from aiohttp import web
from pydantic import ValidationError

from worker.contract.log_lines import of_job
from worker.contract.types import cause as causes
from worker.contract.types.job import Reason
from worker.contract.types.request import Request
from worker.engine.errors import ModelGoneError, RenderError, TurnedAwayError
from worker.engine.protocol import (
    ALONE,
    CALL_MAX,
    FRAMES,
    PULSE,
    Done,
    Failed,
    Frame,
    FrameError,
    Pulse,
    RenderCall,
    RenderRefusal,
)

from . import metrics
from .decoder import Decoder
from .executor import Executor
from .render_task import RenderTask

log = logging.getLogger(__name__)


class Service:
    """Handlers around one desk.

    Args:
        stall: seconds without a byte taken after which a client is cut.
    """

    def __init__(self, executor: Executor, stall: float) -> None:
        self._executor, self._stall = executor, stall
        self._decoder = Decoder()

    def app(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=CALL_MAX)
        app.add_routes(
            [
                web.post("/render", self.render),
                web.get("/health", self.health),
                web.get("/metrics", self.metrics),
            ]
        )
        app.on_cleanup.append(self._closed)
        return app

    async def _closed(self, _: web.Application) -> None:
        await self._decoder.close()

    async def health(self, _: web.Request) -> web.Response:
        """What the engine is able to do now."""
        return web.json_response(text=self._executor.health().model_dump_json())

    async def metrics(self, _: web.Request) -> web.Response:
        """Counters as Prometheus text."""
        return web.Response(text=metrics.text(self._executor), headers={"Content-Type": metrics.CONTENT_TYPE})

    async def render(self, http: web.Request) -> web.StreamResponse:
        """Draw, streaming frames. The client closing its connection cancels this handler, and so the render."""
        try:
            task = await self._admit(http)
            log.debug("render %s: %r", task.call.id, task.request.prompt)  # its line breaks must not look like ours
        except ValidationError as error:
            return _refuse(422, RenderRefusal.of(Reason.INVALID, causes.call_unreadable(), _words(error)))
        except FrameError as error:
            return _refuse(422, RenderRefusal.of(Reason.INVALID, causes.call_unreadable(), str(error)))
        except TurnedAwayError as error:
            return _refuse(503, RenderRefusal(reason=error.reason, detail=error.detail))
        except RenderError as error:
            status = 404 if isinstance(error, ModelGoneError) else 422
            return _refuse(status, RenderRefusal.of(error.reason, error.cause, error.detail))
        began = time.monotonic()
        outcome = "cancelled"
        try:
            response = web.StreamResponse(headers={"Content-Type": FRAMES})
            outcome = await self._stream(http, response, task)
            return response
        finally:
            task.cancel()
            self._note(task, outcome, time.monotonic() - began)

    async def _admit(self, http: web.Request) -> RenderTask:
        """A call becomes a task. Pictures that come with it are decoded in a process of their own."""
        alone = http.headers.get(ALONE) == "1"
        if http.content_type != FRAMES:
            return self._executor.admit(RenderCall.model_validate_json(await http.read()), alone=alone)
        call, files = RenderCall.decode(await http.read())
        if not call.request.pictures or call.request.upscale:
            upscaler = self._executor.upscaler_for(call)
            found = await self._decoder.read(files[:1], upscaler=upscaler)
            return self._executor.admit(call, found.pictures[0])
        model = self._executor.check(call)
        found = await self._decoder.read(files, call.request, kinds=model.guide_kinds(call.request))
        return self._executor.admit(call, sources=found, alone=alone)

    async def _stream(self, http: web.Request, response: web.StreamResponse, task: RenderTask) -> str:
        try:
            await asyncio.wait_for(response.prepare(http), self._stall)
            while True:
                frames = await _news(task)
                for frame in frames:
                    await asyncio.wait_for(response.write(frame.encode()), self._stall)
                if frames and isinstance(last := frames[-1].header, Done | Failed):
                    self._tally(frames[-1], task)
                    await asyncio.wait_for(response.write_eof(), self._stall)
                    return last.kind
        except TimeoutError:
            log.warning("render %s: its client took nothing for %g s and is cut", task.call.id, self._stall)
            if http.transport is not None:
                http.transport.abort()
            return "stalled"
        except ConnectionError:
            return "cancelled"

    def _tally(self, last: Frame, task: RenderTask) -> None:
        if isinstance(last.header, Done):
            self._executor.counts["pictures"] += task.request.count
            self._executor.counts["redrawn"] += task.redrawn
            for phase, spent in last.header.timings.items():
                self._executor.seconds[phase] += spent / 1000

    def _note(self, task: RenderTask, outcome: str, seconds: float) -> None:
        self._executor.counts[outcome] += 1
        asked, failure = task.request, task.failure
        with of_job(task.call.job):
            log.info(
                "render %s: %s in %.2f s (%s, %s)%s",
                task.call.id,
                outcome,
                seconds,
                *_size(asked),
                f": {failure.reason}: {failure.detail}" if failure and outcome == "failed" else "",
            )


def _size(asked: Request) -> tuple[str, str]:
    """What draws or enlarges it, and how much that is."""
    if asked.upscale:
        return asked.resource, f"{asked.upscale.width} × {asked.upscale.height} times {asked.upscale.scale}"
    return asked.resource, f"{asked.count} × {asked.width} × {asked.height}, {asked.steps} steps"


async def _news(task: RenderTask) -> list[Frame]:
    try:
        async with asyncio.timeout(PULSE):
            return await task.news()
    except TimeoutError:
        return [Frame(header=Pulse())]


def _refuse(status: int, refusal: RenderRefusal) -> web.Response:
    return web.json_response(text=refusal.model_dump_json(), status=status)


def _words(error: ValidationError) -> str:
    """Where a call is wrong, without the values: a prompt may be among them."""
    return "; ".join(
        f"{'.'.join(map(str, part['loc'])) or 'the call'}: {part['msg']}"
        for part in error.errors(include_url=False, include_input=False, include_context=False)
    )
