"""Containers and units say what the code says: commands, variables, pins, patience. No image is built here."""

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import ProcessCollector

from bot.settings import Settings as BotSettings
from deploy import command
from worker.engine.settings import EngineSettings
from worker.settings import EX_USAGE, Settings

ROOT = Path(__file__).parents[2]
DOCKER, SYSTEMD = ROOT / "deploy" / "docker", ROOT / "deploy" / "systemd"
COMPOSE = ROOT / "compose.yaml"
DOCKERFILES = sorted(DOCKER.glob("*.Dockerfile"))
UNITS = sorted(SYSTEMD.glob("*.service"))
EXTRAS = {"bot": (), "worker": ("engine", "demo")}
EXPOSED = {"easel-bot.service": 20, "easel-worker@.service": 25}  # tenths, by systemd's own count; 100 is wide open
ENDING = 20  # seconds that ending the parts takes besides EASEL_DRAIN


def _pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.+!]+)", path.read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def _services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def _ours() -> dict[str, dict[str, Any]]:
    return {name: each for name, each in _services().items() if "build" in each}


def _unit(path: Path) -> dict[str, list[str]]:
    """What [Service] sets; a key may stand there several times."""
    lines = re.findall(r"^(\w+)=(.*)$", path.read_text().partition("[Service]")[2], re.MULTILINE)
    found: dict[str, list[str]] = {}
    for key, value in lines:
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", EXTRAS)
def test_a_lock_holds_what_is_pinned_and_needed(name: str) -> None:
    """After a pin has moved, deploy/docker/locks.sh writes both anew."""
    locked, pinned = _pins(DOCKER / f"{name}.lock"), _pins(ROOT / "constraints.txt")
    assert {each: version for each, version in locked.items() if pinned.get(each, version) != version} == {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(one for each in EXTRAS[name] for one in project["optional-dependencies"][each]),
    ]
    names = {re.split(r"[^\w.-]", each)[0] for each in wanted}
    assert {re.sub(r"[-_.]+", "-", each).lower() for each in names} <= locked.keys()


@pytest.mark.parametrize("name", EXTRAS)
def test_every_package_of_a_lock_has_hashes(name: str) -> None:
    """pip needs them for each, or installs nothing."""
    packages = re.split(r"^(?=[\w.-]+(?:\[|==))", (DOCKER / f"{name}.lock").read_text(), flags=re.MULTILINE)[1:]
    assert len(packages) == len(_pins(DOCKER / f"{name}.lock"))
    assert [each.splitlines()[0] for each in packages if "--hash=sha256:" not in each] == []


def test_the_bot_carries_no_torch() -> None:
    assert not {"torch", "diffusers", "transformers"} & _pins(DOCKER / "bot.lock").keys()


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_an_image_is_built_of_what_there_is_and_runs_as_nobody_special(path: Path) -> None:
    text = path.read_text()
    bases = set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.13\.\d+-slim-\w+", *bases)
    assert "--python-version 3.13 " in (DOCKER / "locks.sh").read_text()
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["easel"]
    copied = [each for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for each in line.split()]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for each in copied:
        assert (ROOT / each).exists(), each
        assert each.split("/")[0] in allowed, f".dockerignore keeps {each} out"


def test_compose_keeps_to_its_specification() -> None:
    schema = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(schema, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_services_of_easel_are_ours() -> None:
    for name, each in _ours().items():
        assert each["command"][0] in command.COMMANDS, name
        assert each["read_only"], name
        assert (ROOT / each["build"]["dockerfile"]).is_file(), name
        assert set(each["environment"]) <= _variables(), name
        assert each["cap_drop"] == ["ALL"], name
    for name, each in _services().items():
        assert re.search(r":v?\d+\.\d+\.\d+", each.get("image", "")) or name in _ours(), f"{name} has no exact version"


def test_every_profile_is_a_whole_easel() -> None:
    assert [name for name, each in _services().items() if "sandbox" in each["profiles"]] == ["sandbox"]
    for profile in ("cpu", "gpu"):
        names = {name for name, each in _services().items() if profile in each["profiles"]}
        assert {"valkey", "bot", "prometheus", "grafana"} < names
        assert any(name.startswith("worker") for name in names)


def test_workers_get_the_time_that_they_take_to_end() -> None:
    needed = Settings.model_fields["drain"].default + ENDING
    for name, each in _ours().items():
        if each["command"] in (["worker"], ["demo"]):
            assert float(each["stop_grace_period"].removesuffix("s")) >= needed, name
    (told,) = _unit(SYSTEMD / "easel-worker@.service")["TimeoutStopSec"]
    assert float(told) >= needed


def test_systemd_leaves_an_engine_that_had_too_little_memory_to_its_worker() -> None:
    """Else it would end the whole worker, and forget with its folder which model the engine died of."""
    unit = _unit(SYSTEMD / "easel-worker@.service")
    assert unit["OOMPolicy"] == ["continue"]
    assert unit["RuntimeDirectory"] == ["easel-worker-%i"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_leaves_a_process_what_its_metrics_read(path: Path, tmp_path: Path) -> None:
    """Where /proc/stat is hidden, nothing is told of the process itself, not even what lies in its own folder."""
    (tmp_path / "self").symlink_to("/proc/self")
    assert not list(ProcessCollector(proc=str(tmp_path), registry=None).collect())
    assert "ProcSubset" not in _unit(path)


def test_no_token_stands_in_the_environment_of_a_container() -> None:
    """It would be shown by `docker inspect`. What .env says goes for nothing, and the file is where compose puts it."""
    whole = yaml.safe_load(COMPOSE.read_text())
    for name, each in _ours().items():
        assert each["environment"]["DISCORD_TOKEN"] == "", name
        if "secrets" not in each:
            assert each["environment"]["DISCORD_TOKEN_FILE"] == "", name
        else:
            assert each["environment"]["DISCORD_TOKEN_FILE"] == f"/run/secrets/{each['secrets'][0]}", name
            assert each["secrets"][0] in whole["secrets"]
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()
    mounted = {volume.split(":")[0] for each in _services().values() for volume in each.get("volumes", ())}
    assert {each for each in mounted if not each.startswith("./")} == set(whole["volumes"])
    assert all((ROOT / each).exists() for each in mounted if each.startswith("./"))


def test_the_release_builds_what_there_is() -> None:
    path = ROOT / ".github" / "workflows" / "release.yml"
    schema = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(schema, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    images = yaml.safe_load(path.read_text())["jobs"]["images"]
    assert {f"{name}.Dockerfile" for name in images["strategy"]["matrix"]["name"]} == {
        each.name for each in DOCKERFILES
    }


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_what_there_is(path: Path) -> None:
    unit = _unit(path)
    (start,) = unit["ExecStart"]
    program, name = start.split()
    assert program.endswith("/easel")
    assert name in command.COMMANDS
    assert unit["RestartPreventExitStatus"] == [str(EX_USAGE)]
    assert unit["KillMode"] == ["mixed"]
    assert set(re.findall(r"\bEASEL_\w+", path.read_text())) <= _variables()
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read(path)
    assert parser.sections() == ["Unit", "Service", "Install"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_to_complain_about(path: Path, tmp_path: Path) -> None:
    """Neither a word that it does not know, nor much that the unit may do without need."""
    unit = tmp_path / path.name
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", path.read_text()))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    threshold = f"--threshold={EXPOSED[path.name]}"
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", threshold, unit], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert exposed.returncode == 0, exposed.stdout[-300:] + exposed.stderr


def _variables() -> set[str]:
    known = {f"EASEL_{name}".upper() for kind in (Settings, EngineSettings, BotSettings) for name in kind.model_fields}
    known |= {"EASEL_REDIS_URL", "DISCORD_TOKEN"}
    return known | {f"{name}_FILE" for name in known}
