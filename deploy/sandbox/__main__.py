"""`python -m deploy.sandbox`: run the sandbox until it is interrupted."""

import signal

if __name__ == "__main__":  # until it hears signals itself, Ctrl-C ends it as quietly as SIGTERM does
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import asyncio
import gc
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from .server import Sandbox, serve
from .state.store import Store

_MOST = 65_535  # of ports; more shards than that nobody has


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line; `arguments` stand in for it in tests."""
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox", description=__doc__)
    parser.add_argument("--port", type=_from(0), default=0, help="port on 127.0.0.1 (default 0: any free one)")
    parser.add_argument("--shards", type=_from(1), default=1, help="shards that bots are told to use (default 1)")
    parser.add_argument("--token", help="the bot's token (default: a new one, which is printed)")
    parser.add_argument("--no-rate-limits", action="store_true", help="send rate-limit headers but refuse no one")
    parser.add_argument("--privileged-intents", action="store_true", help="allow members, presences, message content")
    parser.add_argument("--data", type=Path, help="folder in which the world is kept over restarts (default: nowhere)")
    parser.add_argument("--chaos", metavar="SEED", help="let calls and the gateway go wrong now and then, by this seed")
    parser.add_argument("--info", type=Path, help="also write where everything is into this JSON file")
    return parser.parse_args(arguments)


def _from(low: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not re.fullmatch("[0-9]{1,5}", text) or not low <= int(text) <= _MOST:
            raise argparse.ArgumentTypeError(f"it is a number from {low} to {_MOST}, not {text!r}")
        return int(text)

    return whole


async def run(arguments: argparse.Namespace, box: Sandbox) -> None:
    """Serve until SIGINT or SIGTERM, then close and save the world. Raises OSError when it cannot listen."""
    box.token = arguments.token or box.token
    box.enforce_limits(not arguments.no_rate_limits)
    box.world.privileged_intents |= arguments.privileged_intents
    if arguments.chaos is not None:
        box.chaos.start(arguments.chaos)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(box, arguments.port):
        facts = box.info()
        if arguments.info:
            arguments.info.write_text(json.dumps(facts))
        for name, value in facts.items():
            print(f"{name:15} {value}", flush=True)
        if box.store is not None and box.store.warning:
            print(box.store.warning, file=sys.stderr, flush=True)
        await stop.wait()


def main() -> int:
    """Run the sandbox; returns the exit status, 1 with a line on stderr when the folder or the port cannot be used."""
    arguments = read_arguments()
    gc.set_threshold(100_000, 20, 20)  # nearly all that is made is kept: looking through it so often finds little
    try:
        store = Store(arguments.data) if arguments.data is not None else None
        box = Sandbox(shards=arguments.shards, store=store)
    except OSError as problem:
        print(f"The sandbox cannot keep its world in {arguments.data}: {problem.strerror}.", file=sys.stderr)
        return 1
    try:
        asyncio.run(run(arguments, box))
    except OSError as problem:
        failed = f"write {problem.filename}" if problem.filename else f"listen on port {arguments.port}"
        print(f"The sandbox cannot {failed}: {problem.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
