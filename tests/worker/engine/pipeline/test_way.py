"""How a picture came about: which moments are kept, that they end with the picture, under cancel and short memory."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from diffusers import (  # noqa: E402
    DDIMScheduler,
    DDPMScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
)
from PIL import Image, ImageSequence  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families.backend import Drawn, on, untabled  # noqa: E402
from worker.contract.types.cause import no_moments  # noqa: E402
from worker.contract.types.operation import FORWARD, MOMENTS, Operation, SourcePicture  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.errors import OutOfMemoryError, RenderCancelledError, UnfitError  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.way import Noised, chosen, noise  # noqa: E402
from worker.engine.step.fitted import Fitted  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

SHARES = st.lists(st.floats(0.01, 1), min_size=1, max_size=40).map(lambda found: sorted(found, reverse=True))


@given(SHARES, st.integers(0, 15))
def test_as_many_different_steps_as_there_are_from_the_first_on(shares: list[float], many: int) -> None:
    found = chosen(shares, many)
    assert len(found) == min(many, len(shares))
    assert found == sorted(set(found))
    assert found[:1] == [0][: len(found)]
    assert all(step < len(shares) for step in found)


def test_noise_goes_down_evenly() -> None:
    shares = [1 - step / 100 for step in range(100)]
    assert chosen(shares, 4) == [0, 25, 50, 75]


@pytest.mark.parametrize("kind", [DDIMScheduler, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler])
def test_how_much_is_noise_goes_from_nearly_all_down(kind: Any) -> None:
    scheduler = kind()
    scheduler.set_timesteps(10)
    found = noise(scheduler, scheduler.timesteps)
    assert found == sorted(found, reverse=True)
    assert 0.95 < found[0] <= 1
    assert 0 <= found[-1] < 0.5


def test_of_a_sampler_that_does_not_say_it_is_told_by_steps() -> None:
    silent = type("Silent", (), {"config": {}})()
    assert noise(silent, torch.tensor([9.0, 5.0, 1.0, 0.5])) == [1, 0.75, 0.5, 0.25]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    folder = tmp_path_factory.mktemp("models")
    made = tiny_backend.loaded(
        tiny.catalogue(folder, tiny.build(folder / "sd"), tiny.build_sd3(folder / "sd3", patch_size=2))
    )
    assert made.problems() == ()
    return made


def way(model: str = "m0", **more: Any) -> Request:
    return on(model, **({"steps": 10, "moments": 8} | more))


async def plain(backend: DiffusersBackend, request: Request) -> Image.Image:
    (image,) = await Drawn(backend, request.model_copy(update={"moments": 0})).run()
    return image


def count(moving: Image.Image) -> int:
    return len([*ImageSequence.Iterator(moving)])


@pytest.mark.parametrize("model", ["m0", "m1"])
async def test_eight_moments_end_with_the_picture_that_is_drawn_without_them(
    backend: DiffusersBackend, model: str
) -> None:
    still, moving = await Drawn(backend, way(model)).run()
    picture = await plain(backend, way(model))
    assert count(moving) == 8
    tiles = [still.crop((left, top, left + 64, top + 64)) for top in (8, 100, 192) for left in (38, 110, 182)][:8]
    assert tiles[-1].tobytes() == picture.tobytes()
    assert len({each.tobytes() for each in tiles}) == 8


async def test_of_few_steps_there_are_fewer(backend: DiffusersBackend) -> None:
    _, moving = await Drawn(backend, way(steps=3)).run()
    assert count(moving) == 4


async def test_what_begins_with_a_picture_shows_its_way_from_there(backend: DiffusersBackend) -> None:
    begun: dict[str, Any] = {
        "operation": Operation.IMG2IMG,
        "sources": (SourcePicture(width=64, height=64),),
        "strength": 0.5,
    }
    _, moving = await Drawn(backend, way(steps=20, **begun), Image.new("RGB", (64, 64), "red")).run()
    assert count(moving) == 8


async def test_cancelling_takes_a_step(backend: DiffusersBackend) -> None:
    render = Drawn(backend, way(steps=40))
    render.cancel_at(2)
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert render.steps[-1][0] == 1


async def test_what_does_not_fit_is_decoded_one_by_one(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backend._cache is not None
    vae = backend._cache.take(backend._resolved["m0"]).pipeline.vae
    decode, sizes = vae.decode, []

    def small(latents: Any, *args: Any, **kwargs: Any) -> Any:
        sizes.append(len(latents))
        if len(latents) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return decode(latents, *args, **kwargs)

    monkeypatch.setattr(vae, "decode", small)
    stepper = backend._cache.take(backend._resolved["m0"]).stepper
    monkeypatch.setattr(stepper, "decoded_fit", Fitted())
    _, moving = await Drawn(backend, way()).run()
    assert count(moving) == 8
    assert sizes[-8:] == [1] * 8
    monkeypatch.setattr(vae, "decode", lambda *_, **__: (_ for _ in ()).throw(torch.OutOfMemoryError("CUDA")))
    with pytest.raises(OutOfMemoryError):
        await Drawn(backend, way()).run()


@pytest.mark.parametrize(("blank", "seed"), [([True, False], 1), ([True, True], 0)])
async def test_of_a_blank_one_that_is_drawn_once_more_the_way_is_its_own(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, blank: list[bool], seed: int
) -> None:
    left = iter(blank)
    monkeypatch.setattr("worker.engine.pipeline.render.is_blank", lambda _: next(left))
    render = Drawn(backend, way(seed=0))
    still, moving = await render.run()
    files = [each.header for each in render.frames if each.header.kind == "picture"]
    assert [each.seed for each in files] == [seed, seed]
    monkeypatch.setattr("worker.engine.pipeline.render.is_blank", lambda _: False)
    own, _ = await Drawn(backend, way(seed=seed)).run()
    assert still.tobytes() == own.tobytes()
    assert count(moving) == 8


async def test_a_sampler_that_no_table_describes_cannot_show_it(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    untabled(backend, monkeypatch)
    with pytest.raises(UnfitError, match="ddim"):
        await Drawn(backend, way(scheduler=Scheduler.DDIM)).run()


def test_only_what_the_own_loop_draws_tells_of_it(backend: DiffusersBackend, tmp_path: Path) -> None:
    assert all(MOMENTS in model.operations for model in backend.models())
    info = backend.models()[0]
    assert info.objection(way()) is None
    other = info.model_copy(update={"operations": ()})
    assert other.objection(way()) == no_moments(info.title)


def forward(model: str) -> Request:
    sources = (SourcePicture(width=64, height=64),)
    return way(model, operation=Operation.IMG2IMG, sources=sources, strength=0.5, forward=True)


@pytest.mark.parametrize("model", ["m0", "m1"])
async def test_a_picture_turns_to_noise_without_a_call_of_the_model(
    backend: DiffusersBackend, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FORWARD in backend.models()[int(model[1])].operations
    monkeypatch.setattr("worker.engine.pipeline.group.advance", lambda *_, **__: pytest.fail("the model was called"))
    picture = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    render = Drawn(backend, forward(model), picture)
    still, moving = await render.run()
    assert (count(moving), render.steps) == (8, [])
    phases = [header.phase for header in render.told if header.kind == "phase" and header.phase != "load"]
    assert phases == ["encode", "steps", "decode"]
    noise = render.task.noise
    assert (noise[0], list(noise)) == (0, sorted(set(noise)))
    assert noise[-1] > 95
    again, _ = await Drawn(backend, forward(model), picture).run()
    assert again.tobytes() == still.tobytes()
    other, _ = await Drawn(backend, forward(model).model_copy(update={"seed": 9}), picture).run()
    assert other.tobytes() != still.tobytes()


@given(st.integers(2, 16))
def test_noise_is_added_as_the_schedule_of_the_model_adds_it(many: int) -> None:
    scheduler, clean = DDPMScheduler(), torch.linspace(-1, 1, 64).view(4, 4, 4)
    drawn = torch.randn(4, 4, 4, generator=torch.Generator().manual_seed(1))
    found = Noised(clean, drawn, many, scheduler)
    assert len(found.left) == many - 1
    assert found.left[0] is clean
    wanted = scheduler.add_noise(clean[None], drawn[None], torch.tensor([scheduler.config.num_train_timesteps - 1]))
    torch.testing.assert_close(found.last, wanted[0])
    middle = int((scheduler.alphas_cumprod - 0.75).abs().argmin())  # where half is noise
    if many % 2:
        wanted = scheduler.add_noise(clean[None], drawn[None], torch.tensor([middle]))
        torch.testing.assert_close(found.left[many // 2], wanted[0], atol=0.01, rtol=0.01)


def test_where_paths_are_straight_noise_takes_the_place_of_the_picture_evenly() -> None:
    clean, drawn = torch.ones(1, 2, 2), torch.zeros(1, 2, 2)
    found = Noised(clean, drawn, 5, FlowMatchEulerDiscreteScheduler())
    shares = [float(each.mean()) for each in (*found.left, found.last)]
    assert shares == pytest.approx([1, 0.75, 0.5, 0.25, 0], abs=0.002)
