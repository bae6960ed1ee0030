"""Easel's loop makes of the same noise what diffusers' own pipelines make of it, on tiny random models."""

import warnings
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import asked  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.pipeline.schedulers import fresh  # noqa: E402
from worker.engine.step.advance import advance  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.trajectory import Trajectory  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS = {"sd": tiny.build, "xl": tiny.build_xl}


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    from diffusers import AutoPipelineForText2Image

    folder, found = tmp_path_factory.mktemp("models"), {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        for name, build in MODELS.items():
            without = {"safety_checker": None, "requires_safety_checker": False} if name == "sd" else {}
            found[name] = AutoPipelineForText2Image.from_pretrained(build(folder / name), **without)
            found[name].set_progress_bar_config(disable=True)
            found[name].scheduler.register_to_config(clip_sample=False)  # as models of these families say
    return found


@pytest.fixture(params=sorted(MODELS))
def pipeline(pipelines: dict[str, Any], request: pytest.FixtureRequest) -> Any:
    return pipelines[request.param]


def ours(pipeline: Any, request: Request, rows: int = 64) -> Any:
    pictures = started(Stepper.of(pipeline, clean), pipeline, request)
    while not pictures[0].over:
        advance(Stepper.of(pipeline, clean).family, pictures, rows)
    return torch.stack([each.latents for each in pictures])


def started(stepper: Stepper | None, pipeline: Any, request: Request) -> list[Trajectory]:
    assert stepper is not None
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


@pytest.mark.parametrize("name", [None, *Scheduler])
def test_every_sampler(pipeline: Any, name: Scheduler | None) -> None:
    request = asked(scheduler=name, steps=4)
    assert apart(ours(pipeline, request), stock(pipeline, request)) <= 1e-4


@pytest.mark.parametrize(
    "change",
    [
        {"guidance_scale": 1.0},
        {"negative_prompt": "red"},
        {"negative_prompt": "red", "guidance_scale": 1.0},
        {"width": 96, "height": 64},
        {"steps": 1},
        {"prompt": "many words " * 60},
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
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
    for one, other in zip(stepper.family.decode(ours(pipeline, request)), stock(pipeline, request, "pil"), strict=True):
        assert max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) <= 1


def test_after_running_out_of_memory_a_decoder_that_was_lifted_has_its_format_back(
    pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
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


def test_pictures_of_many_samplers_advance_together_as_they_would_alone(pipeline: Any) -> None:
    """Joining late, leaving early, with guidance and without it."""
    requests = [
        asked(scheduler=name, steps=2 + number // 2, seed=number, guidance_scale=1.0 + number % 3)
        for number, name in enumerate(Scheduler)
    ]
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
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
    hook = pipeline.unet.register_forward_pre_hook(lambda _, inputs: calls.append(len(inputs[0])))
    try:
        ours(pipeline, asked(steps=2, count=4))
        ours(pipeline, asked(steps=2, count=4, guidance_scale=1.0))
        ours(pipeline, asked(steps=1, count=9), 16)
    finally:
        hook.remove()
    assert calls == [8, 8, 4, 4, 9, 9]


def test_a_text_is_encoded_once(pipeline: Any) -> None:
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
    calls: list[int] = []
    hook = pipeline.text_encoder.register_forward_pre_hook(lambda *_: calls.append(1))
    try:
        for negative in ("blue", "blue", "red"):
            stepper.family.conditions(asked(negative_prompt=negative))
    finally:
        hook.remove()
    assert len(calls) == 3  # the prompt, and two negative ones


def test_a_step_that_fails_leaves_its_pictures_as_they_were(pipeline: Any) -> None:
    request = asked(steps=4, count=2, scheduler=Scheduler.EULER_A)
    stepper = Stepper.of(pipeline, clean)
    assert stepper is not None
    pictures = started(stepper, pipeline, request)
    calls = iter(range(100))

    def every_third(*_: Any) -> None:
        if next(calls) % 3 == 2:
            raise MemoryError

    hook = pipeline.unet.register_forward_pre_hook(every_third)
    try:
        while not pictures[0].over:
            try:
                advance(stepper.family, pictures, 2)
            except MemoryError:
                continue
    finally:
        hook.remove()
    assert apart(torch.stack([each.latents for each in pictures]), stock(pipeline, request)) <= 1e-4


def test_others_keep_their_own_pipeline(pipelines: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(type(pipelines["sd"])):  # type: ignore[misc]
        pass

    assert Stepper.of(Other(**pipelines["sd"].components, requires_safety_checker=False), clean) is None
    monkeypatch.setattr(pipelines["xl"], "watermark", object())
    assert Stepper.of(pipelines["xl"], clean) is None
