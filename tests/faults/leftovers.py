"""What is left in Redis when nothing waits any more: nothing that has no end."""

import json
from typing import Any, cast

from redis.asyncio import Redis

from worker.contract.store import keys
from worker.contract.store.favourites import Kept

from .account import Claim

# Keys that are meant to stay: they are few, and their size does not grow with the requests.
_STAY = {
    keys.SEQUENCE, keys.BELL, keys.OUTBOX_BELL, keys.WORKERS, keys.MODELS, keys.CATALOGUE,
    keys.UPSCALERS, keys.PACE, keys.CHARGES, keys.REAPER, keys.CLOCK, keys.SETTINGS,
    keys.COUNTED,
    "rq:workers", "rq:queues", "rq:workers:easel", "rq:finished:easel", "rq:failed:easel", "rq:wip:easel",
    "rq:queue:easel:intermediate",  # what a killed slot had just claimed; RQ's maintenance removes it
}  # fmt: skip
_STAY_PREFIXES = (
    "easel:commands",
    "easel:server-hints:",
    "easel:server-settings:",
    "easel:server-changes:",
    "easel:favourites:",
    "easel:tell:",
)
_EMPTY = {
    "the line": keys.WAITING,
    "the line of older releases": keys.LINE,
    "leases": keys.LEASES,
    "the outbox": keys.OUTBOX,
    "cosmetic edits": keys.COSMETIC,
    "tokens": keys.TOKENS,
    "unposted pictures": keys.UNPOSTED,
    "quarantine": keys.QUARANTINE,
}
_TRANSIENT = ("easel:person:", "easel:server:", "easel:member:", "easel:picture:")


async def find(store: Redis) -> list[str]:
    """Everything that should not be there, in words; empty when all is tidy."""
    # RQ's maintenance ends, within minutes, its records of attempts that were killed: those that are listed here.
    members: list[Any] = await store.zrange("rq:wip:easel", 0, -1)
    told = {member.split(b":")[0] for member in members}
    found = [f"{name}: {key} is not empty" for name, key in _EMPTY.items() if await store.exists(key)]
    async for raw in store.scan_iter(count=500):
        key = raw.decode()
        if key.startswith(_TRANSIENT):
            found.append(f"{key} is left over")
        elif await store.ttl(raw) == -1 and not _stays(key) and key.removeprefix("rq:job:").encode() not in told:
            found.append(f"{key} has no expiry")
    return sorted(found)


def _stays(key: str) -> bool:
    return key in _STAY or key in _EMPTY.values() or key.startswith(_STAY_PREFIXES)


async def claimed(store: Redis) -> dict[str, Claim]:
    """What the product's own books say, by job."""
    found = {}
    async for raw in store.scan_iter(match=keys.job("*"), count=500):
        said = cast("list[bytes | None]", await store.hmget(raw, ["state", "destination", "owner", "charge"]))
        state, where, owner, charge = ((each or b"").decode() for each in said)
        place = json.loads(where) if where else {}
        found[raw.decode().removeprefix(keys.job(""))] = Claim(
            state, int(place.get("channel") or 0), int(owner or 0), place.get("reply_to"), int(charge or 0)
        )
    return found


async def used(store: Redis) -> dict[tuple[str, str], int]:
    """Pictures that the product says were used in all, by server and person; "" for all of a server."""
    found: dict[tuple[str, str], int] = {}
    async for raw in store.scan_iter(match="easel:usage:*", count=500):
        server = raw.decode().split(":")[2]
        for name, told in cast("dict[bytes, bytes]", await store.hgetall(raw)).items():
            what, _, person = name.decode().partition(":")
            if what == "pictures":
                found[server, person] = found.get((server, person), 0) + int(told)
    return found


async def kept(store: Redis) -> dict[int, set[int]]:
    """The messages that people keep, by person."""
    found: dict[int, set[int]] = {}
    async for raw in store.scan_iter(match=f"{keys.PREFIX}favourites:*", count=500):
        listed = cast("list[bytes]", await store.zrange(raw, 0, -1))
        read = (Kept.parse(each.decode()) for each in listed)
        found[int(raw.decode().rpartition(":")[2])] = {each.message for each in read if each}
    return found


async def busy(store: Redis) -> dict[str, int]:
    """How much still waits, by what it is; empty when nothing does."""
    counts = {name: await store.zcard(_EMPTY[name]) for name in ("the line", "leases", "the outbox", "cosmetic edits")}
    return {name: count for name, count in counts.items() if count}
