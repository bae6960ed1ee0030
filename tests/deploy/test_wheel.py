"""The list of files that a wheel would hold. `make wheel` builds one and plays an /imagine with it."""

import subprocess
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from setuptools import find_namespace_packages

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT_FOLDERS = ("bot", "worker", "deploy")
LEFT_OUT = [
    "deploy/venv.sh",
    "worker/starter/card/*.webp",
    "deploy/docker/*",
    "deploy/systemd/*",
    "deploy/prometheus/*",
    "deploy/grafana/*",
    "deploy/kubernetes/*",
]


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", *PROJECT_FOLDERS], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def packages() -> set[str]:
    found = find_namespace_packages(str(ROOT), include=PROJECT["tool"]["setuptools"]["packages"]["find"]["include"])
    return {each.replace(".", "/") for each in found}


def test_every_file_comes_along(packages: set[str]) -> None:
    """Code by its package, the rest by the patterns of `package-data`."""
    tracked = _tracked()
    if not tracked:
        pytest.skip("this is no Git checkout")
    patterns = ["*.py", *PROJECT["tool"]["setuptools"]["package-data"]["*"]]
    missing = [
        file
        for file in tracked
        if not (str(Path(file).parent) in packages and any(fnmatchcase(Path(file).name, each) for each in patterns))
    ]
    assert [file for file in missing if not any(fnmatchcase(file, each) for each in LEFT_OUT)] == []


def test_what_is_left_out_is_known() -> None:
    """A pattern that fits nothing would one day hide a file that is missing."""
    tracked = _tracked()
    if not tracked:
        pytest.skip("this is no Git checkout")
    assert [each for each in LEFT_OUT if not any(fnmatchcase(file, each) for file in tracked)] == []
