"""`easel forget`: what its operator reads. That nothing is left is tests/worker/contract/store/test_forget.py."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from deploy import forget
from tests.worker.contract.conftest import jobs
from tests.worker.contract.factories import WIDE, new_job
from tests.worker.contract.store.test_forget import posted
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_settings import Block

__all__ = ["jobs"]
Run = Callable[..., Coroutine[Any, Any, tuple[int, list[str], list[str]]]]
REST = "1 request has not come to rest: a message on Discord has yet to show it. Is a worker with a poster running? "


@pytest.fixture
def run(valkey_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("EASEL_REDIS_URL", valkey_url)

    async def run(*words: str) -> tuple[int, list[str], list[str]]:
        status = await asyncio.to_thread(forget.main, [*words])
        out, err = capsys.readouterr()
        return status, out.splitlines(), err.splitlines()

    return run


async def test_one_of_whom_nothing_is_kept(run: Run, jobs: Jobs) -> None:
    await jobs.admit(new_job("others", owner=2), WIDE)
    assert await run("1", "--dry-run") == (0, ["Nothing is kept about 1."], [])
    status, (line, *_), err = await run("<@1>")
    assert (status, line, err) == (0, "Nothing is kept about 1.", [])
    assert await jobs.get("others") is not None


async def test_looking_changes_nothing_and_says_the_same(run: Run, jobs: Jobs) -> None:
    await jobs.redis.zadd(keys.favourites(1), {"10/7/5/a": 1, "10/7/6/b": 2})
    await jobs.redis.set(keys.tell(1), 1)
    await OperatorStore(jobs.redis).change(0, OperatorSettings(blocked={1: Block(why="spam")}))
    rows = ["      2  results that they kept", "      1  choice of when to be told"]
    stays = "Blocks (everywhere) stay, or asking would end them; --blocks takes them away."
    assert await run("1", "--dry-run") == (0, ["This is kept, and would go, of 1:", *rows, stays], [])
    status, out, err = await run("1", "--json", "--dry-run")
    assert (status, err) == (0, [])
    assert json.loads(out[0])["favourites"] == 2
    status, out, err = await run("1")
    assert (status, out[:4], err) == (0, ["This was kept, and is gone, of 1:", *rows, stays], [])
    assert out[5].startswith("Messages on Discord stay")
    status, out, err = await run("1", "--blocks")
    assert (status, out[0], err) == (0, "Blocks (everywhere) are taken away.", [])
    assert (await run("1", "--dry-run"))[1] == ["Nothing is kept about 1."]


async def test_what_a_poster_has_yet_to_show_is_said_and_waited_for(run: Run, jobs: Jobs) -> None:
    await jobs.admit(new_job("waits", owner=1), WIDE)
    status, out, err = await run("1", "--wait", "0")
    assert (status, [line.strip() for line in out[1:3]]) == (
        1,
        ["1  requests with their words, settings and places", "1  of them waiting or being drawn: cancelled"],
    )
    assert err == [f"{REST}Then call this again; all else is gone."]
    asked = asyncio.create_task(run("1"))
    await posted(jobs.redis)
    status, _, err = await asked
    assert (status, err) == (0, [])
    assert await jobs.get("waits") is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Ann"], "argument person: a person's id is a number (Discord: Developer Mode → Copy User ID)"),
        (["1", "--wait", "soon"], "argument --wait: a whole number of seconds, at most 3600"),
    ],
)
def test_a_mistake_is_named(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        forget.main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"easel forget: error: {said}"
