"""`easel top`: what stands in a real Valkey, in lines that fit the terminal."""

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.asyncio import Redis

from bot.operator.desk import OperatorDesk
from deploy.top import look
from deploy.top.__main__ import main
from deploy.top.look import Card, Drawn, Looks, View, Waits, Worker
from deploy.top.table import lines, span
from tests.worker.contract.factories import INFO, WIDE, new_job
from tests.worker.harness import admitted
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import Progress
from worker.contract.types.timings import Timings

ROOT = Path(__file__).parents[3]


async def busy(client: Redis, url: str) -> Jobs:
    """One is drawn, two wait."""
    jobs = Jobs(client, Timings())
    await jobs.heartbeat("card-0", [INFO], 1)
    for number in range(3):
        await admitted(jobs, new_job(f"job-{number}", owner=number), WIDE)
    with redis.Redis.from_url(url) as connection:
        claim(connection, worker="w", capabilities=["starter"], timings=Timings(), function="f", job_timeout=60)
    await jobs.renew("job-0", 1, Progress(phase="steps", step=4, steps=20))
    return jobs


async def test_it_tells_who_waits_and_what_is_drawn(redis_async: Redis, valkey_url: str) -> None:
    jobs = await busy(redis_async, valkey_url)
    looks = Looks(redis_async)
    first = await looks.look()
    assert (first.waiting, first.pictures, first.per_minute, first.paused) == (2, 12, None, None)
    assert [(each.id, each.place) for each in first.waits] == [("job-1", 1), ("job-2", 2)]
    (drawn,) = first.drawn
    assert (drawn.id, drawn.phase, drawn.step, drawn.steps, drawn.pace) == ("job-0", "steps", 4, 20, None)
    (worker,) = first.workers
    assert worker.lives
    assert "starter" in worker.can

    await jobs.renew("job-0", 1, Progress(phase="steps", step=9, steps=20))
    (drawn,) = (second := await looks.look()).drawn
    assert drawn.step == 9
    assert drawn.pace is not None
    assert drawn.pace > 0
    assert second.per_minute == 0


async def test_what_is_odd_is_told_or_left_out(redis_async: Redis) -> None:
    odd: dict[Any, Any] = {"damaged": "{", "a list": "[]", "silent": '{"seen": 1, "models": ["a"]}'}
    await redis_async.hset(keys.WORKERS, mapping=odd)
    await redis_async.zadd(keys.WAITING, {"gone": 1})
    await redis_async.zadd(keys.LEASES, {"broken": 1})
    await redis_async.hset(keys.job("broken"), "state", "?")
    await OperatorDesk(redis_async).change(lambda settings: settings.model_copy(update={"paused": "Until 8."}))
    view = await Looks(redis_async).look()
    said = lines(view, 100, 40)
    assert (view.waiting, view.waits, view.drawn) == (1, [], [])
    assert "paused: Until 8." in said
    for name in ("damaged", "a list"):
        assert any(name in line and "cannot read" in line for line in said)
    assert any("silent" in line and "! silent for" in line for line in said)


async def test_no_words_of_anybody_are_shown(redis_async: Redis, valkey_url: str) -> None:
    await busy(redis_async, valkey_url)
    view = await Looks(redis_async).look()
    assert "apple" not in "\n".join(lines(view, 200, 60)) + json.dumps(view, default=vars)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 12), (200, 60), (1, 1)])
def test_it_fits_the_terminal(width: int, height: int) -> None:
    view = View(
        waiting=400, posting=2, pictures=10**6, per_minute=3.25, paused=None,
        waits=[Waits(f"job-{n}" * 6, "1", "a-model-with-a-long-name", 4, 9e4, n, 1e4) for n in range(50)],
        drawn=[Drawn("j", "1", "sdxl", 4, "steps", 7, 30, 70, 12.34)],
        workers=[Worker("card-0", 1, ("sdxl",), ""), Worker("card-1", 1, (), "its engine cannot draw")],
        cards=[Card("NVIDIA GeForce RTX 4090", 98, 20_000, 24_564)],
    )  # fmt: skip
    told = lines(view, width, height)
    assert max(map(len, told)) <= width
    assert len(told) <= max(height, 17)
    if width >= 80:
        assert told[0] == "Easel: 400 waiting, 1 drawn, 2 to post; today 1000000 pictures, 3.2 a minute"
        assert any("x4 [#.......] steps      7/30 12.3 steps/s   1:10" in line for line in told)
        shown = sum(" place " in line for line in told)
        assert f"  … and {400 - shown} more" in told
        assert "  NVIDIA GeForce RTX 4090       98 % busy  19.5 of 24.0 GiB" in told


@pytest.mark.parametrize(
    ("seconds", "words"), [(-1, "0 s"), (59.4, "59 s"), (60, "1:00"), (185, "3:05"), (5999, "99:59"), (6000, "1 h")]
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("told", "found"),
    [("NVIDIA L4, 12, 300, 23034\\n", [Card("NVIDIA L4", 12, 300, 23034)]), ("No devices were found\\n", []),
     ("A, [N/A], 1, 2\\n", []), ("", [])],
)  # fmt: skip
def test_cards_are_what_the_driver_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, found: list[Card]
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\nprintf '{told}'\n")
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(program))
    assert look.cards() == found


async def test_into_a_pipe_it_tells_once(
    redis_async: Redis, valkey_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await busy(redis_async, valkey_url)
    monkeypatch.setenv("EASEL_REDIS_URL", valkey_url)
    assert await asyncio.to_thread(main, []) == 0
    assert capsys.readouterr().out.startswith("Easel: 2 waiting, 1 drawn, ")
    assert await asyncio.to_thread(main, ["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["waiting"], told["drawn"][0]["steps"], told["workers"][0]["name"]) == (2, 20, "card-0")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_a_terminal_it_goes_on_until_it_is_ended(
    redis_sync: redis.Redis, valkey_url: str, number: signal.Signals
) -> None:
    """Even while Redis is away. It leaves the terminal as it was."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "EASEL_REDIS_URL": valkey_url, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "deploy.top", "--every", "0.2"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        try:
            while seen.count(b"Easel: 0 waiting") < 2:
                seen += os.read(ours, 4096)
            process.send_signal(number)
            while not seen.endswith(b"\x1b[?25h\x1b[?1049l"):
                seen += os.read(ours, 4096)
            assert process.wait(60) == 0
        finally:
            process.kill()  # one that writes to a terminal that nobody reads would never end
    os.close(ours)
    assert seen.startswith(b"\x1b[?1049h\x1b[?25l")
    assert b"Traceback" not in seen
