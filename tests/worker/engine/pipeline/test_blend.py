"""Drawings in several colours at once: about as much of each, in their order, and all else stays."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from PIL import Image, ImageDraw, ImageOps  # noqa: E402

from worker.engine.pipeline import arranged  # noqa: E402
from worker.engine.pipeline.blend import blended  # noqa: E402
from worker.engine.pipeline.cutout import Cutout  # noqa: E402
from worker.engine.prompt_match.layout import Figure, Layout  # noqa: E402

pytestmark = pytest.mark.engine

SIZE = 64
RED, GREEN, BLUE, EYE = (230, 40, 40), (30, 160, 40), (40, 70, 230), (8, 8, 8)


def flat(*colours: tuple[int, int, int]) -> list[Any]:
    """A drawing that is all of each colour."""
    return [torch.tensor(each).div(255)[:, None, None].expand(3, SIZE, SIZE) for each in colours]


def nearest(rgb: Any, *colours: tuple[int, int, int]) -> Any:
    """The number of the colour that each pixel is nearest to (h, w)."""
    table = torch.tensor(colours) / 255
    return (rgb[None] - table[:, :, None, None]).square().sum(dim=1).argmin(dim=0)


def square() -> Any:
    alpha = torch.zeros(SIZE, SIZE)
    alpha[8:56, 16:48] = 1
    return alpha


@pytest.mark.parametrize("patched", [False, True])
@pytest.mark.parametrize("colours", [(RED, BLUE), (BLUE, RED), (RED, GREEN, BLUE)])
def test_each_has_its_share(colours: tuple[tuple[int, int, int], ...], *, patched: bool):
    alpha = square()
    made = blended(flat(*colours), alpha, mirrored=False, patched=patched)
    shares = nearest(made, *colours)[alpha > 0.5].bincount(minlength=len(colours)) / (alpha > 0.5).sum()
    assert shares.sub(1 / len(colours)).abs().max() < 0.12
    assert made.min() >= 0
    assert made.max() <= 1


def test_the_first_is_at_the_upper_left_and_the_last_at_the_lower_right():
    made = nearest(blended(flat(RED, GREEN, BLUE), square(), mirrored=False, patched=False), RED, GREEN, BLUE)
    assert [made[at].item() for at in ((10, 18), (32, 32), (53, 45))] == [0, 1, 2]


def test_of_what_will_be_mirrored_it_is_the_other_way_round():
    paintings = flat(RED, BLUE)
    for patched in (False, True):
        usual = blended(paintings, square(), mirrored=False, patched=patched)
        assert blended(paintings, square(), mirrored=True, patched=patched).flip(2).allclose(usual, atol=1e-5)


def test_the_seam_is_within_what_is_painted():
    """A small body below a large roof that nobody paints has both colours."""
    paintings = flat(RED, BLUE)
    alpha = square()
    for each in (paintings := [each.clone() for each in paintings]):
        each[:, :40] = 0.5
    made = nearest(blended(paintings, alpha, mirrored=False, patched=False), RED, BLUE)[41:55, 17:47]
    assert 0.3 < made.float().mean() < 0.7


def test_an_empty_drawing_stays_so():
    made = blended(flat(RED, BLUE), torch.zeros(SIZE, SIZE), mirrored=False, patched=True)
    assert made.equal(flat(RED)[0])


def drawn() -> Image.Image:
    """A yellow thing with a black eye in its middle, before white."""
    page = Image.new("RGB", (SIZE, SIZE), "white")
    ImageDraw.Draw(page).rectangle((8, 8, 55, 55), fill=(240, 200, 40))
    ImageDraw.Draw(page).rectangle((28, 28, 35, 35), fill=EYE)
    return page


def put_together(**figure: Any) -> Image.Image:
    return arranged.picture(Layout((Figure("a thing", **figure),)), [Cutout.of(drawn())], (SIZE, SIZE))


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_figure_has_them_and_its_eye_stays(*, mirrored: bool):
    made = np.asarray(put_together(paint="red", blend=("blue",), mirrored=mirrored))
    first, eye, second = made[12, 12], made[31, 31], made[51, 51]
    assert first[0] > 150 > first[2]
    assert second[2] > 150 > second[0]
    assert max(eye) < 40


def test_what_has_one_is_as_it_was():
    one = put_together(paint="red")
    assert one == put_together(paint="red", patched=True)
    assert one != put_together(paint="red", blend=("blue",))
    assert put_together(paint="red", blend=("no such",)) == one
    assert ImageOps.mirror(one) == put_together(paint="red", mirrored=True)
