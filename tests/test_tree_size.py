"""`make lint` fails when the tracked files are too large, and says which are the largest."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MEBIBYTE = 2**20


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Two large files that are tracked, and one that is not."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name, size in (("odd name.bin", 2), ("small.bin", 1), ("left out.bin", 9)):
        (tmp_path / name).write_bytes(b"x" * size * MEBIBYTE)
    subprocess.run(["git", "add", "odd name.bin", "small.bin"], cwd=tmp_path, check=True)
    return tmp_path


def measured(folder: Path, most: str) -> tuple[int, str]:
    script = ROOT / ".ci" / "tree-size"
    done = subprocess.run([script, most], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_what_is_tracked_counts_and_nothing_else(checkout: Path) -> None:
    assert measured(checkout, "3") == (0, "")


def test_too_much_is_named_the_largest_first(checkout: Path) -> None:
    status, said = measured(checkout, "2.9")
    assert status == 1
    assert said.startswith("The tracked files take 3.0 MiB, and at most 2.9 MiB may be tracked.\n")
    assert said.splitlines()[2:] == ["     2.0 MiB  odd name.bin", "     1.0 MiB  small.bin"]


def test_without_git_there_is_nothing_to_measure(tmp_path: Path) -> None:
    status, said = measured(tmp_path, "1")
    assert status == 0
    assert "no Git checkout" in said


def test_lint_measures() -> None:
    assert "\t.ci/tree-size\n" in (ROOT / "Makefile").read_text()
