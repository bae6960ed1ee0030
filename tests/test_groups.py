"""What files of tests share lives as long as one of them runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.groups import FIRST, GROUPS, Shared, group_of, place

ROOT = Path(__file__).parents[1]
FILES = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py"))


@pytest.mark.parametrize("pattern", [each for patterns in GROUPS.values() for each in patterns])
def test_every_pattern_names_a_file(pattern: str) -> None:
    assert list(ROOT.glob(pattern))


def test_what_comes_first_is_there() -> None:
    assert set(FIRST) <= {group_of(file) for file in FILES}


@pytest.mark.parametrize("words", ["devtools", "starter: Easel"])
def test_who_shares_is_in_one_group(words: str) -> None:
    """A second browser, or a second starter, would be started for a file that is in none."""
    users = {group_of(file) for file in FILES if words in (ROOT / file).read_text() and "test_groups" not in file}
    assert users <= GROUPS.keys()


def test_who_shares_an_easel_is_in_one_group() -> None:
    texts = {file: (ROOT / file).read_text() for file in FILES if file.startswith("tests/e2e/")}
    users = {file for file, text in texts.items() if "(easel: Easel" in text and "def easel(" not in text}
    assert {file for file in users if group_of(file) not in GROUPS} == set()


def test_a_file_alone_comes_after_the_groups() -> None:
    assert group_of("tests/test_walls.py::test_a") == "tests/test_walls.py"
    assert place("tests/test_walls.py::test_a") > place("tests/e2e/test_imagine.py::test_a")


def test_what_is_shared_is_made_once_and_ends() -> None:
    lived: list[str] = []

    @contextmanager
    def browser() -> Iterator[str]:
        lived.append("begun")
        yield "it"
        lived.append("ended")

    shared = Shared()
    assert [shared.get("browser", browser), shared.get("browser", browser)] == ["it", "it"]
    assert lived == ["begun"]
    shared.close()
    shared.close()
    assert lived == ["begun", "ended"]
    assert shared.get("browser", browser) == "it"
    assert lived == ["begun", "ended", "begun"]
    shared.close()
