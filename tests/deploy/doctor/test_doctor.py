"""The whole doctor, beside a real Valkey and the sandbox in Discord's place."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import redis
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from deploy.doctor import account, store
from deploy.doctor.__main__ import main
from deploy.doctor.finding import Level
from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox, serve
from tests.faults.fillable_valkey import FillableValkey
from tests.redis_users import Users, documented, users
from tests.worker.contract.factories import INFO
from worker.contract.store.jobs import Jobs

Blow = Callable[[FillableValkey, Redis], Awaitable[None]]
AWAY = "redis://127.0.0.1:9/0"


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[SandboxClient]:
    monkeypatch.chdir(tmp_path)
    async with serve(Sandbox()) as box, SandboxClient.connect(box.base_url) as client:
        yield client


@pytest.fixture
def acl(valkey_url: str, redis_sync: redis.Redis) -> Iterator[Users]:
    with users(redis_sync, valkey_url) as made:
        yield made


async def test_before_the_first_start_the_commands_are_missing(discord: SandboxClient) -> None:
    found = await account.look(discord.info.token, discord.info.api)
    assert {each.about: each.level for each in found} == {
        "token": Level.WELL, "clock": Level.WELL, "discord": Level.WELL, "servers": Level.WELL, "commands": Level.WRONG,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "DISCORD_TOKEN is not set"),
        ("hunter2", "DISCORD_TOKEN is not a bot's token"),
        ("a" * 24 + ".bbbbbb." + "c" * 30, "Discord does not accept DISCORD_TOKEN"),
    ],
)
async def test_a_token_that_is_none(discord: SandboxClient, token: str, words: str) -> None:
    (found,) = await account.look(token, discord.info.api)
    assert (found.level, found.about) == (Level.WRONG, "token")
    assert found.found.startswith(words)
    assert found.do


async def test_a_discord_that_is_away() -> None:
    (found,) = await account.look("a" * 24 + ".bbbbbb." + "c" * 30, "http://127.0.0.1:9/api")
    assert (found.level, found.about) == (Level.WRONG, "discord")


async def test_a_redis_that_is_well(valkey_url: str, redis_async: Redis) -> None:
    await Jobs(redis_async).heartbeat("w", [INFO], 1)
    found = await store.look(valkey_url)
    assert [each.line() for each in found if each.level is not Level.WELL] == []
    assert f"w draws with {INFO.id}" in [each.found for each in found]
    assert ("line", "0 waiting") in [(each.about, each.found) for each in found]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("foo", "EASEL_REDIS_URL is not usable: it must look like redis://host:6379/0"),
        (AWAY, "Redis does not answer at 127.0.0.1:9"),
    ],
)
async def test_no_redis(url: str, words: str) -> None:
    (found,) = await store.look(url)
    assert found.level is Level.WRONG
    assert found.found.startswith(words)


async def test_one_that_nothing_names_is_told_apart_from_one_that_does_not_answer() -> None:
    (named,), (unset,) = await store.look(AWAY), await store.look(AWAY, named=False)
    assert named.do == "Start it, and see whether EASEL_REDIS_URL names it"
    assert unset.do.startswith("EASEL_REDIS_URL is not set: set it, or start a Redis there")


async def _full_disk(valkey: FillableValkey, client: Redis) -> None:
    valkey.fill_disk()
    for _ in range(300):  # it tries its disk once a second
        try:
            await client.set("new", "x" * 1000)
        except ResponseError:
            return
    pytest.fail("its disk is not full")


async def _full(_valkey: FillableValkey, client: Redis) -> None:
    await client.set("new", "x" * 1000)
    await client.config_set("maxmemory", 1)


async def _replica(_valkey: FillableValkey, client: Redis) -> None:
    await client.replicaof("127.0.0.1", "1")


@pytest.mark.parametrize(
    ("blow", "line"),
    [
        (
            _full_disk,
            "✗ redis       Redis cannot write to its disk (File too large), and takes nothing. Its log says why",
        ),
        (_full, "✗ redis       Redis is full (maxmemory) and takes nothing. Give it more (maxmemory), or lower EASEL"),
        (_replica, "✗ redis       Redis is a replica and takes nothing. Name its primary in EASEL_REDIS_URL"),
    ],
)
async def test_a_redis_that_is_read_and_takes_nothing(tmp_path: Path, blow: Blow, line: str) -> None:
    valkey = FillableValkey(tmp_path / "valkey")
    valkey.start()
    try:
        async with Redis.from_url(valkey.url) as client:
            assert Level.WRONG not in {each.level for each in await store.look(valkey.url)}
            before = set(await client.keys())
            await blow(valkey, client)
            (found,) = await store.look(valkey.url)
            assert found.line().startswith(line)
            assert set(await client.keys()) - {b"new"} == before
    finally:
        valkey.kill()


async def test_a_redis_that_denies_something(acl: Users) -> None:
    (found,) = await store.look(acl.allow("poor", "~*", "&*", "+@all", "-zrank"))
    assert found.level is Level.WRONG
    assert "ZRANK" in found.line()


async def test_the_rights_of_a_bot_are_not_those_of_a_worker(acl: Users) -> None:
    lines = documented()
    for name, told in (("bot", True), ("supervisor", False)):
        found = [each for each in await store.look(acl.allow(f"only-{name}", *lines[name])) if each.about == "redis"]
        assert not [each for each in found if each.level is Level.WRONG]
        assert any("serves a bot, and no worker" in each.found for each in found) is told, found
        if told:
            assert "docs/operate.md" in found[-1].do


async def test_a_redis_that_throws_things_away(valkey_url: str, redis_async: Redis) -> None:
    await redis_async.config_set("maxmemory-policy", "allkeys-lru")
    try:
        found = [each for each in await store.look(valkey_url) if each.level is Level.WARNING]
    finally:
        await redis_async.config_set("maxmemory-policy", "noeviction")
    assert found[0].do == "Set maxmemory-policy noeviction"


async def test_the_command_tells_people_and_programs(
    discord: SandboxClient, valkey_url: str, redis_async: Redis, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """`redis_async` empties the Valkey."""
    for name, value in {"DISCORD_TOKEN": discord.info.token, "EASEL_DISCORD_API": discord.info.api,
                        "EASEL_REDIS_URL": valkey_url, "EASEL_ENGINE": "fake"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(main, ["--json"]) == 1  # no commands yet
    told = json.loads(capsys.readouterr().out)
    assert {each["about"] for each in told} >= {".env", "settings", "token", "servers", "commands", "redis", "disk"}
    assert all(each.keys() == {"about", "level", "found", "do"} for each in told)
    assert await asyncio.to_thread(main, ["--only", "settings", "redis"]) == 0
    said = capsys.readouterr().out
    assert "✓ redis" in said
    assert discord.info.token not in said
    assert "token" not in said


@pytest.mark.parametrize(("part", "variable"), [("discord", "DISCORD_TOKEN"), ("discord", "EASEL_DISCORD_API"),
                                                ("redis", "EASEL_REDIS_URL")])  # fmt: skip
async def test_who_cannot_be_asked_for_want_of_a_file_is_told_once(
    part: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "absent"))
    for parts in ([part], ["settings", part]):
        assert await asyncio.to_thread(main, ["--only", *parts]) == 1
        wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
        assert [f"{variable}_FILE is not usable" in line for line in wrong] == [True]
