"""The list of mutations: `rules/*.toml` beside this file, one for each room."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).with_name("rules")


class MovedError(Exception):
    """The code that a mutation changes is not where it was.

    Attributes:
        mutation: which one.
        found: how often its old text stands in its file.
    """

    def __init__(self, mutation: "Mutation", found: int) -> None:
        super().__init__(
            f"{mutation.name}: `{mutation.old}` stands {found} times in {mutation.file}, not once. "
            f"The rule has moved ({mutation.breaks}): mend its mutation in {RULES.relative_to(ROOT)}/."
        )
        self.mutation, self.found = mutation, found


class Mutation(BaseModel):
    """One line changed so that one rule no longer holds.

    Attributes:
        name: for --only and for reports.
        breaks: the rule that no longer holds, in a few words.
        file: relative to the root, like those of `tests`.
        old, new: what stands in the file exactly once, and what takes its place.
        tests: files or node ids for pytest, of which one must fail.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    breaks: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def apply(self, text: str) -> str:
        """The file's text with the rule broken. Raises MovedError."""
        if (found := text.count(self.old)) != 1:
            raise MovedError(self, found)
        return text.replace(self.old, self.new)


class _File(BaseModel):
    """What one [[file]] of a list says: common to its mutants, which may name tests of their own."""

    model_config = ConfigDict(extra="forbid")

    path: str
    tests: tuple[str, ...]
    mutant: list[dict[str, Any]]


class _Rules(BaseModel):
    """One list."""

    model_config = ConfigDict(extra="forbid")

    file: list[_File]


def read(folder: Path = RULES) -> list[Mutation]:
    """All mutations, in the order of the lists. Raises ValueError for a list that cannot be read."""
    return [mutation for path in sorted(folder.glob("*.toml")) for mutation in _of(path)]


def _of(path: Path) -> Iterator[Mutation]:
    for file in _Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).file:
        common = {"file": file.path, "tests": file.tests}
        yield from (Mutation.model_validate(common | mutant) for mutant in file.mutant)
