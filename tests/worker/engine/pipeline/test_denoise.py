"""Real torch on tiny random models: text encoder → UNet with guidance → decoder."""

import asyncio
import gc
import io
import warnings
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.worker.engine import single, tiny
from tests.worker.engine.engines import asked, finished
from tests.worker.engine.families import builders
from worker.contract.types import recipe
from worker.contract.types.job import Reason
from worker.contract.types.request import Request, Scheduler
from worker.engine.errors import EngineError, OutOfMemoryError, RenderCancelledError, RenderError, UnfitError
from worker.engine.pipeline import render as rendering
from worker.engine.pipeline.at_once import AtOnce
from worker.engine.pipeline.diffusers_backend import DiffusersBackend
from worker.engine.pipeline.drawing import Drawing
from worker.engine.protocol import Frame, PhaseChange, Preview, RenderCall, Step
from worker.engine.service.render_task import RenderTask
from worker.engine.settings import EngineSettings
from worker.engine.step.fitted import Fitted
from worker.engine.step.probe import Probe
from worker.engine.step.tables import Table

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    """Stable Diffusion as m0, SDXL as m1 and PixArt, which draws by its own pipeline, as m2, all tiny."""
    folder = tmp_path_factory.mktemp("models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        pixart = tiny.save(folder / "pixart", lambda: builders.pixart(folder))
        listed = tiny.catalogue(folder, tiny.build(folder / "sd"), tiny.build_xl(folder / "xl"), pixart)
        backend = DiffusersBackend(EngineSettings(models=listed, device="cpu", threads=1))
        backend.load(lambda: None)
    assert backend.problems() == ()
    return backend


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch):
    """How many rows and pictures at once, as if it had been measured: it must not depend on how busy a machine is."""
    monkeypatch.setattr(AtOnce, "_best", lambda _, what, *__: {"rows": 16, "decoded": 2}[what])


@pytest.fixture
def exactly(backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch):
    """As with EASEL_EXACT."""
    set_device(backend, monkeypatch, exact=True)


def set_device(backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, **changes) -> None:
    device = backend._device
    assert device is not None
    changed = replace(device, **changes)
    assert backend._cache is not None
    monkeypatch.setattr(backend, "_device", changed)
    monkeypatch.setattr(backend, "_drawing", Drawing(changed, backend._cache, AtOnce(changed, Probe())))


@pytest.fixture
def pool():
    with ThreadPoolExecutor(1) as pool:
        yield pool


class Render:
    """One render, without a socket: its frames."""

    def __init__(self, backend: DiffusersBackend, pool: ThreadPoolExecutor, request: Request) -> None:
        self.task = RenderTask(RenderCall(id="a", request=request), pool)
        self.frames: list[Frame] = []
        self._backend = backend

    async def run(self) -> list[bytes]:
        """Pixels of the pictures in order. Raises what the render raises."""
        await asyncio.to_thread(self._backend.draw, self.task)
        self.frames = await finished(self.task)
        pictures = sorted((f for f in self.frames if f.header.kind == "picture"), key=lambda f: f.header.index)
        self.files = [picture.body for picture in pictures]
        return [Image.open(io.BytesIO(file)).tobytes() for file in self.files]


@pytest.fixture
def render(backend: DiffusersBackend, pool: ThreadPoolExecutor):
    return partial(Render, backend, pool)


def alike(some: list[bytes], others: list[bytes]) -> bool:
    """Equal but for rounding."""
    return all(abs(a - b) <= 1 for one, two in zip(some, others, strict=True) for a, b in zip(one, two, strict=True))


def on_m0(prompt: str = tiny.PROMPT, **more) -> Request:
    return asked(prompt, **({"model": "m0", "steps": 3} | more))


@pytest.mark.parametrize("model", ["m0", "m1", "m2"])
async def test_same_recipe_same_picture_alone_and_among_others(render, model: str):
    three = on_m0(model=model, count=3)
    together = await render(three).run()
    assert together == await render(three).run()
    assert len(set(together)) == 3
    assert alike(await render(three.only(2)).run(), together[2:])


@pytest.mark.parametrize("model", ["m0", "m1", "m2"])
async def test_pictures_with_words_of_their_own_come_out_as_if_asked_for_alone(render, model: str):
    words = ("a red apple", "a blue house on a hill", "x")
    several = on_m0(model=model, count=3, prompts=words, negative_prompt="blur")
    drawn = render(several)
    together = await drawn.run()
    assert alike(together, [(await render(several.only(index)).run())[0] for index in range(3)])
    assert [found and found.again for found in map(recipe.read, drawn.files)] == [several.only(i) for i in range(3)]
    assert not alike(together, await render(several.model_copy(update={"prompts": ()})).run())


@pytest.mark.usefixtures("exactly")
@pytest.mark.parametrize("model", ["m0", "m1", "m2"])
async def test_same_recipe_same_pixels_alone_and_among_others_if_that_is_wanted(render, model: str):
    three = on_m0(model=model, count=3)
    together = await render(three).run()
    assert together == await render(three).run()
    assert len(set(together)) == 3
    assert await render(three.only(2)).run() == together[2:]


@pytest.mark.parametrize(
    "change",
    [{"prompt": "a blue whale"}, {"negative_prompt": "red"}, {"guidance_scale": 2.0}, {"seed": 8}, {"steps": 4}],
)
async def test_every_part_of_the_recipe_counts(render, change: dict):
    assert await render(on_m0(**change)).run() != await render(on_m0()).run()


async def test_all_schedulers_draw_and_differ(render, backend: DiffusersBackend):
    own = backend._cache.take(backend._resolved["m0"]).scheduler
    before = dict(own.config), dict(vars(own))
    pictures = {name: (await render(on_m0(scheduler=name, steps=5)).run())[0] for name in (None, *Scheduler)}
    assert pictures[None] == pictures[Scheduler.DDIM]  # the model's own
    assert len(set(pictures.values())) == len(Scheduler)
    assert (dict(own.config), dict(vars(own))) == before
    assert backend._cache.take(backend._resolved["m0"]).pipeline.scheduler is own


async def test_an_ancestral_scheduler_repeats_too(render):
    request = on_m0(scheduler=Scheduler.EULER_A)
    assert await render(request).run() == await render(request).run()


async def test_guidance_of_one_makes_no_unconditional_pass(render, backend: DiffusersBackend):
    unet = backend._cache.take(backend._resolved["m0"]).pipeline.unet
    batches: list[int] = []
    hook = unet.register_forward_pre_hook(lambda _, inputs: batches.append(len(inputs[0])))
    try:
        await render(on_m0(guidance_scale=1.0)).run()
        await render(on_m0(guidance_scale=1.5)).run()
    finally:
        hook.remove()
    assert batches == [1, 1, 1, 2, 2, 2]


async def test_pictures_carry_their_recipe_and_the_weights_revision(render):
    drawn = render(on_m0(count=2, negative_prompt="red", scheduler=Scheduler.UNIPC))
    await drawn.run()
    for index, file in enumerate(drawn.files):
        found = recipe.read(file)
        assert found is not None
        assert (found.request, found.index) == (drawn.task.request, index)
        assert len(found.revision) == 12


async def test_phases_steps_and_a_preview_are_told(render):
    drawn = render(on_m0(count=3, steps=4))
    told = []
    put = drawn.task._put

    def noting(header, *rest):
        told.append(header)
        put(header, *rest)

    drawn.task._put = noting
    await drawn.run()
    phases = [header.phase for header in told if isinstance(header, PhaseChange)]
    assert phases == ["encode", "steps", "decode"]
    assert [(h.step, h.steps) for h in told if isinstance(h, Step)] == [(n, 4) for n in range(1, 5)]
    done = drawn.frames[-1].header
    assert set(done.timings) == {"encode", "steps", "decode", "device", "total"}
    (preview, *_) = [frame for frame in drawn.frames if isinstance(frame.header, Preview)]
    image = Image.open(io.BytesIO(preview.body))
    assert image.format == "JPEG"
    assert max(image.size) <= 256


async def test_cancelling_takes_no_longer_than_a_step(render, backend: DiffusersBackend):
    drawn = render(on_m0(steps=50))
    seen: list[int] = []
    step = drawn.task.step

    def cancel_at_third(number: int, steps: int) -> None:
        seen.append(number)
        if number == 3:
            drawn.task.cancel()
        step(number, steps)

    drawn.task.step = cancel_at_third
    with pytest.raises(RenderCancelledError):
        await drawn.run()
    assert seen == [1, 2, 3]
    assert len(await render(on_m0()).run()) == 1


async def test_too_little_memory_is_met_step_by_step(render, backend: DiffusersBackend, monkeypatch):
    """Room is made, then six rows at once become one. No step is lost, and what fitted is remembered."""
    held = backend._cache.take(backend._resolved["m0"])
    monkeypatch.setattr(held.stepper, "rows_fit", Fitted())
    alone = await render(on_m0(count=3)).run()
    made: list[str] = []
    monkeypatch.setattr(backend._cache, "make_room", made.append)
    sizes: list[int] = []

    def greedy(_, inputs) -> None:
        sizes.append(len(inputs[0]))
        if len(inputs[0]) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 bytes")

    hook = held.pipeline.unet.register_forward_pre_hook(greedy)
    try:
        assert alike(await render(on_m0(count=3)).run(), alone)
        assert sizes == [6, 6, 3, *[1] * 18]
        assert made == ["m0"] * 3
        sizes.clear()
        assert alike(await render(on_m0(count=3)).run(), alone)
        assert sizes == [1] * 18
    finally:
        hook.remove()
    assert not held.pipeline.vae.use_tiling


@pytest.mark.parametrize("fails", [1, 2])
async def test_a_shortage_while_a_sampler_is_read_says_nothing_of_it(
    render, backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """It was taken for one that no table describes, and drawn the model's own way."""
    alone = await render(on_m0(scheduler=Scheduler.EULER)).run()
    held = backend._cache.take(backend._resolved["m0"])
    monkeypatch.setattr(held.stepper, "_tables", OrderedDict())
    made: list[str] = []
    monkeypatch.setattr(backend._cache, "make_room", made.append)
    to, errors = Table.to, [RuntimeError("DefaultCPUAllocator: can't allocate memory"), torch.OutOfMemoryError()]

    def short(table: Table, device: torch.device) -> Table:
        if len(made) < fails:
            raise errors[len(made)]
        return to(table, device)

    monkeypatch.setattr(Table, "to", short)
    drawn = render(on_m0(scheduler=Scheduler.EULER))
    if fails == 1:
        assert alike(await drawn.run(), alone)
    else:
        with pytest.raises(OutOfMemoryError):
            await drawn.run()
    assert made == ["m0"] * fails


async def test_a_decoder_that_takes_too_much_works_in_tiles(render, backend: DiffusersBackend, monkeypatch):
    held = backend._cache.take(backend._resolved["m0"])
    vae, unet = held.pipeline.vae, held.pipeline.unet
    monkeypatch.setattr(held.stepper, "decoded_fit", Fitted())
    tried: list[tuple[int, bool]] = []
    decode = vae._decode

    def greedy(z, *args, **kwargs):
        tried.append((len(z), vae.use_tiling))
        if not vae.use_tiling:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 bytes")
        return decode(z, *args, **kwargs)

    monkeypatch.setattr(vae, "_decode", greedy)
    calls: list[None] = []
    hook = unet.register_forward_pre_hook(lambda *_: calls.append(None))
    try:
        assert len(await render(on_m0(count=2)).run()) == 2
    finally:
        hook.remove()
    assert tried[:3] == [(2, False), (2, False), (1, False)]
    assert set(tried[3:]) == {(1, False), (1, True)}
    assert len(calls) == 3  # what was denoised is not denoised again
    assert not vae.use_tiling
    assert not vae.use_slicing


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("x"), MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")]
)
async def test_no_memory_at_all_is_told_with_what_to_lower(render, backend: DiffusersBackend, error: Exception):
    def never(_, __) -> None:
        raise error

    hook = backend._cache.take(backend._resolved["m0"]).pipeline.unet.register_forward_pre_hook(never)
    try:
        with pytest.raises(OutOfMemoryError, match=r"64 × 64 does not fit .* choose a smaller size") as caught:
            await render(on_m0()).run()
    finally:
        hook.remove()
    assert caught.value.reason is Reason.MEMORY
    assert len(await render(on_m0()).run()) == 1


async def test_to_make_room_other_models_are_let_go(render, backend: DiffusersBackend):
    await render(on_m0(model="m1")).run()
    backend._cache.make_room("m0")
    assert "m1" not in (backend._cache or "")
    assert len(await render(on_m0(model="m1")).run()) == 1


async def test_numbers_that_are_no_picture_are_told_not_shown(render, backend: DiffusersBackend):
    hook = backend._cache.take(backend._resolved["m0"]).pipeline.unet.register_forward_hook(
        lambda _, __, output: (output[0] * float("nan"),)
    )
    try:
        with pytest.raises(RenderError, match="no picture"):
            await render(on_m0()).run()
    finally:
        hook.remove()


def blank_at(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> list[bytes]:
    """Let the n-th pictures that are looked at, from 0, pass for blank; returns all that were looked at."""
    seen: list[bytes] = []

    def looked_at(image: Image.Image) -> bool:
        seen.append(image.tobytes())
        return len(seen) - 1 in numbers

    monkeypatch.setattr(rendering, "is_blank", looked_at)
    return seen


async def test_a_blank_picture_is_drawn_once_more_and_its_recipe_draws_the_very_same(render, monkeypatch):
    original = await render(on_m0()).run()
    seen = blank_at(monkeypatch, 0)
    again = render(on_m0())
    (kept,) = await again.run()
    assert seen == [*original, kept]
    assert kept != original[0]
    (picture,) = (frame.header for frame in again.frames if frame.header.kind == "picture")
    stored = recipe.read(again.files[0])
    assert stored is not None
    assert stored.again == on_m0(seed=8)
    assert (picture.seed, again.task.redrawn) == (8, 1)
    monkeypatch.undo()
    assert await render(stored.again).run() == [kept]


async def test_a_second_blank_one_is_not_drawn_a_third_time(render, monkeypatch):
    original = await render(on_m0()).run()
    seen = blank_at(monkeypatch, 0, 1)
    again = render(on_m0())
    assert await again.run() == original
    assert len(seen) == 2
    stored = recipe.read(again.files[0])
    assert stored is not None
    assert stored.again == on_m0()
    assert again.task.redrawn == 1


@pytest.mark.parametrize("together", [1, 2, 3])
async def test_of_several_pictures_only_the_blank_one_changes(render, backend, monkeypatch, together: int):
    set_device(backend, monkeypatch, together=together, exact=True)
    original = await render(on_m0(count=3)).run()
    blank_at(monkeypatch, 1)
    again, rows = render(on_m0(count=3)), set()
    unet = backend._cache.take(backend._resolved["m0"]).pipeline.unet
    hook = unet.register_forward_pre_hook(lambda _, inputs: rows.add(len(inputs[0])))
    try:
        pictures = await again.run()
    finally:
        hook.remove()
    assert rows == {2 * together}  # of one size, or a picture would depend on how many came out blank beside it
    assert [new == old for new, old in zip(pictures, original, strict=True)] == [True, False, True]
    seeds = {frame.header.index: frame.header.seed for frame in again.frames if frame.header.kind == "picture"}
    assert seeds == {0: 7, 1: 7 + 3 + 1, 2: 9}
    steps = [(frame.header.step, frame.header.steps) for frame in again.frames if isinstance(frame.header, Step)]
    assert all(step <= total for step, total in steps)
    monkeypatch.setattr(rendering, "is_blank", lambda _: False)
    stored = recipe.read(again.files[1])
    assert stored is not None
    assert await render(stored.again).run() == [pictures[1]]


async def test_what_a_sampler_cannot_do_is_refused_in_words(render):
    with pytest.raises(UnfitError, match="lcm takes at most 50 steps; you asked for 60"):
        await render(on_m0(scheduler=Scheduler.LCM, steps=60)).run()


async def test_renders_leave_nothing_behind(render):
    await render(on_m0()).run()
    gc.collect()
    before = len([o for o in gc.get_objects() if type(o).__name__ == "RenderTask"])
    for _ in range(3):
        await render(on_m0()).run()
    gc.collect()
    assert len([o for o in gc.get_objects() if type(o).__name__ == "RenderTask"]) <= before


async def test_long_prompts_are_drawn_and_not_logged(render, caplog: pytest.LogCaptureFixture, capfd):
    await render(on_m0("secret wish " * 60)).run()
    assert "secret" not in caplog.text
    assert "secret" not in "".join(capfd.readouterr())


def test_a_model_with_a_folder_gone_is_left_out_and_the_others_draw(tmp_path: Path, backend: DiffusersBackend):
    whole = backend._resolved["m0"].path
    listed = tiny.catalogue(tmp_path, whole, tmp_path / "absent")
    second = DiffusersBackend(EngineSettings(models=listed, device="cpu", threads=1))
    second.load(lambda: None)
    assert [model.id for model in second.models()] == ["m0"]
    (problem,) = second.problems()
    assert "model m1: The folder" in problem
    assert problem.startswith(f"{listed}:12: ")


def test_weights_of_another_shape_are_left_out_in_words(tmp_path: Path, backend: DiffusersBackend):
    import json
    import shutil

    broken = shutil.copytree(backend._resolved["m0"].path, tmp_path / "broken")
    config = json.loads((broken / "vae" / "config.json").read_text())
    (broken / "vae" / "config.json").write_text(json.dumps(config | {"latent_channels": 7}))
    second = DiffusersBackend(EngineSettings(models=tiny.catalogue(tmp_path, broken), device="cpu", threads=1))
    second.load(lambda: None)
    assert second.models() == ()
    assert "model m0" in second.problems()[0]
    assert "No model can be drawn" in second.problems()[-1]


async def test_one_place_on_the_shelf_is_shared_by_turns(backend: DiffusersBackend, pool: ThreadPoolExecutor):
    settings = EngineSettings(models=backend._settings.models, device="cpu", threads=1, models_held=1)
    small = DiffusersBackend(settings)
    small.load(lambda: None)
    assert [model.id for model in small.models()] == ["m0", "m1", "m2"]
    for model in ("m1", "m0"):
        assert model not in (small._cache or "")
        drawn = Render(small, pool, on_m0(model=model))
        await drawn.run()
        assert "load" in drawn.frames[-1].header.timings
        assert model in (small._cache or "")


@pytest.mark.parametrize("model", ["m0", "m2"])
async def test_drawn_together_pictures_differ_by_rounding_alone(render, backend, monkeypatch, model: str):
    three = on_m0(model=model, count=3)
    together = await render(three).run()
    for at_once in (1, 3):
        set_device(backend, monkeypatch, together=at_once)
        assert alike(await render(three).run(), together)


async def test_four_pictures_are_one_call_a_step_and_no_row_is_for_nothing(render, backend: DiffusersBackend):
    pipeline = backend._cache.take(backend._resolved["m0"]).pipeline
    rows: list[int] = []
    texts: list[int] = []
    decoded: list[int] = []
    hooks = [
        pipeline.unet.register_forward_pre_hook(lambda _, inputs: rows.append(len(inputs[0]))),
        pipeline.text_encoder.register_forward_pre_hook(lambda _, inputs: texts.append(len(inputs[0]))),
        pipeline.vae.decoder.register_forward_pre_hook(lambda _, inputs: decoded.append(len(inputs[0]))),
    ]
    try:
        await render(on_m0("a wish of this test alone", count=4, steps=20)).run()
    finally:
        for hook in hooks:
            hook.remove()
    assert rows == [8] * 20
    assert texts == [1]  # what no words mean is known since the warm-up
    assert sum(decoded) == 4


async def test_a_single_file_draws_as_its_folder_does(
    tmp_path: Path, backend: DiffusersBackend, pool: ThreadPoolExecutor
):
    folder = backend._resolved["m0"].path
    single.write(folder, tmp_path / "m.safetensors")
    listed = tiny.catalogue(tmp_path, Path("m.safetensors"), more=f'config = "{folder}"\n')
    one = DiffusersBackend(EngineSettings(models=listed, device="cpu", threads=1))
    one.load(lambda: None)
    assert one.problems() == ()
    assert await Render(one, pool, on_m0()).run() == await Render(backend, pool, on_m0()).run()


def test_a_single_file_of_no_known_kind_says_what_to_set(tmp_path: Path, backend: DiffusersBackend):
    unet = next((backend._resolved["m0"].path / "unet").glob("*.safetensors"))
    one = DiffusersBackend(EngineSettings(models=tiny.catalogue(tmp_path, unet), device="cpu", threads=1))
    one.load(lambda: None)
    assert "set `pipeline` to its class in diffusers" in one.problems()[0]


def test_a_device_that_is_not_there_is_named():
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is one")
    backend = DiffusersBackend(EngineSettings(device="cuda:0"))
    with pytest.raises(EngineError, match=r"EASEL_DEVICE=cuda:0: this machine has no such device"):
        backend.load(lambda: None)
