"""The backend that draws with torch: catalogue, device and cache put together. Runs on the GPU thread.

Torch is imported when loading begins, so the socket answers `loading` within a second of the start.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from worker.contract.types import cause as causes
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.engine.errors import DeviceLostError, EngineError, ModelError, ModelGoneError, OutOfMemoryError, UnfitError
from worker.engine.service import memory
from worker.engine.service.render_task import RenderTask
from worker.engine.service.turns import Ended
from worker.engine.settings import CATALOGUE, EngineSettings
from worker.engine.step.probe import Probe

from . import libraries, model_config
from .load_deaths import LoadDeaths

if TYPE_CHECKING:
    from .at_once import AtOnce
    from .device import Device
    from .drawing import Drawing
    from .fetch import ResolvedModel
    from .load import LoadedModel
    from .model_cache import ModelCache
    from .upscale.load import Upscaler
    from .watched_models import WatchedModels

log = logging.getLogger(__name__)


class DiffusersBackend:
    """Draws with diffusers pipelines. `keeper` tells one supervisor from the next."""

    name = "diffusers"
    device = ""
    dtype = ""

    def __init__(self, settings: EngineSettings, keeper: str = "") -> None:
        self._settings = settings
        self._resolved: dict[str, ResolvedModel] = {}
        self._problems: tuple[str, ...] = ()
        self._tried: set[str] = set()  # models whose information tells what they can do
        self._models: tuple[ModelInfo, ...] = ()
        self._device: Device | None = None
        self._cache: ModelCache | None = None
        self._at_once: AtOnce | None = None
        self._drawing: Drawing | None = None
        self._upscaler: tuple[UpscalerInfo, Upscaler] | None = None
        self._watched: WatchedModels | None = None
        socket = settings.engine_socket
        self._deaths = LoadDeaths(socket.with_name(socket.name + ".reading"), keeper)

    def models(self) -> tuple[ModelInfo, ...]:
        """What can be drawn."""
        return self._models

    def upscaler(self) -> UpscalerInfo | None:
        """What pictures can be enlarged with."""
        return self._upscaler[0] if self._upscaler else None

    def warm(self) -> tuple[str, ...]:
        """Models and upscalers that are loaded. Any thread may ask."""
        models = self._cache.names if self._cache else ()
        return (*models, *((self._upscaler[0].id,) if self._upscaler else ()))

    def problems(self) -> tuple[str, ...]:
        """What an operator should repair."""
        return (*self._problems, *(self._watched.problems() if self._watched else ()))

    def memory(self) -> dict[str, int]:
        """Bytes, by name."""
        return self._device.usage() if self._device else {"resident": memory.resident()}

    def load(self, alive: Callable[[], None]) -> None:
        """Read the catalogue, check every model's files, hold and warm what fits.

        Raises:
            EngineError: the catalogue cannot be used, or the device is not there.
        """
        alive()
        listed = model_config.offered(self._settings.models, CATALOGUE)
        for problem in listed.problems:
            self._complain(problem)
        libraries.import_quietly()
        from .at_once import AtOnce
        from .device import choose
        from .drawing import Drawing
        from .model_cache import ModelCache
        from .watched_models import WatchedModels

        settings = self._settings
        self._device = choose(
            settings.device, settings.dtype, settings.threads, settings.batch, exact=bool(settings.exact)
        )
        self.device, self.dtype = self._device.name, str(self._device.dtype).removeprefix("torch.")
        self._cache = ModelCache(self._device, settings.models_held)
        socket = settings.engine_socket
        measured = settings.measured or socket.with_name(socket.name + ".at_once")
        self._at_once = AtOnce(self._device, Probe(measured))
        self._drawing = Drawing(self._device, self._cache, self._at_once)
        self._watched = WatchedModels(settings.models_folder, listed)
        self._watched.look()
        self.renew(alive)
        alive()
        self._ready_upscaler(settings.upscaler)
        if not self._models:
            self._complain("No model can be drawn. Mend the catalogue or its models and start the engine again.")
        elif len(self._models) > 1:
            log.info(
                "model %s is for people who choose none, unless the bot's EASEL_MODEL names another", self._models[0].id
            )

    def look(self) -> bool:
        """Whether something in the watched folder has come, changed or gone."""
        return self._watched is not None and self._watched.look()

    def renew(self, alive: Callable[[], None]) -> None:
        """Offer what the watched folder held at the last look, calling `alive` before each model."""
        assert self._watched is not None  # noqa: S101 - load() made it
        before, plan = self._watched.problems(), self._watched.plan()
        for config in plan.gone:
            self._let_go(config)
        for config in sorted(plan.ready, key=self._deaths.order):
            alive()
            self._ready(config)
        self._models = self._watched.in_order(self._models)
        for problem in self._watched.problems():
            if problem not in before:
                log.error("%s", problem)

    def _let_go(self, config: model_config.ModelConfig) -> None:
        assert self._cache is not None  # noqa: S101 - load() made it
        name = config.info.id
        log.info("model %s: its files in the watched folder have changed or are gone", name)
        self._cache.drop(name)
        self._tried.discard(name)
        self._resolved.pop(name, None)
        self._models = tuple(info for info in self._models if info.id != name)
        heads = f"{config.place}: ", f"model {name}: "
        self._problems = tuple(each for each in self._problems if not each.startswith(heads))

    def _ready(self, config: model_config.ModelConfig) -> None:
        from .fetch import fetch

        assert self._cache is not None  # noqa: S101 - load() made it
        assert self._watched is not None  # noqa: S101 - as above
        resolved = None
        try:
            resolved = self._watched.dressed(fetch(config))
            info = resolved.info
            if self._models:
                self._deaths.check(resolved)
            if not self._models or self._cache.fits(resolved):
                with self._deaths.reading(resolved):
                    info = self._warm_up(self._cache.take(resolved))
        except (ModelError, OutOfMemoryError) as error:
            self._cache.drop(config.info.id)
            self._complain(f"{config.place}: {error}{self._advice(resolved, error)}")
            return
        except Exception as error:  # whatever a damaged model makes torch raise, the others must be drawn
            log.debug("model %s", config.info.id, exc_info=True)
            self._cache.drop(config.info.id)
            self._complain(
                f"{config.place}: model {config.info.id}: it does not draw ({type(error).__name__}: {error})."
            )
            return
        self._resolved[config.info.id] = resolved
        self._models = (*self._models, info)

    def _advice(self, resolved: "ResolvedModel | None", error: Exception) -> str:
        from .fetch import advice

        assert self._device is not None  # noqa: S101 - load() made it
        found = advice(resolved, self._device) if resolved and isinstance(error, OutOfMemoryError) else ""
        return f" {found}" if found else ""

    def _ready_upscaler(self, path: Path) -> None:
        """Hold the upscaler, which is small; a problem with it keeps nobody from drawing."""
        if str(path).lower() == "off":
            return
        from .upscale.load import UpscalerError
        from .upscale.tried import tried

        assert self._device is not None  # noqa: S101 - load() made it
        try:
            self._upscaler = tried(path, self._device.torch_device, self._settings.upscale_pixels)
        except UpscalerError as error:
            self._complain(f"EASEL_UPSCALER: {error}")

    def _warm_up(self, loaded: "LoadedModel") -> ModelInfo:
        """Draw with it before anybody waits for it; returns its information with what that told."""
        from . import beside
        from .at_once import AtOnce
        from .drawing import Drawing
        from .stepped import measure
        from .warm_up import warm_up

        assert self._device is not None  # noqa: S101 - load() made it
        assert self._cache is not None  # noqa: S101 - as above
        assert self._at_once is not None  # noqa: S101 - as above
        assert self._drawing is not None  # noqa: S101 - as above
        few = replace(self._device, exact=True)
        if loaded.stepper:
            self._drawing.learn(*measure(loaded, loaded.stepper, self._at_once))
        # The sizes of a warm-up are nobody's: measuring them is for nothing.
        draw = partial(Drawing(few, self._cache, AtOnce(few, self._at_once.probe)).draw, loaded)
        info = warm_up(loaded, draw)
        found, problems = beside.tried(loaded, info, draw)
        self._tried.add(loaded.id)
        for problem in problems:
            self._complain(f"{loaded.resolved.config.place}: {problem}")
        return info.model_copy(update=found)

    def unload(self) -> None:
        """Let all models go from memory; who asks for one loads it again."""
        assert self._cache is not None  # noqa: S101 - nothing is idle before load() is through
        self._cache.clear()

    def told_to_end(self) -> None:
        """A model that is read now is not what ends the process."""
        self._deaths.forgive()

    def accepts(self, task: RenderTask) -> bool:
        """Whether it may be taken up beside those that are drawn now."""
        return self._drawing is not None and self._drawing.accepts(task)

    def full(self, tasks: Sequence[RenderTask]) -> bool:
        """Whether the device gains nothing by one more that is drawn with these. Any thread may ask."""
        return self._drawing.full(tasks) if self._drawing else bool(tasks)

    def at_once(self) -> int:
        """How many renders are worth drawing together at most, as far as it was measured. Any thread may ask."""
        return self._drawing.at_once() if self._drawing else 1

    def begin(self, task: RenderTask) -> None:
        """Take a render up. Raises what ends it at once."""
        from .device import is_lost
        from .upscale import draw as upscale

        assert self._cache is not None  # noqa: S101 - nothing is admitted before load() is through
        assert self._drawing is not None  # noqa: S101 - as above
        try:
            if task.source and self._upscaler:
                make_room = partial(self._cache.make_room, task.request.resource)
                self._drawing.begin_single(task, partial(upscale.draw, self._upscaler[1], task.source, task, make_room))
            else:
                self._drawing.begin(self._take(task), task)
        except EngineError:
            raise
        except Exception as error:  # a lost device has no type of its own; all else goes on
            if is_lost(error):
                log.exception("the device answers no more")
                raise DeviceLostError from error
            raise

    def turn(self) -> list[Ended]:
        """Work a while for some of those that are drawn; returns those that are over."""
        assert self._drawing is not None  # noqa: S101 - as above
        return self._drawing.turn()

    def draw(self, task: RenderTask) -> int:
        """Draw one to the end, alone; returns the peak of device memory in bytes. Raises what ends it."""
        assert self._drawing is not None  # noqa: S101 - nothing is admitted before load() is through
        self.begin(task)
        return self._drawing.finish()

    def _take(self, task: RenderTask) -> "LoadedModel":
        assert self._cache is not None  # noqa: S101 - as above
        model = task.request.model
        if model not in self._resolved:  # while it waited
            raise ModelGoneError(causes.no_such_model(model, ", ".join(sorted(self._resolved))))
        if model not in self._cache:
            task.phase("load")
        try:
            if model not in self._cache:
                self._check_again(model)
            loaded = self._cache.take(self._resolved[model])
        except OutOfMemoryError as error:
            if model in self._tried:  # it fitted before: what others took of the device, such as a game, may come back
                log.warning("model %s: there is no room for it now", model)
                raise
            advice = self._advice(self._resolved[model], error) or " Choose a smaller format."
            self._take_off(model, f"model {model}: it does not fit into memory, even alone.{advice}")
            raise
        except ModelError as error:
            self._take_off(model, str(error))
            raise ModelGoneError(causes.model_damaged()) from error
        if model not in self._tried:
            info = self._warm_up(loaded)
            self._models = tuple(info if each.id == model else each for each in self._models)
            if objection := info.objection(task.request):
                raise UnfitError(objection)
        return loaded

    def _check_again(self, model: str) -> None:
        """Files may change under a running engine: what is loaded now must be whole, and named as what it is."""
        from .fetch import fetch

        known = self._resolved[model]
        try:
            changed = known.changed
        except (OSError, ModelError):  # `fetch` says what is wrong
            changed = True
        if changed:
            log.warning("model %s: its files have changed", model)
            self._resolved[model] = fetch(known.config)
            self._tried.discard(model)

    def _take_off(self, model: str, words: str) -> None:
        self._models = tuple(info for info in self._models if info.id != model)
        self._complain(words)

    def _complain(self, words: str) -> None:
        log.error("%s", words)
        self._problems = (*self._problems, words)
