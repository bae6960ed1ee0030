"""CI runs a few tests that failed again before it believes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "again"
PASSES = "def test_it(): pass"
ONCE_MORE = "import pathlib\ndef test_it():\n    tries = pathlib.Path('tries')\n    tries.mkdir()"  # passes once only


def ran(folder: Path, tests: dict[str, str], failed: list[str] | None = None) -> tuple[int, str]:
    for name, body in tests.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body)
    cache = folder / ".pytest_cache/v/cache/lastfailed"
    cache.parent.mkdir(parents=True)
    cache.write_text(
        json.dumps(dict.fromkeys([f"{name}::test_it" for name in tests] if failed is None else failed, True))
    )
    quick = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run([sys.executable, SCRIPT], cwd=folder, env=quick, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_what_passes_every_time_is_named_and_lets_pass(tmp_path: Path) -> None:
    status, said = ran(tmp_path, {"tests/e2e/test_a.py": PASSES})
    assert status == 0
    assert said.endswith("waits to be mended:\n  tests/e2e/test_a.py::test_it\n")


def test_what_fails_again_has_failed(tmp_path: Path) -> None:
    assert ran(tmp_path, {"tests/e2e/test_a.py": ONCE_MORE})[0] == 1


@pytest.mark.parametrize(
    "tests",
    [
        {f"tests/e2e/test_{each}.py": PASSES for each in "abcd"},
        {},
    ],
)
def test_many_and_none_are_not_tried(tmp_path: Path, tests: dict[str, str]) -> None:
    assert ran(tmp_path, tests) == (1, "easel: what failed is not run again\n")


def test_a_file_that_could_not_be_read_has_failed(tmp_path: Path) -> None:
    assert ran(tmp_path, {"tests/e2e/test_a.py": PASSES}, ["tests/e2e/test_a.py"])[0] == 1
