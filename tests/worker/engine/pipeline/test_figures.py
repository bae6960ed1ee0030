"""Pictures of several things by Easel's loop: each is drawn alone, beside other renders, and put into its picture."""

import asyncio
import io
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from diffusers import DDIMScheduler  # noqa: E402
from PIL import Image, ImageColor, ImageFilter, ImageOps, ImageSequence  # noqa: E402

from tests.worker.engine import tiny  # noqa: E402
from tests.worker.engine.engines import finished  # noqa: E402
from tests.worker.engine.families import backend as tiny_backend  # noqa: E402
from tests.worker.engine.families.backend import Drawn, drawn, on, untabled  # noqa: E402
from tests.worker.engine.pipeline import faces  # noqa: E402
from worker.contract.types.operation import Operation, SourcePicture  # noqa: E402
from worker.contract.types.request import Request, Scheduler  # noqa: E402
from worker.engine.errors import RenderCancelledError  # noqa: E402
from worker.engine.pipeline import arranged  # noqa: E402
from worker.engine.pipeline.beyond import seed_of_turn  # noqa: E402
from worker.engine.pipeline.cutout import Backdrop, Cutout  # noqa: E402
from worker.engine.pipeline.diffusers_backend import DiffusersBackend  # noqa: E402
from worker.engine.pipeline.facing import is_mirrored  # noqa: E402
from worker.engine.pipeline.figures import SCENERY_STEPS, FigureTurns, drawings_of  # noqa: E402
from worker.engine.prompt_match import layout as layouts  # noqa: E402
from worker.engine.prompt_match.layout import (  # noqa: E402
    DRAWINGS_MAX,
    FIGURES_MAX,
    Figure,
    Hanging,
    Layout,
    Relation,
    Size,
)
from worker.engine.prompt_match.matcher import MatchedPrompt  # noqa: E402
from worker.engine.service.moments import Moment  # noqa: E402
from worker.engine.step.stepper import Stepper  # noqa: E402
from worker.engine.step.tables import tabulate  # noqa: E402
from worker.engine.step.trajectory import Source  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

CAT, DOG, STAR = Figure("a cat"), Figure("a dog"), Figure("a star")
PLAIN = Image.new("RGB", (64, 64), "skyblue")


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=FIGURES_MAX))
def test_equal_figures_share_drawings_where_there_are_too_many(words: list[str]) -> None:
    found = drawings_of(Layout(tuple(map(Figure, words))))
    assert sorted({*found}) == [*range(min(len(words), DRAWINGS_MAX))]
    assert len({(word, drawing) for word, drawing in zip(words, found, strict=True)}) == len({*found})
    assert found[0] == 0


def box(colour: str) -> Image.Image:
    """A drawing of one thing, which is a box."""
    picture = Image.new("RGB", (64, 64), "skyblue")
    picture.paste(colour, (8, 8, 56, 56))
    return picture


def seen(picture: Image.Image) -> list[str]:
    """The colours of the things that a picture shows, from left to right."""
    pixels = [picture.convert("RGB").getpixel((x, picture.height // 2)) for x in range(picture.width)]
    named: dict[Any, str] = {ImageColor.getrgb(each): each for each in ("red", "blue", "black")}
    return [colour for colour, _ in groupby(named[each] for each in pixels if each in named)]


def test_a_preview_shows_what_is_drawn_and_nothing_that_comes_after_what_is_not() -> None:
    """Five things of two kinds share four drawings: the fifth, which is the first once more, waits for the fourth."""
    layout = Layout((CAT, CAT, CAT, DOG, CAT))
    turns = FigureTurns([layout], (640, 64), (64, 64), [0])
    colours = ["red", "blue", "red", "black"]
    expected = [["red"], ["red", "blue"], ["red", "blue", "red"], ["red", "blue", "red", "black", "red"]]
    for colour, those in zip(colours, expected, strict=True):
        assert seen(turns.so_far(0, box(colour).resize((32, 32)))) == those
        turns.drawn(0, box(colour))
        turns.turn += 1
    assert turns.over
    assert seen(turns.image(0)) == expected[-1]


def test_a_face_is_drawn_after_its_thing_and_seen_as_soon_as_it_looks_like_one() -> None:
    potato = Image.new("RGB", (256, 256), "skyblue")
    potato.paste("red", (40, 40, 216, 216))
    turns = FigureTurns([Layout((CAT, STAR), hanging=(Hanging(0, Relation.FACE),))], (256, 256), (256, 256), [0])
    turns.drawn(0, potato)
    turns.turn += 1
    face = faces.face(features=("white eyes", "mouth"))
    white = [
        int((np.asarray(each).min(axis=2) > 230).sum())
        for each in (
            turns.so_far(0, PLAIN),
            turns.so_far(0, face.filter(ImageFilter.GaussianBlur(20))),
            turns.so_far(0, face),
        )
    ]
    turns.drawn(0, face)
    made = np.asarray(turns.image(0))
    assert white[:2] == [0, 0]
    assert white[2] == pytest.approx((made.min(axis=2) > 230).sum(), rel=0.3)
    assert not ((made[:, :, 0] > 230) & (made[:, :, 2] < 90) & (made[:, :, 1] > 150)).any()  # nothing is yellow


def test_moments_show_each_thing_as_it_was_then() -> None:
    turns = FigureTurns([Layout((CAT, DOG))], (128, 64), (64, 64), [0])
    turns.drawn(0, box("red"))
    turns.drawn(0, box("blue"))
    turns.moments = [
        [Moment(0.5, box("black")), Moment(0.1, box("red"))],
        [Moment(0.5, box("red")), Moment(0.1, box("blue"))],
    ]
    assert [(each.noise, seen(each.image)) for each in turns.way()] == [(0.5, ["black", "red"]), (0.1, ["red", "blue"])]


def test_moments_of_scenery_are_seen_longer() -> None:
    """It takes fewer steps, so that there may be fewer moments of it."""
    turns = FigureTurns([Layout((CAT, DOG))], (128, 64), (64, 64), [0])
    turns.drawn(0, box("red"))
    turns.drawn(0, box("blue"))
    seen_of_star = [Moment(0.7, box("black")), Moment(0.2, box("blue"))]
    turns.moments = [[Moment(each / 10, box("red")) for each in (9, 6, 3, 1)], seen_of_star]
    found = [(each.noise, seen(each.image)[-1]) for each in turns.way()]
    assert found == [(0.9, "black"), (0.6, "black"), (0.3, "blue"), (0.1, "blue")]


def test_a_picture_of_fewer_things_is_drawn_no_more_when_it_has_all() -> None:
    turns = FigureTurns([Layout((CAT,), size=Size.SMALL), Layout((DOG, STAR))], (64, 64), (64, 64), [0, 1])
    found = []
    while not turns.over:
        found.append([part.prompts[index] for part, some in turns.parts(asked(count=2), [0, 1]) for index in some])
        turns.turn += 1
    assert found == [["a cat", "a dog"], ["a star"]]


@pytest.mark.parametrize("steps", [4, SCENERY_STEPS, 20])
def test_scenery_takes_fewer_steps_whatever_is_drawn_beside_it(steps: int) -> None:
    amid = Layout((CAT,), scenery=(layouts.Scenery("a star", layouts.Spread.SIDES),))
    turns = FigureTurns([amid, Layout((CAT, DOG)), amid], (64, 64), (64, 64), [0, 1, 2])
    found: list[dict[int, int]] = []
    while not turns.over:
        parts = turns.parts(asked(count=3, steps=steps), [0, 1, 2])
        found.append({index: part.steps for part, some in parts for index in some})
        turns.turn += 1
    few = min(steps, SCENERY_STEPS)
    assert found == [dict.fromkeys(range(3), steps), {0: few, 1: steps, 2: few}]


@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=FIGURES_MAX),
    st.lists(st.sampled_from("abyz"), max_size=2, unique=True),
)
def test_scenery_is_drawn_last_and_each_of_it_once(words: list[str], around: list[str]) -> None:
    if len({*words, *around}) > DRAWINGS_MAX:
        return
    scenery = tuple(layouts.Scenery(each, layouts.Spread.SIDES) for each in around)
    found = drawings_of(Layout(tuple(map(Figure, words)), scenery=scenery))
    assert len(found) == len(words) + len(around)
    assert len({*found}) <= DRAWINGS_MAX
    assert [*dict.fromkeys(found)] == [*range(len({*found}))]
    said = dict(zip(found, [*words, *around], strict=True))
    assert all(said[drawing] == word for drawing, word in zip(found, [*words, *around], strict=True))


class Reader:
    """Stands for one that reads the same from every prompt: these layouts, where things may be put together."""

    arranges = True

    def __init__(self, *layouts: Layout, follows: bool = False) -> None:
        self._layouts, self._follows = layouts, follows

    def ground(self, *parts: tuple[float, float, float]) -> tuple[str, ...]:
        self.seen = parts
        return ("light blue",)

    def read(self, asked: Request, *, arranged: bool, ground: tuple[str, ...] = ()) -> MatchedPrompt:
        self.told = ground
        if not self._layouts:
            return MatchedPrompt(asked, follows=self._follows)
        layouts = tuple(self._layouts[index % len(self._layouts)] for index in range(asked.count))
        first = self._layouts[0].figures[0].words
        changed = asked.model_copy(update={"prompt": first, "prompts": ()})
        return MatchedPrompt(changed, layouts=layouts if arranged else ())


class Blank:
    """Stands for `is_blank`: all but the first so many pictures are; counts them."""

    def __init__(self, shown: int) -> None:
        self._shown, self.asked = shown, 0

    def __call__(self, image: Image.Image) -> bool:
        self.asked += 1
        return self.asked > self._shown


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    folder = tmp_path_factory.mktemp("models")
    made = tiny_backend.loaded(tiny.catalogue(folder, tiny.build(folder / "sd")))
    assert made.problems() == ()
    return made


@pytest.fixture
def reads(backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the model's prompts read as these layouts."""

    def read(*layouts: Layout, follows: bool = False) -> None:
        assert backend._cache is not None
        held = backend._cache.take(backend._resolved["m0"])
        reader = Reader(*layouts, follows=follows) if layouts or follows else None
        monkeypatch.setitem(held.__dict__, "prompt_matcher", reader)

    return read


def alike(found: Image.Image, expected: Image.Image) -> bool:
    """Whether two pictures are one, but for the last bit: rows beside a picture may change that."""
    one, other = (np.asarray(each.convert("RGB"), dtype=int) for each in (found, expected))
    return bool(np.abs(one - other).max() <= 2)


def opened(file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(file))


def asked(**more: Any) -> Request:
    return on("m0", **({"width": 64, "height": 64} | more))


async def test_each_thing_is_drawn_alone_and_put_into_its_place(backend: DiffusersBackend, reads: Any) -> None:
    layout = Layout((CAT, DOG))
    reads(layout)
    render = Drawn(backend, asked(seed=5))
    (picture,) = await render.run()
    assert render.steps == [(step, 6) for step in range(1, 7)]
    reads()
    (cat,) = await drawn(backend, asked(prompt="a cat", seed=5))
    (dog,) = await drawn(backend, asked(prompt="a dog", seed=seed_of_turn(5, 1)))
    alone = arranged.picture(layout, [Cutout.of(cat), Cutout.of(dog)], (64, 64))
    assert picture.tobytes() == alone.tobytes()


async def test_scenery_is_drawn_in_turns_of_its_own(backend: DiffusersBackend, reads: Any) -> None:
    amid, without = Layout((CAT,), scenery=(layouts.Scenery("a star", layouts.Spread.SIDES),)), Layout((CAT, DOG, STAR))
    reads(amid, without)
    render = Drawn(backend, asked(count=2, seed=5))
    first, _ = await render.run()
    assert render.steps[-1] == (9, 9)
    reads()
    (cat,) = await drawn(backend, asked(prompt="a cat", seed=5))
    (star,) = await drawn(backend, asked(prompt="a star", seed=seed_of_turn(5, 1)))
    assert alike(first, arranged.picture(amid, [Cutout.of(cat), Cutout.of(star)], (64, 64)))


async def test_a_picture_with_scenery_is_what_it_is_by_itself(backend: DiffusersBackend, reads: Any) -> None:
    amid, without = Layout((CAT,), scenery=(layouts.Scenery("a star", layouts.Spread.SIDES),)), Layout((CAT, DOG))
    more = {"steps": SCENERY_STEPS + 4}
    reads(amid, without)
    render = Drawn(backend, asked(count=2, seed=5, **more))
    pictures = await render.run()
    whole = 2 * more["steps"]
    assert [step for step, _ in render.steps] == sorted({step for step, _ in render.steps})
    assert render.steps[-1] == (whole, whole)
    for index, layout in enumerate((amid, without)):
        reads(layout)
        (alone,) = await drawn(backend, asked(seed=5 + index, **more))
        assert alike(pictures[index], alone)


async def test_of_one_request_some_pictures_may_hold_more_than_others(backend: DiffusersBackend, reads: Any) -> None:
    layouts = Layout((CAT,), size=Size.SMALL), Layout((CAT, DOG, STAR)), Layout((DOG, STAR))
    reads(*layouts)
    render = Drawn(backend, asked(count=3, seed=1))
    pictures = await render.run()
    assert render.steps[-1] == (9, 9)
    for index, layout in enumerate(layouts):
        reads(layout)
        (alone,) = await drawn(backend, asked(seed=1 + index))
        assert alike(pictures[index], alone)


async def test_others_are_drawn_meanwhile(backend: DiffusersBackend, reads: Any) -> None:
    """Renders of several things and of one share calls of the model; none is changed by the other."""
    reads(Layout((CAT, DOG)))
    alone = [await drawn(backend, asked(seed=seed)) for seed in (1, 2)]
    renders = [Drawn(backend, asked(seed=seed)) for seed in (1, 2)]

    def draw() -> None:
        for each in renders:
            backend.begin(each.task)
        over = 0
        while over < len(renders):
            over += len(backend.turn())

    await asyncio.to_thread(draw)
    for each, (expected,) in zip(renders, alone, strict=True):
        files = [frame.body for frame in await finished(each.task) if frame.header.kind == "picture"]
        assert alike(opened(files[0]), expected)
    assert max(max(each.task.calls, default=0) for each in renders) == 4
    assert all(each.steps[-1] == (6, 6) for each in renders)


async def test_cancelling_takes_a_step_of_a_later_thing(backend: DiffusersBackend, reads: Any) -> None:
    reads(Layout((CAT, DOG)))
    render = Drawn(backend, asked())
    render.cancel_at(5)
    with pytest.raises(RenderCancelledError):
        await render.run()
    assert render.steps[-1][0] == 4


async def test_moments_show_all_things_and_end_with_the_picture(backend: DiffusersBackend, reads: Any) -> None:
    reads(Layout((CAT, DOG)))
    still, moving = await drawn(backend, asked(steps=10, moments=8))
    (picture,) = await drawn(backend, asked(steps=10))
    assert len([*ImageSequence.Iterator(moving)]) == 8
    last = still.crop((110, 192, 174, 256))
    assert last.tobytes() == picture.tobytes()


@pytest.mark.parametrize(("blank", "seeds"), [([True, False, False], [2, 1]), ([True, False, True], [0, 1])])
async def test_what_comes_out_blank_is_drawn_once_more(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch, blank: list[bool], seeds: list[int]
) -> None:
    reads(Layout((CAT, DOG)))
    left = iter(blank)
    monkeypatch.setattr("worker.engine.pipeline.render.is_blank", lambda _: next(left))
    render = Drawn(backend, asked(count=2, seed=0))
    await render.run()
    assert sorted(each.header.seed for each in render.frames if each.header.kind == "picture") == sorted(seeds)
    assert render.steps[-1] == (6, 6)
    monkeypatch.setattr("worker.engine.pipeline.render.is_blank", lambda _: False)
    (own,) = await drawn(backend, asked(seed=seeds[0]))
    (first,) = (each.body for each in render.frames if each.header.kind == "picture" and not each.header.index)
    assert alike(opened(first), own)


async def test_a_picture_of_fewer_things_than_another_is_drawn_once_more_too(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(Layout((CAT,), size=Size.SMALL), Layout((CAT, DOG, STAR)))
    left = iter([True])
    monkeypatch.setattr("worker.engine.pipeline.render.is_blank", lambda _: next(left, False))
    render = Drawn(backend, asked(count=2, seed=0))
    await asyncio.wait_for(render.run(), 60)
    assert render.steps[-1] == (9, 9)
    assert sorted(each.header.seed for each in render.frames if each.header.kind == "picture") == [1, 2]


async def test_a_picture_of_which_one_thing_came_out_blank_is_drawn_once_more(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(Layout((CAT, DOG)))
    left = iter([False, True])
    monkeypatch.setattr("worker.engine.pipeline.figures.is_blank", lambda _: next(left, False))
    render = Drawn(backend, asked(seed=0))
    await render.run()
    assert render.task.redrawn == 1
    assert [each.header.seed for each in render.frames if each.header.kind == "picture"] == [1]


async def test_scenery_that_came_out_blank_is_left_out(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(Layout((CAT,), scenery=(layouts.Scenery("a star", layouts.Spread.SIDES),)))
    monkeypatch.setattr("worker.engine.pipeline.figures.is_blank", star_is_blank := Blank(1))
    render = Drawn(backend, asked(seed=0))
    await render.run()
    assert star_is_blank.asked == 1
    assert render.task.redrawn == 0


async def test_moments_show_scenery_too(backend: DiffusersBackend, reads: Any) -> None:
    reads(Layout((CAT,), scenery=(layouts.Scenery("a star", layouts.Spread.SIDES),)))
    still, moving = await drawn(backend, asked(steps=12, moments=8))
    assert len([*ImageSequence.Iterator(moving)]) == 8
    (picture,) = await drawn(backend, asked(steps=12))
    last = still.crop((110, 192, 174, 256))
    assert last.tobytes() == picture.tobytes()


async def test_beside_others_one_thing_alone_is_what_it_is_by_itself(backend: DiffusersBackend, reads: Any) -> None:
    reads(Layout((CAT,)), Layout((CAT, DOG)))
    first, _ = await drawn(backend, asked(count=2, seed=4))
    reads()
    (alone,) = await drawn(backend, asked(prompt="a cat", seed=4))
    assert alike(first, alone)


def versions(**more: Any) -> Request:
    return asked(operation=Operation.IMG2IMG, sources=(SourcePicture(width=64, height=64),), strength=0.5, **more)


async def test_versions_of_such_a_picture_are_drawn_the_same_way(backend: DiffusersBackend, reads: Any) -> None:
    """From all of it at once a model that was taught one thing would make one. They have its background."""
    reads(Layout((CAT, DOG)))
    (found,) = await drawn(backend, versions(seed=3, steps=4), PLAIN)
    assert backend._cache is not None
    reader = backend._cache.take(backend._resolved["m0"]).prompt_matcher
    assert isinstance(reader, Reader)
    assert reader.told == ("light blue",)
    assert reader.seen == (pytest.approx((135, 206, 235), abs=2), pytest.approx((135, 206, 235), abs=2))
    (anew,) = await drawn(backend, asked(seed=3, steps=4))
    assert found.tobytes() == anew.tobytes()


@pytest.mark.parametrize("arranges", [True, False])
async def test_what_is_behind_is_looked_for_once_and_only_where_it_is_used(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch, arranges: bool
) -> None:
    reads(Layout((CAT,)))
    monkeypatch.setattr(Reader, "arranges", arranges)
    looked: list[Image.Image] = []
    monkeypatch.setattr(Backdrop, "of_plain", looked.append)
    await drawn(backend, versions(steps=4), PLAIN)
    assert len(looked) == arranges


async def test_a_photograph_is_begun_with_as_it_is(backend: DiffusersBackend, reads: Any) -> None:
    photograph = Image.effect_noise((64, 64), 90).convert("RGB")
    reads(Layout((CAT, DOG)))
    (found,) = await drawn(backend, versions(), photograph)
    reads()
    (plain,) = await drawn(backend, versions(prompt="a cat"), photograph)
    assert found.tobytes() == plain.tobytes()


async def test_by_a_models_own_pipeline_the_first_thing_is_drawn(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    untabled(backend, monkeypatch)
    reads(Layout((CAT, DOG)))
    (found,) = await drawn(backend, asked(scheduler=Scheduler.DDIM))
    reads()
    (alone,) = await drawn(backend, asked(prompt="a cat", scheduler=Scheduler.DDIM))
    assert found.tobytes() == alone.tobytes()


# What is drawn the other way round


TURNED = Figure("a cat", mirrored=True)


async def test_one_thing_is_mirrored_to_the_last_pixel_and_cut_out_of_nothing(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone, and beside pictures that are not; the previews too."""
    reads()
    seen = Drawn(backend, asked(prompt="a cat", seed=4, count=2))
    as_drawn = await seen.run()
    monkeypatch.setattr(Cutout, "of", lambda _: pytest.fail("it was cut out"))
    reads(Layout((TURNED,)), Layout((CAT,)))
    render = Drawn(backend, asked(seed=4, count=2))
    pictures = await render.run()
    assert pictures[0].tobytes() == ImageOps.mirror(as_drawn[0]).tobytes()
    assert pictures[1].tobytes() == as_drawn[1].tobytes()
    assert render.steps == seen.steps
    (alone,) = await drawn(backend, asked(seed=4))
    assert alike(alone, pictures[0])


async def test_beside_others_one_thing_alone_is_mirrored_too(backend: DiffusersBackend, reads: Any) -> None:
    reads(Layout((TURNED,)), Layout((CAT, DOG)))
    first, _ = await drawn(backend, asked(count=2, seed=4))
    reads()
    (alone,) = await drawn(backend, asked(prompt="a cat", seed=4))
    assert alike(first, ImageOps.mirror(alone))


async def test_moments_are_mirrored_as_the_picture_is(backend: DiffusersBackend, reads: Any) -> None:
    reads()
    still, _ = await drawn(backend, asked(prompt="a cat", steps=10, moments=8))
    reads(Layout((TURNED,)))
    other, _ = await drawn(backend, asked(steps=10, moments=8))
    for corner in ((38, 8), (110, 192)):  # one of its first, and the finished one
        box = (*corner, corner[0] + 64, corner[1] + 64)
        assert alike(other.crop(box), ImageOps.mirror(still.crop(box)))


@pytest.mark.parametrize("turned", [False, True])
async def test_versions_are_drawn_the_way_round_that_the_model_knows_and_turned_back(
    backend: DiffusersBackend, reads: Any, monkeypatch: pytest.MonkeyPatch, turned: bool
) -> None:
    source = PLAIN.copy()
    source.paste("red", (10, 20, 30, 44))
    shown = ImageOps.mirror(source) if turned else source
    reads()
    (expected,) = await drawn(backend, versions(prompt="a cat"), source)
    asked_of: list[Any] = []

    def judged(*given: Any) -> bool:
        asked_of.append(given[-2:])
        return turned

    monkeypatch.setattr("worker.engine.pipeline.stepped.is_mirrored", judged)
    reads(follows=True)
    (found,) = await drawn(backend, versions(prompt="a cat"), shown)
    assert found.tobytes() == (ImageOps.mirror(expected) if turned else expected).tobytes()
    ((as_it_is, other),) = asked_of
    assert not torch.equal(as_it_is.latents, other.latents)


@pytest.mark.parametrize("mirrored", [False, True])
def test_versions_that_are_put_together_face_as_their_picture_does(mirrored: bool) -> None:
    """They are drawn anew, the way that the model draws such things."""
    flag = Image.new("RGB", (64, 64), "white")
    flag.paste("red", (16, 8, 22, 56))
    flag.paste("blue", (16, 8, 48, 24))
    layout = Layout((Figure("a flag"),), size=Size.SMALL)
    posted = arranged.picture(layout.turned_round() if mirrored else layout, [Cutout.of(flag)], (64, 64))
    figures = FigureTurns([layout], (64, 64), (64, 64), [0], posted)
    figures.drawn(0, flag)
    assert figures.image(0).tobytes() == posted.tobytes()


class Knowing:
    """A family that takes whatever it is shown for one picture, as far as noise lets it."""

    dtype = torch.float32

    def __init__(self, known: Any, shares: Any) -> None:
        self._known, self._shares = known, shares

    def conditions(self, _: Request) -> tuple[dict[str, Any], None]:
        return {}, None

    def call(self, latents: Any, timesteps: Any, _: Any) -> Any:
        share = self._shares[timesteps.long()].view(-1, 1, 1, 1)
        return (latents - share.sqrt() * self._known) / (1 - share).sqrt()


@pytest.mark.parametrize("strength", [0.5, 0.8])
def test_the_way_round_is_the_one_that_the_model_comes_nearer_to(strength: float) -> None:
    scheduler = DDIMScheduler(clip_sample=False)
    scheduler.set_timesteps(10)
    known = torch.randn(4, 8, 8, generator=torch.Generator().manual_seed(1))
    table = tabulate(scheduler, lambda s, p, t, x, _: s.step(p, t, x).pred_original_sample, int(10 * strength))
    stepper = Stepper(Knowing(known, scheduler.alphas_cumprod), table)  # type: ignore[arg-type]
    near, other = Source(known * 1.1), Source(known.flip(-1) * 1.1)
    both = Source((known + known.flip(-1)) / 2)
    assert not is_mirrored(stepper, table, versions(), near, other)
    assert is_mirrored(stepper, table, versions(), other, near)
    assert not is_mirrored(stepper, table, versions(), both, both)
