"""What Redis holds in all, for metrics: sums and ages, nothing of whom it is."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from worker.contract.types.timings import ms

from . import keys
from .jobs import ALIVE, Jobs

_LOOKED_AT = 500  # of those that wait, the oldest: their ages
_NOBODY = "unknown"  # the model of a record that does not name one


@dataclass(frozen=True)
class Totals:
    """At one moment.

    Attributes:
        waiting: model or upscaler → jobs that wait; those that workers told of and nobody waits for are at 0.
        oldest: model → seconds for which the oldest of them waits, among the 500 that came first.
        running: jobs that are drawn.
        outbox: messages that must change and do not yet; `late`: for how many seconds the first of them is due.
        unposted: bytes of pictures that are not posted.
        quarantined: damaged records.
        workers: with a heartbeat lately.
        memory_used, memory_max: bytes of Redis itself; a limit of 0 is none.
    """

    waiting: dict[str, int]
    oldest: dict[str, float]
    running: int
    outbox: int
    late: float
    unposted: int
    quarantined: int
    workers: int
    memory_used: int
    memory_max: int


async def totals(jobs: Jobs) -> Totals:
    """Look. Four round trips. What this user of Redis may not ask counts as nothing. Raises RedisError."""
    redis, now = jobs.redis, await jobs.now()
    async with redis.pipeline(transaction=False) as pipe:
        pipe.hkeys(keys.CATALOGUE)
        pipe.hkeys(keys.UPSCALERS)
        pipe.hgetall(keys.FAIR + "lanes")
        pipe.zrange(keys.WAITING, 0, _LOOKED_AT - 1)
        pipe.zcard(keys.LEASES)
        pipe.zcard(keys.OUTBOX)
        pipe.zrange(keys.OUTBOX, 0, 0, withscores=True)
        pipe.hvals(keys.UNPOSTED)
        pipe.llen(keys.QUARANTINE)
        pipe.hvals(keys.WORKERS)
        pipe.info("memory")
        answers = await pipe.execute(raise_on_error=False)
    nothing: tuple[Any, ...] = ([], [], {}, [], 0, 0, [], [], 0, [], {})
    models, upscalers, lanes, waiting, running, outbox, due, sizes, bad, beats, memory = (
        none if isinstance(answer, Exception) else answer for answer, none in zip(answers, nothing, strict=True)
    )
    known = {name.decode(errors="replace") for name in (*models, *upscalers)}
    return Totals(
        waiting=dict.fromkeys(known, 0) | _waiting(lanes),
        oldest=dict.fromkeys(known, 0.0) | await _oldest(jobs, waiting),
        running=running,
        outbox=outbox,
        late=max(0.0, (now - due[0][1]) / 1000) if due else 0.0,
        unposted=sum(map(int, sizes)),
        quarantined=bad,
        workers=sum(_seen(each) > now - ms(ALIVE) for each in beats),
        memory_used=int(memory.get("used_memory", 0)),
        memory_max=int(memory.get("maxmemory", 0)),
    )


def _waiting(lanes: dict[bytes, bytes]) -> dict[str, int]:
    """A lane's name ends with what its jobs need, of which the model is the part behind the colon, if there is one."""
    found: Counter[str] = Counter()
    for lane, jobs in lanes.items():
        try:
            needs = json.loads(lane.split(b"|", 2)[2])
            plain = [each for each in needs if ":" not in each]
            model = plain[0] if plain else needs[0].split(":")[-1]
        except (ValueError, LookupError, TypeError, AttributeError):
            model = _NOBODY
        found[str(model)] += max(0, int(jobs))
    return dict(found)


async def _oldest(jobs: Jobs, waiting: list[bytes]) -> dict[str, float]:
    names = [each.decode() for each in waiting]
    async with jobs.redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.hget(keys.job(name), "model")
        models: list[Any] = await pipe.execute()
    found: dict[str, float] = {}
    for model, waited in zip(models, await jobs.waited(names), strict=True):
        if waited is None:  # it went just now, or is damaged
            continue
        of = model.decode(errors="replace") if model else _NOBODY
        found[of] = max(waited, found.get(of, 0.0))
    return found


def _seen(heartbeat: bytes) -> float:
    try:
        return float(json.loads(heartbeat)["seen"])
    except (ValueError, TypeError, KeyError):
        return 0.0
