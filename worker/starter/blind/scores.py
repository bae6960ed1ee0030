"""Filled scoring sheets and the key → how often each model draws, and how well."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from worker.starter.data.packages import DataError

from .sheets import COLUMNS, CRITERIA, Key, read_key, scores_file

DECLINED = 3.0  # better than a wrong picture, worse than a middling one
WRONG_MOST = 2.0  # a subject up to here is the wrong thing, or nothing
_BLANK_MAY_BE = ("style", "colour")
_SHOWN = 12  # pictures without scores that are named

Mark = tuple[int, str]  # number and letter of a picture
Row = dict[str, float]  # criterion → 0 to 10; those that were left empty are missing


@dataclass(frozen=True)
class Figures:
    """How one model did. All means are of 0 to 10.

    Attributes:
        coverage: share of the prompts that it drew rather than declined.
        mean: over all prompts; declined ones count 3, wrong things and empty pictures nothing.
        poor: share of all prompts below 3.
        criteria: mean of each criterion over the pictures that have it.
    """

    model: str
    prompts: int
    coverage: float
    mean: float
    poor: float
    criteria: dict[str, float]


def table(folder: Path, sheets: Sequence[Path]) -> str:
    """The figures of all models as lines of text. Raises DataError."""
    key = read_key(folder)
    found = figures(key, _collected(key, sheets or [scores_file(folder)]))
    width = max(len(each.model) for each in found)
    head = ["prompts", "coverage", "mean of all", "below 3", *CRITERIA]
    lines = ["  ".join([" " * width, *head])]
    for each in found:
        cells = [str(each.prompts), f"{each.coverage:.0%}", f"{each.mean:.2f}", f"{each.poor:.0%}"]
        cells += [f"{each.criteria[name]:.2f}" if name in each.criteria else "–" for name in CRITERIA]
        padded = [cell.rjust(len(name)) for cell, name in zip(cells, head, strict=True)]
        lines.append("  ".join([each.model.ljust(width), *padded]))
    return "\n".join(lines)


def figures(key: Key, rows: Mapping[Mark, Sequence[Row]]) -> list[Figures]:
    """The figures of every model, from the rows that judges wrote for each picture."""
    found = []
    for place, model in enumerate(key.models):
        marks = [
            next(((asked.number, letter) for letter, drew in asked.letters.items() if drew == place), None)
            for asked in key.asked
        ]
        scores = [DECLINED if mark is None else fmean(map(_score, rows[mark])) for mark in marks]
        drawn = [rows[mark] for mark in marks if mark]
        found.append(
            Figures(
                model=model,
                prompts=len(marks),
                coverage=len(drawn) / len(marks),
                mean=fmean(scores),
                poor=fmean(score < DECLINED for score in scores),
                criteria=_by_criterion(drawn),
            )
        )
    return found


def _score(row: Row) -> float:
    return 0.0 if row["subject"] <= WRONG_MOST else fmean(row.values())


def _by_criterion(pictures: Iterable[Sequence[Row]]) -> dict[str, float]:
    """Means over pictures of the means over judges."""
    found = defaultdict(list)
    for judged in pictures:
        for name in CRITERIA:
            if given := [row[name] for row in judged if name in row]:
                found[name].append(fmean(given))
    return {name: fmean(values) for name, values in found.items()}


def _collected(key: Key, files: Iterable[Path]) -> dict[Mark, list[Row]]:
    """All rows by picture. Raises DataError for rows that fit no picture, and pictures without a row."""
    rows: dict[Mark, list[Row]] = {(asked.number, letter): [] for asked in key.asked for letter in asked.letters}
    for file in files:
        seen = set()
        for place, mark, row in _read(file):
            if mark not in rows:
                raise DataError(f"{place}: there is no picture {_name(mark)}; is this sheet for another key?")
            if mark in seen:
                raise DataError(f"{place}: picture {_name(mark)} has a line before this one")
            seen.add(mark)
            if row:
                rows[mark].append(row)
    if missing := [_name(mark) for mark, given in rows.items() if not given]:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise DataError(f"nobody has scored {', '.join(missing[:_SHOWN])}{more}")
    return rows


def _read(file: Path) -> Iterable[tuple[str, Mark, Row]]:
    """Each line's place for messages, its picture and its scores; a line without scores gives an empty row."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:  # what spreadsheets write begins with a mark
            lines = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"the scores in {file} cannot be read: {error}") from error
    for number, line in enumerate(lines, 2):
        place = f"{file}:{number}"
        if None in line or any(line.get(name) is None for name in COLUMNS[:-1]):
            raise DataError(f"{place}: a line needs the columns {', '.join(COLUMNS)}, separated by commas")
        yield place, _mark(place, line), _row(place, line)


def _mark(place: str, line: Mapping[str, str]) -> Mark:
    try:
        return int(line["number"]), line["letter"].strip().lower()
    except ValueError as error:
        raise DataError(f"{place}: {line['number']!r} is not the number of a picture") from error


def _row(place: str, line: Mapping[str, str]) -> Row:
    row = {name: _points(place, name, line[name]) for name in CRITERIA if line[name].strip()}
    if row and (missing := [name for name in CRITERIA if name not in row and name not in _BLANK_MAY_BE]):
        raise DataError(f"{place}: {' and '.join(missing)} may not be empty")
    return row


def _points(place: str, name: str, text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points <= 10:
        raise DataError(f"{place}: {name} is {text.strip()!r}; write a number from 0 to 10")
    return points


def _name(mark: Mark) -> str:
    return f"{mark[0]}{mark[1]}"
