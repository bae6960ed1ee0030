"""Pictures that begin with another: by the loop, by models' own pipelines, in part, under cancel and short memory."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from PIL import Image, ImageChops, ImageDraw, ImageStat  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families import builders  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on, untabled  # noqa: E402
from worker.contract.types.operation import TAKES, Operation, SourcePicture  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.contract.types.windows import Outpaint  # noqa: E402
from worker.engine.errors import OutOfMemoryError, RenderCancelledError  # noqa: E402
from worker.engine.pipeline.beyond import Whole  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.inpaint import FEATHER, pasted  # noqa: E402
from worker.engine.pipeline.warm_up import warm_up  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

MODELS = {"sd": "m0", "xl": "m1", "sd3": "m2", "flux": "flux", "inpainting": "m3"}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    folder = tmp_path_factory.mktemp("models")
    flux = tiny_backend.catalogue(folder, [builders.flux]).read_text().partition("[[model]]")
    stable = [tiny.build(folder / "sd"), tiny.build_xl(folder / "xl"), tiny.build_sd3(folder / "sd3", patch_size=2)]
    stable.append(tiny.build_inpainting(folder / "inpainting"))
    made = tiny_backend.loaded(tiny.catalogue(folder, *stable, more="".join(flux[1:])))
    assert made.problems() == ()
    return made


def begun(model: str, operation: Operation = Operation.IMG2IMG, **more: Any) -> Request:
    sources = tuple(SourcePicture(role=role, width=64, height=64) for role in TAKES[operation])
    given: dict[str, Any] = {"operation": operation, "sources": sources, "strength": 0.5, "steps": 10}
    return on(model, **(given | more))


def beyond(model: str, width: int = 96, height: int = 96, **more: Any) -> Request:
    """The photograph in the middle of a larger whole."""
    place = Outpaint(
        left=(width - 64) // 2, top=(height - 64) // 2, width=64, height=64, window_width=64, window_height=64
    )
    given: dict[str, Any] = {"width": width, "height": height, "outpaint": place, "strength": 1.0, "steps": 8}
    return begun(model, Operation.OUTPAINT, **(given | more))


def photograph() -> Image.Image:
    picture = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    ImageDraw.Draw(picture).ellipse((8, 8, 40, 40), fill=(220, 30, 40))
    return picture


def mask() -> Image.Image:
    made = Image.new("L", (64, 64))
    made.paste(255, (44, 44, 64, 64))
    return made


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
async def test_a_picture_is_begun_with_and_the_strength_says_how_much_of_it_stays(
    backend: DiffusersBackend, model: str
) -> None:
    render = Drawn(backend, begun(model, count=2), photograph())
    one, two = await render.run()
    assert one.size == (64, 64)
    assert one.tobytes() != two.tobytes()  # another seed
    assert [step for step, _ in render.steps][-1] == render.steps[-1][1]
    assert render.steps[-1][1] in {5, 10}  # both at once, or one after the other
    (again,) = await drawn(backend, begun(model), photograph())
    assert max(ImageChops.difference(one, again).tobytes()) <= 1  # alone it is rounded otherwise
    others = await drawn(backend, begun(model), Image.new("RGB", (64, 64), "blue"))
    assert one.tobytes() != others[0].tobytes()
    (more,) = await drawn(backend, begun(model, strength=0.9), photograph())
    assert one.tobytes() != more.tobytes()


@pytest.mark.parametrize("model", ["m0", "m1", "flux", "m3"])
async def test_beyond_the_mask_and_its_edge_every_pixel_is_the_sources_own(
    backend: DiffusersBackend, model: str
) -> None:
    request = begun(model, Operation.INPAINT, strength=1.0)
    (made,) = await drawn(backend, request, photograph(), mask())
    changed = ImageChops.difference(made, photograph()).convert("L").point(lambda value: 255 * (value > 0))
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    assert (right, bottom) == (64, 64)
    assert min(left, top) >= 44 - FEATHER
    inside = changed.crop((44, 44, 64, 64))
    assert ImageStat.Stat(inside).mean[0] > 0.9 * 255  # nothing of it is the source's


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
async def test_a_picture_goes_on_beyond_its_edges_and_keeps_its_own_pixels(
    backend: DiffusersBackend, model: str
) -> None:
    request = beyond(model, count=2)
    assert len(request.windows) == 4
    render = Drawn(backend, request, photograph())
    one, two = await render.run()
    assert one.size == two.size == (96, 96)
    assert one.tobytes() != two.tobytes()
    inside = (16 + FEATHER, 16 + FEATHER, 80 - FEATHER, 80 - FEATHER)
    own = photograph().crop((FEATHER, FEATHER, 64 - FEATHER, 64 - FEATHER))
    assert one.crop(inside).tobytes() == two.crop(inside).tobytes() == own.tobytes()
    for strip in ((0, 0, 96, 16), (0, 80, 96, 96), (0, 0, 16, 96), (80, 0, 96, 96)):
        assert ImageStat.Stat(one.crop(strip).convert("L")).stddev[0] > 0
    steps = [step for step, _ in render.steps]
    assert steps == sorted(steps)
    assert render.steps[-1] in {(32, 32), (64, 64)}  # of all windows, and both at once or one after the other
    (again,) = await drawn(backend, beyond(model), photograph())
    assert max(ImageChops.difference(one, again).tobytes()) <= 2  # alone it is rounded otherwise, in each window


@pytest.mark.parametrize("name", [Scheduler.EULER_A, Scheduler.DPMPP_2M, Scheduler.UNIPC])
async def test_samplers_that_remember_go_on_beyond_the_edges_too(backend: DiffusersBackend, name: Scheduler) -> None:
    (made,) = await drawn(backend, beyond("m0", height=64, scheduler=name), photograph())
    assert made.crop((32, 0, 64, 64)).tobytes() == photograph().crop((16, 0, 48, 64)).tobytes()


@pytest.mark.parametrize("model", ["m0", "flux"])
async def test_cancelling_takes_a_step_in_whichever_window(backend: DiffusersBackend, model: str) -> None:
    render = Drawn(backend, beyond(model), photograph())
    render.cancel_at(10)
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert len(render.steps) == 9


async def test_windows_are_drawn_one_picture_at_a_time_by_pipelines_of_their_own(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backend._cache is not None
    held = backend._cache.take(backend._resolved["m0"])
    monkeypatch.setitem(held.__dict__, "stepper", None)
    render = Drawn(backend, beyond("m0", height=64, count=2, steps=10), photograph())
    one, two = await render.run()
    assert one.tobytes() != two.tobytes()
    assert one.crop((32, 0, 64, 64)).tobytes() == photograph().crop((16, 0, 48, 64)).tobytes()
    assert render.steps[-1] == (40, 40)
    assert [step for step, _ in render.steps] == [*range(1, 41)]


def short_of_memory(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, fits: Callable[[list[bool]], bool]
) -> list[bool]:
    """Let the encoder run out of memory unless it `fits`, by the calls so far: whether each was in tiles."""
    assert backend._cache is not None
    vae = backend._cache.take(backend._resolved["m0"]).pipeline.vae
    encode, tiled = vae.encode, []

    def small(*args: Any, **kwargs: Any) -> Any:
        tiled.append(vae.use_tiling)
        if not fits(tiled):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return encode(*args, **kwargs)

    monkeypatch.setattr(vae, "encode", small)
    return tiled


async def test_a_window_that_does_not_fit_is_encoded_in_tiles(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiled = short_of_memory(backend, monkeypatch, lambda calls: len(calls) == 1 or calls[-1])
    assert len(await drawn(backend, beyond("m0", height=64), photograph())) == 1
    assert tiled == [False, False, False, True]


def test_the_edge_is_as_wide_as_it_says_and_what_is_drawn_is_whole() -> None:
    whole = Image.new("L", (200, 200))
    whole.paste(255, (80, 80, 120, 120))
    made = pasted(Image.new("RGB", (200, 200), "white"), Image.new("RGB", (200, 200), "black"), whole).convert("L")
    assert made.getbbox() == (80 - FEATHER, 80 - FEATHER, 120 + FEATHER, 120 + FEATHER)
    assert made.crop((80, 80, 120, 120)).getextrema() == (255, 255)
    row = [*made.crop((80 - FEATHER, 100, 81, 101)).tobytes()]
    assert row == sorted(row)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
async def test_cancelling_takes_a_step(backend: DiffusersBackend, model: str) -> None:
    render = Drawn(backend, begun(model, steps=40), photograph())
    render.cancel_at(2)
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert len(render.steps) == 1


async def test_a_picture_that_does_not_fit_is_encoded_in_tiles(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = True
    tiled = short_of_memory(backend, monkeypatch, lambda calls: calls[-1] and may)
    assert len(await drawn(backend, begun("m0"), photograph())) == 1
    assert tiled == [False, False, True]
    may = False
    with pytest.raises(OutOfMemoryError):
        await drawn(backend, begun("m0"), photograph())
    assert backend._cache is not None
    assert not backend._cache.take(backend._resolved["m0"]).pipeline.vae.use_tiling


async def test_a_sampler_that_no_table_describes_begins_with_a_picture_too(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    untabled(backend, monkeypatch)
    (made,) = await drawn(backend, begun("m0", scheduler=Scheduler.DDIM), photograph())
    assert made.size == (64, 64)


async def test_an_inpainting_model_offers_every_sampler(backend: DiffusersBackend) -> None:
    """Easel's loop has to know them all: the model's own pipeline cannot draw from words alone."""
    offered = {info.id: info.samplers for info in backend.models()}
    assert {*Scheduler} - {*(offered["m3"] or ())} == set()
    assert await drawn(backend, on("m3", scheduler=Scheduler.DDIM))


def test_what_a_model_can_do_is_tried_and_told(backend: DiffusersBackend) -> None:
    found = {info.id: info.operations for info in backend.models()}
    assert found == dict.fromkeys(MODELS.values(), ("img2img", "inpaint", "outpaint", "moments", "forward"))


@pytest.mark.parametrize("lighter", [0, 16])
def test_where_a_picture_ends_nothing_of_it_shows(lighter: int) -> None:
    """What fits the picture leaves no trace; what is of another tone comes in over the whole of the feather."""
    asked = beyond("m0", 128, 64)
    wide = Image.linear_gradient("L").rotate(90).resize((128, 64)).point(lambda value: value // 2).convert("RGB")
    whole = Whole(asked, wide.crop((32, 0, 96, 64)))
    for window in asked.windows:
        whole.drawn(window, wide.crop(window.edges).point(lambda value: value + lighter))
    assert whole.image.crop((48, 0, 80, 64)).tobytes() == wide.crop((48, 0, 80, 64)).tobytes()
    if not lighter:
        assert whole.image.tobytes() == wide.tobytes()
    reds = whole.image.getchannel("R").tobytes()
    rows = (reds[start : start + 128] for start in range(0, len(reds), 128))
    steps = [abs(right - left) for row in rows for left, right in itertools.pairwise(row)]
    assert max(steps) <= 3  # of the picture's own 1 or 2


def test_what_is_no_good_is_not_offered(backend: DiffusersBackend) -> None:
    assert backend._cache is not None
    held = backend._cache.take(backend._resolved["m0"])
    config = held.resolved.config
    origin = config.origin.model_copy(update={"without": (Operation.OUTPAINT,)})
    choosy = replace(held, resolved=replace(held.resolved, config=replace(config, origin=origin)))
    assert warm_up(choosy, lambda _: None).operations == ("img2img", "inpaint", "moments", "forward")


def test_families_without_such_a_pipeline_draw_from_words_alone(tmp_path: Path) -> None:
    made = tiny_backend.loaded(tiny_backend.catalogue(tmp_path, [builders.pixart]))
    (info,) = made.models()
    assert info.operations == ()
    assert info.objection(begun("pixart")) is not None


def test_a_part_is_not_drawn_anew_in_too_few_steps(backend: DiffusersBackend) -> None:
    info = backend.models()[0]
    assert info.objection(begun("m0", Operation.INPAINT, steps=16)) is None
    assert info.objection(beyond("m0", steps=7)) is not None
    objection = info.objection(begun("m0", Operation.INPAINT, steps=15))
    assert objection is not None
    assert (objection.code, objection.data) == ("inpaint_under_steps", {"steps": 7, "least": 8})
