"""What becomes of a picture that is to be followed: its edges, its lines, or itself."""

from PIL import Image, ImageChops, ImageDraw

from tests.worker.contract.factories import EDGES, LOOK, begun, request
from tests.worker.engine.service.test_sources import plain, saved
from worker.contract.types.guide_info import CANNY, SCRIBBLE, STYLE, TILE
from worker.contract.types.result import CUT
from worker.engine.service import sources
from worker.engine.service.guides import KINDS, edges, lines


def drawing() -> Image.Image:
    """A disc, a slanted bar and a soft shade."""
    made = Image.linear_gradient("L").resize((96, 64)).point(lambda value: value // 8).convert("RGB")
    pen = ImageDraw.Draw(made)
    pen.ellipse((8, 8, 40, 40), fill=(220, 30, 40))
    pen.line((50, 60, 90, 4), fill=(40, 200, 240), width=7)
    return made


def white(image: Image.Image) -> int:
    return image.convert("L").histogram()[255]


def test_edges_are_lines_of_one_pixel_where_colours_meet_and_nowhere_else() -> None:
    found = edges(drawing())
    assert set(found.convert("L").tobytes()) == {0, 255}
    assert found.getpixel((24, 24)) == (0, 0, 0)  # within the disc
    assert 90 < white(found.crop((4, 4, 45, 45))) < 130  # its outline
    assert white(edges(Image.linear_gradient("L"))) == 0  # a shade has none
    alike = Image.new("RGB", (40, 40), (200, 0, 0))
    ImageDraw.Draw(alike).rectangle((10, 10, 30, 30), fill=(0, 60, 200))  # told apart by colour
    assert white(edges(alike)) > 60


def test_an_edge_goes_on_where_it_is_weak_and_does_not_begin_there() -> None:
    """On the left it is strong; on the right the same step alone is too weak."""
    step = Image.new("L", (120, 20), 100)
    for x in range(120):
        step.paste(165 if x < 60 else 140, (x, 10, x + 1, 20))
    assert white(edges(step).crop((70, 0, 115, 20))) == 45
    assert white(edges(step.crop((70, 0, 120, 20)))) == 0


def test_turned_pictures_have_turned_edges() -> None:
    for side in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_LEFT_RIGHT):
        one, other = edges(drawing().transpose(side)), edges(drawing()).transpose(side)
        apart = white(ImageChops.difference(one, other))
        assert apart < white(one) / 4  # of two equal neighbours the one or the other is taken


def test_lines_are_white_on_black_whichever_way_they_were_drawn() -> None:
    dark = Image.new("RGB", (50, 50), "white")
    ImageDraw.Draw(dark).line((5, 5, 45, 30), fill=(20, 20, 60), width=3)
    found = lines(dark)
    assert found.tobytes() == lines(Image.eval(dark, lambda value: 255 - value)).tobytes()
    assert (found.getpixel((0, 0)), found.getpixel((25, 17))) == ((0, 0, 0), (255, 255, 255))


def test_each_comes_as_its_network_takes_it_beside_what_is_begun_with() -> None:
    asked = begun(width=64, height=64, guides=[EDGES, LOOK])
    wide = saved(Image.new("RGB", (3000, 1500), "blue"))
    found = sources.read([plain(), saved(drawing()), wide], asked, (CANNY, STYLE))
    first, outline, look = found.pictures
    assert first == sources.read([plain()], begun(width=64, height=64)).pictures[0]
    assert outline.size == (64, 64)
    assert set(outline.convert("L").tobytes()) == {0, 255}
    assert (look.width / look.height, min(look.size) >= 512, max(look.size) <= 3000) == (2, True, True)
    assert found.adapted == (CUT,)
    only = sources.read([wide], request(width=64, height=64, guides=[LOOK]), (STYLE,))
    assert only.adapted == ()  # it is looked at as a whole


def test_every_kind_makes_a_picture_of_the_same_size() -> None:
    assert set(KINDS) == {CANNY, SCRIBBLE, TILE, STYLE}
    for prepared in KINDS.values():
        made = prepared(drawing())
        assert (made.mode, made.size) == ("RGB", (96, 64))
