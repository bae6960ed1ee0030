"""Each failpoint of the product in turn: a process is killed or paused exactly there, and the job is posted once."""

import asyncio
import signal
import time
from collections import Counter
from contextlib import suppress

from tests.e2e.local import until
from tests.faults.nemesis import Nemesis
from worker.contract.store.failpoints import POINTS
from worker.tasks import end

from .crowd import Crowd
from .deeds import Then
from .plan import Ask, Plan
from .storm import Round, Scene, Weather, account, scene, settled
from .troubles import Trouble

_TRIES = 6  # requests until a point counts as out of the way
_FIRE = 30.0
_CALM = 60.0
_FIRED = 1.0  # seconds in which it is seen that a point has fired
_ACTIONS = ("kill", "pause")


async def visit(weather: Weather) -> Round:
    """Arm every point with every action, one after the other, each with a request of its own."""
    async with scene(weather) as at:
        nemesis, crowd = (
            Nemesis(at.harness, at.sandbox, at.record, at.recovery, at.store),
            Crowd(at.sandbox, at.record, at.ids),
        )
        asks: list[Ask] = []
        for point in POINTS:
            for action in _ACTIONS:
                nemesis.struck[f"{action} at {point}"] += 1
                nemesis.log.append(f"{action} at {point}: {await _one(at, crowd, asks, point, action, weather.lease)}")
        await nemesis.mend()
        plan = Plan(0, 0.0, 0.0, tuple(asks), ())
        return await account(at, weather, plan, nemesis, Counter(crowd.did))


async def _one(at: Scene, crowd: Crowd, asks: list[Ask], point: str, action: str, lease: float) -> str:
    """Ask until somebody came by the point."""
    fired = at.harness.arm(point, action)
    for number in range(_TRIES):
        ask = _ask(at, len(asks), point, action, number)
        asks.append(ask)
        now = time.monotonic()
        playing = asyncio.create_task(crowd.play((ask,), now, now + _FIRE))
        with suppress(TimeoutError):
            await until(fired, f"a visit to {point}", _FIRE / _TRIES)
        await end(playing)
        if fired():
            break
    else:
        at.harness.disarm()
        return "nobody came by"
    if action == "pause":
        began = time.monotonic()
        await asyncio.sleep(1.5 * lease)
        if at.harness.bot.pid in at.harness.sleepers():
            at.record.troubles.note(Trouble.FROZEN, began - _FIRED, time.monotonic())
        at.harness.strike(at.harness.sleepers(), signal.SIGCONT)
    else:
        at.record.troubles.note(Trouble.DIED, time.monotonic() - _FIRED, time.monotonic())
    try:
        await settled(at, _CALM)
    except TimeoutError as error:
        return f"fired at request {len(asks)}, but {error}"
    at.harness.forgive()
    return f"fired at request {len(asks)}"


def _ask(at: Scene, number: int, point: str, action: str, turn: int) -> Ask:
    """A request whose way leads past the point."""
    then, slow = (Then.CANCEL, " [slow=0.5]") if point.startswith("cancel") else (Then.NOTHING, "")
    person = at.people[turn % len(at.people)]
    return Ask(
        number, 0.0, person, at.places[turn % len(at.places)], f"{action} at {point} 0-{number:04d}{slow}", 1, 6,
        number, then, person, 0.0,
    )  # fmt: skip
