"""The service on its socket, with the fake engine as a process."""

import asyncio
import contextlib
import io
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.worker.engine.engines import DEADLINE, Client, EngineProcess, asked, call, running
from worker.contract.types import recipe
from worker.contract.types.job import Reason
from worker.contract.types.request import Request
from worker.engine.protocol import EXIT_WORN, Done, Failed, RenderRefusal, Step, read_frames
from worker.engine.service.watchdog import EXIT_HUNG


async def test_a_render_streams_its_story_and_its_pictures(fake: EngineProcess):
    request = asked(count=3, seed=2**32 - 2)
    frames = await fake.client.render(request)
    kinds = [frame.header.kind for frame in frames]
    assert (kinds[0], kinds[-1]) == ("started", "done")
    assert {"phase", "step", "preview"} < set(kinds)
    pictures = sorted((f for f in frames if f.header.kind == "picture"), key=lambda f: f.header.index)
    assert [p.header.seed for p in pictures] == [2**32 - 2, 2**32 - 1, 0]
    for index, picture in enumerate(pictures):
        assert Image.open(io.BytesIO(picture.body)).size == (64, 64)
        assert recipe.read(picture.body) == recipe.Recipe(request=request, index=index, revision="fake")
    done = frames[-1].header
    assert isinstance(done, Done)
    assert set(done.timings) == {"encode", "steps", "decode", "device", "total"}
    worked = sum(done.timings[each] for each in ("encode", "steps", "decode"))
    assert done.timings["device"] == pytest.approx(worked, abs=0.21)  # each is rounded to a tenth by itself


async def test_same_recipe_same_pixels(fake: EngineProcess):
    async def pixels(request: Request) -> list[bytes]:
        frames = await fake.client.render(request)
        pictures = sorted((f for f in frames if f.header.kind == "picture"), key=lambda f: f.header.index)
        return [Image.open(io.BytesIO(f.body)).tobytes() for f in pictures]

    four = asked(count=4)
    assert (await pixels(four))[2:3] == await pixels(four.only(2))
    assert await pixels(asked(seed=8)) != await pixels(asked(seed=7))


async def test_steps_never_go_back_and_end_at_the_last(fake: EngineProcess):
    frames = await fake.client.render(asked(steps=30))
    steps = [frame.header.step for frame in frames if isinstance(frame.header, Step)]
    assert steps == sorted(steps)
    assert steps[-1] == 30


async def test_a_second_render_is_turned_away_while_one_runs(fake: EngineProcess):
    async with fake.client.post(asked("[slow=0.05]", steps=100)) as first:
        assert first.status == 200
        await fake.client.until(lambda health: (health.places, health.running) == (0, 1))
        async with fake.client.post(asked()) as second:
            assert second.status == 503
            assert RenderRefusal.model_validate_json(await second.read()).reason == "busy"


async def test_closing_the_connection_cancels_at_the_next_step(fake: EngineProcess):
    answer = await fake.client.post(asked("[slow=1000]"))
    assert answer.status == 200
    answer.close()
    await fake.client.until(lambda health: health.places == 1)
    assert (await fake.client.render(asked()))[-1].header.kind == "done"
    async with fake.client.http.get("http://engine/metrics") as metrics:
        text = await metrics.text()
    assert 'easel_engine_renders_total{outcome="cancelled"} 1' in text
    assert 'easel_engine_renders_total{outcome="done"} 1' in text


async def test_pictures_that_were_drawn_once_more_are_counted_and_keep_the_seed_they_have(fake: EngineProcess):
    request = asked("[blank]", count=2, seed=2**32 - 3)
    await fake.client.render(asked())
    frames = await fake.client.render(request)
    pictures = sorted((f for f in frames if f.header.kind == "picture"), key=lambda f: f.header.index)
    assert [picture.header.seed for picture in pictures] == [2**32 - 1, 0]
    kept = [recipe.read(picture.body) for picture in pictures]
    assert [one.again.seed for one in kept if one] == [2**32 - 1, 0]
    async with fake.client.http.get("http://engine/metrics") as metrics:
        text = await metrics.text()
    assert "easel_engine_pictures_total 3" in text
    assert "easel_engine_redrawn_total 2" in text


async def test_out_of_memory_and_faults_are_told_and_survived(fake: EngineProcess):
    for word, reason in (("[oom]", Reason.MEMORY), ("[fail]", Reason.ENGINE)):
        last = (await fake.client.render(asked(word)))[-1].header
        assert isinstance(last, Failed)
        assert last.reason is reason
        assert last.detail
    assert (await fake.client.health()).state == "ready"


async def test_bad_calls_get_words_and_no_stream(fake: EngineProcess):
    async def refusal(body: str) -> tuple[int, RenderRefusal]:
        async with fake.client.http.post("http://engine/render", data=body) as answer:
            return answer.status, RenderRefusal.model_validate_json(await answer.read())

    good = call(asked())
    status, words = await refusal(good.replace('"width":64', '"width":65'))
    assert (status, words.reason) == (422, "invalid")
    assert "width" in words.detail
    status, words = await refusal(good.replace('"fake"', '"absent"'))
    assert (status, words.reason) == (404, "model")
    assert "absent" in words.detail
    status, words = await refusal("no json")
    assert (status, words.reason) == (422, "invalid")


async def test_a_big_call_is_read(fake: EngineProcess):
    async with fake.client.http.post("http://engine/render", data=io.BytesIO(b" " * (3 << 20))) as answer:
        assert answer.status == 422


async def test_a_crash_ends_the_process_and_the_stream(fake: EngineProcess):
    with contextlib.suppress(aiohttp.ClientError):
        frames = await fake.client.render(asked("[crash]"))
        assert frames[-1].header.kind != "done"
    assert await fake.ended() == -signal.SIGKILL


async def test_a_new_engine_takes_over_the_socket_of_a_killed_one(folder: Path):
    async with running(folder, "--fake") as first:
        first.process.kill()
        await first.ended()
        async with running(folder, "--fake") as second:
            assert (await second.client.health()).pid == second.process.pid


async def test_two_engines_never_share_a_socket(fake: EngineProcess, folder: Path):
    async with running(folder, "--fake", wait=False) as second:
        assert await second.ended() == 2
        assert f"Another engine (process {fake.process.pid})" in second.log
    assert (await fake.client.health()).pid == fake.process.pid


async def test_only_the_owner_may_open_the_socket(fake: EngineProcess):
    assert stat.S_IMODE(fake.client.socket.stat().st_mode) == 0o600


async def test_a_hung_gpu_thread_fails_its_render_and_ends_the_process(folder: Path):
    short: dict[str, Any] = {"EASEL_BUDGET_STEP": "0.3", "EASEL_BUDGET_GRACE": "0.3", "EASEL_FAKE_STEP_MS": "1"}
    async with running(folder, "--fake", **short) as engine:
        last = (await engine.client.render(asked("[hang]")))[-1].header
        assert isinstance(last, Failed)
        assert last.reason is Reason.TIMEOUT
        assert await engine.ended() == EXIT_HUNG
        assert "has not come back" in engine.log


async def test_a_slow_step_fails_its_render_and_the_engine_stays(folder: Path):
    async with running(folder, "--fake", EASEL_BUDGET_STEP="3", EASEL_FAKE_STEP_MS="1") as engine:
        last = (await engine.client.render(asked("[slow=30]")))[-1].header
        assert isinstance(last, Failed)
        assert last.reason is Reason.TIMEOUT
        await engine.client.until(lambda health: health.places == 1)
        assert (await engine.client.render(asked()))[-1].header.kind == "done"


async def test_an_engine_whose_memory_has_grown_ends_when_it_is_idle(folder: Path):
    async with running(folder, "--fake", EASEL_RECYCLE_MIB="100") as engine:
        assert (await engine.client.render(asked()))[-1].header.kind == "done"
        assert (await engine.client.render(asked("[leak]")))[-1].header.kind == "done"
        assert await engine.ended() == EXIT_WORN
        assert "more than allowed: a new process takes over" in engine.log


async def test_a_limit_of_memory_below_what_the_models_take_is_ignored(folder: Path):
    async with running(folder, "--fake", EASEL_RECYCLE_MIB="1") as engine:
        assert (await engine.client.render(asked()))[-1].header.kind == "done"
        assert (await engine.client.render(asked()))[-1].header.kind == "done"
        assert "EASEL_RECYCLE_MIB is ignored" in engine.log


async def test_a_model_over_which_engines_die_rests(folder: Path):
    for job in ("one", "two"):
        async with running(folder, "--fake", EASEL_BREAKER_AFTER="2", EASEL_BREAKER_REST="600") as engine:
            body = call(asked("[crash]")).replace("job-1", f"{job}-1")
            with contextlib.suppress(aiohttp.ClientError):
                async with engine.client.http.post("http://engine/render", data=body) as answer:
                    await answer.read()
            await engine.ended()
    env = {"EASEL_BREAKER_AFTER": "2", "EASEL_BREAKER_REST": "600"}
    async with running(folder, "--fake", wait=False, **env) as engine:
        health = await engine.client.until(lambda health: health.state == "ready")
        assert "fake" not in health.capabilities
        assert "2 jobs in a row failed here with fake" in health.problems[0]


async def test_a_long_step_is_bridged_by_signs_of_life(folder: Path):
    async with running(folder, "--fake") as engine:
        kinds = [frame.header.kind for frame in await engine.client.render(asked("[slow=2.5]", steps=1))]
        assert "pulse" in kinds


async def test_sigterm_finishes_what_runs_and_refuses_the_rest(fake: EngineProcess):
    async with fake.client.post(asked("[slow=0.05]", steps=20)) as first:
        fake.process.send_signal(signal.SIGTERM)
        await fake.client.until(lambda health: health.state == "draining")
        async with fake.client.post(asked()) as second:
            assert second.status == 503
            assert RenderRefusal.model_validate_json(await second.read()).reason == "draining"
        frames = [frame async for frame in read_frames(first.content)]
    assert frames[-1].header.kind == "done"
    assert await fake.ended() == 0
    assert not fake.client.socket.exists()


_STUCK = """
import asyncio, sys
from worker.engine.protocol import RenderCall
async def main():
    reader, writer = await asyncio.open_unix_connection(sys.argv[1], limit=1)
    body = sys.argv[2].encode()
    writer.write(b"POST /render HTTP/1.1\\r\\nHost: engine\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
    await reader.read(1)
    print("reading", flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


async def test_a_stopped_client_holds_up_nobody_and_is_cut(folder: Path):
    async with running(folder, "--fake", EASEL_CLIENT_STALL="0.5", EASEL_FAKE_STEP_MS="1") as engine:
        big = call(asked("[noise]", width=1024, height=1024, count=4))
        stuck = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _STUCK, str(engine.client.socket), big, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert stuck.stdout is not None
            assert await asyncio.wait_for(stuck.stdout.readline(), DEADLINE) == b"reading\n"
            os.kill(stuck.pid, signal.SIGSTOP)
            await engine.client.until(lambda health: health.places == 1)
            other = Client(engine.client.socket)
            assert (await other.render(asked()))[-1].header.kind == "done"
            await other.http.close()
            await engine.logged("is cut")
        finally:
            os.kill(stuck.pid, signal.SIGCONT)
            stuck.kill()
            await stuck.wait()


async def test_prompts_stay_out_of_the_log(fake: EngineProcess):
    await fake.client.render(asked("a very private wish [fail]"))
    await fake.logged("render job-1: failed")  # written after the last frame has left
    assert "private" not in fake.log


async def test_prompts_at_debug_forge_no_lines(folder: Path):
    async with running(folder, "--fake", "--log-level", "DEBUG") as engine:
        await engine.client.render(asked("a pear\x1b[2J\u2028\r00:00:00 worker.engine CRITICAL forged"))
        await engine.logged("render job-1: done")
    assert r"'a pear\x1b[2J" in engine.log
    assert not [line for line in engine.log.splitlines() if line.startswith("00:00:00")]
    assert "\x1b" not in engine.log
