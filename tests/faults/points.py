"""Each failpoint of the product in turn: a process is killed or paused exactly there, and the job is posted once."""

import asyncio
import signal
import time
from collections import Counter

from tests.e2e.local import until
from worker.contract.failpoints import POINTS

from .crowd import Crowd
from .havoc import Havoc
from .plan import Ask, Plan, Then
from .storm import Round, Scene, Weather, account, scene, settled

_TRIES = 6  # requests until a point counts as out of the way
_FIRE = 30.0
_CALM = 60.0
_ACTIONS = ("kill", "pause")


async def visit(weather: Weather) -> Round:
    """Arm every point with every action, one after the other, each with a request of its own."""
    async with scene(weather) as at:
        havoc, crowd = Havoc(at.town, at.sandbox, at.record, at.recovery), Crowd(at.sandbox, at.record)
        asks: list[Ask] = []
        for point in POINTS:
            for action in _ACTIONS:
                havoc.struck[f"{action} at {point}"] += 1
                havoc.log.append(f"{action} at {point}: {await _one(at, crowd, asks, point, action, weather.lease)}")
        await havoc.mend()
        plan = Plan(0, 0.0, 0.0, tuple(asks), ())
        return await account(at, plan, havoc, Counter(crowd.did))


async def _one(at: Scene, crowd: Crowd, asks: list[Ask], point: str, action: str, lease: float) -> str:
    """Ask until somebody came by the point."""
    fired = at.town.arm(point, action)
    for number in range(_TRIES):
        ask = Ask(
            len(asks), 0.0, at.people[number % len(at.people)], at.places[number % len(at.places)],
            f"{action} at {point} 0-{len(asks):04d}", 1, 6, len(asks), Then.NOTHING, "", 0.0,
        )  # fmt: skip
        asks.append(ask)
        await crowd.play((ask,), time.monotonic(), 0.0)
        try:
            await until(fired, f"a visit to {point}", _FIRE / _TRIES)
            break
        except TimeoutError:
            continue
    else:
        at.town.disarm()
        return "nobody came by"
    if action == "pause":
        await asyncio.sleep(1.5 * lease)
        at.town.strike(at.town.sleepers(), signal.SIGCONT)
    try:
        await settled(at, _CALM)
    except TimeoutError as error:
        return f"fired at request {len(asks)}, but {error}"
    return f"fired at request {len(asks)}"
