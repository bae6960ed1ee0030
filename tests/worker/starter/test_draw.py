from PIL import Image

from worker.starter.draw import captioned, curve, sheet


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
