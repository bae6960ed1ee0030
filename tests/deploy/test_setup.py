"""What `make venv` installs: everything pinned, and a clear word where it cannot."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    named = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in named}


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    return [Requirement(each) for each in [*project["dependencies"], *extras]]


@pytest.mark.parametrize("wanted", requirements(), ids=str)
def test_every_requirement_is_pinned_within_its_range(wanted: Requirement) -> None:
    assert wanted.specifier.contains(pins()[canonicalize_name(wanted.name)])


def test_pins_fit_every_build_of_torch() -> None:
    assert "+" not in pins()["torch"]


def test_an_unfit_python_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "deploy" / "venv.sh", tmp_path / "venv", "/bin/false"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "PYTHON=/bin/false is not a Python 3.11, 3.12 or 3.13" in done.stderr
