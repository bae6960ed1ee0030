"""Drawings in other colours: the main one moves, everything else stays."""

from colorsys import hsv_to_rgb, rgb_to_hsv
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from worker.engine.pipeline.paint import PAINTS, is_coloured, repaint  # noqa: E402

pytestmark = pytest.mark.engine

BODY, LEAF, EYE = np.s_[8:56, 8:56], np.s_[8:20, 8:20], np.s_[40:48, 40:48]
SHARE = st.floats(0, 1)


def drawing(body: tuple[float, ...], leaf: tuple[float, ...]) -> tuple[Any, Any]:
    """A square body with a leaf of another hue and a black eye: RGB (1, 3, 64, 64) and alpha (1, 1, 64, 64)."""
    pixels, alpha = np.zeros((64, 64, 3), np.float32), np.zeros((64, 64, 1), np.float32)
    alpha[BODY] = 1
    for where, colour in ((BODY, body), (LEAF, leaf), (EYE, (0.02, 0.02, 0.02))):
        pixels[where] = colour
    rgb, cut = (torch.from_numpy(part).movedim(-1, 0)[None] for part in (pixels, alpha))
    return rgb, cut


def away(hue: float, number: int) -> float:
    """How far a hue in 0..1 is from that of a paint, around the circle."""
    wanted = PAINTS[number].hue
    assert wanted is not None
    return abs((hue - wanted / 360 + 0.5) % 1 - 0.5)


def painted(rgb: Any, alpha: Any, number: int) -> np.ndarray:
    return repaint(rgb, alpha, torch.tensor([number]))[0].movedim(0, -1).numpy()


@pytest.mark.parametrize("number", range(len(PAINTS)), ids=lambda number: PAINTS[number].name)
@given(hue=SHARE, value=st.floats(0.5, 1))
def test_the_body_is_painted_and_leaf_and_eye_stay(number: int, hue: float, value: float):
    rgb, alpha = drawing(hsv_to_rgb(hue, 0.8, value), hsv_to_rgb(hue + 0.4, 0.8, 0.8))
    made = painted(rgb, alpha, number)
    before = rgb[0].movedim(0, -1).numpy()
    assert np.array_equal(made[LEAF], before[LEAF])
    assert np.array_equal(made[EYE], before[EYE])
    to_hue, saturation, _ = rgb_to_hsv(*made[30, 30].tolist())
    if PAINTS[number].hue is None:
        assert saturation < 0.01
    else:
        assert away(to_hue, number) < 6 / 360  # half a bin of the histogram leaves 5° of doubt
    assert made.min() >= 0
    assert made.max() <= 1


@pytest.mark.parametrize("number", [0, 5])
def test_a_white_thing_can_be_painted_too(number: int):
    rgb, alpha = drawing((0.95, 0.95, 0.95), (0.2, 0.7, 0.2))
    made = painted(rgb, alpha, number)
    hue, saturation, _ = rgb_to_hsv(*made[30, 30].tolist())
    assert away(hue, number) < 0.03
    assert saturation > 0.4


# What people call these colours, and the bodies that drawings have.
CALLED = {
    "red": (220, 40, 45), "orange": (245, 130, 30), "yellow": (250, 215, 60), "green": (50, 165, 65),
    "teal": (25, 150, 150), "blue": (45, 110, 220), "purple": (130, 65, 185), "pink": (245, 165, 195),
    "brown": (120, 75, 40), "black": (40, 40, 42), "gray": (130, 130, 132), "white": (245, 245, 245),
}  # fmt: skip
BODIES = {
    "black": (0.1, 0.1, 0.11), "anthracite": (0.28, 0.27, 0.3), "grey": (0.55, 0.55, 0.57), "silver": (0.75, 0.77, 0.8),
    "white": (0.97, 0.97, 0.96), "pale pink": (1.0, 0.68, 0.7), "cream": (0.98, 0.85, 0.68),
    "dark brown": (0.35, 0.2, 0.1),
    "navy": (0.1, 0.16, 0.4), "bright red": (0.9, 0.15, 0.15), "yellow": (1.0, 0.85, 0.2),
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(PAINTS)), ids=lambda number: PAINTS[number].name)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_whatever_a_body_is_like_it_comes_out_as_what_people_call_that_colour(body: tuple[float, ...], number: int):
    made = painted(*drawing(body, (0.3, 0.75, 0.3)), number)[30, 30] * 255
    apart = {name: np.linalg.norm(made - colour) for name, colour in CALLED.items()}
    assert min(apart, key=apart.__getitem__) == PAINTS[number].name


@pytest.mark.parametrize("body", [BODIES["black"], BODIES["grey"], BODIES["dark brown"]])
def test_light_and_shade_stay(body: tuple[float, ...]):
    rgb, alpha = drawing(body, (0.3, 0.75, 0.3))
    rgb[:, :, :32, :] *= 0.8
    made = painted(rgb, alpha, 5)
    before = rgb[0].movedim(0, -1).numpy()
    shade, light = (20, 30), (50, 30)
    assert made[light].max() - made[shade].max() > 0.7 * (before[light].max() - before[shade].max())


def test_the_white_belly_of_a_black_thing_and_the_black_feet_of_a_white_one_stay():
    for body, part in ((0.1, 0.95), (0.95, 0.1)):
        rgb, alpha = drawing((body,) * 3, (part,) * 3)
        made = painted(rgb, alpha, 5)
        assert made[LEAF].max() - made[LEAF].min() < 0.01
        assert abs(made[LEAF].max() - part) < 0.01
        assert np.ptp(made[30, 30]) > 0.5


@pytest.mark.parametrize(
    ("body", "part", "share"),
    [
        ((0.95, 0.6, 0.15), (0.3, 0.8, 0.95), 0.6),  # a bus with windows
        ((0.9, 0.2, 0.3), (0.16, 0.1, 0.35), 0.65),  # a bicycle with tyres
        ((0.85, 0.8, 0.9), (0.25, 0.5, 0.85), 0.35),  # a plane with blue wings
        ((0.85, 0.8, 0.9), (0.2, 0.12, 0.3), 0.3),  # a robot with a screen
        ((0.2, 0.12, 0.3), (0.9, 0.15, 0.5), 0.25),  # a top hat with a ribbon
    ],
)
def test_windows_wheels_and_screens_are_no_bodies(body: tuple[float, ...], part: tuple[float, ...], share: float):
    rgb, alpha = torch.ones(1, 3, 64, 64), torch.ones(1, 1, 64, 64)
    rgb[:] = torch.tensor(body)[:, None, None]
    rows = round(64 * share)
    rgb[:, :, :rows] = torch.tensor(part)[:, None, None]
    made = painted(rgb, alpha, 3)
    assert np.allclose(made[0, 0], part)
    assert made[-1, 0].argmax() == 1
    assert np.ptp(made[-1, 0]) > 0.4


def test_shadows_of_white_things_are_painted_with_them():
    rgb, alpha = drawing((0.97, 0.96, 0.98), (0.72, 0.5, 0.95))
    rgb[:, :, 8:20, 8:20] = torch.tensor((0.75, 0.6, 0.98))[:, None, None]
    made = painted(rgb, alpha, 1)
    assert made[LEAF].argmax(axis=-1).max() == 0


def test_no_edges_show_where_a_body_fades():
    for dull in (0.9, 0.5):  # a hue that runs out into white or grey
        rgb, alpha = drawing((0.9, 0.2, 0.2), (0.9, 0.2, 0.2))
        fade = torch.linspace(0, 1, 40)
        body = torch.tensor([0.9, 0.2, 0.2])
        rgb[0, :, 22:38, 10:50] = (body[:, None] + (dull - body)[:, None] * fade)[:, None]
        made = painted(rgb, alpha, 5)[30, 10:50]
        assert np.abs(np.diff(made, axis=0)).max() < 0.15


def test_what_is_white_grey_or_black_has_no_main_colour():
    leaf = (0.2, 0.7, 0.2)
    for body, coloured in (((0.9, 0.3, 0.1), True), ((0.95, 0.95, 0.95), False), ((0.5, 0.5, 0.52), False)):
        assert is_coloured(*drawing(body, leaf)).tolist() == [coloured]


def steps(drawing: Any, number: int, *, gently: bool) -> float:
    """The largest step between neighbours of a painted row (1, 3, 1, w), which had none larger than 0.1."""
    painted = repaint(drawing, torch.ones_like(drawing[:, :1]), torch.tensor([number]), gently=gently)
    assert (drawing.diff(dim=3).abs() < 0.1).all()
    return float(painted.diff(dim=3).abs().max())


ORANGE = torch.tensor([1.0, 0.55, 0.1])[None, :, None, None]
FADING = {
    "to white": torch.tensor([1.0, 1.0, 1.0]),
    "to green": torch.tensor([0.35, 0.9, 0.1]),
    "to gray": torch.tensor([0.6, 0.6, 0.6]),
}


@pytest.mark.parametrize("end", FADING.values(), ids=FADING)
@pytest.mark.parametrize("paint", ["red", "yellow"])
def test_a_colour_near_to_its_own_leaves_no_edges_where_a_drawing_fades(paint: str, end: Any):
    number = next(number for number, each in enumerate(PAINTS) if each.name == paint)
    share = torch.cat([torch.zeros(60), torch.linspace(0, 1, 60)])[None, None, None]
    drawing = torch.lerp(ORANGE.expand(1, 3, 1, 120), end[None, :, None, None].expand(1, 3, 1, 120), share)
    assert steps(drawing, number, gently=True) < 0.06
    assert steps(drawing, number, gently=False) >= steps(drawing, number, gently=True)


@pytest.mark.parametrize("paint", ["blue", "green", "white", "black"])
def test_another_colour_is_painted_alike(paint: str):
    number = next(number for number, each in enumerate(PAINTS) if each.name == paint)
    drawing = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(1)) * 0.2 + ORANGE * 0.8
    drawn = (drawing, torch.ones_like(drawing[:, :1]), torch.tensor([number]))
    assert torch.equal(repaint(*drawn, gently=True), repaint(*drawn))
