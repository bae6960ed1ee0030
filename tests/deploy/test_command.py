"""`easel …`: every command leads to what it names."""

import inspect
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from deploy import command

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_is_there(name: str) -> None:
    module, function, _, what = command.COMMANDS[name]
    run = getattr(import_module(module), function)
    assert next(iter(inspect.signature(run).parameters)) in {"argv", "arguments"}
    assert f"  {name:<9} {what}" in command.usage().splitlines()


def test_arguments_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    def operator(argv: list[str]) -> int:
        given.append(argv)
        return 7

    monkeypatch.setattr("bot.operator.__main__.main", operator)
    assert command.main(["pause", "Until 8."]) == 7
    assert given == [["pause", "Until 8."]]


@pytest.mark.parametrize(("argv", "status"), [([], 2), (["--help"], 0), (["-h"], 0)])
def test_usage_is_told(argv: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(argv) == status
    assert capsys.readouterr().out.strip() == command.usage()


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["draw"]) == 2
    assert capsys.readouterr().err.startswith("easel: there is no command 'draw'\n")


def test_the_script_that_is_installed_is_this_one() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"easel": f"{command.__name__}:main"}


def test_no_command_is_loaded_for_another() -> None:
    heavy = "assert not {'torch', 'discord', 'rq', 'aiohttp', 'pydantic'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", f"import sys, deploy.command; {heavy}"], cwd=ROOT, check=True)
