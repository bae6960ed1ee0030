"""Families of models that are drawn by their own pipelines, as people have them, and what goes wrong with each."""

import shutil
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402
import numpy as np  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families import builders, more  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on  # noqa: E402
from worker.contract.message.cause_texts import unabridged  # noqa: E402
from worker.contract.types.model_info import ModelInfo  # noqa: E402
from worker.contract.types.request import Scheduler  # noqa: E402
from worker.engine.errors import (  # noqa: E402
    ModelGoneError,
    OutOfMemoryError,
    RenderCancelledError,
    RenderError,
    UnfitError,
)
from worker.engine.pipeline.at_once import AtOnce  # noqa: E402
from worker.engine.pipeline.device import Device  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.step.fitted import Fitted  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

FAMILIES = (builders.pixart, builders.sana, builders.flux, builders.qwen, builders.lcm, more.flux2_klein)
NAMES = [build.__name__ for build in FAMILIES]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    made = tiny_backend.loaded(tiny_backend.catalogue(tmp_path_factory.mktemp("families"), FAMILIES))
    assert made.problems() == ()
    return made


def pipeline(backend: DiffusersBackend, model: str) -> Any:
    return backend._cache.take(backend._resolved[model]).pipeline


@pytest.mark.parametrize("model", NAMES)
async def test_it_draws_tells_its_steps_and_repeats(backend: DiffusersBackend, model: str):
    render = Drawn(backend, on(model, count=2, width=64, height=96))
    pictures = await render.run()
    assert [picture.size for picture in pictures] == [(64, 96)] * 2
    assert render.steps == [(step, 3 * render.steps[0][1] // 3) for step in range(1, render.steps[0][1] + 1)]
    phases = [header.phase for header in render.told if header.kind == "phase"]
    assert phases == ["encode", "steps", "decode"] * (render.steps[0][1] // 3)
    again = await drawn(backend, on(model, count=2, width=64, height=96))
    assert [picture.tobytes() for picture in pictures] == [picture.tobytes() for picture in again]


@pytest.mark.parametrize("model", NAMES)
async def test_guidance_and_prompt_count_where_the_family_has_them(backend: DiffusersBackend, model: str):
    (one,) = await drawn(backend, on(model))
    for change in ({"prompt": "a blue whale"}, {"guidance_scale": 9.0}):
        (other,) = await drawn(backend, on(model, **change))
        assert one.tobytes() != other.tobytes(), change


@pytest.mark.parametrize("model", NAMES)
async def test_cancelling_takes_a_step(backend: DiffusersBackend, model: str):
    render = Drawn(backend, on(model, steps=50))
    render.cancel_at(2)
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert len(render.steps) == 1


@pytest.mark.parametrize("model", NAMES)
@pytest.mark.parametrize("part", ["denoiser", "decoder"])
async def test_numbers_that_are_no_picture_are_told_and_not_shown(backend: DiffusersBackend, model: str, part: str):
    whole = pipeline(backend, model)
    denoiser = getattr(whole, "transformer", None) or whole.unet
    module = {"denoiser": denoiser, "decoder": whole.vae.decoder}[part]
    broken = list(module.parameters())[-1]
    kept = broken.data.clone()
    broken.data.fill_(float("nan"))
    try:
        with pytest.raises(RenderError, match="numbers that are no picture"):
            await drawn(backend, on(model))
    finally:
        broken.data.copy_(kept)
    assert len(await drawn(backend, on(model))) == 1


@pytest.mark.parametrize("name", ["vae", "movq", "vqvae", "vqgan"])
def test_a_decoder_is_watched_whatever_its_pipeline_calls_it(name: str):
    from types import SimpleNamespace

    from worker.engine.pipeline import safeguards

    autoencoder = SimpleNamespace(decoder=torch.nn.Linear(2, 2))
    safeguards.place(SimpleNamespace(**{name: autoencoder}))
    assert len(autoencoder.decoder(torch.zeros(2))) == 2
    with pytest.raises(RenderError, match="numbers that are no picture"):
        autoencoder.decoder(torch.full((2,), float("nan")))


async def test_a_checker_of_whatever_class_is_left_out(backend: DiffusersBackend):
    assert pipeline(backend, "lcm").safety_checker is None


async def test_a_preview_that_cannot_be_made_ends_nothing(backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch):
    held = backend._cache.take(backend._resolved["lcm"])
    assert held.palette is not None
    monkeypatch.setattr(held.palette, "matrix", held.palette.matrix[:3])
    assert len(await drawn(backend, on("lcm"))) == 1


@pytest.mark.parametrize("vae", ["tiny", "deep", "strange"])
def test_an_autoencoder_without_a_usual_encoder_is_drawn_with(vae: str, tmp_path: Path):
    from worker.engine.pipeline.preview import palette

    if vae == "strange":
        assert palette(object(), tmp_path) is None
        assert palette(builders.qwen(tmp_path).vae, tmp_path) is None  # of films: it takes a dimension more
        return
    made = builders.sana(tmp_path).vae if vae == "deep" else diffusers.AutoencoderTiny(latent_channels=4)
    found = palette(made, tmp_path)
    assert found is not None
    assert found.matrix.shape == (4, 3)


@pytest.fixture(scope="module")
def stable(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    """Stable Diffusion 1 as m0 and Stable Diffusion 3 with patches of two latents as m1."""
    folder = tmp_path_factory.mktemp("stable")
    listed = tiny.catalogue(folder, tiny.build(folder / "sd"), tiny.build_sd3(folder / "sd3", patch_size=2, levels=4))
    made = tiny_backend.loaded(listed)
    assert made.problems() == ()
    return made


async def test_a_models_own_refusal_is_no_fault_of_the_engine(backend: DiffusersBackend):
    with pytest.raises(UnfitError, match="This model does not take that") as refused:
        await drawn(backend, on("sana", width=72))
    assert "`height` and `width` have to be divisible" in unabridged(refused.value.cause)


async def test_sides_that_are_no_whole_patches_are_refused(stable: DiffusersBackend):
    with pytest.raises(UnfitError, match="72 × 64"):
        await drawn(stable, on("m1", width=72))
    assert len(await drawn(stable, on("m1", width=96))) == 1


def published(backend: DiffusersBackend, model: str) -> ModelInfo:
    return next(info for info in backend.models() if info.id == model)


def test_what_a_model_can_do_is_tried_and_told(backend: DiffusersBackend, stable: DiffusersBackend):
    assert {name: published(backend, name).multiple for name in NAMES} == {
        "pixart": 8, "sana": 32, "flux": 16, "qwen": 8, "lcm": 8, "flux2_klein": 16,
    }  # fmt: skip
    assert [published(stable, name).multiple for name in ("m0", "m1")] == [8, 16]
    assert {name: published(backend, name).unheard for name in NAMES} == {
        "pixart": (), "sana": (), "flux": ("negative_prompt",), "qwen": (), "lcm": ("negative_prompt",),
        "flux2_klein": ("negative_prompt",),
    }  # fmt: skip
    every = {name.value for name in Scheduler}
    assert set(published(stable, "m0").samplers or ()) == every
    assert published(stable, "m1").samplers == ("euler",)
    assert published(backend, "flux").samplers == ("euler",)
    assert published(backend, "sana").samplers == ("dpmpp_2m",)
    assert set(published(backend, "pixart").samplers or ()) == every


async def test_a_model_that_draws_pixels_at_once_takes_its_own_sampler_alone(tmp_path: Path):
    made = tiny_backend.loaded(tiny_backend.catalogue(tmp_path, [more.deepfloyd]))
    assert published(made, "deepfloyd").samplers == ()  # the others do not take its learned variance
    assert [picture.size for picture in await drawn(made, on("deepfloyd"))] == [(64, 64)]


def test_a_model_distilled_from_guidance_hears_of_neither(tmp_path: Path):
    def schnell(folder: Path) -> Any:
        return builders.flux(folder, guided=False)

    info = published(tiny_backend.loaded(tiny_backend.catalogue(tmp_path, [schnell])), "schnell")
    assert info.unheard == ("guidance_scale", "negative_prompt")


def test_a_model_whose_sampler_needs_more_steps_is_tried_with_as_many(tmp_path: Path):
    folder = tiny.build(tmp_path)
    brought = diffusers.PNDMScheduler(skip_prk_steps=False, beta_schedule="scaled_linear", steps_offset=1)
    brought.save_pretrained(folder / "scheduler")
    index = folder / "model_index.json"
    index.write_text(index.read_text().replace("DDIMScheduler", "PNDMScheduler"))
    made = tiny_backend.loaded(tiny.catalogue(tmp_path, folder))
    assert made.problems() == ()
    assert "img2img" in published(made, "m0").operations
    assert published(made, "m0").fewest == (("", 4),)


def test_samplers_that_a_model_cannot_be_drawn_with_are_not_offered():
    from worker.engine.pipeline.warm_up import _samplers

    own = diffusers.DDIMScheduler(prediction_type="sample")
    assert set(_samplers(own)) == set(Scheduler) - {Scheduler.EULER_A}  # diffusers has no such sampler


async def test_a_model_that_was_not_held_at_the_start_is_tried_when_it_is_first_drawn_with(
    stable: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(AtOnce, "rows", lambda *_: 8)
    second = tiny_backend.loaded(stable._settings.models, models_held=1)
    assert second.at_once() == 4  # before anything was drawn, by what the warm-up has measured
    tasks = [Drawn(second, on("m0")).task for _ in range(4)]
    assert [second.full(tasks[:many]) for many in range(5)] == [False, False, False, False, True]
    assert second.full([Drawn(second, on("m1")).task])  # of which nothing is known
    assert [info.multiple for info in second.models()] == [8, 8]
    assert published(second, "m1").samplers is None
    with pytest.raises(UnfitError, match="in steps of 16; 72 is not one of them"):
        await drawn(second, on("m1", width=72))
    assert [info.multiple for info in second.models()] == [8, 16]


def test_a_model_that_makes_no_numbers_is_left_out_at_the_start(stable: DiffusersBackend, tmp_path: Path):
    folder = shutil.copytree(stable._resolved["m0"].path, tmp_path / "m")
    file = folder / "vae" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    tensors["decoder.conv_out.bias"].fill_(float("nan"))
    save_file(tensors, file, metadata={"format": "pt"})
    second = tiny_backend.loaded(tiny.catalogue(tmp_path, folder))
    assert second.models() == ()
    assert "model m0: it does not draw (RenderError: The model made numbers that are no picture" in second.problems()[0]


async def test_another_size_than_its_recipes_is_not_drawn(backend: DiffusersBackend):
    with pytest.raises(UnfitError, match="cannot draw 72 × 64; near it, it draws 64 × 64"):  # of packed latents
        await drawn(backend, on("flux", width=72))


OWN = [
    ("HeunDiscreteScheduler", {}),
    ("KDPM2DiscreteScheduler", {}),
    ("KDPM2AncestralDiscreteScheduler", {}),
    ("PNDMScheduler", {"skip_prk_steps": True}),
    ("PNDMScheduler", {"skip_prk_steps": False}),
    ("DPMSolverSinglestepScheduler", {}),
    ("DEISMultistepScheduler", {}),
]


@pytest.mark.filterwarnings("ignore:__array_wrap__")  # of diffusers as well, but it comes from within NumPy
@pytest.mark.parametrize(("kind", "config"), OWN)
async def test_samplers_that_call_the_model_more_often_than_there_are_steps(
    stable: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, kind: str, config: dict[str, Any]
):
    held = stable._cache.take(stable._resolved["m0"])
    brought = getattr(diffusers, kind).from_config(held.scheduler.config, **config)
    monkeypatch.setitem(held.__dict__, "scheduler", brought)
    monkeypatch.setattr("worker.engine.service.render_task.PREVIEW_EVERY", 0.0)
    render = Drawn(stable, on("m0", steps=4))
    assert len(await render.run()) == 1
    assert render.steps == sorted(render.steps)
    assert len({of for _, of in render.steps}) == 1
    assert render.steps[0][0] == 1
    assert render.steps[-1][0] == render.steps[-1][1]


async def test_after_running_out_of_memory_a_decoder_has_its_format_back(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
):
    whole = pipeline(backend, "lcm")
    decode = whole.vae.decode

    def lifted(*args: Any, **kwargs: Any) -> Any:
        whole.vae.to(torch.float64)  # as SDXL's pipeline does, from half to single precision
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(whole.vae, "decode", lifted)
    with pytest.raises(OutOfMemoryError):
        await drawn(backend, on("lcm"))
    monkeypatch.setattr(whole.vae, "decode", decode)
    assert whole.vae.dtype == torch.float32
    assert len(await drawn(backend, on("lcm"))) == 1


@pytest.mark.parametrize(("model", "most"), [("pixart", 2), ("qwen", 1), ("pixart", 0)])
async def test_what_is_denoised_is_not_denoised_again_for_want_of_memory_in_the_decoder(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, model: str, most: int
):
    """So many pictures fit into a pipeline's decoder, with 0 one in tiles. The second time what fitted is known."""
    held = backend._cache.take(backend._resolved[model])
    vae, network = held.pipeline.vae, held.pipeline.transformer
    monkeypatch.setitem(held.__dict__, "decoded_fits", Fitted())
    monkeypatch.setattr(Device, "batch", lambda *_: 4)
    decode, tried, steps = vae.decode, [], []

    def greedy(latents: Any, *args: Any, **kwargs: Any) -> Any:
        tried.append((len(latents), vae.use_tiling))
        if len(latents) > max(1, most) or not (most or vae.use_tiling):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 bytes")
        return decode(latents, *args, **kwargs)

    usual = await drawn(backend, on(model, count=4))
    monkeypatch.setattr(vae, "decode", greedy)
    hook = network.register_forward_pre_hook(lambda *_: steps.append(None))
    try:
        found, first = [], []
        for _ in range(2):
            found.append(await drawn(backend, on(model, count=4)))
            first.append((tried[:4], len(steps)))
            tried.clear()
            steps.clear()
    finally:
        hook.remove()
    ladder = {2: [4, 4, 2, 2], 1: [4, 4, 2, 1], 0: [4, 4, 2, 1]}[most]
    assert first[0][0] == [(rows, False) for rows in ladder]
    if most:
        assert first[1][0] == [(most, False)] * min(4, 4 // most)
        assert far(found[0], usual) <= 1
    assert first[0][1] == first[1][1] == 3 * (2 if model == "qwen" else 1)
    assert [picture.tobytes() for picture in found[0]] == [picture.tobytes() for picture in found[1]]
    assert len(found[0]) == 4
    assert not vae.use_tiling
    assert vars(vae)["decode"] is greedy


def far(some: list[Any], others: list[Any]) -> int:
    """The greatest difference of two sets of pictures, in steps of a colour."""
    pairs = zip(some, others, strict=True)
    return max(int(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).max()) for one, other in pairs)


@pytest.mark.parametrize("fault", [RuntimeError("size mismatch for conv_in"), AssertionError(), MemoryError()])
async def test_a_load_that_fails_takes_the_model_off_in_words(
    stable: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: Exception
):
    from worker.engine.pipeline import load

    second = tiny_backend.loaded(stable._settings.models, models_held=1)

    def fail(*_: Any) -> Any:
        raise fault

    monkeypatch.setattr(load, "_folder", fail)
    with pytest.raises(OutOfMemoryError if isinstance(fault, MemoryError) else ModelGoneError):
        await drawn(second, on("m1"))
    assert [model.id for model in second.models()] == ["m0"]
    assert "model m1: " in second.problems()[0]
    if isinstance(fault, MemoryError):  # of one that fitted before others took the memory, and fits when they are gone
        second._cache.drop("m0")
        with pytest.raises(OutOfMemoryError):
            await drawn(second, on("m0"))
        assert [model.id for model in second.models()] == ["m0"]
        monkeypatch.undo()
        assert len(await drawn(second, on("m0"))) == 1


@pytest.mark.parametrize("guidance", [1.0, 3.5])
async def test_pictures_of_a_model_that_is_told_of_guidance_take_one_row_each(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, guidance: float
):
    drawing = backend._drawing
    assert drawing is not None
    await drawn(backend, on("flux"))  # it is known of models in memory, and another may have its place
    monkeypatch.setattr(drawing, "_fills", {("flux", 64, 64): 3})
    tasks = [Drawn(backend, on("flux", guidance_scale=guidance)).task for _ in range(3)]
    assert [drawing.full(tasks[:many]) for many in (1, 2, 3)] == [False, False, True]


async def test_only_its_own_sampler_is_taken_by_a_straight_path_whatever_it_is_called(backend: DiffusersBackend):
    with pytest.raises(UnfitError, match="sampler of its own"):
        await drawn(backend, on("sana", scheduler=Scheduler.EULER))
    assert len(await drawn(backend, on("sana", scheduler=Scheduler.DPMPP_2M))) == 1


@pytest.mark.parametrize("model", NAMES)
async def test_a_prompt_that_is_longer_than_the_model_reads_is_told(backend: DiffusersBackend, model: str):
    render = Drawn(backend, on(model, prompt="a red apple"))
    await render.run()
    last = render.frames[-1].header
    assert (last.read_to, last.tokens, last.left_out) == ("", 0, ())
    words = "one two three four five six seven eight nine ten " * 18
    render = Drawn(backend, on(model, prompt=words.replace("three", "(three:1.2)")))
    await render.run()
    last, said = render.frames[-1].header, render.frames[-1].header.read_to
    assert (last.tokens, last.left_out) == (published(backend, model).tokens, ("weights",))
    assert said in words
    assert len(said) > 5


@pytest.mark.parametrize("model", NAMES)
async def test_signs_are_never_drawn_as_letters_where_a_model_knows_none(backend: DiffusersBackend, model: str):
    render = Drawn(backend, on(model, prompt=r"a (red:1.4) apple BREAK \(on\) a [table]", negative_prompt="((dull))"))
    (signed,) = await render.run()
    assert render.frames[-1].header.left_out == ("weights",)
    plain = Drawn(backend, on(model, prompt=r"a red apple \(on\) a table", negative_prompt="dull"))
    assert (await plain.run())[0].tobytes() == signed.tobytes()
    assert plain.frames[-1].header.left_out == ()
    odd = Drawn(backend, on(model, prompt="a [cat|dog]"))
    await odd.run()
    assert odd.frames[-1].header.left_out == ("signs",)


async def test_a_sampler_that_the_loop_does_not_know_is_drawn_without_signs(
    stable: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
):
    held = stable._cache.take(stable._resolved["m0"])
    clipping = diffusers.DDIMScheduler.from_config(held.scheduler.config, clip_sample=True)
    monkeypatch.setitem(held.__dict__, "scheduler", clipping)
    monkeypatch.setattr(held.stepper, "_tables", type(held.stepper._tables)())
    pictures = []
    for prompt in ("a (red:1.4) apple", "a red apple"):
        render = Drawn(stable, on("m0", prompt=prompt))
        pictures += await render.run()
        assert render.frames[-1].header.left_out == (("weights",) if "(" in prompt else ())
    assert pictures[0].tobytes() == pictures[1].tobytes()


def test_the_page_has_every_family_that_diffusers_knows():
    from diffusers.pipelines.auto_pipeline import AUTO_TEXT2IMAGE_PIPELINES_MAPPING as MAPPING

    page = (Path(__file__).parents[4] / "docs" / "families.md").read_text()
    listed = [line.split("|")[1].strip() for line in page.splitlines() if "Pipeline`" in line]
    assert listed == [*MAPPING], "make families writes it anew"
