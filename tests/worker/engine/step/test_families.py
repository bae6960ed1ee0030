"""Easel's loop makes of the same noise what diffusers' own pipelines make of it, on tiny random models."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from diffusers import EDMDPMSolverMultistepScheduler  # noqa: E402
from PIL import Image  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked  # noqa: E402
from tests.worker.engine.families import builders  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.pipeline.schedulers import fresh  # noqa: E402
from worker.engine.step.advance import advance  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.trajectory import Trajectory  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

Build = Callable[..., Any]
UNETS: dict[str, Build] = {"sd": tiny.stable_diffusion, "xl": tiny.stable_diffusion_xl}
FLOWS: dict[str, Build] = {"sd3": tiny.stable_diffusion_3, "flux": builders.flux}
SAMPLERS = [(name, sampler) for name in UNETS for sampler in (None, *Scheduler)]
SAMPLERS += [(name, sampler) for name in FLOWS for sampler in (None, Scheduler.EULER)]


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, build in (UNETS | FLOWS).items():
        torch.manual_seed(0)
        # Decoders of four levels, so that there are few latents; that of FLUX has them anyway.
        found[name] = build(tmp_path_factory.mktemp(name), **({} if name == "flux" else {"levels": 4}))
        quiet(found[name])
        if name in UNETS:
            found[name].scheduler.register_to_config(clip_sample=False)  # as models of these families say
    return found


def quiet(pipeline: Any) -> Any:
    """As one that was loaded: T5 would else forget at random."""
    pipeline.set_progress_bar_config(disable=True)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval()
    return pipeline


@pytest.fixture(params=sorted(UNETS | FLOWS))
def pipeline(pipelines: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    return pipelines[request.param]


@pytest.fixture(params=sorted(UNETS))
def unet_pipeline(pipelines: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    return pipelines[request.param]


def network(pipeline: Any) -> Any:
    return pipeline.unet if hasattr(pipeline, "unet") else pipeline.transformer


def ours(pipeline: Any, request: Request, rows: int = 64) -> Any:
    return as_stock(pipeline, drawn(stepper_of(pipeline), pipeline, request, rows))


def stepper_of(pipeline: Any) -> Stepper:
    found = Stepper.of(pipeline, clean)
    assert found is not None
    return found


def drawn(stepper: Stepper, pipeline: Any, request: Request, rows: int = 64) -> Any:
    """Latents after the last step."""
    pictures = started(stepper, pipeline, request)
    while not pictures[0].over:
        advance(stepper.family, pictures, rows)
    return torch.stack([each.latents for each in pictures])


def as_stock(pipeline: Any, latents: Any) -> Any:
    """Latents as the pipeline gives them: FLUX packs them into rows."""
    return pipeline._pack_latents(latents, *latents.shape) if hasattr(pipeline, "_pack_latents") else latents


def started(stepper: Stepper, pipeline: Any, request: Request) -> list[Trajectory]:
    family = stepper.family
    table = stepper.table(request, lambda: fresh(request.scheduler, pipeline.scheduler, request.steps))
    prompt, without = family.conditions(request)
    return [
        Trajectory(table, family.shape(request), request.seed_of(index), prompt, without, request.guidance_scale)
        for index in range(request.count)
    ]


def stock(pipeline: Any, request: Request, output: str = "latent") -> Any:
    own = pipeline.scheduler
    pipeline.scheduler = fresh(request.scheduler, own, request.steps)
    try:
        return pipeline(
            request.prompt,
            negative_prompt=request.negative_prompt or None,
            width=request.width,
            height=request.height,
            num_inference_steps=request.steps,
            guidance_scale=request.guidance_scale,
            num_images_per_prompt=request.count,
            generator=[torch.Generator().manual_seed(request.seed_of(index)) for index in range(request.count)],
            output_type=output,
        ).images
    finally:
        pipeline.scheduler = own


def apart(one: Any, other: Any) -> float:
    return float((one - other).abs().max() / max(1.0, float(other.abs().max())))


@pytest.mark.parametrize(("family", "name"), SAMPLERS)
def test_every_sampler(pipelines: dict[str, Any], family: str, name: Scheduler | None) -> None:
    pipeline, request = pipelines[family], asked(scheduler=name, steps=3)
    assert apart(ours(pipeline, request), stock(pipeline, request)) <= 1e-4


@pytest.mark.parametrize(
    "change",
    [
        {"guidance_scale": 1.0},
        {"negative_prompt": "red"},
        {"negative_prompt": "red", "guidance_scale": 1.0},
        {"width": 96, "height": 64},
        {"steps": 1},
        {"prompt": "many words " * 8},  # longer ones are no longer cut
    ],
)
def test_every_part_of_a_request(pipeline: Any, change: dict[str, Any]) -> None:
    request = asked(**({"steps": 2, "count": 2} | change))
    assert apart(ours(pipeline, request), stock(pipeline, request)) <= 1e-4


@pytest.mark.parametrize("rows", [1, 4])
def test_however_many_rows_a_call_has(pipeline: Any, rows: int) -> None:
    request = asked(steps=2, count=3)
    assert apart(ours(pipeline, request, rows), ours(pipeline, request)) <= 1e-4


def test_pictures_are_decoded_alike(pipeline: Any) -> None:
    request = asked(steps=2, count=2)
    stepper = stepper_of(pipeline)
    latents = drawn(stepper, pipeline, request)
    for one, other in zip(stepper.family.decode(latents), stock(pipeline, request, "pil"), strict=True):
        assert max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) <= 1


def test_an_autoencoder_that_says_the_mean_of_its_latents_is_believed(pipelines: dict[str, Any]) -> None:
    """Such as Playground's, which comes with a scheduler of EDM's noise."""
    whole, picture = pipelines["xl"], Image.effect_noise((64, 64), 80).convert("RGB")
    family = stepper_of(whole).family
    before, own = family.encode(picture), whole.scheduler
    mean, deviation = [-1.6, 1.1, 0.3, -0.2], [8.4, 5.0, 0.8, 1.4]
    whole.scheduler = EDMDPMSolverMultistepScheduler()
    whole.vae.register_to_config(latents_mean=mean, latents_std=deviation)
    try:
        test_pictures_are_decoded_alike(whole)
        factor = whole.vae.config.scaling_factor
        wanted = (before / factor - torch.tensor(mean).view(4, 1, 1)) * factor / torch.tensor(deviation).view(4, 1, 1)
        assert torch.allclose(family.encode(picture), wanted, atol=1e-5)
    finally:
        whole.vae.register_to_config(latents_mean=None, latents_std=None)
        whole.scheduler = own


def test_after_running_out_of_memory_a_decoder_that_was_lifted_has_its_format_back(
    pipelines: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = pipelines["xl"]
    stepper = stepper_of(pipeline)
    vae, seen = pipeline.vae, []

    def full(*_: Any, **__: Any) -> Any:
        seen.append(vae.dtype)
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(vae, "decode", full)
    vae.register_to_config(force_upcast=True)
    vae.to(torch.float16)
    try:
        with pytest.raises(torch.OutOfMemoryError):
            stepper.family.decode(torch.zeros(1, 4, 32, 32))
        assert (seen, vae.dtype) == ([torch.float32], torch.float16)
    finally:
        vae.to(torch.float32)


def test_a_decoder_that_finds_no_memory_half_lifted_has_its_format_back(
    pipelines: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    vae, family = pipelines["xl"].vae, stepper_of(pipelines["xl"]).family
    last, seen = [*vae.decoder.children()][-1], []

    def full(move: Any, *_: Any) -> None:
        seen.append(vae.encoder.conv_in.weight.dtype)
        if len(seen) == 1:
            raise torch.OutOfMemoryError("CUDA out of memory")

    vae.register_to_config(force_upcast=True)
    vae.to(torch.float16)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(last, "_apply", full)
            with pytest.raises(torch.OutOfMemoryError):
                family.decode(torch.zeros(1, 4, 8, 8))
        assert seen[0] == torch.float32
        assert {each.dtype for each in vae.parameters()} == {torch.float16}
    finally:
        vae.to(torch.float32)


def test_pictures_of_many_samplers_advance_together_as_they_would_alone(unet_pipeline: Any) -> None:
    """Joining late, leaving early, with guidance and without it."""
    requests = [
        asked(scheduler=name, steps=2 + number // 2, seed=number, guidance_scale=1.0 + number % 3)
        for number, name in enumerate(Scheduler)
    ]
    pipeline, stepper = unet_pipeline, stepper_of(unet_pipeline)
    waiting = [started(stepper, pipeline, request)[0] for request in requests]
    every, here = list(waiting), []
    while waiting or here:
        here += [waiting.pop(0)] if waiting else []
        advance(stepper.family, here, 6)
        here = [each for each in here if not each.over]
    for request, picture in zip(requests, every, strict=True):
        assert apart(picture.latents[None], stock(pipeline, request)) <= 1e-4


def test_rows_are_counted_and_none_is_for_nothing(pipeline: Any) -> None:
    calls: list[int] = []
    stepper, given = stepper_of(pipeline), ("hidden_states", "sample")
    for scale in (1.0, 3.0):
        request = asked(count=2, guidance_scale=scale)
        assert {each.rows for each in started(stepper, pipeline, request)} == {stepper.family.passes(request)}

    def count(_: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> None:
        calls.append(len(inputs[0] if inputs else next(named[name] for name in given if name in named)))

    hook = network(pipeline).register_forward_pre_hook(count, with_kwargs=True)
    try:
        ours(pipeline, asked(steps=2, count=4))
        ours(pipeline, asked(steps=2, count=4, guidance_scale=1.0))
        ours(pipeline, asked(steps=1, count=9), 16)
    finally:
        hook.remove()
    told = hasattr(pipeline, "_pack_latents")  # FLUX is told of guidance, so no row is without the prompt
    assert calls == ([4, 4, 4, 4, 9] if told else [8, 8, 4, 4, 9, 9])


def test_a_text_is_encoded_once(pipeline: Any) -> None:
    stepper = stepper_of(pipeline)
    calls: list[int] = []
    hook = pipeline.text_encoder.register_forward_pre_hook(lambda *_: calls.append(1))
    try:
        for negative in ("blue", "blue", "red"):
            stepper.family.conditions(asked(negative_prompt=negative))
    finally:
        hook.remove()
    told = hasattr(pipeline, "_pack_latents")
    assert len(calls) == (1 if told else 3)  # the prompt, and two negative ones


def test_a_step_that_fails_leaves_its_pictures_as_they_were(pipeline: Any) -> None:
    sampler = Scheduler.EULER_A if hasattr(pipeline, "unet") else None
    request = asked(steps=4, count=2, scheduler=sampler)
    stepper = stepper_of(pipeline)
    pictures = started(stepper, pipeline, request)
    calls = iter(range(100))

    def every_third(*_: Any) -> None:
        if next(calls) % 3 == 2:
            raise MemoryError

    hook = network(pipeline).register_forward_pre_hook(every_third)
    try:
        while not pictures[0].over:
            try:
                advance(stepper.family, pictures, 2)
            except MemoryError:
                continue
    finally:
        hook.remove()
    latents = torch.stack([each.latents for each in pictures])
    assert apart(as_stock(pipeline, latents), stock(pipeline, request)) <= 1e-4


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("side", [64, 128])
def test_straight_paths_are_bent_by_the_size(pipelines: dict[str, Any], name: str, side: int) -> None:
    pipeline, request = pipelines[name], asked(steps=3, width=side, height=64)
    own, pipeline.scheduler = pipeline.scheduler, builders.flow(use_dynamic_shifting=True)
    try:
        assert apart(ours(pipeline, request), stock(pipeline, request)) <= 1e-4
    finally:
        pipeline.scheduler = own


def test_a_model_distilled_from_guidance_is_told_its_scale_as_the_stock_pipeline_tells_it(tmp_path: Path) -> None:
    pipeline = tiny.stable_diffusion(tmp_path)
    pipeline.register_modules(
        unet=tiny.unet(cross_attention_dim=32, attention_head_dim=8, time_cond_proj_dim=32).eval()
    )
    pipeline.set_progress_bar_config(disable=True)
    request = asked(steps=2, guidance_scale=6.0)
    assert apart(ours(pipeline, request), stock(pipeline, request)) <= 1e-4
    family = stepper_of(pipeline).family
    long = request.model_copy(update={"negative_prompt": "many words " * 8})
    assert (family.passes(long), family.chunks(long)) == (1, family.chunks(request))


def test_flux_without_guidance_is_told_none(tmp_path: Path) -> None:
    """Such as schnell."""
    torch.manual_seed(0)
    pipeline = quiet(builders.flux(tmp_path, guided=False))
    request = asked(steps=2, negative_prompt="red")
    assert apart(ours(pipeline, request), stock(pipeline, request)) <= 1e-4


@pytest.mark.parametrize("name", FLOWS)
def test_sides_that_are_no_whole_patches_are_told_as_what_they_become(pipelines: dict[str, Any], name: str) -> None:
    family: Any = stepper_of(pipelines[name]).family
    family.patch = 2
    assert family.size(asked(width=104, height=72)) == (96, 64)


def test_others_keep_their_own_pipeline(pipelines: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(type(pipelines["sd"])):  # type: ignore[misc]
        pass

    assert Stepper.of(Other(**pipelines["sd"].components, requires_safety_checker=False), clean) is None
    monkeypatch.setattr(pipelines["xl"], "watermark", object())
    assert Stepper.of(pipelines["xl"], clean) is None
    for name in FLOWS:
        monkeypatch.setattr(pipelines[name], "text_encoder", None)
        assert Stepper.of(pipelines[name], clean) is None
