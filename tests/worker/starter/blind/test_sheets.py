"""Judges see every picture with its words, and nothing that tells who drew it."""

import csv
from collections import Counter

import pytest
from PIL import Image

from worker.starter.blind import sheets
from worker.starter.blind.drawings import DrawnModel, DrawnPrompt, DrawnPrompts
from worker.starter.data.packages import DataError

PROMPTS = [f"thing {number}" for number in range(1, 31)]
COLOURS = [(250, 20, 20), (20, 20, 250), (20, 250, 20)]


@pytest.fixture
def models(tmp_path):
    """Three models that draw in a colour of their own; the second declines every fourth prompt, all of them the 30th.

    How strong the colour is tells the number of the prompt.
    """

    def model(place):
        folder = tmp_path / f"secret-{place}"
        folder.mkdir()
        made = []
        for index, prompt in enumerate(PROMPTS):
            declines = index == 29 or (place == 1 and index % 4 == 3)
            made.append(DrawnPrompt(prompt=prompt, seed=index, declined="no" if declines else ""))
            if not declines:
                strength = tuple(channel - 6 * index if channel > 100 else 0 for channel in COLOURS[place])
                Image.new("RGB", (256, 256), strength).save(folder / f"{index + 1:03}.png")
        return DrawnModel(
            folder, DrawnPrompts(model=f"secret-{place}", revision="0", seconds=1.0, drawings=tuple(made))
        )

    return [model(place) for place in range(3)]


def cells(folder, across):
    """Middle pixels of all pictures on the sheets, in order; white places are left out."""
    for file in sorted(folder.glob("judge/sheet-*.png")):
        with Image.open(file) as opened:
            page = opened.convert("RGB")
        columns = page.width // 264
        assert columns == across
        down = next(
            height for height in range(264, 400) if (page.height - 8) % height == 0 and (height - 264) % 15 == 0
        )
        for row in range((page.height - 8) // down):
            for column in range(columns):
                pixel = page.getpixel((8 + 264 * column + 128, 8 + down * row + 128))
                if pixel != (255, 255, 255):
                    yield pixel


@pytest.mark.parametrize(("count", "across"), [(1, 4), (2, 6), (3, 6)])
def test_sheets_show_every_picture_in_the_keys_order(models, tmp_path, count, across):
    key = sheets.write(tmp_path / "out", PROMPTS, models[:count])
    expected = [
        models[model].picture(asked.number - 1).getpixel((128, 128))
        for asked in key.asked
        for model in asked.letters.values()
    ]
    assert len(expected) == [29, 29 + 22, 29 + 22 + 29][count - 1]
    assert list(cells(tmp_path / "out", across)) == expected
    assert len(list(tmp_path.glob("out/judge/sheet-*.png"))) == 3
    assert sheets.read_key(tmp_path / "out") == key


def test_the_key_names_every_model_that_drew_and_none_that_declined(models, tmp_path):
    key = sheets.write(tmp_path / "out", PROMPTS, models)
    assert key.models == ("secret-0", "secret-1", "secret-2")
    for asked, prompt in zip(key.asked, PROMPTS, strict=True):
        drew = {place for place in range(3) if not models[place].drawings.drawings[asked.number - 1].declined}
        assert set(asked.letters.values()) == drew
        assert "".join(asked.letters) == "abc"[: len(drew)]
        assert asked.prompt == prompt


def test_no_letter_belongs_to_a_model(models, tmp_path):
    first, second = (sheets.write(tmp_path / name, PROMPTS, models) for name in ("one", "two"))
    behind_a = Counter(asked.letters["a"] for asked in first.asked if asked.letters)
    assert set(behind_a) == {0, 1, 2}
    assert first != second


def test_judges_get_nothing_that_tells_who_drew(models, tmp_path):
    sheets.write(tmp_path / "out", PROMPTS, models)
    given = [path for path in (tmp_path / "out" / "judge").rglob("*") if path.is_file()]
    assert {path.suffix for path in given} == {".png", ".csv", ".txt"}
    assert not any(b"secret" in path.read_bytes() for path in given)
    for path in given:
        if path.suffix == ".png":
            with Image.open(path) as image:
                assert not image.info


def test_the_scoring_sheet_has_an_empty_line_for_each_picture(models, tmp_path):
    key = sheets.write(tmp_path / "out", PROMPTS, models)
    with sheets.scores_file(tmp_path / "out").open(newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head == ["number", "letter", "subject", "style", "colour", "clean", "note"]
    assert [(int(row[0]), row[1]) for row in rows] == [
        (asked.number, letter) for asked in key.asked for letter in asked.letters
    ]
    assert {tuple(row[2:]) for row in rows} == {("",) * 5}


def test_a_model_that_declines_everything_leaves_no_sheet(models, tmp_path):
    none = [drawing.model_copy(update={"declined": "no"}) for drawing in models[0].drawings.drawings]
    model = DrawnModel(models[0].folder, models[0].drawings.model_copy(update={"drawings": tuple(none)}))
    sheets.write(tmp_path / "out", PROMPTS, [model])
    assert not list(tmp_path.glob("out/judge/*.png"))


def test_a_folder_with_scores_is_not_written_again(models, tmp_path):
    sheets.must_be_new(tmp_path / "out")
    (tmp_path / "out").mkdir()
    sheets.must_be_new(tmp_path / "out")
    sheets.write(tmp_path / "out", PROMPTS, models)
    with pytest.raises(DataError, match="is there already"):
        sheets.must_be_new(tmp_path / "out")


@pytest.mark.parametrize("text", [None, "{", '{"models": []}'])
def test_a_key_that_is_none_is_told(text, tmp_path):
    if text:
        (tmp_path / "key").mkdir()
        (tmp_path / "key" / "key.json").write_text(text)
    with pytest.raises(DataError, match="was not written by" if text is None else "cannot be read"):
        sheets.read_key(tmp_path)
