"""Real processes: whoever was started last decides for all, and those with other settings say so once."""

import logging
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.worker.harness import Harness, until
from worker.contract.shared_settings import SharedSettings
from worker.contract.store import keys
from worker.contract.store.settings_in_force import SettingsInForce


async def _decided_by(redis: Redis, role: str) -> dict[bytes, bytes]:
    async def ask() -> Any:
        found: Any = await redis.hgetall(keys.SETTINGS)
        return found if found.get(b"by", b"").startswith(f"{role}@".encode()) else None

    found: dict[bytes, bytes] = await until(ask, f"settings of a {role}")
    return found


@pytest.mark.parametrize(("part", "role"), [("all", "worker"), ("slot", "slot"), ("poster", "poster")])
async def test_what_is_started_decides(harness: Harness, redis_async: Redis, part: str, role: str) -> None:
    harness.start(part, EASEL_ATTEMPTS="5", EASEL_SLOTS="1")
    assert (await _decided_by(redis_async, role))[b"attempts"] == b"5"


async def test_parts_leave_it_to_their_supervisor(harness: Harness, redis_async: Redis) -> None:
    supervisor = harness.start("all", EASEL_SLOTS="1")
    await _decided_by(redis_async, "worker")
    await harness.heard("all", words="posting to")
    await harness.ready()
    found: Any = await redis_async.hgetall(keys.SETTINGS)
    assert found[b"by"].endswith(f":{supervisor.pid}".encode())


async def test_a_supervisor_says_once_that_others_decide(harness: Harness, redis_async: Redis) -> None:
    harness.start("all", EASEL_SLOTS="1")
    await _decided_by(redis_async, "worker")
    later = SettingsInForce(SharedSettings(_env_file=None, lease=7), "bot", logging.getLogger())
    await later.refresh(redis_async)
    await harness.heard("all", words="EASEL_LEASE 1.0 (in force: 7.0)")
    await redis_async.delete(keys.SETTINGS)  # it is put back each second: the supervisor has looked again since
    found = await _decided_by(redis_async, "bot")
    assert found[b"lease"] == b"7.0"
    assert harness.said("all").count("other settings are in force") == 1
