"""Things cut out of pictures that show them before a plain colour or a gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from worker.engine.pipeline.cutout import Backdrop, Cutout

SIDE = 256
COLOUR = st.tuples(*[st.integers(0, 255)] * 3)
Colour = tuple[int, int, int]


def before(top: Colour, bottom: Colour, noise: int = 3, seed: int = 0) -> Image.Image:
    """A background as a decoder leaves it."""
    share = np.linspace(0, 1, SIDE)[:, None, None]
    rows = np.array(top) * (1 - share) + np.array(bottom) * share
    dice = np.random.default_rng(seed).integers(-noise, noise + 1, (SIDE, SIDE, 3))
    return Image.fromarray((rows + dice).clip(0, 255).astype(np.uint8))


def away_from(*colours: Colour) -> Colour:
    """A colour that stands out from these."""
    red, green, blue = (0 if sum(each) / len(colours) > 127 else 255 for each in zip(*colours, strict=True))
    return red, green, blue


def alpha(cut: Cutout) -> np.ndarray:
    return np.asarray(cut.image.getchannel("A"))


@given(top=COLOUR, bottom=COLOUR, left=st.integers(15, 90), upper=st.integers(15, 90), size=st.integers(60, 150))
def test_a_thing_is_found_where_it_is_before_any_colour_or_gradient(
    top: Colour, bottom: Colour, left: int, upper: int, size: int
):
    picture = before(top, bottom)
    away = away_from(top, bottom)
    ImageDraw.Draw(picture).rectangle((left, upper, left + size - 1, upper + size - 1), fill=away)
    cut = Cutout.of(picture)
    if (
        min(abs(a - b) for a, b in zip(away, top, strict=True))
        > 60
        < min(abs(a - b) for a, b in zip(away, bottom, strict=True))
    ):
        assert abs(cut.image.width - size) <= 4
        assert abs(cut.image.height - size) <= 4
        assert (alpha(cut)[8:-8, 8:-8] == 255).all()
    behind = np.asarray(cut.background.image((1, SIDE)), dtype=int)[:, 0]
    expected = np.asarray(before(top, bottom, 0), dtype=int)[:, 0]
    assert np.abs(behind - expected).max() <= 8


@pytest.mark.parametrize("size", [(256, 256), (64, 64), (200, 120), (48, 96)])
def test_roughly_it_is_the_same_thing_in_the_same_place(size: tuple[int, int]):
    picture = before((200, 220, 240), (190, 200, 230), 0)
    ImageDraw.Draw(picture).ellipse((60, 90, 190, 230), fill=(200, 30, 30))
    picture = picture.resize(size)
    exact, rough = Cutout.of(picture), Cutout.roughly(picture)
    assert rough.whole == exact.whole == size
    near = max(2, max(size) // 30)
    for of in (lambda cut: cut.left, lambda cut: cut.top, lambda cut: cut.image.width, lambda cut: cut.image.height):
        assert abs(of(rough) - of(exact)) <= near
    middle = rough.image.getpixel((rough.image.width // 2, rough.image.height // 2))
    assert middle == pytest.approx((200, 30, 30, 255), abs=6)


def test_a_thing_of_the_backgrounds_colour_has_no_hole_where_a_line_goes_round_it():
    picture = before((255, 255, 255), (255, 255, 255))
    ImageDraw.Draw(picture).ellipse((50, 50, 200, 200), fill=(250, 250, 250), outline=(30, 30, 30), width=8)
    cut = Cutout.of(picture)
    assert (alpha(cut)[40:-40, 40:-40] == 255).all()


def test_a_stain_beside_a_thing_is_no_part_of_it():
    picture = before((170, 214, 245), (170, 214, 245))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((80, 80, 180, 180), fill=(200, 30, 30))
    pen.ellipse((8, 8, 14, 14), fill=(100, 150, 200))  # small
    pen.rectangle((20, 200, 60, 230), fill=(161, 205, 236))  # faint
    cut = Cutout.of(picture)
    assert abs(cut.image.width - 101) <= 4
    assert abs(cut.image.height - 101) <= 4


def test_what_reaches_a_side_is_cut_out_all_the_same():
    picture = before((166, 232, 190), (166, 232, 190))
    ImageDraw.Draw(picture).rectangle((0, 150, 180, 220), fill=(40, 40, 90))
    cut = Cutout.of(picture)
    assert abs(cut.image.width - 181) <= 4
    assert abs(cut.image.height - 71) <= 4


def test_an_edge_keeps_no_colour_of_what_was_behind():
    """Else a thing that is put before another one has a rim of the background's colour."""
    large = Image.new("RGB", (SIDE * 4, SIDE * 4), (255, 255, 255))
    ImageDraw.Draw(large).ellipse((200, 200, 800, 800), fill=(200, 0, 0))
    cut = Cutout.of(large.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    other = Image.new("RGBA", cut.image.size, (0, 0, 0, 255))
    other.alpha_composite(cut.image)
    _, green, blue, _ = (np.asarray(band, dtype=int) for band in other.split())
    assert green.max() <= 60
    assert blue.max() <= 60


@pytest.mark.parametrize("shown", ["nothing", "noise"])
def test_where_nothing_stands_out_all_of_the_picture_is_the_thing(shown: str):
    dice = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    picture = before((90, 90, 90), (90, 90, 90), 0) if shown == "nothing" else Image.fromarray(dice)
    assert Cutout.of(picture).image.size == (SIDE, SIDE)


@given(top=COLOUR, bottom=COLOUR)
def test_what_stands_before_a_colour_or_a_gradient_is_told_from_a_photograph(top: Colour, bottom: Colour):
    picture = before(top, bottom)
    ImageDraw.Draw(picture).ellipse((40, 40, 215, 215), fill=away_from(top, bottom))
    found = Backdrop.of_plain(picture)
    assert found is not None
    assert np.abs(np.subtract(found.ends, (top, bottom))).max() <= 8
    dice = np.random.default_rng(sum(top)).integers(0, 256, (6, 6, 3)).astype(np.uint8)
    assert Backdrop.of_plain(Image.fromarray(dice).resize((SIDE, SIDE), Image.Resampling.BICUBIC)) is None


@pytest.mark.parametrize("ends", [((30, 50, 116), (52, 120, 226)), ((255, 224, 84),)])
def test_a_background_is_made_of_one_colour_or_two(ends: tuple[Colour, ...]):
    assert Backdrop.between(*ends).ends == (ends[0], ends[-1])


def test_a_background_is_read_at_any_size():
    found = Backdrop.of(np.asarray(before((0, 0, 0), (200, 100, 0), 0), dtype=float))
    small = found.image((3, 64))
    assert small.size == (3, 64)
    assert small.getpixel((1, 32)) == pytest.approx((101, 51, 0), abs=3)


def test_a_pale_thing_before_a_plain_colour_is_whole_though_its_edge_is_soft():
    picture = before((206, 190, 248), (206, 190, 248))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((60, 60, 200, 200), fill=(206, 195, 208))
    pen.ellipse((100, 100, 115, 115), fill=(20, 20, 20))
    cut = Cutout.of(picture.filter(ImageFilter.GaussianBlur(6)))
    assert (alpha(cut)[50:-50, 50:-50] == 255).all()


def test_what_a_small_model_makes_of_a_gradient_is_background():
    """A corner that is bluer than the rest of its height, and changes slowly."""
    rows = np.linspace(0, 1, SIDE)[:, None, None]
    pixels = np.array((20, 140, 240)) * (1 - rows) + np.array((250, 250, 250)) * rows
    across = np.linspace(-1, 1, SIDE)[None, :, None]
    pixels = pixels + 75 * np.exp(-((across * 2) ** 2)) * np.exp(-rows * 4)
    picture = Image.fromarray(np.broadcast_to(pixels, (SIDE, SIDE, 3)).clip(0, 255).astype(np.uint8))
    ImageDraw.Draw(picture).ellipse((90, 90, 180, 200), fill=(30, 30, 30))
    cut = Cutout.of(picture)
    assert abs(cut.image.width - 91) <= 6
    assert abs(cut.image.height - 111) <= 6


def test_a_cloud_keeps_its_drops():
    picture = before((255, 224, 84), (255, 224, 84))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((50, 60, 205, 140), fill=(120, 130, 150))
    for left in (70, 120, 170):
        pen.ellipse((left, 160, left + 12, 182), fill=(40, 90, 220))
    assert abs(Cutout.of(picture).image.height - 123) <= 4


@pytest.mark.parametrize(
    ("spot", "wide"),
    [((215, 0, 255, 30), 101), ((205, 20, 245, 50), 166), ((180, 0, 255, 70), 176)],
    ids=["hangs on the edge", "stands apart", "hangs there and is large"],
)
def test_a_stain_that_hangs_on_the_edge_is_no_part_of_a_thing(spot: tuple[int, int, int, int], wide: int):
    """A small model makes a corner darker."""
    picture = before((170, 214, 245), (170, 214, 245))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((80, 80, 180, 180), fill=(200, 30, 30))
    pen.rectangle(spot, fill=(60, 110, 150))
    assert abs(Cutout.of(picture).image.width - wide) <= 6


@pytest.mark.parametrize("by", [12, 20])
def test_a_thing_hardly_lighter_than_its_background_is_found_and_whole(by: int):
    """A white cloud before light grey."""
    grey = 255 - by
    picture = before((grey, grey, grey), (grey, grey, grey), 0)
    ImageDraw.Draw(picture).ellipse((60, 80, 200, 180), fill=(255, 255, 255))
    cut = Cutout.of(picture)
    assert abs(cut.image.width - 141) <= 6
    assert abs(cut.image.height - 101) <= 6
    assert (alpha(cut)[45:-45, 45:-45] == 255).all()
