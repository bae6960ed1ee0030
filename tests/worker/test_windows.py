"""Every window in the life of a job that worker/contract/README.md names, on one host and on two.

What dies there is test_failpoints.py's as far as it concerns a work horse; here are the other processes, every pause,
whole hosts, and answers of Redis that are lost.
"""

import signal
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.worker.contract.factories import new_job, request
from tests.worker.harness import Harness, admitted, first_step, state, until
from tests.worker.hosts import Hosts
from tests.worker.poster.standin import Standin
from tests.worker.proxy import Proxy
from worker.contract.store import keys
from worker.contract.store.jobs import Cancelled, Jobs
from worker.contract.types.job import Job, State
from worker.contract.types.timings import Caps

CAPS = Caps(person=99, server=99, rate_person=0, rate_server=0)
OF_HORSES = ("claim-after", "render-during", "store-after", "rendered-before", "rendered-after")
OF_POSTERS = ("post-before", "post-after", "posted-after")


async def ask(living: Jobs, standin: Standin, name: str, prompt: str = "a red apple") -> int:
    message = standin.message()
    new = new_job(name).model_copy(update={"request": request(prompt=prompt, count=2)})
    await admitted(living, new, CAPS)
    await living.answered(name, message)
    return message


async def posted(living: Jobs, standin: Standin, name: str, message: int) -> Job:
    """The job once it is posted: its pictures are in its one message."""
    job = await state(living, name, State.POSTED)
    assert len(standin.messages[message].files) == 2, name
    return job


async def ended(process: psutil.Process) -> bool:
    return not process.is_running()


@pytest.fixture
async def hosts(harness: Harness, folder: Path, living: Jobs) -> Hosts:
    hosts = Hosts(harness, folder)
    for name in ("north", "south"):
        hosts.start(name, EASEL_ENGINE_SILENCE="3")
    await hosts.ready(living, "north", "south")
    return hosts


async def test_who_is_killed_is_replaced(harness: Harness, standin: Standin, living: Jobs) -> None:
    """Slot, engine and poster at their own points; one host is enough."""
    harness.start("all", EASEL_SLOTS="2")
    for point, attempt in (("fork-before", 2), ("draw-during", 2), ("posted-after", 1)):
        armed = harness.arm(point)
        message = await ask(living, standin, point)
        await harness.fired(armed)
        assert (await posted(living, standin, point, message)).attempt == attempt, point
    assert len(standin.messages) == 3


async def test_who_is_paused_is_replaced_and_does_no_harm_when_it_wakes(
    hosts: Hosts, standin: Standin, living: Jobs
) -> None:
    """At each point in turn, on two hosts; then all that slept are awake and one more job is drawn."""
    shown: dict[str, int] = {}
    for point in (*OF_HORSES, *OF_POSTERS, "fork-before"):
        armed = hosts.harness.arm(point, "pause")
        shown[point] = await ask(living, standin, point)
        await hosts.harness.fired(armed)
        sleeper = await hosts.paused()
        job = await posted(living, standin, point, shown[point])
        assert job.attempt == (1 if point in {"rendered-after", *OF_POSTERS} else 2), point
        with suppress(psutil.NoSuchProcess):  # a slot ends a horse that sleeps too long
            sleeper.resume()
        if point in OF_HORSES:  # before the next point is armed
            await until(partial(ended, sleeper), f"end of what slept at {point}")
    shown["last"] = await ask(living, standin, "last")
    for name, message in shown.items():
        await posted(living, standin, name, message)
    assert len(standin.messages) == len(shown)


async def test_a_sleeping_engine_is_replaced_and_a_sleeping_poster_sends_nothing_old(
    hosts: Hosts, standin: Standin, living: Jobs
) -> None:
    await _a_poster_sleeps(hosts, standin, living)
    armed = hosts.harness.arm("draw-during", "pause")
    message = await ask(living, standin, "frozen")
    await hosts.harness.fired(armed)
    sleeper = await hosts.paused()
    assert (await posted(living, standin, "frozen", message)).attempt == 2
    await hosts.harness.heard("north", "south", words="the engine has not answered for")
    await until(lambda: ended(sleeper), "end of the engine that hangs")


async def _a_poster_sleeps(hosts: Hosts, standin: Standin, living: Jobs) -> None:
    """Between its last look at Redis and Discord; the pictures that are there when it wakes stay there."""
    message = await ask(living, standin, "slow", "[slow=0.15] a fig")
    await drawing(living, "slow")
    armed = hosts.harness.arm("post-before", "pause")
    await hosts.harness.fired(armed)
    sleeper = await hosts.paused()
    await posted(living, standin, "slow", message)
    sleeper.resume()
    await hosts.harness.heard("north", "south", words="slow: another poster has it")
    assert len(standin.messages[message].files) == 2


async def test_a_whole_host_is_lost_in_mid_render(hosts: Hosts, standin: Standin, living: Jobs) -> None:
    """Paused, and awake again; then killed. Two renders, two messages, and nothing more from either."""
    for number, blow in enumerate((signal.SIGSTOP, signal.SIGKILL)):
        name = f"orphan-{blow.name}"
        message = await ask(living, standin, name, "[slow=0.1] a fig")
        first = await drawing(living, name)
        other = "south" if first == "north" else "north"
        hosts.strike(first, blow)
        job = await posted(living, standin, name, message)
        assert job.attempt == 2
        assert (await living.redis.hget(keys.job(name), "worker")) == other.encode()
        edits = standin.messages[message].edits
        if blow is signal.SIGSTOP:
            hosts.strike(first, signal.SIGCONT)
            await hosts.harness.heard(first, words=f"{name}-1: ")  # lost, or given up: its engine seemed to be silent
        again = await ask(living, standin, f"next-{number}")
        await posted(living, standin, f"next-{number}", again)
        assert standin.messages[message].edits == edits
    assert len(standin.messages) == 4


async def drawing(living: Jobs, name: str) -> str:
    """The worker that draws it, once it has made a step."""
    await first_step(living, name)
    worker = await living.redis.hget(f"easel:job:{name}", "worker")
    assert isinstance(worker, bytes)
    return worker.decode()


@pytest.mark.parametrize(
    ("point", "outcome"),
    [("render-during", Cancelled.DONE), ("rendered-before", Cancelled.DONE), ("post-before", Cancelled.ENDED)],
)
async def test_a_cancel_wins_until_the_pictures_are_stored(
    harness: Harness, standin: Standin, living: Jobs, point: str, outcome: Cancelled
) -> None:
    for part in ("engine", "slot"):
        harness.start(part)
    if point != "post-before":
        armed = harness.arm(point, "pause")
    message = await ask(living, standin, "unwanted", "[slow=0.02] a fig")
    if point == "post-before":  # with the pictures, not with progress
        await until(lambda: rendered(living), "result")
        armed = harness.arm(point, "pause")
    harness.start("poster")
    await harness.fired(armed)
    assert await living.cancel("unwanted") is outcome
    assert bool(await living.redis.scard(keys.person(1))) == (outcome is Cancelled.ENDED)
    for process in [*harness.horses(), psutil.Process(harness.processes["poster"].pid)]:
        process.resume()
    if outcome is Cancelled.ENDED:
        await posted(living, standin, "unwanted", message)
        return
    again = await ask(living, standin, "next")
    await posted(living, standin, "next", again)
    assert (await state(living, "unwanted", State.CANCELLED)).attempt == 1
    await until(lambda: shows(standin, message, "Cancelled."), "words that it is cancelled")
    assert not standin.messages[message].files


async def rendered(living: Jobs) -> bool:
    job = await living.get("unwanted")
    return bool(job and job.state in {State.RENDERED, State.POSTED})


async def shows(standin: Standin, message: int, words: str) -> bool:
    return words in standin.messages[message].content


async def test_answers_of_redis_that_are_lost_cost_nothing(
    harness: Harness, standin: Standin, living: Jobs, valkey_url: str
) -> None:
    """Every 23rd answer never arrives, whatever was done: all jobs are posted, each into its one message."""
    async with Proxy(valkey_url) as proxy:
        harness.env["EASEL_REDIS_URL"] = proxy.url
        harness.start("all", EASEL_SLOTS="2")
        await posted(living, standin, "first", await ask(living, standin, "first"))
        proxy.lose = 23
        shown = {f"j{number}": await ask(living, standin, f"j{number}") for number in range(8)}
        for name, message in shown.items():
            await posted(living, standin, name, message)
        assert proxy.lost
        assert len(standin.messages) == 9
        assert "Traceback" not in harness.said("all")
