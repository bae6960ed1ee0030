"""Pictures that begin with another, in the loop: as the stock pipelines draw them, and kept where they should be."""

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked  # noqa: E402
from tests.worker.engine.families import builders  # noqa: E402
from worker.contract.types.operation import TAKES, Operation, SourcePicture  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.pipeline.schedulers import fresh  # noqa: E402
from worker.engine.pipeline.stepped import start  # noqa: E402
from worker.engine.step.advance import advance  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.tables import tabulate  # noqa: E402
from worker.engine.step.trajectory import Source, Trajectory  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS = {"sd": tiny.build, "xl": tiny.build_xl}


@pytest.fixture(scope="module", params=sorted(MODELS))
def pipeline(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        without = {"safety_checker": None, "requires_safety_checker": False} if request.param == "sd" else {}
        folder = MODELS[request.param](tmp_path_factory.mktemp(request.param))
        made = diffusers.AutoPipelineForText2Image.from_pretrained(folder, **without)
    made.set_progress_bar_config(disable=True)
    made.scheduler.register_to_config(clip_sample=False)  # as models of these families say
    return made


def begun(operation: Operation = Operation.IMG2IMG, **more: Any) -> Request:
    sources = tuple(SourcePicture(role=role, width=64, height=64) for role in TAKES[operation])
    given: dict[str, Any] = {"operation": operation, "sources": sources, "strength": 0.6, "steps": 5}
    return asked(**(given | more))


def latents(seed: int = 3) -> Any:
    return torch.randn(4, 32, 32, generator=torch.Generator().manual_seed(seed))


def ours(pipeline: Any, request: Request, source: Source) -> Trajectory:
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
    table = stepper.table(request, lambda: fresh(request.scheduler, pipeline.scheduler, request.steps))
    picture = start(stepper, table, request, [0], {0: source})[0]
    while not picture.over:
        advance(stepper.family, [picture], 2)
    return picture


def stock(pipeline: Any, request: Request, source: Any) -> Any:
    whole = diffusers.AutoPipelineForImage2Image.from_pipe(pipeline)
    whole.scheduler = fresh(request.scheduler, pipeline.scheduler, request.steps)
    whole.set_progress_bar_config(disable=True)
    takes = inspect.signature(type(whole).__call__).parameters
    size = {name: getattr(request, name) for name in ("width", "height") if name in takes}
    return whole(
        request.prompt, image=source[None], strength=request.strength, num_inference_steps=request.steps,
        guidance_scale=request.guidance_scale, generator=torch.Generator().manual_seed(request.seed),
        output_type="latent", **size,
    ).images[0]  # fmt: skip


@pytest.mark.parametrize("name", [None, *Scheduler])
def test_every_sampler_begins_with_a_picture_as_the_stock_pipeline_does(pipeline: Any, name: Scheduler | None) -> None:
    request = begun(scheduler=name)
    made = ours(pipeline, request, Source(latents())).latents
    assert (made - stock(pipeline, request, latents())).abs().max() <= 1e-4


@pytest.mark.parametrize(("strength", "steps"), [(0.01, 1), (0.5, 4), (1.0, 8)])
def test_of_the_steps_those_are_taken_that_the_strength_leaves(pipeline: Any, strength: float, steps: int) -> None:
    request = begun(strength=strength, steps=8)
    assert ours(pipeline, request, Source(latents())).step == steps == request.real_steps


@pytest.mark.parametrize("name", [None, *Scheduler])
def test_what_is_kept_ends_as_it_was_with_every_sampler(pipeline: Any, name: Scheduler | None) -> None:
    mask = torch.zeros(1, 32, 32)
    mask[:, :, 16:] = 1
    request = begun(Operation.INPAINT, scheduler=name, strength=0.6 if name else 1.0, steps=10)
    made = ours(pipeline, request, Source(latents(), mask)).latents
    apart = (made - latents()).abs()
    assert apart[:, :, :16].max() <= 0.2  # of latents that vary by 1: the noise that DDIM leaves here
    assert apart[:, :, 16:].mean() > 0.3


SCHEDULE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
WITHOUT_FRESH_NOISE: list[tuple[str, dict[str, Any]]] = [
    ("PNDMScheduler", {"skip_prk_steps": True, "steps_offset": 1}),
    ("PNDMScheduler", {"skip_prk_steps": False, "steps_offset": 1}),
    ("DDIMScheduler", {"clip_sample": False, "steps_offset": 1}),
    ("EulerDiscreteScheduler", {}),
    ("HeunDiscreteScheduler", {}),
    ("KDPM2DiscreteScheduler", {}),
    ("DPMSolverMultistepScheduler", {}),
    ("DPMSolverSinglestepScheduler", {}),
    ("UniPCMultistepScheduler", {}),
    ("DEISMultistepScheduler", {}),
]


@pytest.mark.filterwarnings("ignore:__array:DeprecationWarning")  # of NumPy, between it and KDPM2
@pytest.mark.parametrize("left", [1, 2, 12, 24, 25])
@pytest.mark.parametrize(("kind", "config"), WITHOUT_FRESH_NOISE)
def test_wherever_a_picture_begins_the_noise_that_is_predicted_is_all_taken_away(
    kind: str, config: dict[str, Any], left: int
) -> None:
    """By a model that predicts the very noise at each step: what is left is the picture, as strong as it was."""
    scheduler = getattr(diffusers, kind)(**SCHEDULE, **config)
    scheduler.set_timesteps(25)
    table = tabulate(scheduler, clean, left)
    state = torch.zeros(table.state, 2)  # of each number: how much of the picture, and how much of the noise
    state[0] = torch.tensor([table.source, table.first])
    for step in table.advance:
        state = step @ torch.cat([state, torch.tensor([[0.0, 1.0]])])
    assert state[0].tolist() == pytest.approx([1, 0], abs=0.05)


def test_straight_paths_begin_with_a_picture_too() -> None:
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler()
    scheduler.set_timesteps(10)
    whole, half = tabulate(scheduler, clean), diffusers.FlowMatchEulerDiscreteScheduler()
    half.set_timesteps(10)
    late = tabulate(half, clean, 4)
    assert (whole.source, whole.first, late.steps) == (0.0, 1.0, 4)
    assert torch.equal(late.advance, whole.advance[6:])
    sigma = float(scheduler.sigmas[6])
    assert [late.source, late.first] == pytest.approx([1 - sigma, sigma])


FLOWS: dict[str, Callable[[Path], Any]] = {
    "sd3": lambda folder: tiny.stable_diffusion_3(folder, patch_size=2, levels=4),
    "flux": builders.flux,
}


@pytest.fixture(scope="module", params=sorted(FLOWS))
def flow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    torch.manual_seed(0)
    made = FLOWS[request.param](tmp_path_factory.mktemp(request.param))
    for part in made.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval()
    made.set_progress_bar_config(disable=True)
    return made


def test_models_of_straight_paths_begin_with_a_picture_as_the_stock_pipeline_does(flow: Any) -> None:
    request = begun(strength=0.6, guidance_scale=4.0)
    shape = flow_latents(flow, request)
    mine = ours(flow, request, Source(shape)).latents
    made = stock(flow, request, shape)
    packed = flow._pack_latents(mine[None], 1, *mine.shape) if hasattr(flow, "_pack_latents") else mine
    assert float((packed - made).abs().max()) <= 1e-4 * max(1.0, float(made.abs().max()))


def test_of_straight_paths_a_picture_is_encoded_as_the_stock_pipeline_encodes_it(flow: Any) -> None:
    picture = Image.effect_noise((64, 64), 80).convert("RGB")
    given = diffusers.image_processor.VaeImageProcessor(vae_scale_factor=8).preprocess(picture)
    stepper = Stepper.of(flow, clean)
    assert stepper is not None
    with torch.no_grad():
        encoded = flow.vae.encode(given).latent_dist.mode()
    wanted = (encoded - flow.vae.config.shift_factor) * flow.vae.config.scaling_factor
    assert torch.allclose(stepper.family.encode(picture), wanted[0], atol=1e-5)


def flow_latents(flow: Any, request: Request) -> Any:
    stepper = Stepper.of(flow, clean)
    assert stepper is not None
    return torch.randn(*stepper.family.shape(request), generator=torch.Generator().manual_seed(3))


def test_a_picture_is_encoded_as_the_stock_pipeline_encodes_it(pipeline: Any) -> None:
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
    picture = Image.effect_noise((64, 48), 80).convert("RGB")
    given = diffusers.image_processor.VaeImageProcessor(vae_scale_factor=2).preprocess(picture)
    with torch.no_grad():
        wanted = pipeline.vae.encode(given).latent_dist.mode() * pipeline.vae.config.scaling_factor
    assert torch.allclose(stepper.family.encode(picture), wanted[0], atol=1e-5)
