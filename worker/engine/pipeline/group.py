"""Renders of one model and one size, drawn together: one call of the model takes a step for pictures of several.

A turn is one step of some renders, as many as fill a call, and one of the decoder where pictures wait for it. Renders
take turns by rotation, so that a newcomer waits for one turn. When memory does not suffice, caches are freed, then less
is done at once: fewer rows of a call, fewer pictures of the decoder, at last tiles. A step that did not fit is taken
again from where it began, so no step is lost.

A fault in a call may be one picture's. Nobody knows whose, so from then on those that were in it take their steps
alone, and only the one that fails alone has failed.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from worker.engine.errors import EngineError
from worker.engine.service.render_task import RenderTask
from worker.engine.service.turns import Ended
from worker.engine.step.advance import advance
from worker.engine.step.fitted import Fitted, Shape
from worker.engine.step.stepper import Stepper

from .at_once import AtOnce
from .device import Device, is_lost
from .ladder import Ladder
from .load import LoadedModel
from .pace import StepPace
from .stepped import Stepped

log = logging.getLogger(__name__)


class Group:
    """Those that are drawn now.

    Args:
        at_once: how much of it is worth doing at once.
        free: makes room in the device's memory.
    """

    def __init__(
        self, loaded: LoadedModel, stepper: Stepper, device: Device, at_once: AtOnce, free: Callable[[], None]
    ) -> None:
        self._loaded, self._stepper, self._at_once = loaded, stepper, at_once
        self._texts = Ladder("texts", Fitted(), free, sparing=True)
        self._steps = Ladder("rows", stepper.rows_fit, free)
        self._decoder = Ladder("decoded", stepper.decoded_fit, free, sparing=True)
        self._pace, self._exact = StepPace(device.torch_device), device.exact
        self._renders: list[Stepped] = []
        self._alone: set[Stepped] = set()

    @property
    def rows(self) -> int:
        """What fills a call, by the last that joined."""
        return self._rows

    def __len__(self) -> int:
        return len(self._renders)

    def join(self, render: Stepped) -> None:
        """Encode its prompt, and let it take its steps from the next turn on. Raises what ends it at once."""
        task = render.task
        task.phase("encode")
        began = time.monotonic()
        self._asked = task.request  # by the same LoRAs and guides as all that are in one group
        self._start(render)
        task.worked(time.monotonic() - began)
        self._rows = self._at_once.rows(self._loaded, self._stepper, render.drawn_at_once)
        self._pictures = self._at_once.decoded(self._loaded, self._stepper, render.drawn_at_once)
        task.phase("steps")
        self._renders.append(render)

    def _start(self, render: Stepped) -> None:
        def begin(at_once: int) -> None:
            self._loaded.use(self._asked)  # which may have to be read
            render.start(sparing=not at_once)

        self._texts.climb(render.task.request, (), 1, begin)

    def turn(self) -> list[Ended]:
        """One step of some, and some pictures decoded; returns those renders that are over."""
        ended = self._without([each for render in self._renders for each in _trying(render.task, render.task.check)])
        ended += self._without(self._step())
        return ended + self._without(self._decode())

    def _without(self, ended: list[Ended]) -> list[Ended]:
        gone = {each.task for each in ended}
        self._renders = [each for each in self._renders if each.task not in gone]
        self._alone.intersection_update(self._renders)
        return ended

    def _step(self) -> list[Ended]:
        chosen = self._chosen([each for each in self._renders if not each.denoised])
        if not chosen:
            return []
        first = chosen[0]
        first.task.watch()
        began = time.monotonic()
        rows = {render: _rows(render) for render in chosen}
        try:
            self._advance(chosen)
        except Exception as error:  # whatever it is, the other groups go on
            if isinstance(error, EngineError) or is_lost(error) or len(chosen) == 1:
                return [Ended(first.task, error)]
            log.warning("a step of %d renders failed: each takes it alone now", len(chosen), exc_info=error)
            self._alone.update(chosen)
            return []
        self._pace.step()
        _share(time.monotonic() - began, rows)
        self._renders = [*(each for each in self._renders if each not in chosen), *chosen]  # all take turns
        return [end for render in chosen for end in _trying(render.task, render.stepped)]

    def _chosen(self, able: list[Stepped]) -> list[Stepped]:
        """As many as fill a call, and at least one."""
        if not able or able[0] in self._alone:
            return able[:1]
        chosen: list[Stepped] = []
        rows = 0
        for render in able:
            own = _rows(render)
            if render in self._alone or (chosen and rows + own > self._rows):
                continue
            chosen.append(render)
            rows += own
        return chosen

    def _advance(self, chosen: Sequence[Stepped]) -> None:
        pictures = [picture for render in chosen for picture in render.moving]
        most = self._rows if self._exact else min(self._rows, sum(each.rows for each in pictures))
        # With networks beside it a model has room for fewer rows.
        shape: Shape = (*pictures[0].state.shape[1:], *[len(self._asked.guides)] * bool(self._asked.guides))

        def step(rows: int) -> None:
            self._loaded.use(self._asked)  # which others' may have taken the place of, and then is read again
            chosen[0].task.called(advance(self._stepper.family, pictures, rows, filled=self._exact))

        self._steps.climb(chosen[0].task.request, shape, most, step)

    def _decode(self) -> list[Ended]:
        """Some pictures of the first render whose steps are done, or what it goes on with."""
        render = next((each for each in self._renders if each.denoised), None)
        if render is None:
            return []
        work = partial(render.decode, self._decoder, self._pictures, filled=self._exact)
        if render.waits:
            work = partial(self._next_part, render)
        began = time.monotonic()
        failed = _trying(render.task, work)
        render.task.worked(time.monotonic() - began)
        return failed or ([Ended(render.task)] if render.over else [])

    def _next_part(self, render: Stepped) -> None:
        render.task.watch()
        self._start(render)
        render.task.phase("steps")


def _rows(render: Stepped) -> int:
    """How many rows its next step takes of a call."""
    return sum(each.rows for each in render.moving)


def _share(seconds: float, rows: Mapping[Stepped, int]) -> None:
    """Tell each of them for how much of a step of all the device was at its own rows."""
    for render, own in rows.items():
        render.task.worked(seconds * own / sum(rows.values()))


def _trying(task: RenderTask, do: Callable[[], None]) -> list[Ended]:
    try:
        do()
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends this render alone
        return [Ended(task, error)]
    return []
