"""`easel …`: every command under one name, for who has installed Easel; elsewhere `python -m deploy.command …`."""

import importlib
import io
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

EXIT_USAGE = 2
# Name → module, its function, what is put before the arguments, what it does. Modules are imported late, so that none
# carries another's libraries.
COMMANDS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "demo": ("deploy.local", "main", (), "all of Easel in this terminal; with DISCORD_TOKEN set, on the real Discord"),
    "init": ("deploy.init", "main", (), "ask for the token, check it, write .env, print the invitation"),
    "doctor": ("deploy.doctor.__main__", "main", (), "what is well, what may go wrong, and what to do about it"),
    "models": (
        "deploy.models.__main__",
        "main",
        (),
        "add a model, fetch it from the Hub, see whether it fits this card",
    ),
    "top": ("deploy.top.__main__", "main", (), "who waits, what is drawn, workers and cards, as they are just now"),
    "bot": ("bot.__main__", "main", (), "the bot"),
    "worker": ("worker.__main__", "run", (), "an engine, its slots and a poster; or one of them"),
    "pause": ("bot.operator.__main__", "main", ("pause",), "let nobody ask for anything; people read the sentence"),
    "resume": ("bot.operator.__main__", "main", ("resume",), "let everybody again"),
    "backup": ("deploy.backup", "main", ("backup",), "everything that Easel keeps in Redis into one file"),
    "restore": ("deploy.backup", "main", ("restore",), "and back, into an empty Redis"),
    "forget": ("deploy.forget", "main", (), "everything that is kept about one person goes"),
    "operator": ("bot.operator.__main__", "main", (), "servers: usage, tiers, weights, blocks"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the first argument names; returns its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal may not know ✓ and …
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] in {"-h", "--help"}:
        print(usage())  # noqa: T201
        return 0 if given else EXIT_USAGE
    name, *rest = given
    if name not in COMMANDS:
        print(f"easel: there is no command {name!r}\n\n{usage()}", file=sys.stderr)  # noqa: T201
        return EXIT_USAGE
    module, function, before, _ = COMMANDS[name]
    with _interrupted_quietly():
        from worker.contract.private_files import env_file_complaint

        if complaint := env_file_complaint():
            print(f"easel: {complaint}", file=sys.stderr)  # noqa: T201
            return EXIT_USAGE
        run: Callable[[Sequence[str]], int] = getattr(importlib.import_module(module), function)
    from worker.contract.program import called

    try:
        with called(f"easel {name}"):
            return run([*before, *rest])
    except KeyboardInterrupt:  # of those that have no more to say of it
        return 128 + signal.SIGINT


@contextmanager
def _interrupted_quietly() -> Iterator[None]:
    """Meanwhile Ctrl-C ends this process at once: an exception amid an import may be shown, or get lost."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def usage() -> str:
    """All commands, one a line."""
    rows = "\n".join(f"  {name:<9} {what}" for name, (*_, what) in COMMANDS.items())
    return (
        f"usage: easel COMMAND …\n\n{rows}\n\n"
        "Settings come from the environment and from .env in this folder. `easel COMMAND --help` says more."
    )


if __name__ == "__main__":
    sys.exit(main())
