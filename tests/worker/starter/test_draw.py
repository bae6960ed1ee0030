import textwrap

import pytest
from PIL import Image, ImageFont

from worker.starter.draw import captioned, curve, printable, sheet


def test_a_sheet_has_room_for_every_picture():
    red = Image.new("RGB", (8, 8), (255, 0, 0))
    page = sheet([("one", [red]), ("three", [red] * 3)], cell=16, gap=4)
    assert page.size == (3 * 20 + 4, 2 * 42 + 4)
    assert page.getpixel((4 + 2 * 20 + 8, 42 + 4 + 20 + 8)) == (255, 0, 0)


def test_every_picture_of_a_grid_has_its_words_below_it():
    red = Image.new("RGB", (8, 8), (255, 0, 0))
    page = captioned([("a red square", red)] * 4, columns=3, cell=60)
    inked = [page.crop((x, y, x + 60, y + 45)).getextrema()[0][0] < 100 for x, y in ((8, 68), (8, 181), (76, 181))]  # type: ignore[index]
    assert inked == [True, True, False]
    assert page.getpixel((8 + 30, 8 + 30)) == page.getpixel((8 + 30, 8 + 113 + 30)) == (255, 0, 0)


def test_a_curve_falls_from_left_to_right():
    page = curve("loss", [(step, 1 / (step + 1)) for step in range(200)])
    red = [(x, y) for x in range(page.width) for y in range(page.height) if page.getpixel((x, y))[0] == 214]  # type: ignore[index]
    assert min(red)[1] < max(red)[1]


def test_captions_take_as_many_lines_as_they_need_where_they_may():
    red, words = Image.new("RGB", (8, 8), (255, 0, 0)), "a very long wish " * 20
    short, whole = (captioned([("red", red), (words, red)], 2, 120, lines=lines) for lines in (3, None))
    assert short.size == (2 * 128 + 8, 128 + 45 + 8)
    assert whole.height == 128 + 15 * len(textwrap.wrap(words, 20)) + 8
    other = captioned([("red", red), (words[:-5] + "west", red)], 2, 120, lines=None)
    assert whole.tobytes() != other.tobytes()  # the last word is there to be read


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a red apple", "a red apple"),
        ("café für ñandú", "cafe fur nandu"),
        ("🍕 please ❤️", "[slice of pizza] please [heavy black heart]"),
        ("16 × 16, γ = 5", "16 x 16, gamma = 5"),
        ("👍🏽👩‍🚀", "[thumbs up sign][woman][rocket]"),
    ],
)
def test_what_the_font_lacks_is_written_otherwise(words, shown):
    assert printable(words) == shown
    font = ImageFont.load_default(12)
    missing = bytes(font.getmask("\uffff"))
    assert missing not in [bytes(font.getmask(each)) for each in printable(words)]
