"""What a server says of itself: version, brand, whether it is a cluster, and how it keeps what it has.

`INFO` tells all of it; where that is denied, as managed servers do, `HELLO` tells the version and `CONFIG` the rest.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from .errors import CLUSTER

OLDEST = (6, 2)
_LITTLE = 256 * 1024 * 1024  # bytes; a result has up to 10 MB, and half a GiB of them may wait for Discord
_FULL = 0.9
_OTHERS = ("dragonfly", "keydb", "garnet", "kvrocks", "upstash")
_KEPT = ("appendonly", "maxmemory", "maxmemory_policy")
_CONFIG = {"appendonly": "appendonly", "maxmemory": "maxmemory", "maxmemory-policy": "maxmemory_policy"}


@dataclass(frozen=True)
class Server:
    """A Redis, as far as it tells; None where it does not.

    Attributes:
        brand: `Redis`, `Valkey` or another's name.
        version: of Redis, or of that which the brand says to be like; the first two numbers.
        release: the brand's own version, as it writes it.
        appendonly: does it keep each write on disk?
        maxmemory: bytes, 0 without a bound.
        used: bytes.
        policy: what it throws away when it is full.
    """

    brand: str = "Redis"
    version: tuple[int, int] | None = None
    release: str = ""
    cluster: bool | None = None
    sentinel: bool = False
    appendonly: bool | None = None
    maxmemory: int | None = None
    used: int | None = None
    policy: str | None = None


async def read(client: Redis) -> Server:
    """Ask it. What it denies stays None. Raises RedisError when it is away."""
    told: dict[str, Any] = {}
    with suppress(ResponseError):
        told |= _plain(await client.info("everything"))
    if "redis_version" not in told:
        with suppress(ResponseError):
            hello = _plain(await client.execute_command("HELLO"))  # type: ignore[no-untyped-call]
            told |= {"redis_version": hello.get("version", ""), "redis_mode": hello.get("mode", "")}
            told |= {"server_name": hello.get("server", "")}
    told |= {"appendonly": told["aof_enabled"]} if "aof_enabled" in told else {}
    if not all(name in told for name in _KEPT):
        with suppress(ResponseError):
            kept = _plain(await client.config_get(*_CONFIG))
            told |= {name: kept[each] for each, name in _CONFIG.items() if each in kept}
    return _server(told)


def _plain(told: Any) -> dict[str, Any]:
    """By name, whatever protocol it came in."""
    pairs = told.items() if isinstance(told, Mapping) else zip(told[::2], told[1::2], strict=False)
    return {_text(name): _text(value) if isinstance(value, bytes) else value for name, value in pairs}


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _server(told: Mapping[str, Any]) -> Server:
    brand, release = _brand(told)
    mode = str(told.get("redis_mode") or told.get("server_mode") or "")
    enabled = told.get("cluster_enabled")
    cluster = str(enabled) == "1" if enabled is not None else (mode == "cluster" if mode else None)
    appendonly = told.get("appendonly")
    return Server(
        brand=brand,
        version=_version(told.get("redis_version")),
        release=release,
        cluster=cluster or mode == "cluster" if cluster is not None else None,
        sentinel=mode == "sentinel",
        appendonly=str(appendonly) in {"1", "yes"} if appendonly is not None else None,
        maxmemory=_number(told.get("maxmemory")),
        used=_number(told.get("used_memory")),
        policy=str(told["maxmemory_policy"]) if told.get("maxmemory_policy") else None,
    )


def _brand(told: Mapping[str, Any]) -> tuple[str, str]:
    name = str(told.get("server_name") or "").lower()
    if told.get("valkey_version") or name == "valkey":
        return "Valkey", str(told.get("valkey_version") or told.get("redis_version") or "")
    for other in _OTHERS:
        if name == other or f"{other}_version" in told:
            return other.capitalize(), str(told.get(f"{other}_version") or "")
    return "Redis", str(told.get("redis_version") or "")


def _version(text: Any) -> tuple[int, int] | None:
    found = re.match(r"(\d+)\.(\d+)", str(text))
    return (int(found[1]), int(found[2])) if found else None


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def unfit(server: Server) -> str:
    """Why Easel can never work on it, and what to do; empty when nothing is known against it."""
    if server.sentinel:
        return "EASEL_REDIS_URL names a Sentinel, which keeps no data. Give the address of the Redis that it watches"
    if server.cluster:
        return CLUSTER
    # A brand's own numbers are its own: Valkey began at 7.2.
    if server.brand == "Redis" and server.version and server.version < OLDEST:
        return (
            f"Redis {server.release} is too old: Easel needs Redis {OLDEST[0]}.{OLDEST[1]} or newer, or any Valkey. "
            "Install a newer one, or leave EASEL_REDIS_URL out and run `make demo`, which brings a Valkey"
        )
    return ""


def worries(server: Server) -> list[str]:
    """What of its configuration breaks Easel's promises sooner or later, and what could not be seen of it."""
    found = []
    if server.appendonly is False:
        found.append(
            "Redis keeps nothing on disk (appendonly no): when it restarts, accepted requests and finished pictures "
            "are lost. Set appendonly yes"
        )
    if server.policy not in {None, "noeviction"}:
        found.append(
            f"Redis throws keys away when it is full (maxmemory-policy {server.policy}): requests and pictures may "
            "vanish. Set maxmemory-policy noeviction"
        )
    found += _memory(server)
    unseen = {
        "its version": server.version, "cluster mode": server.cluster, "appendonly": server.appendonly,
        "maxmemory-policy": server.policy, "maxmemory": server.maxmemory,
    }  # fmt: skip
    if missing := [name for name, value in unseen.items() if value is None]:
        found.append(
            f"Redis denies INFO and CONFIG, so this could not be checked: {', '.join(missing)}. "
            "See for yourself that it has appendonly yes and maxmemory-policy noeviction"
        )
    if server.brand not in {"Redis", "Valkey"}:
        found.append(f"Easel was never tried on {server.brand}; what it needs was tried just now, and works")
    return found


def _memory(server: Server) -> list[str]:
    if not server.maxmemory:
        return []
    of = f"{server.maxmemory / 1048576:.0f} MiB (maxmemory)"
    if server.maxmemory < _LITTLE:
        return [
            f"Redis has {of} only, and takes nothing more when they are full. Give it {_LITTLE // 1048576} MiB or more"
        ]
    if server.used is not None and server.used > _FULL * server.maxmemory:
        return [f"Redis has filled more than nine tenths of its {of}. Give it more"]
    return []
