"""What the service expects of whatever draws."""

from collections.abc import Callable, Sequence
from typing import Protocol

from worker.contract.types.model_info import ModelInfo, UpscalerInfo

from .render_task import RenderTask
from .turns import Ended


class Backend(Protocol):
    """What draws: diffusers pipelines, or the fake. `load`, `renew`, `begin` and `turn` run on the GPU thread only."""

    name: str
    device: str
    dtype: str

    def load(self, alive: Callable[[], None]) -> None:
        """Make models ready, calling `alive` before each. What fails goes to `problems`.

        Raises:
            EngineError: nothing can be done.
        """

    def models(self) -> tuple[ModelInfo, ...]:
        """What can be drawn."""

    def upscaler(self) -> UpscalerInfo | None:
        """What pictures can be enlarged with."""

    def warm(self) -> tuple[str, ...]:
        """Models and upscalers that are loaded. Any thread may ask."""

    def problems(self) -> tuple[str, ...]:
        """What an operator should repair."""

    def memory(self) -> dict[str, int]:
        """Bytes, by name."""

    def unload(self) -> None:
        """Give back the memory of models, which are loaded again when they are asked for."""

    def look(self) -> bool:
        """Whether there is something new to offer; `renew` then takes it up. Any one thread may ask."""

    def renew(self, alive: Callable[[], None]) -> None:
        """Take up what is new, calling `alive` before each, and let go what is gone. No render is held then."""

    def told_to_end(self) -> None:
        """The process ends soon, whatever the GPU thread is at. Said on the event loop."""

    def accepts(self, task: RenderTask) -> bool:
        """Whether it may be taken up now, beside those that are held."""

    def full(self, tasks: Sequence[RenderTask]) -> bool:
        """Whether the device gains nothing by one more that is drawn with these; never where there are none.

        Any thread may ask.
        """

    def at_once(self) -> int:
        """How many renders it draws together at most, as far as it has measured. Any thread may ask."""

    def begin(self, task: RenderTask) -> None:
        """Take a render up. It is drawn in turns, which report phases, steps and pictures to it.

        Raises what ends it at once.
        """

    def turn(self) -> Sequence[Ended]:
        """Work a while, as on one step, for some of those that are held; returns those that are over."""
