"""The bot as a whole: its log-in, its commands at Discord, Redis coming and going, restarts."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import psutil
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from bot import app
from bot.__main__ import run
from bot.discord_io import command_sync
from tests.bot.commands.server.hands import Admins
from tests.bot.harness import PROMPT, STARTER, Harness, until
from tests.redis_users import as_user, documented, users
from worker.contract.redis_check.errors import RedisRefusedError
from worker.contract.store import keys
from worker.contract.store.jobs import Cancelled, Jobs
from worker.contract.store.settings_in_force import SettingsInForce

ROOT = Path(__file__).parents[2]
MENUS = ["Edit", "Recipe", "Upscale", "Vary"]
COMMANDS = ["imagine", "models", "help", "favourites", "show", "queue", "quota", "server", *MENUS]


async def test_commands_are_registered_once_and_not_at_the_next_start(harness: Harness, start_bot):
    assert [each["name"] for each in await harness.discord.wait_commands()] == COMMANDS
    await harness.bot.close()
    await start_bot()
    assert await harness.discord.command_syncs() == 1


async def test_commands_are_registered_again_when_discord_lost_one(harness: Harness, start_bot):
    lost = (await harness.discord.wait_commands())[0]
    assert harness.bot.application_id is not None
    await harness.bot.http.delete_global_command(harness.bot.application_id, int(lost["id"]))
    await harness.bot.close()
    await start_bot()
    assert len(await harness.discord.commands()) == len(COMMANDS)
    assert await harness.discord.command_syncs() == 2


async def test_commands_are_registered_again_when_redis_forgot(harness: Harness, start_bot):
    await harness.bot.close()
    await harness.redis.delete(command_sync.key(int(harness.discord.info.application_id)))
    await start_bot()
    assert await harness.discord.command_syncs() == 2


async def test_commands_are_registered_again_when_they_changed(harness: Harness, start_bot, monkeypatch):
    await harness.bot.close()
    monkeypatch.setattr(command_sync, "fingerprint", lambda _: "of another version")
    await start_bot()
    assert await harness.discord.command_syncs() == 2


async def test_a_discord_that_refuses_the_commands_stops_nobody(sandbox, start_bot, caplog):
    await sandbox.fault("PUT", "/applications/*/commands", status=400, code=50035)
    bot = await start_bot()
    assert not bot.is_closed()
    assert "could not register the commands" in caplog.text


async def test_redis_away_at_start_is_no_reason_to_stay_away(sandbox, start_bot):
    await start_bot(redis_url="redis://127.0.0.1:1/0")
    assert await sandbox.wait_commands()


async def test_the_log_says_once_that_redis_is_away_and_once_that_it_is_back(monkeypatch, caplog):
    caplog.set_level("INFO")
    monkeypatch.setattr(app, "REAP_EVERY", 0.001)
    away, full = (
        RedisConnectionError(),
        ResponseError("MISCONF Errors writing to the AOF file: No space left on device"),
    )
    jobs = create_autospec(Jobs, instance=True, redis=None)
    closing = asyncio.Event()

    outcomes: Iterator[Any] = iter([0, away, away, full, full, away, full, 2])

    async def reaping() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        if outcome:
            closing.set()
        return outcome

    jobs.reap = AsyncMock(side_effect=reaping)
    await app.reap(jobs, create_autospec(SettingsInForce, instance=True), closing)
    said = [each.getMessage() for each in caplog.records if each.name == app.log.name]
    assert said == [
        "Redis does not answer; commands are answered, nothing is accepted",
        "Redis's disk is full, and it takes nothing; commands are answered, nothing is accepted",
        "Redis is back",
        "the reaper moved 2 jobs",
    ]


@pytest.fixture
def user(redis_sync):
    """Sets the rules of a user of Redis; returns it as `as_user` takes it."""
    made = "easel-test"

    def allow(*rules: str) -> str:
        redis_sync.execute_command("ACL", "SETUSER", made, "reset", "on", ">right-secret", *rules)
        return f"{made}:right-secret"

    yield allow
    redis_sync.execute_command("ACL", "DELUSER", made)


async def test_a_redis_that_lets_it_in_for_nothing_is_told_at_the_start(harness: Harness, start_bot, user):
    url = as_user(harness.valkey_url, "nobody:wrong-secret")
    with pytest.raises(RedisRefusedError, match="does not know this user with this password") as caught:
        await start_bot(redis_url=url)
    assert "wrong-secret" not in str(caught.value)
    url = as_user(harness.valkey_url, user("~easel:*", "&easel:*", "+@all", "-zadd"))
    with pytest.raises(RedisRefusedError, match="the command ZADD"):
        await start_bot(redis_url=url)


async def test_a_bot_needs_no_more_rights_than_the_document_lists(
    harness: Harness, start_bot, sandbox, redis_sync, redis_async
):
    with users(redis_sync, harness.valkey_url) as acl:
        await harness.bot.close()
        bot = await start_bot(redis_url=acl.allow("easel-bot", *documented()["bot"]))
        own = Harness(sandbox, bot, redis_async, harness.valkey_url)
        await own.jobs.heartbeat("w", [STARTER], 1)
        job, _ = await own.waiting()
        assert await bot.intake.jobs.cancel(job.id) is Cancelled.DONE
        await sandbox.slash("gallery", "bea", "models", {})
        assert acl.denied("easel-bot") == []


async def test_rights_that_redis_takes_back_are_said_once(harness: Harness, start_bot, user, monkeypatch, caplog):
    monkeypatch.setattr(app, "REAP_EVERY", 0.001)
    bot = await start_bot(redis_url=as_user(harness.valkey_url, user("~*", "&*", "+@all")))
    user("~rq:*", "&*", "+@all")
    times = asyncio.Queue[None]()
    real = bot.intake.jobs.reap

    async def counted() -> int:
        times.put_nowait(None)
        return await real()

    monkeypatch.setattr(bot.intake.jobs, "reap", counted)
    for _ in range(5):
        await times.get()
    (said,) = (each for each in caplog.records if each.name == app.log.name and each.levelname in {"WARNING", "ERROR"})
    assert said.levelname == "ERROR"
    assert said.getMessage().startswith("Redis does not allow its user what Easel needs: keys")
    assert "right-secret" not in caplog.text


async def test_a_swallowed_cancellation_does_not_keep_the_bot_from_closing(harness: Harness, monkeypatch):
    begun = asyncio.Event()

    async def stubborn() -> int:
        begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return 0

    monkeypatch.setattr(harness.bot.intake.jobs, "reap", stubborn)
    await begun.wait()
    await harness.bot.close()


async def test_what_was_heard_is_answered_before_the_end(harness: Harness, monkeypatch):
    heard, may_go_on = asyncio.Event(), asyncio.Event()
    real = harness.bot.intake.jobs.admit

    async def slowly(*given: Any) -> Any:
        heard.set()
        await may_go_on.wait()
        return await real(*given)

    monkeypatch.setattr(harness.bot.intake.jobs, "admit", slowly)
    asking = asyncio.create_task(harness.imagine())
    await heard.wait()
    closing = asyncio.create_task(harness.bot.close())
    await until(harness.discord.sessions, lambda sessions: not sessions)
    may_go_on.set()
    assert PROMPT in (await harness.answer(await asking)).content
    await closing


async def test_the_gateway_may_be_cut(harness: Harness):
    await harness.discord.cut_gateway(abort=True)
    await harness.discord.wait_bot()
    assert (await harness.imagine()).answered


async def test_only_intents_that_need_no_permission_of_discord(harness: Harness):
    assert harness.bot.intents.value == (1 << 0) | (1 << 10) | (1 << 13)


async def test_a_token_that_discord_does_not_know_is_one_line(settings, capsys):
    assert await run(settings(DISCORD_TOKEN="wrong")) == 2
    told = capsys.readouterr().err
    assert told.startswith("DISCORD_TOKEN is not usable")
    assert len(told.splitlines()) == 1


async def test_a_redis_that_refuses_is_one_line(settings, valkey_url, capsys):
    url = as_user(valkey_url, "nobody:p%40ss-word")
    assert await run(settings(redis_url=url)) == 2
    told = capsys.readouterr().err
    assert told.startswith("easel: Redis does not know this user with this password")
    assert len(told.splitlines()) == 1
    assert "ss-word" not in told


async def test_a_discord_that_cannot_be_reached_is_one_line(settings, capsys):
    assert await run(settings(discord_api="http://127.0.0.1:1/api/v10")) == 1
    told = capsys.readouterr().err
    assert told.startswith("Discord can't be reached at ")
    assert len(told.splitlines()) == 1


async def test_a_log_in_that_discord_puts_off_is_one_line(sandbox, settings, capsys):
    await sandbox.fault("GET", "/users/@me", status=403)
    assert await run(settings()) == 1
    assert capsys.readouterr().err.strip() == f"Discord can't be reached at {settings().discord_api}: status 403"


@pytest.mark.parametrize(("code", "status", "words"), [(4004, 2, "DISCORD_TOKEN is not usable"), (4013, 1, "4013")])
async def test_a_gateway_that_closes_for_good_is_one_line(sandbox, settings, capsys, code, status, words):
    running = asyncio.create_task(run(settings()))
    await sandbox.wait_bot()
    await sandbox.cut_gateway(code=code)
    assert await running == status
    told = capsys.readouterr().err.strip()
    assert words in told
    assert "\n" not in told


async def test_told_to_stop_in_the_middle_of_its_log_in_it_just_stops(sandbox, settings, capsys, monkeypatch):
    async def told(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()

    monkeypatch.setattr(command_sync, "recall", told)
    async with asyncio.timeout(10):
        assert await run(settings()) == 0
    assert not capsys.readouterr().err


async def test_the_process_answers_is_small_and_stops_cleanly(sandbox, settings, redis_async, tmp_path):
    info = sandbox.info
    environment = {
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": info.token,
        "EASEL_DISCORD_API": info.api,
        "EASEL_DISCORD_GATEWAY": info.gateway,
        "EASEL_DISCORD_CDN": info.cdn,
        "EASEL_REDIS_URL": settings().redis_url.get_secret_value(),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", env=environment, cwd=tmp_path, stderr=asyncio.subprocess.PIPE
    )
    await sandbox.wait_bot()
    await Jobs(redis_async).heartbeat("w", [STARTER], 1)
    asked = await sandbox.slash("gallery", "bea", "imagine", {"prompt": PROMPT})
    assert PROMPT in (await sandbox.message(asked.message_id)).content
    assert psutil.Process(process.pid).memory_info().rss < 150 * 1024 * 1024
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()
    assert process.returncode == 0, log.decode()
    assert b"Traceback" not in log
    assert PROMPT.encode() not in log
    assert info.token.encode() not in log


def test_the_process_holds_neither_rq_nor_torch():
    code = "import sys, bot.__main__; print(sorted({'rq', 'torch', 'worker.slot'} & sys.modules.keys()))"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"


async def test_what_was_set_stays_once_the_bot_is_back_in_a_server(harness: Harness) -> None:
    admins = Admins(harness)
    await harness.bot.wait_until_ready()  # at which it takes up all servers; what is asked here is what comes later
    await admins.type("limit set", limit="each.steps", value="9")
    key = keys.server_settings(await admins.server())
    await harness.discord.install("Studio", False)
    await until(lambda: harness.redis.hexists(key, "left"))
    assert await harness.redis.ttl(key) > 0
    await harness.discord.install("Studio", True)
    await until(lambda: harness.redis.hexists(key, "left"), lambda left: not left)
    assert await harness.redis.ttl(key) == -1
