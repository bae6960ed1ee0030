"""What judges get: numbered sheets and an empty scoring sheet; and the key, which they must not get."""

import csv
import random
import string
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from pydantic import BaseModel, ConfigDict, ValidationError

from worker.starter.data.packages import DataError
from worker.starter.draw import captioned

if TYPE_CHECKING:
    from .drawings import DrawnModel  # which brings torch; scoring needs none

CRITERIA = ("subject", "style", "colour", "clean")
COLUMNS = ("number", "letter", *CRITERIA, "note")
_KEY, _SCORES, _HOW = "key.json", "scores.csv", "README.txt"
_PER_SHEET, _CELL = 12, 256  # prompts; pixels of a picture, which is what the starter draws
_ACROSS = 6  # pictures in a row of a sheet, about
_EMPTY = Image.new("RGB", (8, 8), (255, 255, 255))
_WORDS_FOR_JUDGES = """\
Each sheet shows pictures with what was asked for below them. Where a number has several letters, each letter is
another model, in another order each time.

Fill one line of scores.csv for each picture, from 0 (not at all) to 10 (as good as one could wish):
  subject  is it clearly the thing that was asked for? The wrong thing, or an empty picture: 0 to 2
  style    only where the words ask for a kind of picture; else leave it empty
  colour   only where the words name a colour; else leave it empty
  clean    are shapes and edges well drawn, without smears, holes and stray parts?
  note     anything else, or nothing
"""


class Asked(BaseModel):
    """One prompt in the key. `letters`: which model, by its place in the key's list, drew the picture of that letter.

    Models that are not among them declined.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    prompt: str
    letters: dict[str, int]


class Key(BaseModel):
    """Which model drew which picture."""

    model_config = ConfigDict(frozen=True)

    models: tuple[str, ...]
    asked: tuple[Asked, ...]


def key_folder(folder: Path) -> Path:
    """What judges must not see."""
    return folder / "key"


def scores_file(folder: Path) -> Path:
    """The empty scoring sheet."""
    return folder / "judge" / _SCORES


def must_be_new(folder: Path) -> None:
    """Raises DataError when `folder` holds anything: a new key would make scores that are there worthless."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise DataError(f"{folder} is there already; give a new folder, since a new key would spoil scores for the old")


def read_key(folder: Path) -> Key:
    """The key in a folder that `write` made. Raises DataError."""
    file = key_folder(folder) / _KEY
    try:
        return Key.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise DataError(f"{file} is not there: {folder} was not written by `blind draw`") from error
    except (OSError, ValidationError) as error:
        raise DataError(f"the key {file} cannot be read") from error


def write(folder: Path, prompts: Sequence[str], models: Sequence["DrawnModel"]) -> Key:
    """Write key, sheets, scoring sheet and words for judges."""
    letters = _letters(len(prompts), models)
    asked = tuple(
        Asked(number=number, prompt=prompt, letters=of)
        for number, prompt, of in zip(count(1), prompts, letters, strict=False)
    )
    key = Key(models=tuple(each.drawings.model for each in models), asked=asked)
    key_folder(folder).mkdir(parents=True, exist_ok=True)
    (key_folder(folder) / _KEY).write_text(key.model_dump_json(indent=1) + "\n")
    scores_file(folder).parent.mkdir()
    (scores_file(folder).parent / _HOW).write_text(_WORDS_FOR_JUDGES)
    _write_scoring_sheet(scores_file(folder), key)
    for number, page in enumerate(_pages(key, models), 1):
        page.save(scores_file(folder).parent / f"sheet-{number:02}.png")
    return key


def _letters(prompts: int, models: Sequence["DrawnModel"]) -> Iterator[dict[str, int]]:
    """For each prompt the models that drew it, each behind a letter. Nothing but the key can tell the order."""
    chance = random.SystemRandom()
    for index in range(prompts):
        drew = [number for number, model in enumerate(models) if not model.drawings.drawings[index].declined]
        chance.shuffle(drew)
        yield dict(zip(string.ascii_lowercase, drew, strict=False))


def _write_scoring_sheet(file: Path, key: Key) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for asked in key.asked:
            writer.writerows([asked.number, letter, *[""] * (len(COLUMNS) - 2)] for letter in asked.letters)


def _pages(key: Key, models: Sequence["DrawnModel"]) -> Iterator[Image.Image]:
    """Sheets of the prompts that anybody drew. Models that declined leave an empty place at the end of the prompt's."""
    shown = [asked for asked in key.asked if asked.letters]
    columns = len(models) * max(1, min(4, _ACROSS // len(models)))
    for start in range(0, len(shown), _PER_SHEET):
        cells = []
        for asked in shown[start : start + _PER_SHEET]:
            cells += [
                (f"{asked.number}{letter}  {asked.prompt}", models[model].picture(asked.number - 1))
                for letter, model in asked.letters.items()
            ]
            cells += [("", _EMPTY)] * (len(models) - len(asked.letters))
        yield captioned(cells, columns, _CELL, lines=None)
