"""A Redis that cannot do what Easel needs is found out before anything starts."""

import logging
import re
import secrets
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from deploy.valkey import _binary, free_port
from tests.redis_users import as_user
from tests.worker.contract.redis_check.scripted import Scripted, array, error, info
from tests.worker.harness import until
from worker.contract.redis_check import rights
from worker.contract.redis_check.check import Report, Role, admit, check
from worker.contract.redis_check.errors import RedisRefusedError
from worker.contract.store import keys, scripts

Allow = Callable[..., str]
MODERN = {"redis_version": "7.4.1", "aof_enabled": 1, "cluster_enabled": 0, "maxmemory": 0, "used_memory": 5}
MODERN |= {"maxmemory_policy": "noeviction"}


@pytest.fixture
def allow(redis_sync: redis.Redis, valkey_url: str) -> Iterator[Allow]:
    """Sets the rules of a user; returns an address that names it."""
    name = f"test-{secrets.token_hex(4)}"

    def allow(*rules: str) -> str:
        redis_sync.execute_command("ACL", "SETUSER", name, "reset", "on", ">pw", *rules)
        return as_user(valkey_url, f"{name}:pw")

    yield allow
    redis_sync.execute_command("ACL", "DELUSER", name)


async def look(url: str, role: Role = Role.SLOT) -> Report:
    async with Redis.from_url(url) as client:
        return await check(client, role)


@pytest.mark.parametrize("role", Role)
async def test_a_good_one_is_taken_without_a_word_and_left_as_it_was(redis_async: Redis, role: Role) -> None:
    report = await check(redis_async, role)
    assert (report.refusals, report.warnings) == ((), ())
    assert report.about.startswith("Valkey 9")
    assert await redis_async.keys() == []


async def test_it_changes_nothing_of_what_is_there(redis_async: Redis) -> None:
    await redis_async.set(keys.RATE_SLOT, 5, px=90_000)
    await redis_async.hset(keys.WORKERS, "w", "{}")
    await redis_async.zadd(keys.LINE, {"a": 1})
    before = {name: await redis_async.dump(name) for name in await redis_async.keys()}
    for role in Role:
        await check(redis_async, role)
    assert {name: await redis_async.dump(name) for name in await redis_async.keys()} == before
    assert await redis_async.pttl(keys.RATE_SLOT) > 60_000


def test_every_command_of_the_scripts_is_tried() -> None:
    """A script that comes to call another one names it in rights.lua, too."""
    folder = resources.files(scripts.__package__).joinpath("lua")
    called = {
        command
        for each in folder.iterdir()
        for command in re.findall(r"redis\.p?call\('(\w+)'", each.read_text(encoding="utf-8"))
    }
    tried = set(re.findall(r"'([A-Z]{3,})'", resources.files(rights.__package__).joinpath("rights.lua").read_text()))
    assert called <= tried


COMMANDS = sorted(
    set(re.findall(r"'([A-Z]{3,})'", resources.files(rights.__package__).joinpath("rights.lua").read_text()))
    - {"LIMIT", "LEFT", "RIGHT"}
)


@pytest.mark.parametrize("command", [*COMMANDS, "EVALSHA"])
async def test_each_command_of_the_scripts_is_missed(allow: Allow, command: str) -> None:
    report = await look(allow("~*", "&*", "+@all", f"-{command.lower()}"), Role.POSTER)
    assert len(report.refusals) == 1
    assert f"the command {command}" in report.refusals[0]
    assert "docs/operate.md" in report.refusals[0]


@pytest.mark.parametrize("role", Role)
async def test_each_command_that_a_process_sends_itself_is_missed(allow: Allow, role: Role) -> None:
    sent = rights._OWN[role] + ("; " + rights._RQ + "; MULTI; SUBSCRIBE" if role is Role.SLOT else "")
    for command in sorted({each.split()[0].lower() for each in sent.split("; ")} - {"client"}):
        report = await look(allow("~*", "&*", "+@all", f"-{command}"), role)
        assert report.refusals, f"{role} needs {command}"
        assert f"the command {command.upper()}" in report.refusals[0]


RULES = [
    (Role.BOT, ["~rq:*", "&*"], "keys easel:*"),
    (Role.BOT, ["~easel:*", "&rq:*"], "channels easel:*"),
    (Role.POSTER, ["~easel:job:*", "&*"], "keys easel:*"),
    (Role.POSTER, ["%R~easel:*", "&*"], "keys easel:*"),
    (Role.SUPERVISOR, ["%W~easel:*", "&*"], "keys easel:*"),
    (Role.POSTER, ["~easel:probe:*", "%R~easel:*", "&*"], "keys easel:*"),
    (Role.POSTER, ["~easel:probe:*", "%W~easel:*", "&*"], "keys easel:*"),
    (Role.SLOT, ["~easel:*", "~rq:easel-probe:*", "%R~rq:*", "&*"], "keys rq:*"),
    (Role.SLOT, ["~easel:*", "&*"], "keys rq:*"),
    (Role.SLOT, ["~easel:*", "~rq:job*", "&*"], "keys rq:*"),
    (Role.SLOT, ["~easel:*", "~rq:*", "&easel:*"], "channels rq:*"),
]


@pytest.mark.parametrize(("role", "rules", "missing"), RULES)
async def test_missing_keys_and_channels_are_named(allow: Allow, role: Role, rules: list[str], missing: str) -> None:
    report = await look(allow("+@all", *rules), role)
    assert len(report.refusals) == 1
    assert f"what Easel needs: {missing}." in report.refusals[0]
    assert report.warnings == ()


async def test_only_slots_need_what_is_rqs(allow: Allow) -> None:
    url = allow("+@all", "~easel:*", "&easel:*")
    for role in set(Role) - {Role.SLOT}:
        assert (await look(url, role)).refusals == ()


@pytest.mark.parametrize("denied", [["-info"], ["-config"]])
async def test_one_of_info_and_config_is_enough(allow: Allow, denied: list[str]) -> None:
    assert await look(allow("~*", "&*", "+@all", *denied)) == await look(allow("~*", "&*", "+@all"))


async def test_what_could_not_be_checked_is_a_warning(allow: Allow) -> None:
    report = await look(allow("~*", "&*", "+@all", "-info", "-config"))
    assert report.refusals == ()
    (warning,) = report.warnings
    assert "could not be checked: appendonly, maxmemory-policy, maxmemory" in warning


CONFIGURED = [
    ({"appendonly": "no"}, "keeps nothing on disk (appendonly no)"),
    ({"maxmemory-policy": "allkeys-lru"}, "throws keys away when it is full (maxmemory-policy allkeys-lru)"),
    ({"maxmemory-policy": "volatile-ttl"}, "maxmemory-policy volatile-ttl"),
    ({"maxmemory": str(100 * 1024 * 1024)}, "has 100 MiB (maxmemory) only"),
]


@pytest.mark.parametrize(("configured", "words"), CONFIGURED)
@pytest.mark.parametrize("denied", ["-config", "-info", "+ping"])
async def test_what_may_cost_pictures_is_a_warning(
    allow: Allow, redis_async: Redis, configured: dict[str, Any], words: str, denied: str
) -> None:
    before: dict[str, Any] = {name: (await redis_async.config_get(name))[name] for name in configured}
    try:
        for name, value in configured.items():
            await redis_async.config_set(name, value)
        report = await look(allow("~*", "&*", "+@all", denied))
    finally:
        for name, value in before.items():
            await redis_async.config_set(name, value)
    assert report.refusals == ()
    assert [words in warning for warning in report.warnings] == [True]


async def test_a_full_one_is_no_reason_to_stay_away(redis_async: Redis) -> None:
    """A poster that would not start could not empty it."""
    await redis_async.config_set("maxmemory", 1)
    try:
        assert (await check(redis_async, Role.POSTER)).refusals == ()
    finally:
        await redis_async.config_set("maxmemory", 0)


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[str]:
    """A Valkey in cluster mode, with all slots."""
    port = free_port()
    arguments = ["--cluster-enabled", "yes", "--cluster-port", str(free_port())]  # else port + 10000, which may be none
    node = subprocess.Popen(  # noqa: ASYNC220 - it starts in milliseconds
        [_binary(), "--port", str(port), *arguments, "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )

    async def whole() -> bool:
        try:
            await client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
        except RedisConnectionError:
            return False
        return True

    try:
        async with Redis(port=port) as client:
            await until(whole, "a cluster of one node")
            await client.execute_command("ACL SETUSER plain on >pw ~* &* +@all -info -config")
        yield f"127.0.0.1:{port}/0"
    finally:
        node.kill()
        node.wait()


@pytest.mark.parametrize("login", ["", "plain:pw@"])
async def test_a_cluster_is_refused_even_where_it_denies_info(cluster: str, login: str) -> None:
    for role in Role:
        report = await look(f"redis://{login}{cluster}", role)
        assert len(report.refusals) == 1
        assert "names a Redis Cluster" in report.refusals[0]


OTHERS = [
    ({"INFO": info(**MODERN | {"redis_version": "6.0.16"})}, "Redis 6.0.16 is too old: Easel needs Redis 6.2 or newer"),
    ({"INFO": info(**MODERN | {"redis_version": "5.0.9"})}, "Redis 5.0.9 is too old"),
    ({"INFO": error("NOPERM this user has no permissions"), "HELLO": array("server", "redis", "version", "6.0.3",
      "mode", "standalone")}, "Redis 6.0.3 is too old"),
    ({"INFO": error("NOPERM this user has no permissions"), "HELLO": array("server", "redis", "version", "7.0.0",
      "mode", "cluster")}, "names a Redis Cluster"),
    ({"INFO": info(**MODERN | {"redis_mode": "sentinel"})}, "names a Sentinel"),
    ({"INFO": info(**MODERN)}, "does not know the command EVALSHA"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "words"), OTHERS, ids=[words for _, words in OTHERS])
async def test_what_can_never_work_is_refused(answers: dict[str, bytes], words: str) -> None:
    async with Scripted(answers) as server:
        report = await look(server.url)
    assert len(report.refusals) == 1
    assert words in report.refusals[0]


@pytest.mark.parametrize("version", ["6.2.0", "7.0.15", "8.2.1", "255.255.255", "7.4.0-v3", "what"])
async def test_a_newer_one_is_taken_whatever_its_number_looks_like(version: str) -> None:
    async with Scripted({"INFO": info(**MODERN | {"redis_version": version})}, lambda _: b"*0\r\n") as server:
        assert (await look(server.url, Role.BOT)).refusals == ()


async def test_another_brand_is_named() -> None:
    facts = MODERN | {"dragonfly_version": "df-v1.2"}
    async with Scripted({"INFO": info(**facts)}, lambda _: b"*0\r\n") as server:
        report = await look(server.url, Role.BOT)
    assert (report.about, report.refusals) == ("Dragonfly df-v1.2", ())
    assert "never tried on Dragonfly" in report.warnings[0]


def test_a_warning_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("test")
    report = Report("Redis", (), ("it is small",))
    admit(report, log)
    admit(report, log, report.warnings)
    assert [record.getMessage() for record in caplog.records] == ["it is small"]
    with pytest.raises(RedisRefusedError, match="one; two"):
        admit(Report("Redis", ("one", "two")), log)
