"""The head of somebody drawn to the shoulders: cut off above the chin, and put on a whole figure's head."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.worker.engine.pipeline.test_headed import COAT, GREEN, HAT, SKINS, SPECKS, alike, bust, cut
from worker.engine.pipeline import arranged
from worker.engine.pipeline.bust import head_of_bust, with_head_of_bust
from worker.engine.prompt_match.layout import Figure, Hanging, HeadPlace, Layout, Relation

SHIRT, CAP, TOOL = (200, 60, 160), (20, 150, 160), (150, 60, 20)
BUST, BARE = HeadPlace(0.5, 0.32, 0.5, hat=True, reach=1.25), HeadPlace(0.5, 0.1, 0.5)
BODY = HeadPlace(0.5, 0.16, 0.22, hat=True)
MIDDLE = 80, 44  # of the figure's face, in 160 × 200 pixels


def figure() -> Image.Image:
    """Somebody small from head to foot in a cap, arms raised beside the head."""
    image = Image.new("RGBA", (160, 200))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, 100, 199), fill=SHIRT)
    for x in (22, 138):
        pen.line((80 + (x - 80) * 0.3, 70, x, 30), fill=SKINS[0], width=9)
    x, y = MIDDLE
    pen.ellipse((x - 17, y - 17, x + 17, y + 17), fill=SKINS[0])
    pen.chord((x - 19, y - 34, x + 19, y + 16), 180, 360, fill=CAP)
    return image


def pirate(skin: tuple[int, int, int] = SKINS[0]) -> Image.Image:
    """A bust with a hat, and a tool beside the head, which a hand might hold."""
    image = bust(skin, hat=HAT)
    ImageDraw.Draw(image).rectangle((116, 30, 126, 159), fill=TOOL)
    return image


def test_a_head_has_its_hat_and_no_shoulders():
    drawn = head_of_bust(pirate(), BUST)
    assert alike(drawn.image, HAT).sum() > 0.9 * alike(pirate(), HAT).sum()
    assert alike(drawn.image, SKINS[0]).sum() > 0.85 * alike(pirate(), SKINS[0])[:98].sum()
    assert alike(drawn.image, COAT)[-3:].mean() < 0.6
    assert alike(drawn.image, COAT).sum() < 0.3 * alike(pirate(), COAT).sum()
    assert drawn.image.height < 0.8 * pirate().height


def test_what_is_held_beside_it_stays_behind():
    assert alike(pirate(), TOOL).sum() > 1000
    assert alike(head_of_bust(pirate(), BUST).image, TOOL).sum() < SPECKS


def test_it_covers_the_figures_head_and_no_other_hat_is_seen():
    made = with_head_of_bust(cut(figure()), pirate(), BODY, BUST)
    assert alike(made.image, CAP).sum() < SPECKS
    assert alike(made.image, SHIRT).sum() > 0.9 * alike(figure(), SHIRT).sum()
    x, y = MIDDLE[0] + 128 - 80 - made.left, MIDDLE[1] + 128 - 100 - made.top
    rows, columns = np.nonzero(alike(made.image, HAT))
    assert columns.mean() == pytest.approx(x, abs=6)
    assert rows.max() < y + 5
    assert np.ptp(columns) > 34


@pytest.mark.parametrize(("skin", "kept"), [(SKINS[0], True), (GREEN, False)])
def test_hands_get_the_colour_of_a_face_that_is_not_as_usual(skin: tuple[int, int, int], *, kept: bool):
    made = with_head_of_bust(cut(figure()), bust(skin), BODY, BARE)
    hand = made.image.crop((0, 0, round(0.25 * made.image.width), made.image.height))
    assert bool(alike(hand, SKINS[0]).sum() > 50) is kept
    assert bool(alike(hand, GREEN).sum() > 50) is not kept


def test_in_a_picture_a_bust_loses_its_shoulders_and_an_animals_head_is_whole():
    hanging = (Hanging(0, Relation.HEAD),)
    cuts = [cut(figure()), cut(pirate())]
    made = [
        arranged.picture(Layout((Figure("a surfer", head=BODY), Figure("a head", head=other)), hanging=hanging),
                         cuts, (256, 256))
        for other in (BUST, None)
    ]  # fmt: skip
    without, whole = (alike(each, COAT).sum() / alike(each, HAT).sum() for each in made)
    assert without < 0.8
    assert whole > 2 * without
