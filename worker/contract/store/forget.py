"""Everything that is kept about one person goes, as docs/privacy.md lists it; what has to stay names nobody.

Blocks stay unless they are asked for: whoever was blocked would be rid of it by asking to be forgotten.
"""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from typing import Any

from redis.asyncio import Redis

from worker.contract.types.job import Reason, State
from worker.contract.types.timings import Timings

from . import keys
from .forget_settings import ForgettingSettings
from .jobs import Jobs

_BATCH = 500
_OPEN = {state.value for state in State if not state.terminal}
_BELOW = ("waits", "rests", "held", "most")  # a level of the line, below a server of one's own
_HINTS, _SETTINGS, _CHANGES = (
    each(0).removesuffix("0") for each in (keys.server_hints, keys.server_settings, keys.server_changes)
)


@dataclass
class Forgotten:
    """What was found of a person, and is gone unless it was only looked at; numbers are how many.

    Attributes:
        cancelled: of the requests, those that waited or were drawn.
        unfinished: ids of requests that still change: their messages have yet to say so.
        favourites: results that they kept.
        habits: whether they are told of what ends.
        rates: how quickly they asked.
        days: accounts of servers in which they had a part; the sums of a server stay.
        hints: servers that remembered to have told them of settings.
        grants: servers in which more pictures were granted to them.
        audit: lines of servers' audits that named them; they stay, without who it was.
        turns: places in which their turns in line were remembered.
        blocks: servers that have blocked them, and `everywhere` for the operator; they stay unless it was asked for.
    """

    person: int
    requests: int = 0
    cancelled: int = 0
    unfinished: list[str] = field(default_factory=list)
    favourites: int = 0
    habits: int = 0
    rates: int = 0
    days: int = 0
    hints: int = 0
    grants: int = 0
    audit: int = 0
    turns: int = 0
    blocks: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


class Forgetting:
    """Forgets one person.

    Args:
        redis: a client that does not decode responses; its user may do everything.
        look_only: count, and change nothing.
        blocks: take their blocks away as well.
    """

    def __init__(self, redis: Redis, person: int, *, look_only: bool = False, blocks: bool = False) -> None:
        self._redis, self._person, self._look_only, self._blocks = redis, person, look_only, blocks
        self._jobs = Jobs(redis, Timings())
        self._set = ForgettingSettings(redis, person, look_only=look_only, blocks=blocks)
        self._alone = f"dm-{person}"  # the server that direct messages with them are
        self.found = Forgotten(person)

    async def cancel(self) -> None:
        """End what they have waiting or drawn; that its message says so takes a poster a moment."""
        for job, state in [each async for each in self._records()]:
            if state in _OPEN - {State.RENDERED}:
                self.found.cancelled += 1
                if not self._look_only:
                    await self._jobs.cancel(job, Reason.OWNER, told=True)

    async def unfinished(self) -> list[str]:
        """Their requests whose messages have yet to change, or that have not ended."""
        return [job async for job, state in self._records() if not await self._at_rest(job, state)]

    async def forget(self) -> Forgotten:
        """Remove all else. Raises BusyError."""
        found = self.found
        for job, state in [each async for each in self._records()]:
            found.requests += 1
            if self._look_only:
                continue
            if not await self._at_rest(job, state) or not await self._jobs.bury(job):
                found.unfinished.append(job)
        await self._of_servers()
        found.turns = await self._out_of_line()
        await self._counted()
        found.favourites = await self._gone(keys.favourites(self._person), "zset")
        found.habits = await self._gone(keys.tell(self._person))
        if not found.unfinished:
            await self._gone(keys.ended(self._person))
        found.rates = await self._gone(keys.rate_person(self._person))
        for key in [each async for each in self._scan(keys.rate_member("*", self._person))]:
            found.rates += await self._gone(key)
        found.rates += await self._gone(keys.rate_server(self._alone))
        return found

    # --- requests
    async def _records(self) -> AsyncIterator[tuple[str, str]]:
        """Their requests: id and state."""
        names = ("owner", "state", "deleted")
        async for batch in self._batches(keys.job("*")):
            async with self._redis.pipeline(transaction=False) as pipe:
                for key in batch:
                    pipe.hmget(key, names)
                told = await pipe.execute(raise_on_error=False)
            for key, values in zip(batch, told, strict=True):
                if isinstance(values, list) and values[0] == str(self._person).encode() and values[2] is None:
                    yield key.removeprefix(keys.job("")), (values[1] or b"").decode()

    async def _at_rest(self, job: str, state: str) -> bool:
        due = [await self._redis.zscore(each, job) for each in (keys.OUTBOX, keys.COSMETIC)]
        return state not in _OPEN and due == [None, None]

    # --- servers
    async def _of_servers(self) -> None:
        found = self.found
        async for key in self._scan(keys.usage("*", "*")):
            if key.startswith(keys.usage(self._alone, "")):
                found.days += await self._gone(key)
                continue
            mine = [f"pictures:{self._person}", f"ms:{self._person}"]
            found.days += any(await self._redis.hmget(key, mine))
            if not self._look_only:
                await self._redis.hdel(key, *mine)
        async for key in self._scan(f"{_HINTS}*"):
            found.hints += bool(await self._redis.sismember(key, str(self._person)))
            if not self._look_only:
                await self._redis.srem(key, str(self._person))
        for key in [each async for each in self._scan(f"{_SETTINGS}*")]:
            grants, blocked = await self._set.of_server(key.removeprefix(_SETTINGS))
            found.grants += grants
            found.blocks += blocked
        for key in [each async for each in self._scan(f"{_CHANGES}*")]:
            found.audit += await self._set.audit(key)
        found.blocks += await self._set.everywhere()

    # --- what is counted
    async def _out_of_line(self) -> int:
        """Turns that were remembered of them, in the levels of their servers and in those of their direct messages."""
        gone = 0
        for kind in _BELOW:
            async for key in self._scan(f"{keys.FAIR}{kind}:{self._alone}:*"):
                gone += await self._gone(key)
        for kind in ("rests", "most"):
            async for key in self._scan(f"{keys.FAIR}{kind}:*"):
                for who in (str(self._person), self._alone):
                    gone += await self._redis.zscore(key, who) is not None
                    if not self._look_only:
                        await self._redis.zrem(key, who)
        async for key in self._scan(f"{keys.FAIR}guess:*"):
            for who in (str(self._person), self._alone):
                gone += await self._redis.hexists(key, who)
                if not self._look_only:
                    await self._redis.hdel(key, who)
        return gone

    async def _counted(self) -> None:
        """Sets of requests that have ended are looked through once in a while; theirs are not any more."""
        mine = {keys.person(self._person), keys.server(self._alone)}
        async for name, _ in self._redis.zscan_iter(keys.COUNTED):
            key = name.decode(errors="replace")
            whose = key in mine or (key.endswith(f":{self._person}") and key.startswith(keys.member("", 0)[:-2]))
            if whose and not self._look_only and not await self._redis.exists(key):
                await self._redis.zrem(keys.COUNTED, name)

    # --- keys
    async def _gone(self, key: str, kind: str = "") -> int:
        """Remove a key; returns how much it held: of a zset its members, else 1, or 0 where there is none."""
        held = int(await self._redis.zcard(key) if kind == "zset" else await self._redis.exists(key))
        if held and not self._look_only:
            await self._redis.delete(key)
        return held

    async def _scan(self, pattern: str) -> AsyncIterator[str]:
        async for batch in self._batches(pattern):
            for key in batch:
                yield key

    async def _batches(self, pattern: str) -> AsyncIterator[list[str]]:
        """Keys by a pattern, each once, so many at a time."""
        seen: set[str] = set()
        batch: list[str] = []
        async for name in self._redis.scan_iter(pattern, count=_BATCH):
            key = name.decode(errors="replace")
            if key not in seen:
                seen.add(key)
                batch.append(key)
            if len(batch) >= _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
