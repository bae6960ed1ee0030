"""A process that is told to end while it still imports says nothing, and its exit status says which signal it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

DECODER = "worker.engine.service.decoding"
# What is run → modules that it imports early and late, and its arguments.
COMMANDS = {
    "worker": (("logging", "yarl"), ("all",)),
    "worker engine": (("logging", "yarl"), ()),
    "worker slot": (("yarl",), ()),
    "worker poster": (("yarl",), ()),
    "worker.engine": (("logging",), ()),
    "worker.slot.main": (("logging",), ()),
    DECODER: (("logging",), ()),
    "bot": (("logging", "yarl"), ()),
    "bot.operator": (("logging", "redis"), ("list",)),
    "deploy.sandbox": (("logging", "yarl"), ()),
    "deploy.local": (("logging", "pydantic"), ()),
    "deploy.command": (("dotenv",), ("top",)),
    "deploy.command doctor": (("pydantic",), ()),
}
# Stands in for a module: signals its own process, and is the real one where that does not end it.
SIGNALS = """
import os, signal, sys
sys.path.remove({folder!r})
del sys.modules[__name__]
os.kill(os.getpid(), {number})
import {module}
"""


def ended(command: str, arguments: tuple[str, ...], module: str, number: signal.Signals, folder: Path) -> object:
    """Exit status and output of a command that gets the signal while it imports the module."""
    (folder / f"{module}.py").write_text(SIGNALS.format(folder=str(folder), number=int(number), module=module))
    path = os.pathsep.join(filter(None, [str(folder), str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]))
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("EASEL_", "DISCORD_"))}
    done = subprocess.run(
        [sys.executable, "-m", *command.split(), *arguments],
        env=keep | {"PYTHONPATH": path},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


CTRL_C = [(command, module) for command, (modules, _) in COMMANDS.items() for module in modules if command != DECODER]


@pytest.mark.parametrize(("command", "module"), CTRL_C)
def test_a_ctrl_c_ends_it_quietly(command: str, module: str, tmp_path: Path) -> None:
    found = ended(command, COMMANDS[command][1], module, signal.SIGINT, tmp_path)
    assert found == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_so_does_its_supervisor(command: str, tmp_path: Path) -> None:
    (module, *_), arguments = COMMANDS[command]
    assert ended(command, arguments, module, signal.SIGTERM, tmp_path) == (-signal.SIGTERM, "", "")


def test_a_ctrl_c_in_the_terminal_leaves_the_decoder_to_its_engine(tmp_path: Path) -> None:
    """It is in the foreground beside its engine, which may still need it, and ends it at last."""
    parent = (str(os.getpid()),)
    assert ended(DECODER, parent, "pydantic", signal.SIGINT, tmp_path) == (0, "+", "")
