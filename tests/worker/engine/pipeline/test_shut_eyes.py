"""Who sleeps has shut eyes, where eyes are surely found."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.worker.engine.pipeline.faces import EYES, face
from worker.engine.pipeline import arranged
from worker.engine.pipeline.cutout import Cutout
from worker.engine.pipeline.shut_eyes import shut
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation

BROWN, ORANGE, PINK = (140, 90, 60), (245, 140, 40), (250, 150, 160)


def being(*features: str, skin: tuple[int, int, int] = ORANGE, style: str = "flat") -> Cutout:
    return Cutout.of(face(style, features, skin))


def dark_at(found: Image.Image, cut: Cutout, x: float, y: float) -> int:
    """How many dark pixels there are where an eye was."""
    left, top = round(x - cut.left), round(y - cut.top)
    pixels = np.asarray(found.crop((left - 16, top - 18, left + 16, top + 18)).convert("RGB"))
    return int((pixels.max(axis=2) < 95).sum())


@pytest.mark.parametrize("skin", [BROWN, ORANGE, PINK])
@pytest.mark.parametrize("style", ["flat", "glossy"])
def test_open_eyes_become_two_arcs(skin: tuple[int, int, int], style: str):
    cut = being("eyes", "mouth", skin=skin, style=style)
    found = shut(cut.image)
    for x, y in EYES:
        before, after = (dark_at(each, cut, x, y) for each in (cut.image, found))
        assert 0.1 * before < after < 0.6 * before
    assert found.getchannel("A").tobytes() == cut.image.getchannel("A").tobytes()


def test_where_eyes_were_is_skin():
    cut = being("eyes", "mouth")
    found = np.asarray(shut(cut.image).convert("RGB"), dtype=int)
    for x, y in EYES:
        colour = found[round(y - 10 - cut.top), round(x - cut.left)]
        assert np.abs(colour - ORANGE).max() < 25


@pytest.mark.parametrize("features", [(), ("mouth",)])
def test_without_two_eyes_it_is_the_same(features: tuple[str, ...]):
    cut = being(*features)
    assert shut(cut.image) is cut.image


@pytest.mark.parametrize(
    "spots",
    [
        [(92, 110)],  # one eye, from the side
        [(92, 90), (164, 150)],  # one far above the other
        [(92, 200), (164, 200)],  # feet
        [(120, 110), (136, 110)],  # nostrils
        [(92, 110), (164, 110), (92, 150), (164, 150)],  # two pairs: a pattern
    ],
)
def test_what_may_be_no_pair_of_eyes_stays(spots: list[tuple[int, int]]):
    image = face("flat", (), ORANGE)
    for x, y in spots:
        ImageDraw.Draw(image).ellipse((x - 8, y - 11, x + 8, y + 11), fill=(50, 36, 44))
    cut = Cutout.of(image)
    assert shut(cut.image) is cut.image


def test_only_who_is_asleep_has_shut_eyes_in_a_picture():
    cuts = [being("eyes", "mouth"), being("eyes", "mouth"), Cutout.of(face("flat", ()))]
    awake = Layout((Figure("a"), Figure("b"), Figure("zzz")), hanging=(Hanging(0, Relation.AT_HEAD),))
    asleep = Layout((Figure("a", asleep=True), *awake.figures[1:]), hanging=awake.hanging)
    one, other = (np.asarray(arranged.picture(each, cuts, (256, 256)), dtype=int) for each in (awake, asleep))
    differ = np.abs(one - other).max(axis=2) > 30
    assert differ[:, :128].any()
    assert not differ[:, 128:].any()
