"""Requests that come one by one, at random, at a part of what the plain pipeline can do.

The plain pipeline draws one after the other in the order of arrival: how long each waits there follows from how long
each takes, which is measured right before. The engine is given each at its moment.
"""

import asyncio
import random
import statistics
import time

from worker.contract.types.request import Request

from .drawing import Engine, Plain
from .report import Report
from .wishes import mixed

_PLACES = 16  # of the engine; further requests wait outside, as they would in Redis


async def arrive(plain: Plain, engine: Engine, asked: Request, loads: list[int], requests: int, report: Report) -> None:
    """`loads`: per cent of what the plain pipeline can do."""
    for load in loads:
        wishes = mixed(asked, requests)
        random.Random(load).shuffle(wishes)
        each = [(await plain.draw(wish)).total for wish in wishes]
        moments = poisson(statistics.mean(each) * 100 / load, requests, seed=load)
        one = served(moments, each)
        two, over = await _asked(engine, wishes, moments)
        report.arrivals(load, one, two, max(m + w for m, w in zip(moments, one, strict=True)), over)


def poisson(gap: float, count: int, seed: int) -> list[float]:
    """Moments of so many arrivals, in seconds; `gap`: between two, in the mean."""
    dice, now, found = random.Random(seed), 0.0, []
    for _ in range(count):
        found.append(now)
        now += dice.expovariate(1 / gap)
    return found


def served(moments: list[float], each: list[float]) -> list[float]:
    """How long each is under way where one is drawn after the other."""
    free, found = 0.0, []
    for moment, seconds in zip(moments, each, strict=True):
        free = max(free, moment) + seconds
        found.append(free - moment)
    return found


async def _asked(engine: Engine, wishes: list[Request], moments: list[float]) -> tuple[list[float], float]:
    """How long each is under way, and when the last was over."""
    places, began = asyncio.Semaphore(_PLACES), time.perf_counter()

    async def one(wish: Request, moment: float) -> float:
        await asyncio.sleep(max(0.0, moment - (time.perf_counter() - began)))
        async with places:
            await engine.draw(wish)
        return time.perf_counter() - began - moment

    found = await asyncio.gather(*(one(wish, moment) for wish, moment in zip(wishes, moments, strict=True)))
    return [*found], time.perf_counter() - began
