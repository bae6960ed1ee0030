"""Break everything on purpose and count: `python -m tests.faults`, behind `make faults`.

First each failpoint of the product, then storms, the last a short one with the engine that really draws: hundreds of
requests by many people in many servers while processes are killed and paused, the gateway is cut and Discord
misbehaves, on two hosts with one Redis. Everything that happens is drawn from the seed. Exits 1 when a promise was
broken.

`--only mistakes` plays short storms over an Easel that makes mistakes on purpose; exits 1 when the ledger misses one.

Where to look: plan (the schedule), harness (the processes), crowd (the people), nemesis and store_blows (the blows),
troubles (when they fell), rules (what admins set meanwhile), record with lives (what people saw), sentences (what it
means), ledger with answers and excess (the account), explain, limits and blame (what may not be held against Easel),
mistakes and mistaken (what the ledger has to find), leftovers (Redis), points (the failpoints), storm, report.
"""

import argparse
import asyncio
import pickle
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults.harness import HOSTS, SHORT

from . import mistaken, points, report
from .storm import Round, Weather, storm

REAL: Any = {"engine": "real", "seconds": 60.0, "requests": 30, "every": 5.0}  # it draws for seconds, not at once
KEPT = "round.pickle"
CALM: Any = {"seconds": 40.0, "requests": 120, "every": 6.0, "admins": 1.0}  # a storm over mistakes needs few blows


def main(argv: Sequence[str] | None = None) -> int:
    """Play what is asked for; returns the exit status."""
    asked = _parser().parse_args(argv)
    if asked.settle:
        return _settle_again(Path(asked.settle))
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    pace = {} if asked.own_leases else dict(SHORT)
    hosts = HOSTS[: asked.hosts]
    weather = Weather(asked.seconds, asked.requests, asked.engine, hosts, pace, asked.every, together=asked.together)
    if asked.only == "mistakes":
        missed = asyncio.run(_mistakes(seed, replace(weather, **CALM), asked))
        print(f"the ledger missed {missed} mistakes" if missed else "every mistake was found")
        return 1 if missed else 0
    rounds = list(_rounds(seed, weather, asked))
    broken = sum(report.count(each) for each in rounds)
    print("", *map(report.summary, rounds), sep="\n")
    print("every promise was kept" if not broken else f"{broken} promises were broken")
    return 1 if broken else 0


def _settle_again(kept: Path) -> int:
    """Close the account of a round that was kept, once more: the ledger may have been mended since."""
    found: Round = pickle.loads(kept.read_bytes())
    found.ledger = found.facts.settle()
    print("\n".join(report.lines(found, whole=False)))
    return 1 if report.count(found) else 0


def _rounds(seed: int, weather: Weather, asked: argparse.Namespace) -> Iterator[Round]:
    """All that is asked for, one after the other."""
    if asked.only in {None, "failpoints"}:
        yield _show("failpoints", asyncio.run(points.visit(weather)), asked)
    if asked.only in {None, "storm"}:
        for number in range(asked.rounds):
            name = f"storm {number + 1} of {asked.rounds}"
            yield _show(name, asyncio.run(storm(seed + number, weather)), asked)
    if asked.only is None and asked.engine == "fake":
        yield _show("storm with the real engine", asyncio.run(storm(seed, replace(weather, **REAL))), asked)


async def _mistakes(seed: int, weather: Weather, asked: argparse.Namespace) -> int:
    """Returns how many mistakes the ledger misses."""
    missed = 0
    async for name, mistake, found in mistaken.storms(seed, weather):
        good, words = mistaken.verdict(name, mistake, found)
        missed += not good
        print(f"{'found' if good else 'MISSED'}: {words}", flush=True)
        if asked.logs:
            _keep(name, found, asked)
    return missed


def _show(name: str, found: Round, asked: argparse.Namespace) -> Round:
    print(f"\n== {name}, {time.strftime('%H:%M:%S')}")
    print("\n".join(report.lines(found, whole=not asked.brief)), flush=True)
    if asked.logs:
        _keep(name, found, asked)
    return found


def _keep(name: str, found: Round, asked: argparse.Namespace) -> None:
    folder = Path(asked.logs) / f"{name.replace(' ', '-').replace('/', '')}-{found.plan.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    for part, text in found.said.items():
        (folder / f"{part}.log").write_text(text)
    (folder / KEPT).write_bytes(pickle.dumps(found))
    (folder / "report.txt").write_text("\n".join(report.lines(found, whole=True)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, help="what everything is drawn from (any)")
    parser.add_argument("--rounds", type=int, default=1, help="storms, with this seed and the next ones (1)")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long a storm lasts (120)")
    parser.add_argument("--requests", type=int, default=300, help="how many /imagine in a storm (300)")
    parser.add_argument("--every", type=float, default=2.0, help="mean seconds between two blows (2)")
    parser.add_argument("--only", choices=("failpoints", "storm", "mistakes"), help="one part alone")
    parser.add_argument("--engine", choices=("fake", "real"), default="fake", help="what draws (fake)")
    parser.add_argument("--hosts", type=int, choices=(1, 2), default=2, help="workers (2)")
    parser.add_argument(
        "--together",
        type=int,
        default=0,
        metavar="N",
        help="engines draw N requests together, from slots of either kind",
    )
    parser.add_argument("--own-leases", action="store_true", help="the product's own leases, not short ones")
    parser.add_argument("--brief", action="store_true", help="leave the schedule out of the report")
    parser.add_argument("--logs", help="folder to keep what every process said, and the round itself")
    parser.add_argument("--settle", metavar="FILE", help=f"only read the account of a round that was kept ({KEPT})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
