"""The operator's command: what it prints, what it sets, and that bots obey it at the next request."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.asyncio import Redis

from bot.intake.policies import Policies
from bot.intake.server_settings import ServerSettingsCache
from bot.limit_errors import Blocked, Paused
from bot.operator.__main__ import _parser, main
from bot.policy.ceilings import Bounds, Ceilings
from tests.redis_users import documented, users
from tests.worker.contract.factories import INFO, TIMINGS, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import Limits, ServerSettings
from worker.contract.types.timings import Caps

Say = Callable[..., Any]
GOLD = "[tier.gold.each]\nat_once = 40\n"


@pytest.fixture
def say(valkey_url: str, redis_async: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys) -> Say:
    """Run the command; returns its exit status, and what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EASEL_REDIS_URL", valkey_url)
    (tmp_path / "limits.toml").write_text(GOLD)
    monkeypatch.setenv("EASEL_LIMITS", "limits.toml")

    async def run(*words: str) -> tuple[int, str]:
        try:
            status = await asyncio.to_thread(main, words)
        except SystemExit as left:
            status = int(left.code or 0)
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


@pytest.fixture
def policies(redis_async: Redis) -> Policies:
    """Of a bot that runs beside the command."""
    ceilings = Ceilings(Bounds(Limits(at_once=10)), {"gold": Bounds(Limits(at_once=40))})
    return Policies(ceilings, ServerSettingsCache(ServerSettingsStore(redis_async), OperatorStore(redis_async)))


async def shut(policies: Policies, server: int | None = 10, person: int = 7) -> Any:
    return (await policies.at(server, 5, frozenset(), person)).shut


async def test_everybody_is_paused_with_a_sentence(say: Say, policies: Policies) -> None:
    assert await shut(policies) is None
    assert await say("pause", "Repairs until 8.") == (
        0, "Paused: nobody can ask for anything. What waits is still drawn.\n",
    )  # fmt: skip
    for server in (10, None):
        found = await shut(policies, server)
        assert isinstance(found, Paused)
        assert found.sentence == "Repairs until 8."
    assert "paused: Repairs until 8." in (await say("list"))[1]
    assert (await say("resume"))[0] == 0
    assert await shut(policies) is None


async def test_a_sentence_needs_no_quotation_marks(say: Say) -> None:
    assert (await say("pause", "Repairs", "until", "8."))[0] == 0
    assert "paused: Repairs until 8." in (await say("list"))[1]
    assert (await say("pause"))[0] == 0
    assert "paused: (no sentence)" in (await say("list"))[1]


async def test_the_bots_user_of_redis_may_pause(
    say: Say, redis_sync: redis.Redis, valkey_url: str, policies: Policies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sits at the bot's machine has its `.env`."""
    with users(redis_sync, valkey_url) as acl:
        monkeypatch.setenv("EASEL_REDIS_URL", acl.allow("easel-bot", *documented()["bot"]))
        assert (await say("pause"))[0] == 0
        assert isinstance(await shut(policies), Paused)
        assert (await say("list"))[0] == 0
        assert (await say("resume"))[0] == 0
        assert acl.denied("easel-bot") == []


async def test_people_and_servers_are_blocked(say: Say, policies: Policies) -> None:
    await say("block", "<@7>", "fraud")
    await say("block-server", "20", "unpaid")
    await say("block-server", "dm")
    for server, person, why, whole in ((10, 7, "fraud", False), (20, 8, "unpaid", True), (None, 8, "", True)):
        found = await shut(policies, server, person)
        assert isinstance(found, Blocked)
        assert (found.why, found.whole_server) == (why, whole)
    assert await shut(policies, 10, 8) is None
    said = (await say("list"))[1]
    assert re.search(r"^20 .* blocked: unpaid$", said, re.MULTILINE)
    assert re.search(r"^dm .* blocked$", said, re.MULTILINE)
    assert "blocked people:\n  7  fraud" in said
    for words in (("unblock", "7"), ("unblock-server", "20"), ("unblock-server", "dm")):
        assert (await say(*words))[0] == 0
    assert [await shut(policies, 10, 7), await shut(policies, 20, 8), await shut(policies, None, 8)] == [None] * 3


async def test_a_server_gets_a_tier_and_a_weight(say: Say, policies: Policies, redis_async: Redis) -> None:
    assert await say("set", "10", "--tier", "gold", "--weight", "2.5") == (0, "10: tier gold, weight 2.5\n")
    assert (await policies.at(10, 5, frozenset(), 7)).each["at_once"].value == 40
    assert (await policies.bounds(10))[0]["each.at_once"] == 40
    assert await redis_async.hgetall(keys.WEIGHTS) == {b"10": b"2.5"}
    assert "EASEL_LIMITS has no tier 'silver'" in (await say("set", "10", "--tier", "silver"))[1]
    await say("set", "10", "--tier", "none", "--weight", "none")
    assert (await policies.at(10, 5, frozenset(), 7)).each["at_once"].value == 10
    assert await redis_async.hgetall(keys.WEIGHTS) == {}


async def test_a_server_is_listed_and_shown(say: Say, redis_async: Redis) -> None:
    assert "No server has asked for anything today" in (await say("list"))[1]
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("w", [INFO], 1)
    for name, server, owner in (("1", "10", 1), ("2", "10", 2), ("3", "dm-1", 1), ("4", "dm-2", 2)):
        await jobs.admit(new_job(name, server=server, owner=owner), Caps())
    await jobs.cancel("4")
    store, new = ServerSettingsStore(redis_async), ServerSettings(each=Limits(at_once=3))
    await store.change(10, 0, new, changes_between(ServerSettings(), new, by=1, by_name="Max", at=0))
    listed = (await say("list"))[1].splitlines()
    assert [line.split() for line in listed[:3]] == [
        ["server", "pictures", "GPU", "s", "people", "waiting", "weight", "tier"],
        ["10", "8", "3", "2", "2", "1", "-"],
        ["dm", "4", "1", "1", "1", "1", "-"],
    ]
    said = (await say("show", "10", "--days", "2"))[1]
    for part in (
        "8 pictures, 3 GPU s, 2 people",
        "0 pictures",
        "each: {'at_once': 3}",
        "1  each.at_once: None → 3, by Max",
    ):
        assert part in said
    assert (await say("show", "dm"))[0] == 0


WRONG = [
    (("block", "me"), "a person's id is a number"),
    (("show", "here"), "a server's id is a number"),
    (("show", "10", "--days", "99"), "a whole number from 1 to 40"),
    (("set", "10"), "easel operator set: error: nothing was asked for; say --tier, --weight or both"),
    (("set", "10", "--weight", "0"), "a number from 0.01 to 100"),
    (("set", "10", "--weight", "nan"), "a number from 0.01 to 100"),
    (("set", "10", "--tier", "Très Gold"), "small letters, digits"),
    (("pause", "x" * 301), "at most 300 characters"),
    (("pause", "x" * 200, "x" * 100), "at most 300 characters"),
    ((), "COMMAND"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
async def test_what_is_typed_wrong_is_told_and_sets_nothing(say: Say, redis_async: Redis, words, said: str) -> None:
    status, told = await say(*words)
    assert (status, said in told) == (2, True)
    assert await redis_async.exists(keys.OPERATOR) == 0


async def test_settings_and_redis_in_the_way_are_told_in_a_line(say: Say, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EASEL_REDIS_URL", "redis://127.0.0.1:1/0")
    start = "Redis does not answer at 127.0.0.1:1. Start it, and see whether EASEL_REDIS_URL names it. "
    assert await say("list") == (1, f"{start}Nothing was changed\n")
    monkeypatch.setenv("EASEL_REDIS_URL", "localhost")
    status, told = await say("list")
    assert (status, told.startswith("EASEL_REDIS_URL is not usable: it must look like redis://")) == (2, True)
    monkeypatch.delenv("EASEL_REDIS_URL")
    (tmp_path / "limits.toml").write_text("[each]\nat_once = 0")
    status, told = await say("list")
    assert (status, told.startswith("EASEL_LIMITS is not usable: limits.toml:2: each.at_once")) == (2, True)


async def test_what_people_wrote_does_nothing_to_a_terminal(say: Say, redis_async: Redis) -> None:
    store, new = ServerSettingsStore(redis_async), ServerSettings(paused="soon\x1b[2J\r\x9b1m")
    await store.change(10, 0, new, changes_between(ServerSettings(), new, by=1, by_name="Max\x07", at=0))
    _, said = await say("show", "10")
    assert "paused: soon\N{REPLACEMENT CHARACTER}[2J" in said
    assert [each for each in said if not each.isprintable() and each != "\n"] == []


async def test_an_id_is_a_number_however_it_is_written(say: Say) -> None:
    assert await say("set", "0010", "--weight", "2") == (0, "10: tier -, weight 2\n")


async def test_two_operators_do_not_undo_each_other(say: Say, valkey_url: str, policies: Policies) -> None:
    answers = await asyncio.gather(*(say("block", str(person)) for person in range(1, 6)))
    assert {status for status, _ in answers} == {0}
    assert all([isinstance(await shut(policies, 10, person), Blocked) for person in range(1, 6)])


@pytest.mark.parametrize(
    "damage", [("HSET", "easel:operator", "version", "3", "doc", "{"), ("SET", "easel:operator", "x")]
)
async def test_what_cannot_be_read_is_told_and_not_lost(
    say: Say, policies: Policies, redis_async: Redis, damage, caplog
) -> None:
    await redis_async.execute_command(*damage)
    before = await redis_async.dump(keys.OPERATOR)
    assert "cannot be read, and nothing of it counts" in (await say("list"))[1]
    status, told = await say("pause")
    assert (status, told.endswith("DEL easel:operator; nothing was changed.\n")) == (2, True)
    assert await redis_async.dump(keys.OPERATOR) == before
    assert await shut(policies) is None
    assert [each for each in caplog.records if each.exc_info] == []  # it would print what people wrote


def test_every_command_explains_itself(capsys) -> None:
    for name in ("list", "show", "set", "block-server", "unblock-server", "block", "unblock", "pause", "resume"):
        with pytest.raises(SystemExit):
            _parser().parse_args([name, "--help"])
        typed = name if name in {"pause", "resume"} else f"operator {name}"
        assert capsys.readouterr().out.startswith(f"usage: easel {typed} [-h]")
