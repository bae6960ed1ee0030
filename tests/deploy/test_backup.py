"""`easel backup` and `easel restore`: all that Redis holds, of one moment, byte for byte."""

import asyncio
import gzip
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.asyncio import Redis

from deploy import backup
from deploy.doctor import store
from deploy.redis_environment import RedisEnvironment
from deploy.top.look import Looks
from deploy.valkey import EmbeddedValkey
from tests.redis_users import documented, users
from tests.worker.contract.factories import INFO, WIDE, new_job
from tests.worker.harness import admitted
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State

WHOLE = [{"easel": "backup", "format": 1}, ["easel:a", "string", 0, "b"], {"keys": 1}]


async def held(redis: Redis) -> dict[str, Any]:
    """Everything of Easel's that lasts, as Redis itself tells it."""
    found = [key.decode() async for key in redis.scan_iter(f"{keys.PREFIX}*")]
    return {key: await value(redis, key) for key in sorted(found) if key not in backup.PASSING}


async def value(redis: Any, key: str) -> Any:
    ask: dict[bytes, Callable[[str], Any]] = {
        b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
    }  # fmt: skip
    return await ask[await redis.type(key)](key)


def packed(path: Path, lines: list[Any]) -> Path:
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_what_waits_goes_on_in_another_redis(redis_async: Redis, valkey_url: str, tmp_path: Path) -> None:
    jobs = Jobs(redis_async)
    await jobs.heartbeat("w", [INFO], 1)
    waiting = [await admitted(jobs, new_job(str(number)), WIDE) for number in range(3)]
    await redis_async.hset(keys.server_settings(7), mapping={"version": 2, "doc": "{}"})
    await redis_async.set(keys.picture("a", 1, 0), bytes(range(256)), px=3_600_000)
    before, ends = await held(redis_async), await redis_async.pexpiretime(keys.picture("a", 1, 0))
    said = await asyncio.to_thread(backup.save, valkey_url, tmp_path / "all.gz")
    assert said.startswith(f"{len(before)} keys are in ")
    assert mode(tmp_path / "all.gz") == 0o600
    assert names(tmp_path) == ["all.gz"]

    await redis_async.flushall()
    assert await asyncio.to_thread(backup.load, valkey_url, tmp_path / "all.gz") == (
        f"{len(before)} keys are back. Start workers and bot; what was being drawn is drawn again."
    )
    assert await held(redis_async) == before
    assert abs(await redis_async.pexpiretime(keys.picture("a", 1, 0)) - ends) < 60_000
    assert [(await jobs.get(each)).state for each in waiting] == [State.QUEUED] * 3


async def test_every_kind_of_value_comes_back(redis_async: Redis, valkey_url: str, tmp_path: Path) -> None:
    raw, text = bytes(range(256)), '日本語 🦜 " \n'
    await redis_async.set("easel:string", raw)
    await redis_async.hset("easel:hash", mapping={text: raw, "a": b""})
    await redis_async.rpush("easel:list", raw, text, raw)
    await redis_async.sadd("easel:set", raw, text)
    await redis_async.zadd("easel:zset", {text: 0.1 + 0.2, "b": 2**53 - 1, "c": float("inf"), "d": -1e-300})
    await redis_async.set("other:key", "not ours")
    before = await held(redis_async)
    assert len(before) == 5
    await asyncio.to_thread(backup.save, valkey_url, tmp_path / "all.gz")
    await redis_async.flushall()
    await asyncio.to_thread(backup.load, valkey_url, tmp_path / "all.gz")
    assert await held(redis_async) == before
    assert not await redis_async.exists("other:key")


async def test_it_is_of_one_moment_and_nobody_waits_for_longer(
    redis_async: Redis, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty keys are always changed together; the file never holds some of before and some of after."""
    monkeypatch.setattr(backup, "_BATCH", 1)  # so that there is time in between

    stop = asyncio.Event()

    async def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            async with redis_async.pipeline(transaction=True) as pipe:
                for other in range(50):
                    pipe.set(f"easel:m{other}", number)
                await pipe.execute()

    writing = asyncio.create_task(write())
    try:
        for round_ in range(5):
            await asyncio.to_thread(backup.save, valkey_url, tmp_path / f"{round_}.gz")
            values = {value for key, _, _, value in backup.read(tmp_path / f"{round_}.gz")}
            assert len(values) <= 1
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await writing


async def test_what_ends_before_its_value_is_read_is_left_out(
    redis_async: Redis, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time goes on for what has an end, while those who write have to wait."""
    await redis_async.set("easel:kept", "")
    await redis_async.set("easel:string", "a")
    await redis_async.hset("easel:hash", "a", "b")
    await redis_async.rpush("easel:list", "a")
    await redis_async.sadd("easel:set", "a")
    await redis_async.zadd("easel:zset", {"a": 1})
    names = [name async for name in redis_async.scan_iter("easel:*")]
    with redis.Redis.from_url(valkey_url) as time:

        def ending(ask: Callable[[Any, bytes], Any]) -> Callable[[Any, bytes], Any]:
            def end_and_ask(pipe: Any, key: bytes) -> Any:
                time.delete(*({key} - {b"easel:kept"} or ["easel:none"]))
                return ask(pipe, key)

            return end_and_ask

        for kind, ask in [*backup._GET.items()]:
            monkeypatch.setitem(backup._GET, kind, ending(ask))
        assert len(names) == 6
        assert await backup._lines(redis_async, names) == [["easel:kept", "string", 0, ""]]


async def test_a_redis_in_use_is_left_alone(redis_async: Redis, valkey_url: str, tmp_path: Path) -> None:
    await redis_async.set("easel:mine", "precious")
    with pytest.raises(backup.BackupError, match=r"holds something of Easel already \(easel:mine\)"):
        await asyncio.to_thread(backup.load, valkey_url, packed(tmp_path / "all.gz", WHOLE))
    assert await redis_async.get("easel:mine") == b"precious"
    assert not await redis_async.exists("easel:a")


async def test_who_has_looked_at_an_empty_redis_may_restore_into_it(
    redis_async: Redis, valkey_url: str, tmp_path: Path
) -> None:
    """Both looks keep the time, as every script does."""
    await store.look(valkey_url)
    await Looks(redis_async).look()
    assert await redis_async.exists(keys.CLOCK)
    await asyncio.to_thread(backup.load, valkey_url, packed(tmp_path / "all.gz", WHOLE))
    assert await held(redis_async) == {"easel:a": b"b"}


@pytest.mark.parametrize("verb", ["backup", "restore"])
async def test_the_rights_of_a_process_are_too_few_for_it(
    redis_async: Redis, redis_sync: redis.Redis, valkey_url: str, tmp_path: Path, verb: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """`redis_async` empties the Valkey."""
    file = tmp_path / "all.gz" if verb == "backup" else packed(tmp_path / "there.gz", WHOLE)
    with users(redis_sync, valkey_url) as acl:
        monkeypatch.setenv("EASEL_REDIS_URL", acl.allow("poor", *documented()["bot"], "-set", "-scan"))
        assert await asyncio.to_thread(backup.main, [verb, str(file)]) == 1
    assert f"HOST:6379/0 easel {verb} {file}\n" in capsys.readouterr().err
    assert await redis_async.keys() == []


async def test_it_is_on_the_disk_before_it_has_its_name(
    valkey_url: str, redis_async: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await redis_async.set("easel:a", "b")
    synced: list[Any] = []
    monkeypatch.setattr("os.fsync", lambda _: synced.append((names(tmp_path), backup.read(*tmp_path.iterdir()))))
    await asyncio.to_thread(backup.save, valkey_url, tmp_path / "all.gz")
    assert synced == [(["all.gz.unfinished"], [("easel:a", "string", 0, "b")])]
    assert names(tmp_path) == ["all.gz"]


async def test_a_file_is_never_written_over(valkey_url: str, redis_async: Redis, tmp_path: Path) -> None:
    """`redis_async` empties the Valkey."""
    kept = packed(tmp_path / "all.gz", WHOLE)
    before = kept.read_bytes()
    with pytest.raises(backup.BackupError, match="is there already; name another file"):
        await asyncio.to_thread(backup.save, valkey_url, kept)
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    "lines",
    [
        [], WHOLE[:1], WHOLE[:2], [WHOLE[0], WHOLE[2]], WHOLE[1:], [*WHOLE[:2], {"keys": 2}], [[], [], []], "abc",
        [{"easel": "other"}, *WHOLE[1:]], [WHOLE[0], ["easel:a", "stream", 0, "b"], WHOLE[2]],
        [WHOLE[0], ["other:a", "string", 0, "b"], WHOLE[2]], [WHOLE[0], ["easel:a", "string"], WHOLE[2]],
        [WHOLE[0], ["easel:a", "string", "soon", "b"], WHOLE[2]],
    ],
)  # fmt: skip
def test_what_is_no_whole_backup_is_refused(tmp_path: Path, lines: list[Any]) -> None:
    with pytest.raises(backup.BackupError, match="is no whole backup of Easel"):
        backup.read(packed(tmp_path / "all.gz", lines))


@pytest.mark.parametrize("size", [0, 1, 20, -1])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, size: int) -> None:
    file = packed(tmp_path / "all.gz", WHOLE)
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(backup.BackupError, match="is no whole backup of Easel"):
        backup.read(file)


def test_one_of_a_newer_easel_says_so(tmp_path: Path) -> None:
    with pytest.raises(backup.BackupError, match=r"of a newer Easel \(format 9\)"):
        backup.read(packed(tmp_path / "all.gz", [{"easel": "backup", "format": 9}, *WHOLE[1:]]))


def test_what_the_demo_keeps_moves_into_a_redis_of_ones_own(
    valkey_url: str, redis_sync: redis.Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Nobody knows the password of its Valkey, which runs with it alone."""
    monkeypatch.setenv("EASEL_REDIS_URL", valkey_url)
    data, file = tmp_path / "demo data", str(tmp_path / "demo.gz")
    assert backup.main(["backup", file, "--data", str(data)]) == backup.EXIT_USAGE
    assert "is no folder of `easel demo`" in capsys.readouterr().err
    assert not data.exists()
    demo = EmbeddedValkey(data / "valkey")
    demo.start()
    with redis.Redis.from_url(demo.url) as client:
        client.set(f"{keys.PREFIX}kept", "1")
    assert backup.main(["backup", file, "--data", str(data)]) == backup.EXIT_USAGE
    assert "another Easel already uses the folder" in capsys.readouterr().err
    demo.stop()
    assert backup.main(["backup", file, "--data", str(data)]) == 0
    assert backup.main(["restore", file]) == 0
    assert redis_sync.get(f"{keys.PREFIX}kept") == b"1"
    assert backup.main(["restore", file, "--data", str(data)]) == backup.EXIT_USAGE
    assert "holds something of Easel already" in capsys.readouterr().err


def test_whose_redis_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the demo's Valkey its log tells; who named no Redis may have meant that one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EASEL_REDIS_URL", raising=False)
    gone = redis.ConnectionError("Error 111 connecting")
    demo = backup._away(Path("old"), gone)
    assert demo == "Redis does not answer. old/valkey/valkey.log says more"
    assert backup._away(RedisEnvironment(), gone).endswith(" serves that alone. `--data .easel` is for that one")
    monkeypatch.setenv("EASEL_REDIS_URL", "redis://db/0")
    assert backup._away(RedisEnvironment(), gone).endswith("see whether EASEL_REDIS_URL names it")


@pytest.mark.parametrize(("what", "function"), [("backup", "save"), ("restore", "load")])
def test_an_interrupt_is_one_line(
    what: str, function: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, function, interrupted)
    assert backup.main([what, "a.gz"]) == 1
    assert (said := capsys.readouterr().err).startswith("Ended; ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("variables", "argv", "status", "words"),
    [
        ({"EASEL_REDIS_URL": "foo"}, ["backup", "a.gz"], 2, "EASEL_REDIS_URL is not usable"),
        ({"EASEL_REDIS_URL": "redis://127.0.0.1:9/0"}, ["backup", "a.gz"], 1, "Redis does not answer at 127.0.0.1:9. "),
        ({}, ["restore", "absent.gz"], 1, "absent.gz: No such file or directory"),
    ],
)
def test_what_is_wrong_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variables: dict[str, str],
    argv: list[str], status: int, words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert backup.main(argv) == status
    said = capsys.readouterr().err
    assert said.startswith(words)
    assert said.count("\n") == 1
    assert names(tmp_path) == []
