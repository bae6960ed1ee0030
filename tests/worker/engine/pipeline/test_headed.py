"""Where the head of a drawn person is, and that another one is put there, under a hat."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from worker.engine.pipeline import arranged
from worker.engine.pipeline.cutout import Cutout
from worker.engine.pipeline.head_finder import head_of
from worker.engine.pipeline.headed import with_head
from worker.engine.prompt_match.layout import Figure, Hanging, HeadPlace, Layout, Relation

Colour = tuple[int, int, int]
BACKGROUND = (170, 214, 245)
SKINS = [(255, 200, 61), (255, 220, 93), (240, 168, 36)]  # flat, simple, in a shadow
COAT, HAT, INK, GREEN, GOLD = (60, 70, 140), (40, 40, 50), (60, 40, 40), (40, 170, 80), (255, 205, 70)
USUAL, HATTED = HeadPlace(0.5, 0.1, 0.5), HeadPlace(0.5, 0.3, 0.5, hat=True)
FACE = 64, 66  # the middle of a bust's face, in 128 × 160 pixels
WIDE = 60
SPECKS = 12  # pixels at corners


def bust(skin: Colour = SKINS[0], *, hat: Colour | None = None, mask: bool = False, hand: bool = False) -> Image.Image:
    """A person to the shoulders, RGBA: a round face with eyes and mouth on a coat."""
    image = Image.new("RGBA", (128, 160))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((4, 90, 123, 159), 20, fill=COAT)
    pen.rectangle((54, 80, 73, 104), fill=skin)
    x, y = FACE
    pen.ellipse((x - WIDE // 2, y - WIDE // 2, x + WIDE // 2, y + WIDE // 2), fill=skin)
    for eye in (x - 11, x + 11):
        pen.ellipse((eye - 4, y - 8, eye + 4, y + 2), fill=INK)
    pen.arc((x - 12, y - 2, x + 12, y + 16), 20, 160, fill=INK, width=3)
    if mask:
        pen.rectangle((x - WIDE // 2, y - 12, x + WIDE // 2, y + 8), fill=HAT)
    if hat:
        pen.rectangle((x - 26, 4, x + 26, 50), fill=hat)
        pen.rectangle((x - 40, 46, x + 40, 51), fill=hat)
    if hand:
        pen.ellipse((94, 118, 124, 148), fill=skin)
    return image


def whole(skin: Colour = SKINS[0]) -> Image.Image:
    """Somebody small from head to foot with bare arms, hands as high as the head."""
    image = Image.new("RGBA", (160, 160))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 52, 100, 110), fill=COAT)
    pen.rectangle((64, 110, 96, 159), fill=HAT)
    for x in (22, 138):
        pen.line((80 + (x - 80) * 0.3, 60, x, 20), fill=skin, width=9)
        pen.ellipse((x - 8, 8, x + 8, 24), fill=skin)
    pen.ellipse((64, 20, 96, 52), fill=skin)
    return image


def animal(colour: Colour = GREEN) -> Image.Image:
    """A round head with ears, RGBA."""
    image = Image.new("RGBA", (100, 120))
    pen = ImageDraw.Draw(image)
    for x in (20, 80):
        pen.ellipse((x - 18, 0, x + 18, 60), fill=colour)
    pen.ellipse((0, 20, 99, 119), fill=colour)
    return image


def cut(image: Image.Image, background: Colour = BACKGROUND) -> Cutout:
    picture = Image.new("RGB", (256, 256), background)
    picture.paste(image, (128 - image.width // 2, 128 - image.height // 2), image)
    return Cutout.of(picture)


def alike(image: Image.Image, colour: Colour) -> np.ndarray:
    pixels = np.asarray(image.convert("RGBA"), dtype=int)
    return (np.abs(pixels[:, :, :3] - colour).max(axis=2) < 12) & (pixels[:, :, 3] > 200)


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("hand", [False, True])
@pytest.mark.parametrize("off", [-0.12, 0.0, 0.12])
def test_a_face_is_found_by_its_skin(skin: Colour, off: float, *, hand: bool):
    head = head_of(bust(skin, hand=hand), HeadPlace(0.5 + off, 0.1 + off / 2, 0.5))
    assert head.x == pytest.approx(FACE[0], abs=4)
    assert head.top == pytest.approx(FACE[1] - WIDE / 2, abs=4)
    assert head.width == pytest.approx(WIDE, abs=8)
    assert FACE[1] + 20 < head.bottom < FACE[1] + 45
    assert not head.hat


def test_hands_are_no_head():
    head = head_of(whole(), HeadPlace(0.45, 0.08, 0.22))
    assert head.x == pytest.approx(80, abs=4)
    assert head.width == pytest.approx(32, abs=8)
    assert head.top == pytest.approx(20, abs=5)


def test_a_mask_makes_no_head_smaller():
    head = head_of(bust(mask=True), USUAL)
    assert head.width == pytest.approx(WIDE, abs=8)
    assert head.bottom - head.top > 0.8 * WIDE


@pytest.mark.parametrize("colour", [COAT, (120, 190, 230)])
def test_without_skin_it_is_where_it_is_expected(colour: Colour):
    head = head_of(bust(colour), USUAL)
    assert (head.x, head.top, head.width) == pytest.approx((64, 16, 64), abs=4)


@pytest.mark.parametrize(("hat", "gold"), [(HAT, False), ((200, 40, 40), False), (GOLD, True), (HAT, True)])
def test_under_a_hat_a_head_begins_at_its_edge(hat: Colour, *, gold: bool):
    head = head_of(bust(hat=hat), HeadPlace(0.5, 0.32, 0.5, hat=True, gold=gold))
    assert head.hat
    assert head.top == pytest.approx(51, abs=6)


def test_hair_where_a_hat_could_be_is_no_hat():
    bare = bust()
    ImageDraw.Draw(bare).chord((34, 10, 94, 90), 180, 360, fill=(255, 172, 51))
    assert not head_of(bare, HATTED).hat


def test_another_head_covers_the_face_and_is_whole():
    made = with_head(cut(bust()), animal(), USUAL)
    assert alike(made.image, SKINS[0]).sum() < SPECKS
    rows, columns = np.nonzero(alike(made.image, GREEN)[:110])
    middle = made.left + columns.mean(), made.top + rows.mean()
    assert middle == pytest.approx((128, 128 - 80 + FACE[1]), abs=12)
    assert np.ptp(columns) > WIDE


def test_hands_and_neck_get_its_colour_and_clothes_keep_theirs():
    bare = cut(bust(hand=True))
    made = with_head(bare, animal(), USUAL)
    down, across = 133 + 80 - 80 - made.top + 48, 109 + 64 - made.left
    assert alike(made.image, GREEN)[down - 4 : down + 4, across - 4 : across + 4].all()
    assert alike(made.image, COAT).sum() > 0.6 * alike(bare.image, COAT).sum()


def test_a_hat_stays_above_it_in_its_own_colour():
    for hat in (HAT, GOLD):
        bare = cut(bust(hat=hat))
        made = with_head(bare, animal(), HeadPlace(0.5, 0.32, 0.5, hat=True, gold=hat == GOLD))
        above = round(0.3 * bare.image.height)  # of the face, whose skin is as yellow as gold
        added = bare.top - made.top
        assert alike(made.image, hat)[: above + added].sum() > 0.85 * alike(bare.image, hat)[:above].sum()
        assert alike(made.image, SKINS[0]).sum() < 0.05 * alike(bare.image, SKINS[0]).sum() or hat == GOLD


def test_what_is_hardly_cut_out_makes_no_giant():
    scraps = Image.new("RGBA", (200, 200))
    pen = ImageDraw.Draw(scraps)
    for x in (0, 180):
        pen.ellipse((x, 90, x + 19, 109), fill=GREEN)
    made = with_head(cut(bust()), scraps, USUAL)
    assert made.image.width < 200


LAYOUT = Layout((Figure("an astronaut", head=USUAL), Figure("a frog")), hanging=(Hanging(0, Relation.HEAD),))


def test_in_a_picture_the_head_is_no_figure_of_its_own():
    person, other = cut(bust()), cut(animal(), (255, 255, 255))
    alone = arranged.picture(Layout(LAYOUT.figures[:1]), [person], (256, 256))
    assert arranged.picture(LAYOUT, [person], (256, 256)) == alone  # that head is not drawn yet
    made = arranged.picture(LAYOUT, [person, other], (256, 256))
    assert alike(made, COAT).sum() == pytest.approx(alike(alone, COAT).sum(), rel=0.3)
    assert alike(made, GREEN).any()
    assert not alike(made, (255, 255, 255)).any()


def test_a_head_in_another_colour_is_painted_and_its_person_is_not():
    figures = LAYOUT.figures[0], Figure("a frog", paint="red")
    made = arranged.picture(Layout(figures, hanging=LAYOUT.hanging), [cut(bust()), cut(animal())], (256, 256))
    pixels = np.asarray(made, dtype=int)
    assert ((pixels[:, :, 0] > 180) & (pixels[:, :, 1] < 90)).sum() > 1000
    assert alike(made, COAT).sum() > 1000


def test_clothes_in_another_colour_are_painted_and_the_head_in_them_is_not():
    figures = replace(LAYOUT.figures[0], paint="red"), LAYOUT.figures[1]
    plain, made = (
        arranged.picture(Layout(each, hanging=LAYOUT.hanging), [cut(bust()), cut(animal())], (256, 256))
        for each in (LAYOUT.figures, figures)
    )
    assert alike(plain, COAT).sum() > 1000
    assert alike(made, COAT).sum() < 0.1 * alike(plain, COAT).sum()  # at the neck
    pixels = np.asarray(made, dtype=int)
    assert ((pixels[:, :, 0] > 180) & (pixels[:, :, 1] < 90)).sum() > 1000
    head = alike(plain, GREEN)
    assert head.sum() > 1000
    assert (alike(made, GREEN) == head)[:100].all()


def test_a_head_is_where_it_is_said_to_be_where_clothes_are_yellow():
    expected = HeadPlace(0.5, 0.1, 0.4, fixed=True)
    found = head_of(Image.new("RGBA", (100, 100), (255, 200, 61, 255)), expected)
    assert (found.x, found.top, found.width) == pytest.approx((50, 10, 40), abs=2)
    assert found.bottom == pytest.approx(50, abs=3)


def test_ears_beyond_the_edge_make_all_of_it_smaller():
    tall = animal()
    ImageDraw.Draw(tall).rectangle((10, 0, 30, 60), fill=GREEN)
    high = Image.new("RGB", (256, 256), BACKGROUND)
    high.paste(bust().resize((192, 240)), (32, 0), bust().resize((192, 240)))
    made = arranged.picture(LAYOUT, [Cutout.of(high), cut(tall)], (256, 256))
    edge = np.abs(np.asarray(made, dtype=int)[:4] - BACKGROUND).max()
    assert edge < 12
