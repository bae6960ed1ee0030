"""One accepted render, seen from both sides: the GPU thread reports, the client's handler collects.

Reports never wait. Phase, step and preview are a mailbox in which the latest wins, so a client that reads
slowly, or not at all, costs nobody anything; pictures and the outcome are always kept. Steps and previews are told a
few times a second, however fast they are; what is told beside them is told at once.
"""

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from PIL import Image

from worker.contract.store.failpoints import failpoint
from worker.contract.types import cause as causes
from worker.contract.types.recipe import Recipe
from worker.contract.types.request import Request
from worker.contract.types.vocabulary_notice import VocabularyNotice
from worker.engine import errors
from worker.engine.protocol import (
    Done,
    Failed,
    Frame,
    Header,
    Phase,
    PhaseChange,
    PictureFrame,
    Preview,
    RenderCall,
    Started,
    Step,
)

from .encode import jpeg
from .moments import Moment, frames
from .sources import NO_SOURCES, Sources
from .stopwatch import Stopwatch

_ORDER = ("started", "phase", "step", "preview", "picture", "done", "failed")
_LATEST_WINS = {"phase", "step", "preview"}
_PASSING = {"step", "preview"}  # what nobody misses who sees the next one
PREVIEW_EVERY = 1.0
# Seconds between two steps that are told. Each one wakes the event loop, which draws from the same processor.
TOLD_EVERY = 0.2
# Once a render has shown its pace, a step that takes so many times as long hangs; none of less than so many seconds.
_HUNG_FACTOR, _HUNG_LEAST = 30.0, 15.0


Enter = Callable[[Phase, Callable[[str, float], None], float | None], None]


class RenderTask:
    """Shared between the event loop that made it and the GPU thread that draws it.

    Args:
        call: what was asked for.
        encoders: runs PNG and JPEG encoding, off the GPU thread.
        enter: tells the watchdog what begins: name of the phase, what to do when it overstays, and how many seconds it
            may take if that is less than its budget.
        source: the picture to upscale.
        sources: the pictures that the request begins with, as `sources.read` makes them.

    Attributes:
        alone: it is not to be drawn together with others.
        parts: how many times as much is drawn for it as its request tells: things that are drawn one by one.
        stopwatch: what it takes, and what is left.
        steps_done: of its steps.
        calls: rows → calls of the model, each told to one of those that were drawn with it.
    """

    def __init__(
        self,
        call: RenderCall,
        encoders: Executor,
        enter: Enter = lambda _phase, _expired, _most: None,
        source: Image.Image | None = None,
        sources: Sources = NO_SOURCES,
    ) -> None:
        self.call, self.source, self.sources, self.adapted = call, source, *sources
        self.alone = False
        self.parts = 1
        self.failure: errors.RenderError | None = None
        self.redrawn = 0  # pictures that came out blank and were drawn once more
        self.notice: VocabularyNotice | None = None  # what the person should be told beside the pictures
        self.left_out: tuple[str, ...] = ()  # what of the request the model does not hear of
        self.tokens = 0  # of a prompt, that are read
        self.noise: tuple[int, ...] = ()  # of each moment that is shown, in percent
        self.read_to = ""  # the end of what it read of the prompt, where that is not all
        self._encoders, self._enter = encoders, enter
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._why: errors.RenderError | None = None
        self._waiting: list[Frame] = []
        self._resting = False  # whether a step was told just now
        self._encoding = 0
        self._done: Done | None = None
        self._ended = False
        self.stopwatch = Stopwatch()
        self.steps_done, self.calls = 0, Counter[int]()
        self._previewed = 0.0
        self._stepped: float | None = None  # when the last step of this chunk was done
        self._slowest = 0.0  # seconds of a step, but the first of each chunk

    @property
    def request(self) -> Request:
        """What is to be drawn."""
        return self.call.request

    # --- the GPU thread's side -------------------------------------------------------------------------------

    def begin(self) -> None:
        """The GPU thread takes it up."""
        self.check()
        self.stopwatch.begin()
        self._put(Started(model=self.request.resource))

    def check(self) -> None:
        """Raises RenderCancelledError or OutOfTimeError when the render should stop."""
        if self._stop.is_set():
            raise self._why or errors.RenderCancelledError()

    def pause(self, seconds: float) -> None:
        """Sleep, but wake and raise as soon as the render should stop."""
        self._stop.wait(seconds)
        self.check()

    def phase(self, phase: Phase) -> None:
        """A phase begins; its budget starts anew."""
        self.check()
        self.stopwatch.enter(phase)
        self._stepped = None
        self._enter(phase, self._expired, None)
        self._put(PhaseChange(phase=phase))

    def watch(self) -> None:
        """The budget of the phase begins anew: what went on meanwhile was for others."""
        self._enter(self.stopwatch.phase or "encode", self._expired, None)

    def step(self, step: int, steps: int) -> None:
        """`step` of `steps` is done. Raises as `check` does."""
        self.check()
        if step > 1:
            failpoint("draw-during")
        now = time.monotonic()
        if self._stepped is not None:
            self._slowest = max(self._slowest, now - self._stepped)
        self._stepped, self.steps_done = now, max(self.steps_done, step)
        hung = max(_HUNG_LEAST, _HUNG_FACTOR * self._slowest) if self._slowest else None
        self._enter("steps", self._expired, hung)
        self.stopwatch.step(step / steps)
        self._put(Step(step=step, steps=steps))

    def called(self, rows: Sequence[int]) -> None:
        """The model was called for it, and maybe for others, with so many rows each time."""
        self.calls.update(rows)

    def worked(self, seconds: float) -> None:
        """As `Stopwatch.worked`."""
        self.stopwatch.worked(seconds)

    def wants_preview(self) -> bool:
        """Whether a preview is asked for and one is due."""
        return self.call.preview and time.monotonic() - self._previewed >= PREVIEW_EVERY

    def preview(self, step: int, image: Image.Image) -> None:
        """Show what is being drawn; encoded elsewhere. Raises as `check` does, and so does `picture`."""
        self._previewed = time.monotonic()
        self._encode(lambda: Frame(header=Preview(step=step), body=jpeg(image)))

    def picture(
        self, index: int, image: Image.Image, revision: str = "", drawn: Request | None = None,
        way: Sequence[Moment] = (), noise: float = 0,
    ) -> None:  # fmt: skip
        """Picture `index` is finished; encoded elsewhere, with its recipe.

        `drawn`: the request as it was drawn, where that has other seeds than what was asked for. `way`: what it looked
        like before, where that is shown. `noise`: which share of it is, where its way ends there.
        """
        drawn = drawn or self.request
        recipe = Recipe(request=drawn, index=index, revision=revision)
        header = PictureFrame(index=index, seed=drawn.seed_of(index), width=image.width, height=image.height)
        moments = [*way, Moment(noise, image)]
        if drawn.moments:
            self.noise = tuple(each.percent for each in moments)
        for make in frames(header, moments, recipe):
            self._encode(make)

    def finish(self, engine: str, peak_bytes: int = 0) -> None:
        """All pictures are drawn; the outcome follows when they are encoded."""
        self.stopwatch.enter(None)
        timings = self.stopwatch.timings
        with self._lock:
            self._done = Done(
                timings=timings,
                engine=engine,
                peak_bytes=peak_bytes,
                notice=self.notice,
                left_out=self.left_out,
                read_to=self.read_to,
                adapted=self.adapted,
                tokens=self.tokens if self.read_to else 0,
                noise=self.noise,
            )
        self._conclude()

    def fail(self, error: errors.RenderError) -> None:
        """The render ended without its pictures. The first outcome counts."""
        with self._lock:
            if self._ended:
                return
            self._ended, self.failure = True, error
            self._waiting.append(Frame(header=Failed.of(error.reason, error.cause, error.detail)))
        self._tell()

    # --- the handler's side ------------------------------------------------------------------------------------

    @property
    def begun(self) -> bool:
        """Whether the GPU thread has taken it up."""
        return self.stopwatch.begun

    @property
    def cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Stop at the next step; safe at any time, from any thread."""
        self._stop.set()

    def hand_back(self) -> None:
        """End it at once, though its turn has not come."""
        self.cancel()
        self.fail(errors.RenderCancelledError())

    async def news(self) -> list[Frame]:
        """Wait for news, then all there is, in an order that makes sense to a reader."""
        await self._news.wait()
        self._news.clear()
        with self._lock:
            frames, self._waiting = self._waiting, []
            self._resting = bool(frames) and all(frame.header.kind in _PASSING for frame in frames)
        if self._resting:
            self._loop.call_later(TOLD_EVERY, self._rested)
        return sorted(frames, key=lambda frame: _ORDER.index(frame.header.kind))

    def _rested(self) -> None:
        with self._lock:
            self._resting = False
            if self._waiting:
                self._news.set()

    # --- inside -------------------------------------------------------------------------------------------------

    def _expired(self, phase: str, budget: float) -> None:
        self._why = errors.OutOfTimeError(phase, budget)
        self._stop.set()
        self.fail(self._why)

    def _put(self, header: Header) -> None:
        self._post(Frame(header=header))

    def _post(self, frame: Frame) -> None:
        with self._lock:
            if self._ended:
                return
            if frame.header.kind in _LATEST_WINS:
                self._waiting = [old for old in self._waiting if old.header.kind != frame.header.kind]
            self._waiting.append(frame)
            if self._resting and frame.header.kind in _PASSING:
                return  # `_rested` tells of it
        self._tell()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._news.set)

    def _encode(self, make: Callable[[], Frame]) -> None:
        self.check()  # after the end of the service there is nobody left to encode it
        with self._lock:
            self._encoding += 1
        self._encoders.submit(self._encoded, make)

    def _encoded(self, make: Callable[[], Frame]) -> None:
        try:
            if not self._stop.is_set():
                self._post(make())
        except (OSError, ValueError, MemoryError):  # what Pillow raises when it cannot encode
            self.fail(errors.RenderError(causes.encoding_failed()))
        finally:
            with self._lock:
                self._encoding -= 1
            self._conclude()

    def _conclude(self) -> None:
        with self._lock:
            if self._ended or self._done is None or self._encoding:
                return
            self._ended = True
            done = self._done.model_copy(update={"timings": {**self._done.timings, "total": self.stopwatch.total}})
            self._waiting.append(Frame(header=done))
        self._tell()
