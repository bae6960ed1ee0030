"""Redis, and what the processes of Easel report there."""

import json
import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker.contract.redis_check.check import Role, check
from worker.contract.redis_check.outage import outage_at
from worker.contract.redis_check.rights import SCRATCH
from worker.contract.release import UNKNOWN, release
from worker.contract.settings_errors import redis_address
from worker.contract.store import keys
from worker.contract.store.heartbeats import resources
from worker.contract.store.jobs import Jobs
from worker.contract.store.operator_settings import OperatorStore

from .finding import Finding, warning, well, wrong

_TIMEOUT = 5.0  # seconds
_SILENT = 180_000  # milliseconds after which a worker's models are no longer offered
_DRIFT = 5.0  # seconds; deadlines are Redis's own, logs and what people read are not
_START = "Start it: `easel worker`, with the same EASEL_REDIS_URL"


async def look(url: str, *, named: bool = True) -> list[Finding]:
    """Everything that can be seen of it. `named`: EASEL_REDIS_URL names it; else it is where a Redis usually is."""
    try:
        redis_address(url)
    except ValueError as error:
        return [wrong("redis", f"EASEL_REDIS_URL is not usable: {error}", "Correct it in .env")]
    try:
        async with Redis.from_url(url, socket_connect_timeout=_TIMEOUT, socket_timeout=_TIMEOUT) as client:
            return await _look(client)
    except (RedisError, OSError) as error:
        return [wrong("redis", *outage_at(error, url, named=named))]


async def _look(client: Redis) -> list[Finding]:
    report = await check(client, Role.SUPERVISOR)
    found = [wrong("redis", *_split(each)) for each in report.refusals]
    if found:
        return found
    # This changes nothing, for there is no such key; but it counts as a write, which a full disk, a full memory or a
    # replica refuses while all that is only read is served.
    await client.set(f"{SCRATCH}doctor", "", px=1000, xx=True)
    found = [warning("redis", *_split(each)) for each in report.warnings]
    found += [_enough_for_a_bot(each) for each in (await check(client, Role.SLOT)).refusals]
    found = found or [well("redis", f"{report.about}; it keeps what it is given, and Easel may use all that it needs")]
    seconds, micros = await client.time()
    apart = seconds + micros / 1e6 - time.time()
    if abs(apart) > _DRIFT:
        how = "Let both machines set their clocks by themselves (timedatectl set-ntp true)"
        found.append(warning("clock", f"Redis's is {apart:+.0f} s apart from this machine's", how))
    beats: Any = await client.hgetall(keys.WORKERS)
    found += workers(beats, await Jobs(client).now())
    last: Any = await client.hmget(keys.SETTINGS, "by", "version")
    found += versions(beats, *(each.decode(errors="replace") if each else "" for each in last))
    waiting = await client.zcard(keys.WAITING)
    return [*found, line(waiting, (await OperatorStore(client).read()).settings.paused)]


def _enough_for_a_bot(sentence: str) -> Finding:
    """What a worker's slots are refused, and nothing else of Easel's."""
    what, how = _split(sentence)
    return warning("redis", f"its user serves a bot, and no worker. {what}", how)


def line(waiting: int, paused: str | None) -> Finding:
    """How many wait, and whether anyone may join. `paused`: what people are told, None when they may."""
    if paused is None:
        return well("line", f"{waiting} waiting")
    said = f" (“{paused}”)" if paused else ""
    return warning("line", f"{waiting} waiting; Easel is paused and takes no requests{said}", "End it: `easel resume`")


def workers(beats: dict[bytes, bytes], now: int) -> list[Finding]:
    """What each has told last. `now` and their moments are milliseconds."""
    if not beats:
        return [warning("worker", "none has reported", _START)]
    return [_worker(name.decode(errors="replace"), beat, now) for name, beat in sorted(beats.items())]


def versions(beats: dict[bytes, bytes], last: str, its: str, here: str = "") -> list[Finding]:
    """Which Easel runs where, as told by workers and by the process that started last (`last`, with `its` version)."""
    here = here or release()
    told = {name.decode(errors="replace"): _release(beat) for name, beat in sorted(beats.items())} | {last: its}
    others = [f"{name} runs {each}" for name, each in told.items() if each not in ("", UNKNOWN, here)]
    if others and here != UNKNOWN:
        return [warning("version", f"{here} is here, and {', '.join(others)}", "Bring all to one, workers before bots")]
    return [well("version", f"{here}, and nobody told of another")]


def _release(beat: bytes) -> str:
    try:
        return str(json.loads(beat).get("release") or "")
    except (ValueError, AttributeError):  # damaged
        return ""


def _worker(name: str, beat: bytes, now: int) -> Finding:
    try:
        told: dict[str, Any] = json.loads(beat)
        ago, trouble, can = now - int(told["seen"]), str(told.get("trouble") or ""), resources(told.get("models") or [])
        warnings = [str(each) for each in told.get("warnings") or []]
    except (ValueError, TypeError, KeyError):
        return warning("worker", f"{name} reports what this Easel cannot read", "Is one of them of another version?")
    if ago > _SILENT:
        return warning("worker", f"{name} was last heard {ago // 60_000} minutes ago", _START)
    if trouble:
        return wrong("worker", f"{name} cannot draw: {trouble.rstrip('.')}", "Its log says more")
    if warnings:
        return warning("worker", f"{name}: {'; '.join(each.rstrip('.') for each in warnings)}", "Its log says more")
    return well("worker", f"{name} draws with {', '.join(can) or 'nothing yet'}")


def _split(sentence: str) -> tuple[str, str]:
    """What is so, and what to do: the last sentence of several."""
    what, dot, how = sentence.rstrip(".").rpartition(". ")
    return (what, how) if dot else (how, "")
