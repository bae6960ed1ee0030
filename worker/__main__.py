"""`python -m worker [all|engine|slot|poster]`: one machine's part of Easel."""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys
from collections.abc import Callable, Sequence

from worker.contract.private_files import env_file_complaint
from worker.contract.program import program
from worker.process import NO_POSTER, die_with_supervisor

USAGE = """usage: {program} [-h] [all|engine|slot|poster] ...

  all     (default) an engine, its slots and a poster, kept alive together; --gpus all: one such worker for each card
  engine  holds the models and draws, over a Unix socket
  slot    claims jobs and has the engine draw them
  poster  brings messages on Discord to their desired state

Settings come from the environment and .env; .env.example explains each.
`{program} engine --help` and so on say more.
"""


def _command(name: str) -> Callable[[Sequence[str]], int] | None:
    """The main function behind a name. Imported late, so that no process carries another's libraries."""
    if name == "all":
        from worker.supervisor.main import main
    elif name == "engine":
        from worker.engine.main import main
    elif name == "slot":
        from worker.slot.main import main
    elif name == "poster":
        from worker.poster.main import main
    else:
        return None
    return main


def _usage() -> str:
    return USAGE.format(program=program("worker"))


def run(argv: Sequence[str]) -> int:
    """Run the process that `argv` names; returns its exit status."""
    if argv and argv[0] in {"-h", "--help"}:
        print(_usage(), end="")
        return 0
    name, rest = (argv[0], argv[1:]) if argv and not argv[0].startswith("-") else ("all", argv)
    command = _command(name)
    if command is None:
        print(f"{program('worker')}: there is no part called {name!r}\n\n{_usage()}", end="", file=sys.stderr)
        return 2
    if complaint := env_file_complaint():
        print(f"easel: {complaint}", file=sys.stderr)
        return 2
    if name != "all" or NO_POSTER in rest:
        die_with_supervisor()
    return command(rest)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
