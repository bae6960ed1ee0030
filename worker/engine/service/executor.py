"""Who may draw now: admission on the event loop, and the one thread that owns the pipelines.

Two threads on one pipeline corrupt it, so everything that touches torch happens on the GPU thread; the event
loop only hands it tasks.
"""

import asyncio
import contextlib
import logging
import os
import queue
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from worker.contract.log_lines import of_job
from worker.contract.types import cause as causes
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.engine.errors import EngineError, ModelGoneError, TurnedAwayError, UnfitError
from worker.engine.protocol import EXIT_WORN, Health, Phase, RenderCall, State

from .backend import Backend
from .busy import Busy
from .circuit_breaker import CircuitBreaker
from .inbox import Inbox, News
from .looking import Looking
from .memory import MemoryLimit
from .places import Places
from .render_task import RenderTask
from .sources import NO_SOURCES, Sources
from .turns import Ended
from .verdicts import Verdicts
from .watchdog import EXIT_HUNG, Watchdog

log = logging.getLogger(__name__)


class Executor:
    """Admission, the GPU thread and its state.

    Args:
        breaker: lets a model rest after failures in a row.
        waiting: renders accepted beyond the first, drawn with it if the backend can; None: as many as are worth it.
        memory_max: bytes that the process may hold when it is idle; 0: any number.
        end: called on the event loop with an exit status when a new process must take over.
        idle: seconds without a render after which models leave memory; 0: never.
    """

    def __init__(
        self,
        backend: Backend,
        watchdog: Watchdog,
        budget: Callable[[str], float],
        breaker: CircuitBreaker | None = None,
        waiting: int | None = 0,
        memory_max: int = 0,
        end: Callable[[int], None] = lambda _: None,
        *,
        idle: float = 0,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.rows: Counter[int] = Counter()  # of calls of models
        self.busy = Busy()
        self._backend, self._watchdog, self._budget = backend, watchdog, budget
        self._breaker = breaker or CircuitBreaker()
        self._places, self._memory, self._end = Places(waiting, backend), MemoryLimit(memory_max), end
        self._verdicts = Verdicts(self._breaker, self._places, backend, self._lost)
        self._tasks = Inbox(idle, backend.unload)
        # Without an outcome, in the order of their arrival; the loop adds, the GPU thread removes.
        self._open: dict[RenderTask, None] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._waiting: deque[RenderTask] = deque()  # the GPU thread's
        self._running: set[RenderTask] = set()  # likewise; those that were begun
        self._closing = False
        self._loaded = threading.Event()
        self._looking = Looking(self._loaded.is_set, backend.look, lambda: self._tasks.put(News.NEWS))
        self._trouble: str | None = None
        self._draining = False
        self._encoders = ThreadPoolExecutor(2, "encoder")
        self._thread = threading.Thread(target=self._work, name="gpu", daemon=True)

    def start(self) -> None:
        """Begin to load; call on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._watchdog.start()
        self._thread.start()
        self._looking.start()

    @property
    def state(self) -> State:
        """`loading` until the models are, `sick` without any, `draining` at the end."""
        if self._draining:
            return "draining"
        if not self._loaded.is_set():
            return "loading"
        return "ready" if self._models() and not self._trouble else "sick"

    def _models(self) -> tuple[ModelInfo, ...]:
        """Those that do not rest."""
        return tuple(model for model in self._backend.models() if not self._breaker.rests(model.id))

    def _upscaler(self) -> UpscalerInfo | None:
        found = self._backend.upscaler()
        return found if found and not self._breaker.rests(found.id) else None

    def health(self) -> Health:
        """The engine as it is now."""
        ready = self.state == "ready"
        return Health(
            state=self.state,
            engine=self._backend.name,
            models=self._models() if self._loaded.is_set() else (),
            upscaler=self._upscaler() if self._loaded.is_set() else None,
            places=self._free() if ready else 0,
            at_once=self._backend.at_once(),
            warm=self._backend.warm() if ready else (),
            running=len(self._running),
            device=self._backend.device,
            dtype=self._backend.dtype,
            memory=self._backend.memory(),
            pid=os.getpid(),
            problems=(*self._backend.problems(), *filter(None, [self._trouble]), *self._breaker.words),
        )

    def resting(self) -> dict[str, float]:
        """Each model and upscaler: 1 while it rests."""
        known = (*self._backend.models(), self._backend.upscaler()) if self._loaded.is_set() else ()
        return {each.id: float(self._breaker.rests(each.id)) for each in known if each}

    def _free(self) -> int:
        return 0 if self._memory.exceeded or self._looking.found else self._places.free(self._held())

    def _held(self) -> list[RenderTask]:
        """Those that want the device, in the order of their arrival; not who left before their turn came."""
        return [task for task in [*self._open] if task.begun or not task.cancelled]

    def upscaler_for(self, call: RenderCall) -> UpscalerInfo:
        """What this upscale asks for. Raises TurnedAwayError or ModelGoneError."""
        self._turn_away()
        upscaler = self._backend.upscaler()
        if upscaler is None or upscaler.id != call.request.resource:
            raise ModelGoneError(causes.no_such_upscaler(call.request.resource))
        return upscaler

    def admit(
        self, call: RenderCall, source: Image.Image | None = None, sources: Sources = NO_SOURCES, *, alone: bool = False
    ) -> RenderTask:
        """Accept a render, of an upscale with its picture, of others with those that it begins with.

        `alone`: it is a suspect, and not to be drawn together with others.
        Raises TurnedAwayError, ModelGoneError or UnfitError.
        """
        if source is None:
            self.check(call)
        else:
            self.upscaler_for(call)
        if source is None and len(sources.pictures) != len(call.request.pictures):
            raise UnfitError(causes.operation_without_picture(str(call.request.operation)))
        if self._breaker.rests(call.request.resource):
            raise TurnedAwayError("sick", " ".join(self._breaker.words))
        if not self._free():
            raise TurnedAwayError("busy", "Another render is running.")
        task = RenderTask(call, self._encoders, self._enter, source, sources)
        task.alone = alone or self._breaker.suspects(call.job)
        task.left_out = next(
            (model.left_out(call.request) for model in self._backend.models() if model.id == call.request.resource), ()
        )
        self._open[task] = None
        self._idle.clear()
        self._tasks.put(task)
        return task

    def check(self, call: RenderCall) -> ModelInfo:
        """The model that could draw it. Raises TurnedAwayError, ModelGoneError or UnfitError."""
        self._turn_away()
        if call.request.upscale:
            raise UnfitError(causes.upscale_without_picture())
        models = {model.id: model for model in self._backend.models()}
        model = models.get(call.request.model)
        if model is None:
            raise ModelGoneError(causes.no_such_model(call.request.model, ", ".join(sorted(models))))
        if objection := model.objection(call.request):
            raise UnfitError(objection)
        return model

    def _turn_away(self) -> None:
        words = {  # for logs: a slot asks again, or another one does
            "loading": "The models are being loaded.",
            "draining": "The engine is shutting down.",
            "sick": "Nothing can be drawn: " + " ".join(self.health().problems),
        }
        if (state := self.state) in words:
            raise TurnedAwayError(state, words[state])

    async def drain(self, seconds: float) -> bool:
        """Accept nothing more, hand back what waits, finish what runs. False when the GPU thread is still at it."""
        self._draining = True
        self._backend.told_to_end()
        self._looking.stop()
        for task in self._places.behind(self._held()):
            task.hand_back()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)
        for task in tuple(self._open):
            task.cancel()
        self._tasks.put(None)
        self._watchdog.stop()
        self._encoders.shutdown(wait=False)
        if self._loaded.is_set():  # loading cannot be interrupted, nor need it be awaited
            await asyncio.to_thread(self._thread.join, 5.0)
        return not self._thread.is_alive()

    # --- the GPU thread
    def _work(self) -> None:
        self._load()
        while self._take_up():
            for ended in self._turn() if self._running else ():
                self._conclude(ended)

    def _turn(self) -> Sequence[Ended]:
        try:
            with self.busy:
                return self._backend.turn()
        except Exception as error:  # noqa: BLE001 - a fault that is no render's ends all of them, not the service
            return [Ended(task, error) for task in self._running]

    def _take_up(self) -> bool:
        """Begin what may be begun, waiting for it when there is nothing else to do. False when all is over."""
        idle = not self._running and not self._waiting and not self._looking.found
        if idle and self._closing:
            return False
        with contextlib.suppress(queue.Empty):
            while True:
                letter = self._tasks.get(wait=idle)
                self._waiting.extend([letter] if isinstance(letter, RenderTask) else [])
                self._closing, idle = self._closing or letter is None, False
        if self._looking.found and not self._running:
            self._renew()
        while self._waiting and self._may_begin(self._waiting[0]):
            self._begin(self._waiting.popleft())
        return True

    def _may_begin(self, task: RenderTask) -> bool:
        """In the order of their arrival, so that none is passed by; suspects alone."""
        if not self._running:
            return True
        if self._looking.found:
            return False
        suspected = any(each.alone or self._breaker.suspects(each.call.job) for each in (task, *self._running))
        return not suspected and self._backend.accepts(task)

    def _begin(self, task: RenderTask) -> None:
        self._running.add(task)
        self._breaker.began(task.call.job, task.request.resource)
        try:
            task.begin()
            with self.busy:
                self._backend.begin(task)
        except Exception as error:  # noqa: BLE001 - a fault in one render must not take the service down
            self._conclude(Ended(task, error))

    def _conclude(self, ended: Ended) -> None:
        with of_job(ended.task.call.job):
            tell = self._verdicts.of(ended)
        self.counts["steps"] += ended.task.steps_done
        self.rows.update(ended.task.calls)
        self._running.discard(ended.task)
        if not self._running:
            self._watchdog.leave()
        self._open.pop(ended.task, None)  # before the outcome is told: who hears it may ask again at once
        self._call(self._settle)
        tell()

    def _load(self) -> None:
        try:
            self._backend.load(self._alive)
        except EngineError as error:
            self._trouble = str(error)
        except Exception as error:  # whatever it is, the service stays up to say what is wrong
            log.exception("loading failed")
            self._trouble = f"Loading failed: {type(error).__name__}: {error}"
        self._watchdog.leave()
        self._memory.start()
        self._loaded.set()

    def _alive(self) -> None:
        self._enter("load", lambda _phase, _budget: None, None)

    def _renew(self) -> None:
        try:
            self._backend.renew(self._alive)
        except Exception:  # what is offered already is drawn with
            log.exception("what is new could not be taken up")
        self._watchdog.leave()
        self._looking.taken()

    def _enter(self, phase: Phase, expired: Callable[[str, float], None], most: float | None) -> None:
        budget = self._budget(phase)
        self._watchdog.enter(phase, budget if most is None else min(budget, most), expired)

    def _lost(self, why: str) -> None:
        self._trouble = why
        self._call(self._end, EXIT_HUNG)

    def _call(self, function: Callable[..., None], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is ending
            self._loop.call_soon_threadsafe(function, *args)

    def _settle(self) -> None:
        self._memory.look()
        if self._open:
            return
        self._idle.set()
        if self._memory.exceeded and not self._draining:
            self._draining = True
            self._end(EXIT_WORN)
