"""What is said of a Redis that serves nothing for now: the same whichever command met it, as servers write it."""

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from tests.worker.contract.redis_check.test_errors import as_redis_py_raises
from worker.contract.redis_check.outage import not_serving, out_of_reach, outage, trouble

OFF_DISK = "MISCONF Errors writing to the AOF file: {}"
SNAPSHOTS = (
    "MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that "
    "may modify the data set are disabled, because this instance is configured to report errors during writes"
)
SAID = [
    (OFF_DISK.format("No space left on device"), "Redis's disk is full, and it takes nothing"),
    (OFF_DISK.format("Disk quota exceeded"), "Redis's disk is full, and it takes nothing"),
    (OFF_DISK.format("Input/output error"), "Redis cannot write to its disk (Input/output error), and takes nothing"),
    (SNAPSHOTS, "Redis cannot write to its disk, and takes nothing"),
    ("OOM command not allowed when used memory > 'maxmemory'.", "Redis is full (maxmemory) and takes nothing"),
    ("READONLY You can't write against a read only replica.", "Redis is a replica and takes nothing"),
    ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "has lost its primary"),
    ("NOREPLICAS Not enough good replicas to write.", "Redis has too few replicas and takes nothing"),
    ("LOADING Redis is loading the dataset in memory", "Redis is still reading its data"),
    ("BUSY Redis is busy running a script. You can only call SCRIPT KILL", "Redis is held up by a script"),
    ("TRYAGAIN Multiple keys request during rehashing of slot", "Redis moves its data"),
    ("CLUSTERDOWN The cluster is down", "Redis is a cluster that is down"),
    ("ERR something that nobody has seen yet", "Redis does not serve (something that nobody has seen yet)"),
]
# How the same reaches us by way of a script, of Redis 7 and of 6.2, and of a pipeline.
WAYS = [
    "{}",
    "{} script: 5c6b6d9b7a1cf0ae2a0a52c9a2a4bba9d6b5c2de, on @user_script:881.",
    "{} script: 0123456789abcdef0123456789abcdef01234567, on @user_script:1806.",
    "ERR Error running script (call to f_5c6b6d9b7a1cf0ae): @user_script:25: @user_script: 25: -{}",
]


@pytest.mark.parametrize("way", WAYS, ids=["command", "script", "another script", "6.2"])
@pytest.mark.parametrize(("text", "said"), SAID)
def test_one_trouble_has_one_sentence_whatever_met_it(text: str, said: str, way: str) -> None:
    own = text if way == "{}" or not text.startswith("ERR ") else text.removeprefix("ERR ")
    told = trouble(as_redis_py_raises(way.format(own)))
    assert said in told
    assert told == trouble(as_redis_py_raises(text))
    assert "script:" not in told


@pytest.mark.parametrize(("text", "said"), SAID)
def test_the_command_of_a_pipeline_is_not_said(text: str, said: str) -> None:
    """redis-py puts it in front, and it may hold a person's words."""
    met = ResponseError(f"Command # 2 (HSET easel:job:1 prompt a secret\nof two) of pipeline caused error: {text}")
    assert trouble(met) == trouble(ResponseError(text))
    assert "secret" not in trouble(met)


def test_each_that_has_a_name_says_what_to_do() -> None:
    for text, said in SAID:
        assert bool(outage(as_redis_py_raises(text)).do) is ("does not serve" not in said), text


@pytest.mark.parametrize("text", [text for text, _ in SAID])
@pytest.mark.parametrize("way", WAYS, ids=["command", "script", "another script", "6.2"])
def test_what_is_redis_serving_nothing_is_told_apart_from_our_own_mistakes(text: str, way: str) -> None:
    if not text.startswith("ERR "):
        assert not_serving(as_redis_py_raises(way.format(text))), text
        return
    assert not not_serving(as_redis_py_raises(text))


@pytest.mark.parametrize("error", [RedisConnectionError("Error 111 connecting"), RedisTimeoutError("Timeout")])
def test_silence_is_silence(error: RedisError) -> None:
    assert trouble(error) == "Redis does not answer"
    assert not not_serving(error)
    assert "maxclients" in trouble(RedisConnectionError("max number of clients reached"))


SILENT = RedisConnectionError("Error 111 connecting to a:1")
PLACES = [
    ("redis://127.0.0.1:6379/0", "127.0.0.1:6379"),
    ("rediss://easel:s3cret@db.example/1?password=s3cret", "db.example:6379"),
    ("redis://:s3cret@[::1]:7000", "[::1]:7000"),
    ("unix:///run/redis.sock?password=s3cret", "/run/redis.sock"),
]


@pytest.mark.parametrize(("url", "place"), PLACES)
def test_who_finds_none_reads_where_it_was_looked_for(url: str, place: str) -> None:
    start = f"Redis does not answer at {place}. "
    named, unset = (out_of_reach(SILENT, url, named=each, besides="So be it") for each in (True, False))
    assert named == f"{start}Start it, and see whether EASEL_REDIS_URL names it. So be it"
    assert unset.startswith(
        f"{start}EASEL_REDIS_URL is not set: set it, or start a Redis there. The Valkey that `easel "
    )
    assert unset.endswith(". So be it")
    assert "s3cret" not in named + unset


def test_one_that_answers_is_where_it_should_be() -> None:
    full = as_redis_py_raises(OFF_DISK.format("No space left on device"))
    assert out_of_reach(full, "redis://a:1", named=False) == (
        "Redis's disk is full, and it takes nothing. Make room on the disk where Redis keeps its files"
    )
