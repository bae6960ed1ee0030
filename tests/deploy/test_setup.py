"""What `make venv` installs: everything pinned, and a clear word where it cannot."""

import os
import re
import shutil
import subprocess
import sys
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


FAKE = """#!/bin/sh
case "$1" in
-c) exec {real} -c "import sys; sys.version_info = (3, {minor}, 0, 'final', 0); exec(sys.argv[1])" "$2" ;;
--version) echo "Python 3.{minor}.0" ;;
-m) [ "$2" = pip ] || {{ mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; }} ;;
esac
"""


def fake(folder: Path, name: str, minor: int) -> Path:
    """A Python that says that it is of another version, and makes virtual environments without anything in them."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(FAKE.format(real=sys.executable, minor=minor))
    path.chmod(0o755)
    return path


def venv(folder: Path, *arguments: Path, path: Path | None = None) -> tuple[int, str]:
    """Run deploy/venv.sh with the Pythons of one folder alone."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("sh", "grep", "mkdir", "cp", "touch"):
        if not (tools / tool).exists():
            (tools / tool).symlink_to(shutil.which(tool) or tool)
    done = subprocess.run(
        [ROOT / "deploy" / "venv.sh", folder / "venv", *arguments],
        env=os.environ | {"PATH": f"{path or folder / 'none'}:{tools}"}, capture_output=True, text=True, cwd=ROOT,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("there", "taken", "warned"),
    [
        ({"python3": 11}, 11, False),
        ({"python3": 14}, 14, False),
        ({"python3": 10, "python3.12": 12}, 12, False),
        ({"python3": 15, "python3.14": 14, "python3.11": 11}, 14, False),
        ({"python3": 15}, 15, True),
    ],
)
def test_a_python_is_found(tmp_path: Path, there: dict[str, int], taken: int, *, warned: bool) -> None:
    for name, minor in there.items():
        fake(tmp_path / "bin", name, minor)
    status, said = venv(tmp_path, path=tmp_path / "bin")
    assert status == 0, said
    assert f"making a virtual environment in {tmp_path / 'venv'} with Python 3.{taken}.0" in said
    assert ("newer than what Easel was tested with (3.11 to 3.14)" in said) is warned
    status, said = venv(tmp_path, path=tmp_path / "bin")
    assert status == 0, said
    assert "making" not in said  # it goes on with what the first run has made


def test_an_environment_that_was_ended_while_it_was_made_gets_its_pip(tmp_path: Path) -> None:
    """`python -m venv` makes its Python first, and fetches pip into it at last."""
    fake(tmp_path / "bin", "python3", 12)
    assert venv(tmp_path, path=tmp_path / "bin")[0] == 0
    half = tmp_path / "venv" / "bin" / "python"
    has = tmp_path / "pip"
    without = f'-m) [ "$2" = ensurepip ] && touch {has}; [ -e {has} ] || exit 1;'
    half.write_text(half.read_text().replace("-m)", without))
    status, said = venv(tmp_path, path=tmp_path / "bin")
    assert (status, has.exists()) == (0, True), said
    assert "making" not in said
    assert "putting pip into" in said


def test_an_environment_whose_python_became_another_is_made_again(tmp_path: Path) -> None:
    """Its mark is there, and what was installed is not."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".ready").touch()
    for status, remade in ((0, False), (1, True)):
        python = tmp_path / "bin" / "python"
        python.write_text(f"#!/bin/sh\nexit {status}\n")
        python.chmod(0o755)
        asked = subprocess.run(
            ["make", "-n", "venv", f"VENV={tmp_path}"], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert ("deploy/venv.sh" in asked.stdout) is remade, asked.stdout


@pytest.mark.parametrize(
    ("minor", "status", "words"), [(10, 1, "or newer with venv"), (14, 0, ""), (15, 0, "is newer")]
)
def test_a_named_python_is_taken_if_it_is_not_too_old(tmp_path: Path, minor: int, status: int, words: str) -> None:
    found, said = venv(tmp_path, fake(tmp_path / "bin", "mine", minor))
    assert (found, words in said) == (status, True)


def test_another_python_that_is_named_makes_the_environment_anew(tmp_path: Path) -> None:
    """As the words about a Python that is too new advise, when a package could not be installed for it."""
    fake(tmp_path / "bin", "python3", 15)
    older = fake(tmp_path / "older", "python3", 14)
    assert "make venv PYTHON=/path/to/python" in venv(tmp_path, path=tmp_path / "bin")[1]
    for made in (True, False):
        status, said = venv(tmp_path, older, path=tmp_path / "bin")
        assert (status, f"in {tmp_path / 'venv'} with Python 3.14.0" in said) == (0, made), said


def test_none_to_be_found_is_told(tmp_path: Path) -> None:
    fake(tmp_path / "bin", "python3", 10)
    status, said = venv(tmp_path, path=tmp_path / "bin")
    assert status == 1
    assert "Python 3.11 to 3.14 with venv is needed and was not found" in said


def test_what_is_said_of_versions_is_the_same_everywhere() -> None:
    script = (ROOT / "deploy" / "venv.sh").read_text()
    oldest, newest = re.findall(r"^(?:oldest|newest)=3\.(\d+)", script, re.MULTILINE)
    span = f"Python 3.{oldest} to 3.{newest}"
    for name in ("README.md", "Makefile", "docs/trouble.md"):
        assert span in (ROOT / name).read_text(), name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">=3.{oldest}"
    listed = {each.rpartition(" :: ")[2] for each in project["classifiers"] if "Python :: 3." in each}
    assert listed == {f"3.{minor}" for minor in range(int(oldest), int(newest) + 1)}


def test_an_unfit_python_is_named(tmp_path: Path) -> None:
    status, said = venv(tmp_path, Path("/bin/false"))
    assert status == 1
    assert "PYTHON=/bin/false is not a Python 3.11 or newer" in said
