"""All that is drawn now: groups of renders by Easel's own loop, in turns, or one that needs the device for itself."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from worker.contract.types import cause as causes
from worker.contract.types.request import Request
from worker.engine.errors import DeviceLostError, UnfitError
from worker.engine.service.render_task import RenderTask
from worker.engine.service.turns import Ended
from worker.engine.step.fitted import Fitted
from worker.engine.step.order import Order
from worker.engine.step.stepper import Stepper
from worker.engine.step.tables import NotLinearError

from . import denoise
from .at_once import AtOnce
from .device import Device, is_lost
from .group import Group
from .ladder import Ladder
from .load import LoadedModel
from .model_cache import ModelCache
from .stepped import Stepped, must_be_whole, ways

log = logging.getLogger(__name__)

_ROWS_LEAST = 2  # of most renders: a picture with guidance
Kind = tuple[str, tuple[Any, ...]]  # model, and `Stepped.kind`: what has them in common is drawn together


class Drawing:
    """Used by the GPU thread only."""

    def __init__(self, device: Device, cache: ModelCache, at_once: AtOnce) -> None:
        self._device, self._cache, self._at_once = device, cache, at_once
        self._groups: dict[Kind, Group] = {}
        self._order: Order[Kind] = Order()
        self._single: tuple[RenderTask, Callable[[], None]] | None = None
        self._fills: dict[tuple[str, int, int], int] = {}  # rows of a call, by model and size of a picture

    def accepts(self, task: RenderTask) -> bool:
        """Whether it could join: its model is here and draws by Easel's loop, and nothing needs the device alone."""
        if not self._groups and not self._single:
            return True
        held = self._cache.held(task.request.model)
        return not self._single and not task.source and held is not None and held.stepper is not None

    def full(self, tasks: Sequence[RenderTask]) -> bool:
        """Whether one more would bring nothing: these fill a call, or cannot share one. Any thread may ask."""
        rows, kinds = 0, set()
        for task in tasks:
            asked = task.request.at_once
            kinds.add((asked.model, asked.width, asked.height, asked.loras, ways(asked)))
            rows += asked.count * self._passes(asked)
        if not kinds:
            return False
        model, width, height, *_ = kinds.pop()
        most = self._fills.get((model, width, height))
        return bool(kinds) or most is None or rows >= most or any(task.source or task.alone for task in tasks)

    def _passes(self, asked: Request) -> int:
        """Rows of a call that each picture takes, as most models need it where the model is not in memory."""
        held = self._cache.held(asked.model)
        if held and held.stepper:
            return held.stepper.family.passes(asked)
        return 2 if asked.guidance_scale > 1 else 1

    def at_once(self) -> int:
        """How many small renders share a call, by what was measured for sizes that were drawn. Any thread may ask."""
        return max(1, *(rows // _ROWS_LEAST for rows in [*self._fills.values()]), 1)

    def begin(self, loaded: LoadedModel, task: RenderTask) -> None:
        """Take a render up. Raises what ends it at once."""
        free = partial(self._cache.make_room, loaded.id)  # lets every model but this one go
        if not self._groups:
            self._device.reset_peak()
        if loaded.stepper is None:
            must_be_whole(task.request)  # which puts nothing together
            return self._by_pipeline(loaded, task, free)
        try:
            render = self._stepped(loaded, loaded.stepper, task, free)
        except NotLinearError:
            log.debug("render %s: a sampler that no table describes", task.call.id)
            asked = task.request
            # What Easel's loop alone knows.
            if asked.guides or asked.moments or asked.drawn_at or loaded.stepper.family.takes_masks:
                raise UnfitError(causes.sampler_unfit(str(task.request.scheduler))) from None
            return self._by_pipeline(loaded, task, free)
        kind = loaded.id, render.kind
        group = self._groups.get(kind) or Group(loaded, loaded.stepper, self._device, self._at_once, free)
        group.join(render)
        self._groups[kind] = group
        self.learn(task.request.at_once, group.rows)
        return None

    def _stepped(self, loaded: LoadedModel, stepper: Stepper, task: RenderTask, free: Callable[[], None]) -> Stepped:
        """One render; where memory is short once more in the room made. Raises NotLinearError, and its kin."""
        made: list[Stepped] = []

        def make(_: int) -> None:
            made.append(Stepped(loaded, stepper, task))

        Ladder("renders", Fitted(), free).climb(task.request, (), 1, make)
        return made[0]

    def learn(self, asked: Request, rows: int) -> None:
        """So many rows fill a call of such a request's model at its size."""
        self._fills[asked.model, asked.width, asked.height] = rows

    def _by_pipeline(self, loaded: LoadedModel, task: RenderTask, free: Callable[[], None]) -> None:
        def draw() -> None:
            loaded.use(task.request)
            denoise.draw(loaded, task, self._device, free)

        self.begin_single(task, draw)

    def begin_single(self, task: RenderTask, draw: Callable[[], None]) -> None:
        """Take up what is drawn to its end in one turn, the next."""
        if not self._groups:
            self._device.reset_peak()
        self._single = task, draw

    def draw(self, loaded: LoadedModel, task: RenderTask) -> int:
        """Draw one to the end; see `finish`."""
        self.begin(loaded, task)
        return self.finish()

    def finish(self) -> int:
        """Draw the only one that is held to its end; returns the peak of device memory, or raises what ended it."""
        while not (ended := self.turn()):
            pass
        if ended[0].error:
            raise ended[0].error
        return ended[0].peak

    def turn(self) -> list[Ended]:
        """Work a while; returns the renders that are over."""
        return [self._judged(each) for each in (self._draw_single() if self._single else self._turn())]

    def _draw_single(self) -> list[Ended]:
        assert self._single is not None  # noqa: S101 - `turn` looked
        (task, draw), self._single = self._single, None
        try:
            draw()
        except Exception as error:  # noqa: BLE001 - whatever it is, its render has ended
            return [Ended(task, error)]
        return [Ended(task)]

    def _turn(self) -> list[Ended]:
        kind, began = self._order.next(self._groups), time.monotonic()
        ended = self._groups[kind].turn()
        self._order.had(kind, time.monotonic() - began)
        if not len(self._groups[kind]):
            del self._groups[kind]
        return ended

    def _judged(self, ended: Ended) -> Ended:
        """With its peak of memory, and a lost device by its name."""
        if ended.error is None:
            return Ended(ended.task, peak=self._device.peak())
        if is_lost(ended.error):
            log.error("the device answers no more", exc_info=ended.error)
            return Ended(ended.task, DeviceLostError())
        return ended
