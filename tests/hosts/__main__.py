"""Several hosts with a network between them: `python -m tests.hosts`, behind `make hosts`.

Four hosts are network namespaces of this machine that a bridge joins: one for Valkey, one for the bot, and two workers
with two fake cards each; Discord (the sandbox) is outside. People ask all the time. Without options the cables of a
worker, the bot and the store are pulled for longer than a lease, a worker and the bot are cut off from the store or
from Discord alone, and one host loses its power. `--upgrade` starts everything at an older commit instead and replaces
it under load: workers first, then the bot, one at a time.

Every request that was accepted has to be posted once. Exits 1 when one was not, and 2 when there can be no such hosts
here. No rights are needed, but a kernel that lets everybody make namespaces, and the program `ip`.

Where to look: network (hosts and cables), fleet (what runs on them), play (what happens), count (the account).
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.local import ROOT

from . import network
from .count import Count
from .fleet import unpack
from .play import cuts, played, upgrade

_RATE, _RATE_MOST = 2.0, 50.0


def main(argv: Sequence[str] | None = None) -> int:
    """Play what is asked for; returns the exit status."""
    told = list(sys.argv[1:] if argv is None else argv)
    asked = _parser().parse_args(told)
    if network.INSIDE not in os.environ:
        if why := network.refused():
            print(f"python -m tests.hosts: {why}", file=sys.stderr)
            return 2
        return network.enter("tests.hosts", told)
    with tempfile.TemporaryDirectory(prefix="ez-old-") as folder:
        try:
            old = {commit: unpack(commit, Path(folder) / str(at)) for at, commit in enumerate(asked.upgrade)}
        except ValueError as error:
            print(f"python -m tests.hosts: {error}", file=sys.stderr)
            return 2
        counts = _played(asked, old, Path(asked.logs).resolve() if asked.logs else None)
    for name, found in counts.items():
        print(f"\n== {name}: {found}", *found.broken, sep="\n")
    return 1 if any(found.broken for found in counts.values()) else 0


def _played(asked: argparse.Namespace, old: Mapping[str, Path], logs: Path | None) -> dict[str, Count]:
    plays = {f"upgrade-from-{commit}": (upgrade, tree) for commit, tree in old.items()}
    if not plays or asked.cuts:
        plays = {"cuts": (cuts, ROOT)} | plays
    return {
        name: asyncio.run(
            played(what, tree, asked.rate, asked.seed, logs and logs / name, asked.bots if what is cuts else 1)
        )
        for name, (what, tree) in plays.items()
    }


def _rate(told: str) -> float:
    if not 0 < (rate := float(told)) <= _RATE_MOST:
        raise argparse.ArgumentTypeError(f"between 0 and {_RATE_MOST:g} a second; now {told}")
    return rate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.hosts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cuts", action="store_true", help="the cuts too, where there is an --upgrade")
    said = "a rolling upgrade from this commit; may be given several times"
    parser.add_argument("--upgrade", metavar="COMMIT", action="append", default=[], help=said)
    said = "so many bots share the servers by EASEL_SHARD while cables are cut (1)"
    parser.add_argument("--bots", type=int, choices=(1, 2, 3), default=1, help=said)
    parser.add_argument("--rate", type=_rate, default=_RATE, help=f"requests a second ({_RATE:g})")
    parser.add_argument("--seed", type=int, default=1, help="of who asks where (1)")
    parser.add_argument("--logs", help="folder to keep what every process said")
    return parser


if __name__ == "__main__":
    sys.exit(main())
