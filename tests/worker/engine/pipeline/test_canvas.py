"""Pictures of another shape than their model draws: what is drawn in squares by Easel's loop is put into them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from PIL import Image  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import finished  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on, untabled  # noqa: E402
from worker.contract.types.operation import Operation, SourcePicture  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.errors import UnfitError  # noqa: E402
from worker.engine.pipeline import arranged  # noqa: E402
from worker.engine.pipeline.beyond import seed_of_turn  # noqa: E402
from worker.engine.pipeline.cutout import Cutout  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.prompt_match.layout import Figure, Layout  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

CAT, DOG = Figure("a cat"), Figure("a dog")


def entry(model: Path, folder: Path) -> Path:
    """A catalogue with a model that draws squares alone, and may put things into other shapes."""
    (folder / "models.toml").write_text(
        f'bundled = false\n[[model]]\nid = "m0"\ntitle = "M0"\nsource = "{model}"\nnative_pixels = 4096\n'
        "side_min = 64\nside_max = 64\ncanvas_max = 128\nsteps = 4\nguidance_scale = 5.0\n"
    )
    return folder / "models.toml"


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    folder = tmp_path_factory.mktemp("models")
    model = tiny.build(folder / "sd")
    words = {"subjects": [{"names": ["cat"]}, {"names": ["dog"]}], "styles": [], "colours": []}
    (model / "vocabulary.json").write_text(json.dumps({"arranged": True, **words}))
    made = tiny_backend.loaded(entry(model, folder))
    assert made.problems() == ()
    return made


def asked(**more: Any) -> Request:
    return on("m0", **({"width": 64, "height": 64} | more))


def wide(**more: Any) -> Request:
    return asked(**({"prompt": "a cat", "width": 96, "height": 64, "drawn_at": 64} | more))


def centred(square: Image.Image, size: tuple[int, int]) -> Image.Image:
    return arranged.picture(Layout((CAT,)), [Cutout.of(square)], size)


def test_people_are_told_in_which_shapes_things_can_be_put(squares: DiffusersBackend, tmp_path: Path) -> None:
    (able,) = squares.models()
    assert (able.canvas_max, "canvas:m0" in able.capabilities) == (128, True)
    whole = tiny_backend.loaded(entry(tiny.build(tmp_path / "sd"), tmp_path))  # which knows no things
    assert [each.canvas_max for each in whole.models()] == [None]
    assert whole.problems() == ()


@pytest.mark.parametrize("size", [(96, 64), (64, 96), (128, 64), (112, 64)])
async def test_one_thing_stands_in_the_middle_of_a_wide_or_high_picture(
    squares: DiffusersBackend, size: tuple[int, int]
) -> None:
    (square,) = await drawn(squares, asked(prompt="a cat", seed=4))
    (found,) = await drawn(squares, wide(seed=4, width=size[0], height=size[1]))
    assert found.tobytes() == centred(square, size).tobytes()


async def test_several_things_have_the_room_of_a_wide_picture(squares: DiffusersBackend) -> None:
    render = Drawn(squares, wide(prompt="a cat and a dog", seed=5))
    (found,) = await render.run()
    (cat,) = await drawn(squares, asked(prompt="a cat", seed=5))
    (dog,) = await drawn(squares, asked(prompt="a dog", seed=seed_of_turn(5, 1)))
    both = Layout((CAT, DOG))
    assert found.tobytes() == arranged.picture(both, [Cutout.of(cat), Cutout.of(dog)], (96, 64)).tobytes()
    assert render.task.parts == 2


async def test_a_wide_picture_is_drawn_with_squares_and_fills_a_call_as_they_do(squares: DiffusersBackend) -> None:
    """Both have latents of one shape."""
    pair = [Drawn(squares, asked(prompt="a cat", seed=1)), Drawn(squares, wide(seed=2))]

    def draw() -> None:
        for each in pair:
            squares.begin(each.task)
        over = 0
        while over < len(pair):
            over += len(squares.turn())

    await asyncio.to_thread(draw)
    for each in pair:
        await finished(each.task)
    assert max(max(each.task.calls, default=0) for each in pair) == 4
    assert squares._drawing is not None
    squares._drawing.learn(asked(), 4)
    assert squares.full([each.task for each in pair])


async def test_previews_and_moments_have_the_shape_of_the_picture(
    squares: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Image.Image] = []
    render = Drawn(squares, wide(steps=10, moments=8))
    monkeypatch.setattr(render.task, "wants_preview", lambda: True)
    monkeypatch.setattr(render.task, "preview", lambda _, image: seen.append(image))
    _, moving = await render.run()
    assert {each.size for each in seen} == {(96, 64)}
    assert moving.width / moving.height == pytest.approx(1.5, rel=0.02)


async def test_versions_of_a_wide_picture_are_wide_and_drawn_from_words(squares: DiffusersBackend) -> None:
    """Also where things reach its sides, so that nothing shows any more that it stood before a plain colour."""
    versions = {"operation": Operation.IMG2IMG, "sources": (SourcePicture(width=96, height=64),), "strength": 0.5}
    noise = Image.effect_noise((96, 64), 90).convert("RGB")
    (found,) = await drawn(squares, wide(seed=3, **versions), noise)
    (anew,) = await drawn(squares, wide(seed=3))
    assert found.tobytes() == anew.tobytes()


async def test_the_way_of_a_wide_picture_to_noise_is_that_of_all_of_it(squares: DiffusersBackend) -> None:
    begun = {"operation": Operation.IMG2IMG, "sources": (SourcePicture(width=96, height=64),), "strength": 0.5}
    _, moving = await drawn(squares, wide(moments=4, forward=True, **begun), Image.new("RGB", (96, 64), "skyblue"))
    assert moving.width / moving.height == pytest.approx(1.5, rel=0.02)


@pytest.mark.parametrize("why", ["a sampler that no table describes", "its own pipeline", "texts of two lengths"])
async def test_what_cannot_be_put_together_is_declined_and_not_drawn_in_another_shape(
    squares: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    request = wide(prompt="a cat and a dog")
    assert squares._cache is not None
    held = squares._cache.take(squares._resolved["m0"])
    assert held.stepper is not None
    match why:
        case "a sampler that no table describes":
            untabled(squares, monkeypatch)
            request = wide(scheduler=Scheduler.DDIM)
        case "its own pipeline":
            monkeypatch.setitem(held.__dict__, "stepper", None)
        case _:
            left = iter(range(9))
            monkeypatch.setattr(type(held.stepper.family), "chunks", lambda *_: next(left))
    with pytest.raises(UnfitError):
        await drawn(squares, request)
