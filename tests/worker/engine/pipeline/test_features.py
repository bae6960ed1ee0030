"""What of a drawn face is cut out as its features, and what gives none."""

from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.worker.engine.pipeline.faces import BACKGROUND, EYES, INK, SIDE, TEAR, WHITE, face
from worker.engine.pipeline.cutout import Cutout
from worker.engine.pipeline.features import AROUND, features_of

STYLES = ["flat", "glossy"]
SKINS = [(255, 190, 50), (250, 110, 50), (255, 205, 85), (120, 190, 90)]
KINDS = [("eyes", "mouth"), ("white eyes", "mouth"), ("white eyes", "mouth", "tear")]


@cache
def found(style: str = "flat", kind: tuple[str, ...] = KINDS[0], skin: tuple[int, int, int] = SKINS[0]) -> Image.Image:
    """The features of such a face, where they are in its picture."""
    features = features_of(Cutout.of(face(style, kind, skin)))
    assert features is not None
    whole = Image.new("RGBA", (SIDE, SIDE))
    whole.paste(features.image, (features.left, features.top))
    return whole


def alpha(image: Image.Image) -> np.ndarray:
    return np.asarray(image.getchannel("A"), dtype=int)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("style", STYLES)
def test_of_a_face_its_features_are_left_and_neither_skin_nor_rim(style: str, kind: tuple[str, ...]):
    """What they are is where the face differs from one without any."""
    bare, drawn = (np.asarray(face(style, each), dtype=int) for each in ((), kind))
    differs = np.abs(bare - drawn).max(axis=2)
    seen = alpha(found(style, kind))
    assert np.mean(seen[differs > 150] > 200) > 0.97
    assert np.mean(seen[differs < 2] < 30) > 0.985
    assert seen[differs < 2].mean() < 3


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("style", STYLES)
def test_skin_of_any_colour_is_known_from_the_face(style: str, skin: tuple[int, int, int]):
    seen = found(style, skin=skin)
    assert 0.01 < alpha(seen).mean() / 255 < 0.05
    assert all(seen.getpixel(eye) == pytest.approx((*INK, 255), abs=12) for eye in EYES)


@pytest.mark.parametrize("style", STYLES)
def test_features_keep_their_colours(style: str):
    seen = found(style, KINDS[2])
    assert seen.getpixel(EYES[0]) == pytest.approx((*INK, 255), abs=12)
    assert seen.getpixel((EYES[1][0] + 20, EYES[1][1])) == pytest.approx((*WHITE, 255), abs=12)
    assert seen.getpixel((75, 195)) == pytest.approx((*TEAR, 255), abs=12)


@pytest.mark.parametrize("style", STYLES)
def test_soft_edges_keep_no_colour_of_the_skin(style: str):
    """Half of a stroke's edge was skin, which is yellow; the stroke is hardly red."""
    pixels = np.asarray(found(style), dtype=int)
    edge = (pixels[:, :, 3] > 100) & (pixels[:, :, 3] < 230)
    assert edge.sum() > 50
    assert np.quantile(pixels[:, :, 0][edge], 0.9) < 110


@pytest.mark.parametrize("style", STYLES)
def test_they_are_on_a_square_round_the_disc(style: str):
    features = features_of(Cutout.of(face(style)))
    assert features is not None
    assert features.image.size == pytest.approx((200 * AROUND, 200 * AROUND), abs=10)
    middle = features.left + features.image.width / 2, features.top + features.image.height / 2
    assert middle == pytest.approx((128, 128), abs=3)


@pytest.mark.parametrize(
    "kind",
    [(), ("dot",), ("blot",), ("one eye",), ("low mouth",), ("white eyes", "mouth", "forehead")],
)
@pytest.mark.parametrize("style", STYLES)
def test_what_looks_like_no_face_gives_none(style: str, kind: tuple[str, ...]):
    """Nothing, hardly anything, too much, on one side, too low, two colours of skin."""
    assert features_of(Cutout.of(face(style, kind))) is None


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8))


def stripes() -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), BACKGROUND)
    for left in range(30, 220, 24):
        ImageDraw.Draw(picture).rectangle((left, 30, left + 12, 225), fill=INK)
    return picture


def thin() -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), BACKGROUND)
    ImageDraw.Draw(picture).line((20, 128, 235, 128), fill=INK, width=2)
    return picture


@pytest.mark.parametrize(
    "picture", [noise(), stripes(), thin(), Image.new("RGB", (SIDE, SIDE), BACKGROUND)], ids=range(4)
)
def test_what_is_no_face_at_all_gives_none(picture: Image.Image):
    """As a preview shows, or a drawing that failed."""
    assert features_of(Cutout.of(picture)) is None
    assert features_of(Cutout.roughly(picture)) is None


def test_nothing_cut_out_gives_none():
    empty = Cutout.of(face())
    empty.image.putalpha(0)
    assert features_of(empty) is None


@pytest.mark.parametrize("style", STYLES)
def test_in_a_preview_they_are_seen_roughly(style: str):
    features = features_of(Cutout.roughly(face(style, KINDS[1])))
    assert features is not None
    whole = Image.new("RGBA", (SIDE, SIDE))
    whole.paste(features.image, (features.left, features.top))
    assert np.abs(alpha(whole) - alpha(found(style, KINDS[1]))).mean() < 20
