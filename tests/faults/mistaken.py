"""Storms over an Easel that makes mistakes on purpose: the ledger has to find them in what really happened.

Each mistake is a few lines that the processes load when they start, as a `sitecustomize` on their path. On paper the
same ones are in `mistakes`, which costs nothing.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent

from tests.e2e.local import ROOT

from .account import Ledger
from .storm import Round, Weather, storm

_BEGIN = """
    import random, sys
    def some(): return random.random() < 0.25
    def part(*words): return "-m " + " ".join(words) in " ".join(sys.orig_argv)
"""


@dataclass(frozen=True)
class MistakenCode:
    """What is done wrong, and how the ledger puts it: in any of these words."""

    code: str
    words: tuple[str, ...]
    few: int = 5  # findings, at least

    def found(self, account: Ledger) -> list[str]:
        said = [*account.broken, *(f"ignored: {each}" for each in account.ignored)]
        return [each for each in said if each.startswith(self.words)]


CODES = {
    "a quarter of /imagine raises an internal error": MistakenCode(
        """
        if part("bot"):
            from bot.intake.admission import Intake
            accept = Intake.accept
            async def broken(self, origin, *more, **named):
                if origin.event.startswith("interaction:") and some():
                    raise ArithmeticError("a mistake")
                return await accept(self, origin, *more, **named)
            Intake.accept = broken
        """,
        ("an error of Easel's own",),
    ),
    "a quarter of healthy jobs fails for nothing": MistakenCode(
        """
        if part("worker", "slot"):
            from worker.contract.store.jobs import Jobs
            from worker.contract.types.job import Reason
            store = Jobs.store
            async def broken(self, job, attempt, *more, **named):
                if some():
                    return await self.fail(job, attempt, Reason.MEMORY)
                return await store(self, job, attempt, *more, **named)
            Jobs.store = broken
        """,
        ("unexplained: job",),
    ),
    "each asking reaction is accepted twice": MistakenCode(
        """
        if part("bot"):
            from dataclasses import replace
            from bot.intake.admission import Intake
            admit = Intake.admit
            async def broken(self, origin, *more, **named):
                job = await admit(self, origin, *more, **named)
                if origin.event.startswith("reaction:"):
                    again = replace(origin, job=origin.job[:-1] + "x", event=origin.event + "x")
                    await admit(self, again, *more, **named)
                return job
            Intake.admit = broken
        """,
        ("accepted 2 times",),
    ),
    "a quarter of interactions is left unanswered": MistakenCode(
        """
        if part("bot"):
            from discord.state import ConnectionState
            take = ConnectionState.parse_interaction_create
            def broken(self, data):
                if not some():
                    take(self, data)
            ConnectionState.parse_interaction_create = broken
        """,
        ("ignored: interaction",),
    ),
    "one more may wait or run, and be in a request": MistakenCode(
        """
        if part("bot"):
            from dataclasses import replace
            from bot.policy import limits
            caps, check = limits.Policy.caps.fget, limits.Policy._check
            def more(number): return number + 1 if number else 0
            def wide(self):
                found = caps(self)
                return replace(found, person=more(found.person), server=more(found.server))
            limits.Policy.caps = property(wide)
            limits.Policy._check = lambda self, name, asked: check(self, name, asked - 1)
        """,
        ("one too many at once", "one too many in one request"),
        few=2,
    ),
    "a day holds twice as much": MistakenCode(
        """
        if part("bot"):
            from worker.contract.types import timings
            known = timings._known
            timings._known = lambda day: {name: 2 * value for name, value in known(day).items()}
        """,
        ("one too many a day",),
        few=2,
    ),
    "starts a minute are not counted": MistakenCode(
        """
        if part("bot"):
            from dataclasses import replace
            from bot.policy import limits
            caps = limits.Policy.caps.fget
            def wide(self): return replace(caps(self), rate_member=0, rate_server=0)
            limits.Policy.caps = property(wide)
        """,
        ("one too many a minute",),
        few=2,
    ),
    "who is blocked is heard, and where it is paused": MistakenCode(
        """
        if part("bot"):
            from bot.policy import limits
            limits.Policy.check_open = lambda self: None
        """,
        ("accepted though",),
        few=2,
    ),
    "what admins change is heard of a minute later": MistakenCode(
        """
        if part("bot"):
            import time
            from dataclasses import replace
            from bot.intake import policies
            settings, old = policies.Policies.at, {}
            async def late(self, server, channel, roles, person):
                kept = old.get((server, channel, person))
                if kept is None or kept[0] < time.monotonic() - 60:
                    found = await settings(self, server, channel, roles, person)
                    kept = old[server, channel, person] = time.monotonic(), replace(found, versions=None)
                return kept[1]
            policies.Policies.at = late
        """,
        ("one too many", "accepted though", "unexplained"),
        few=2,
    ),
}


async def storms(seed: int, weather: Weather) -> AsyncIterator[tuple[str, MistakenCode, Round]]:
    """A storm for each mistake."""
    for name, mistake in CODES.items():
        async with _made(mistake, weather) as mistaken:
            yield name, mistake, await storm(seed, mistaken)


def verdict(name: str, mistake: MistakenCode, found: Round) -> tuple[bool, str]:
    """Was it found, and in which words."""
    shown = mistake.found(found.ledger)
    first = f", such as {shown[0]!r}" if shown else ""
    return len(shown) >= mistake.few, f"{name}: {len(found.plan.asks)} requests, found {len(shown)} times{first}"


@asynccontextmanager
async def _made(mistake: MistakenCode, weather: Weather) -> AsyncIterator[Weather]:
    """The same weather over processes that make this mistake."""
    with tempfile.TemporaryDirectory(prefix="easel-mistake-") as folder:
        (Path(folder) / "sitecustomize.py").write_text(dedent(_BEGIN) + dedent(mistake.code))
        yield replace(weather, pace={**weather.pace, "PYTHONPATH": f"{folder}:{ROOT}"})
