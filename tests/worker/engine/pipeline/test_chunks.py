"""Which pictures are drawn together, and what becomes of them when memory does not suffice; on a stand-in."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from tests.worker.engine.engines import asked  # noqa: E402
from worker.contract.types.operation import Operation, SourcePicture  # noqa: E402
from worker.engine.errors import OutOfMemoryError, RenderError  # noqa: E402
from worker.engine.pipeline import denoise  # noqa: E402
from worker.engine.pipeline.device import Device  # noqa: E402
from worker.engine.pipeline.pace import StepPace  # noqa: E402
from worker.engine.protocol import RenderCall  # noqa: E402
from worker.engine.service.render_task import RenderTask  # noqa: E402
from worker.engine.step.fitted import PATIENCE, Fitted  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

FULL = "CUDA out of memory. Tried to allocate 1 bytes"


class Scheduler:
    """The parts of one of diffusers' that a render listens at."""

    config = SimpleNamespace(prediction_type="sample")
    alphas_cumprod = torch.ones(1000)

    @classmethod
    def from_config(cls, _: object) -> "Scheduler":
        return cls()

    def set_timesteps(self, steps: int) -> None:
        self.timesteps = range(steps)

    def step(self, prediction: Any, _timestep: int, _noisy: Any) -> Any:
        return (prediction,)


class Vae:
    """A decoder that notes whether it works in slices and tiles."""

    def __init__(self) -> None:
        self.sparing: set[str] = set()
        self.enable_slicing, self.disable_slicing = self._pair("slices")
        self.enable_tiling, self.disable_tiling = self._pair("tiles")

    def _pair(self, name: str) -> tuple[Any, Any]:
        return lambda: self.sparing.add(name), lambda: self.sparing.discard(name)


def painted(seed: int, *, blank: bool = False) -> Image.Image:
    """A picture that tells its seed by its first pixel, and is nothing but that when it is blank."""
    image = Image.new("RGB", (64, 64), (seed, 0, 0))
    if not blank:
        image.paste((255, 255, 255), (32, 0, 64, 64))
    return image


class Pipeline:
    """Draws for each seed a picture that tells it.

    Those of `blank` seeds are uniform. `fits` says whether seeds, decoded so, fit into memory.
    """

    def __init__(self) -> None:
        self.vae, self.scheduler = Vae(), Scheduler()
        self.own = self.scheduler
        self.calls: list[list[int]] = []
        self.given: dict[str, Any] = {}
        self.latent = 0.0
        self.blank: set[int] = set()
        self.fault: Exception = torch.OutOfMemoryError(FULL)
        self.fits = lambda _seeds, _sparing: True

    def __call__(
        self,
        *,
        generator: Any,
        num_inference_steps: int,
        num_images_per_prompt: int,
        guidance_scale: float,
        negative_prompt: str = "",
        **more: Any,
    ) -> Any:
        assert self.scheduler is not self.own
        seeds = [each.initial_seed() for each in generator]
        self.calls.append(seeds)
        self.given = more | {
            "negative_prompt": negative_prompt, "guidance_scale": guidance_scale,
            "num_images_per_prompt": num_images_per_prompt,
        }  # fmt: skip
        self.scheduler.set_timesteps(num_inference_steps)
        latents = torch.full((len(seeds), 4, 8, 8), self.latent)
        for _ in range(num_inference_steps):
            latents = self.scheduler.step(latents, 0, latents)[0]
        if not self.fits(seeds, self.vae.sparing):
            raise self.fault
        return SimpleNamespace(images=[painted(seed, blank=seed in self.blank) for seed in seeds])


class Task(RenderTask):
    """Notes what a client would hear."""

    def __init__(self, **request: Any) -> None:
        super().__init__(RenderCall(id="a", request=asked(**request)), Unused())
        self.steps: list[tuple[int, int]] = []
        self.drawn: dict[int, int] = {}
        self.previews: list[int] = []

    def step(self, step: int, steps: int) -> None:
        self.steps.append((step, steps))

    def picture(self, index: int, image: Image.Image, *_: Any, **__: Any) -> None:
        self.drawn[index] = image.getpixel((0, 0))[0]  # type: ignore[index]

    def preview(self, step: int, image: Image.Image) -> None:
        self.previews.append(step)


class Unused(Executor):
    """Encodes nothing."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        raise AssertionError


PALETTE = SimpleNamespace(images=lambda latents: [Image.new("RGB", (8, 8))] * len(latents))


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def cpu(together: int) -> Device:
    return Device(torch.device("cpu"), torch.float32, together)


def gpu(together: int) -> Device:
    """Stands for whatever draws what there is, and no more."""
    return Device(torch.device("mps"), torch.float16, together)


def draw(
    pipeline: Pipeline, task: Task, device: Device, room: list[str] | None = None, palette: Any = None, fits: Any = None
) -> None:
    held = SimpleNamespace(
        pipeline=pipeline,
        scheduler=pipeline.own,
        sampler=lambda _: pipeline.own,
        palette=palette,
        prompt_matcher=None,
        stepper=None,
        fits=Fitted() if fits is None else fits,
        decoded_fits=Fitted(),
        resolved=SimpleNamespace(revision="r"),
    )
    made = [] if room is None else room
    denoise.draw(held, task, device, lambda: made.append("room"))  # type: ignore[arg-type]


async def test_each_picture_has_the_seed_of_its_place_however_many_are_drawn_at_once(pipeline: Pipeline) -> None:
    for together, calls in {1: [[7], [8], [9]], 2: [[7, 8], [9]], 5: [[7, 8, 9]]}.items():
        pipeline.calls.clear()
        task = Task(count=3)
        draw(pipeline, task, gpu(together))
        assert pipeline.calls == calls
        assert task.drawn == {0: 7, 1: 8, 2: 9}


async def test_a_cpu_fills_a_chunk_up_behind_its_pictures(pipeline: Pipeline) -> None:
    task = Task(count=2)
    draw(pipeline, task, cpu(4))
    assert pipeline.calls == [[7, 8, 7, 7]]
    assert task.drawn == {0: 7, 1: 8}


async def test_steps_are_those_of_all_chunks(pipeline: Pipeline) -> None:
    task = Task(count=3, steps=2)
    draw(pipeline, task, gpu(2))
    assert task.steps == [(number, 4) for number in range(1, 5)]


async def test_what_comes_out_blank_is_drawn_once_more_from_other_noise(pipeline: Pipeline) -> None:
    pipeline.blank = {8, 9}
    task = Task(count=3, steps=2)
    draw(pipeline, task, cpu(3))
    assert pipeline.calls == [[7, 8, 9], [11, 12, 11]]  # as many at once, on a CPU
    assert task.drawn == {0: 7, 1: 11, 2: 12}
    assert task.steps == [(1, 2), (2, 2), (2, 2), (2, 2)]  # where progress waits meanwhile
    assert task.redrawn == 2


async def test_what_comes_out_blank_twice_is_shown_as_it_came_first(pipeline: Pipeline) -> None:
    pipeline.blank = {7, 8}
    task = Task()
    draw(pipeline, task, gpu(1))
    assert pipeline.calls == [[7], [8]]
    assert task.drawn == {0: 7}


async def test_what_was_asked_reaches_the_pipeline(pipeline: Pipeline) -> None:
    draw(pipeline, Task(negative_prompt="blur", count=2), gpu(2))
    assert pipeline.given == {
        "prompt": "a red apple", "negative_prompt": "blur", "width": 64, "height": 64, "guidance_scale": 5.0,
        "num_images_per_prompt": 2,
    }  # fmt: skip
    assert pipeline.scheduler is pipeline.own


@pytest.mark.parametrize(
    ("together", "ladder"),
    [
        (8, [(8, False), (8, False), (4, False), (2, False), (1, False), (1, True)]),
        (3, [(3, False), (3, False), (1, False), (1, True)]),
        (1, [(1, False), (1, False), (1, True)]),
    ],
)
def test_when_memory_does_not_suffice_half_as_many_are_tried(together: int, ladder: list[tuple[int, bool]]) -> None:
    assert list(denoise._ladder(together)) == ladder


async def test_room_is_made_and_what_is_finished_stays(pipeline: Pipeline) -> None:
    room: list[str] = []
    pipeline.fits = lambda seeds, _: seeds != [9, 10]
    task = Task(count=4)
    draw(pipeline, task, gpu(2), room)
    assert pipeline.calls == [[7, 8], [9, 10], [9, 10], [9], [10]]
    assert room == ["room", "room"]
    assert task.drawn == {0: 7, 1: 8, 2: 9, 3: 10}


async def test_what_fitted_is_tried_first_the_next_time(pipeline: Pipeline) -> None:
    fits = Fitted()
    pipeline.fits = lambda seeds, _: len(seeds) == 1
    draw(pipeline, Task(count=4), gpu(4), fits=fits)
    assert [len(seeds) for seeds in pipeline.calls] == [4, 4, 2, 1, 1, 1, 1]
    pipeline.calls.clear()
    draw(pipeline, Task(count=4), gpu(4), fits=fits)
    assert [len(seeds) for seeds in pipeline.calls] == [1, 1, 1, 1]
    assert fits == {(64, 64): 1}  # of another size nothing is known


def holding(most: int) -> Callable[[Any, Any], bool]:
    """Memory for so many at once."""
    return lambda seeds, _: len(seeds) <= most


async def test_after_a_while_more_is_tried_again_and_no_picture_is_lost_by_it(pipeline: Pipeline) -> None:
    size, fits, room = (64, 64), Fitted(), list[str]()
    fits.did(size, 4, 1)
    for holds, successes, calls in ((1, PATIENCE, [2, 1, 1, 1, 1]), (4, 2 * PATIENCE, [2, 2])):
        for _ in range(successes):
            fits.did(size, 1, 1)
        pipeline.calls.clear()
        pipeline.fits = holding(holds)
        task = Task(count=4)
        draw(pipeline, task, gpu(4), room, fits=fits)
        assert [len(seeds) for seeds in pipeline.calls] == calls
        assert task.drawn == {0: 7, 1: 8, 2: 9, 3: 10}
    assert fits == {size: 2}
    assert room == []  # other models stay where they are


async def test_at_last_it_is_decoded_in_tiles_and_only_that_once(pipeline: Pipeline) -> None:
    pipeline.fits = lambda _, sparing: sparing == {"slices", "tiles"}
    draw(pipeline, Task(count=2), gpu(2))
    assert pipeline.calls == [[7, 8], [7, 8], [7], [7], [8]]
    assert pipeline.vae.sparing == set()


async def test_what_does_not_fit_even_so_is_told(pipeline: Pipeline) -> None:
    pipeline.fits = lambda *_: False
    with pytest.raises(OutOfMemoryError):
        draw(pipeline, Task(), gpu(4))
    assert pipeline.scheduler is pipeline.own


async def test_any_other_trouble_is_not_met_by_fewer(pipeline: Pipeline) -> None:
    pipeline.fits, pipeline.fault = lambda *_: False, ArithmeticError("odd")
    with pytest.raises(ArithmeticError):
        draw(pipeline, Task(), gpu(4))
    assert len(pipeline.calls) == 1


async def test_numbers_that_are_no_picture_are_not_shown(pipeline: Pipeline) -> None:
    pipeline.latent = float("nan")
    task = Task()
    with pytest.raises(RenderError, match="no picture"):
        draw(pipeline, task, gpu(1))
    assert task.drawn == {}


async def test_before_the_first_step_there_is_nothing_to_preview(pipeline: Pipeline) -> None:
    task = Task(steps=3)
    draw(pipeline, task, gpu(1), palette=PALETTE)
    assert task.previews == [1, 2]


async def test_a_preview_of_what_began_late_is_of_its_own_step(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four steps the last two are drawn. How much noise there is in a picture is told by the number of its step."""
    looked: list[int] = []

    def noting(_: Any, prediction: Any, _timestep: Any, _noisy: Any, step: int) -> Any:
        looked.append(step)
        return prediction

    monkeypatch.setattr(denoise, "clean", noting)
    monkeypatch.setattr(denoise, "pipeline_for", lambda *_: pipeline)
    monkeypatch.setattr(Task, "wants_preview", lambda _: True)
    sources = (SourcePicture(width=64, height=64),)
    task = Task(steps=4, strength=0.5, operation=Operation.IMG2IMG, sources=sources)
    task.sources = (painted(1),)
    draw(pipeline, task, gpu(1), palette=PALETTE)
    assert looked[0] == 3


class Event:
    """One of CUDA's, which notes when it is put into the queue and when it is waited for."""

    log: list[tuple[str, int]]

    def __init__(self) -> None:
        self.number = 1 + sum(what == "queued" for what, _ in self.log)

    def record(self) -> None:
        self.log.append(("queued", self.number))

    def synchronize(self) -> None:
        self.log.append(("awaited", self.number))


def test_the_cpu_runs_one_step_ahead_of_a_gpu_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    Event.log = []
    monkeypatch.setattr(torch.cuda, "Event", Event)
    pace = StepPace(torch.device("cuda"))
    for _ in range(3):
        pace.step()
    assert Event.log == [("queued", 1), ("queued", 2), ("awaited", 1), ("queued", 3), ("awaited", 2)]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_real_gpu_the_step_before_is_done() -> None:
    pace, steps = StepPace(torch.device("cuda")), []
    for _ in range(4):
        torch.cuda._sleep(200_000_000)  # cycles: about a tenth of a second
        steps.append(torch.cuda.Event())
        steps[-1].record()
        pace.step()
        assert [step.query() for step in steps[:-1]] == [True] * (len(steps) - 1)
