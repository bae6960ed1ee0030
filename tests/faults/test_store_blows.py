"""The blows at the store do what they say, and are over when they are over."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError, ResponseError

from tests.faults.fillable_valkey import FillableValkey

DEADLINE = 30.0


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[FillableValkey]:
    made = FillableValkey(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def store(valkey: FillableValkey) -> Iterator[Redis]:
    with Redis.from_url(valkey.url) as client:
        yield client


def _until(store: Redis, *, refused: bool) -> None:
    """Write until a write is refused for the full disk, or taken again: it tries its disk once a second."""
    end, answer = time.monotonic() + DEADLINE, None
    while time.monotonic() < end:
        try:
            answer = store.set("new", "x" * 1000)
        except ResponseError as error:
            answer = None
            if "MISCONF" not in str(error):
                raise
        if bool(answer) is not refused:
            return
    pytest.fail(f"after {DEADLINE} s it still answered {answer!r}")


def test_a_full_disk_refuses_writes_until_there_is_room(valkey: FillableValkey, store: Redis) -> None:
    store.set("before", "x")
    room = valkey.fill_disk()
    _until(store, refused=True)
    assert store.get("before") == b"x"
    room()
    _until(store, refused=False)
    valkey.kill()
    valkey.start()
    assert store.get("before") == b"x"


def test_a_full_memory_refuses_writes(store: Redis) -> None:
    store.config_set("maxmemory", 1)
    with pytest.raises(OutOfMemoryError):
        store.set("new", "x")
