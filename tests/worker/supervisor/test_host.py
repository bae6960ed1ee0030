"""`python -m worker --gpus`: a worker for each card, by a name and a socket of its own, and one poster for all."""

import os
import signal
from typing import Any

import aiohttp
import psutil
import pytest
from pydantic import SecretStr

from tests.worker.contract.factories import WIDE, new_job, request
from tests.worker.harness import Harness, admitted, state, until
from tests.worker.poster.standin import Standin
from worker.contract.metrics.lines import PIPE
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.contract.types.job import State
from worker.settings import PosterSettings
from worker.supervisor.host import Host, cards

TWO = "GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-1)\nGPU 1: NVIDIA GeForce RTX 3090 (UUID: GPU-2)\n"


@pytest.mark.parametrize(
    ("asked", "visible", "listed", "found"),
    [("all", None, TWO, [0, 1]), ("all", "1", TWO, [0]), ("all", "GPU-2,GPU-1", "", [0, 1]), ("0,1", None, "", [0, 1]),
     ("3", None, TWO, [3]), ("1,0", "", "", [1, 0])],
)  # fmt: skip
def test_cards_are_counted_as_torch_counts_them(asked: str, visible: str | None, listed: str, found: list[int]) -> None:
    environment = {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}
    assert cards(asked, environment, lambda: listed) == found


@pytest.mark.parametrize(
    ("asked", "visible", "words"),
    [("all", None, "finds no NVIDIA card"), ("all", "", "finds no NVIDIA card"), ("0,0", None, "numbers of cards"),
     ("cuda:0", None, "numbers of cards"), ("", None, "numbers of cards"), ("-1", None, "numbers of cards")],
)  # fmt: skip
def test_what_is_no_card_is_told(asked: str, visible: str | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cards(asked, {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}, lambda: "")


def tree(harness: Harness) -> list[str]:
    """What runs below the host, by its arguments; the Python processes of ours alone."""
    below = psutil.Process(harness.processes["all"].pid).children(recursive=True)
    lines = [" ".join(each.cmdline()) for each in below]
    return sorted(line.partition("-m worker ")[2] for line in lines if "-m worker " in line)


async def served(url: str, line: str) -> str:
    """What is served there once it has this line: a part's counts come by a pipe, a moment after what they count."""

    async def ask() -> str:
        try:
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                found = await answer.text()
        except aiohttp.ClientError:  # a worker that starts again
            return ""
        return found if line in found else ""

    return str(await until(ask, f"{line} at {url}"))


async def workers(jobs: Jobs) -> set[Any]:
    return {name for name in await jobs.redis.hkeys(keys.WORKERS) if name != b"test"}


async def test_two_cards_draw_for_one_line_and_one_poster_posts(
    harness: Harness, standin: Standin, living: Jobs
) -> None:
    """Two fake cards. One card's worker is killed with all of its own: the other goes on, and it comes back."""
    address = (
        f"127.{os.getpid() >> 16}.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"  # nobody else's; loopback has many
    )
    host = harness.start("all", "all", "--gpus", "0,1", EASEL_SLOTS="1", EASEL_WORKER_METRICS=f"{address}:20100")

    async def both() -> bool:
        return await workers(living) == {b"test-gpu0", b"test-gpu1"}

    await until(both, "two workers")
    found = tree(harness)
    assert found.count("poster") == 1
    assert [line for line in found if line.startswith("all")] == ["all --no-poster"] * 2
    assert sorted(each.name for each in harness.folder.glob("*.sock")) == ["e-gpu0.sock", "e-gpu1.sock"]
    for each in psutil.Process(host.pid).children():
        told = each.environ()
        assert ("DISCORD_TOKEN" in told) is ("poster" in each.cmdline())
    devices = {
        each.environ()["EASEL_DEVICE"] for each in psutil.Process(host.pid).children() if "all" in each.cmdline()
    }
    assert devices == {"cuda:0", "cuda:1"}

    for number in range(4):
        job = new_job(f"slow-{number}").model_copy(update={"request": request(prompt="[slow=0.1] a pear")})
        message = standin.message()
        await admitted(living, job, WIDE)
        await living.answered(job.id, message)
    # Only two cards draw two at once.
    await state(living, "slow-0", State.CLAIMED)
    await state(living, "slow-1", State.CLAIMED)
    first = next(each for each in psutil.Process(host.pid).children() if "all" in each.cmdline())
    first.kill()
    for number in range(4):
        await state(living, f"slow-{number}", State.POSTED)
    await until(both, "two workers again")
    said = await served(f"http://{address}:20102/metrics", 'easel_poster_posts_total{outcome="posted"} 4.0')
    assert 'easel_worker_restarts_total{part="worker"} 1.0' in said
    assert 'easel_worker_memory_bytes{part="poster"}' in said
    assert "engine_up" not in said  # which would ring a bell: no engine is this process's
    await served(f"http://{address}:20101/metrics", "easel_engine_ready 1")

    host.send_signal(signal.SIGTERM)
    assert await harness.ended("all") == 0
    said = harness.said("all")
    ends = [said.index(f"{name} has ended") for name in ("gpu0", "poster")]
    assert ends == sorted(ends)
    assert await workers(living) == set()


async def test_two_ways_to_name_a_device_are_one_too_many(harness: Harness) -> None:
    harness.start("all", "device", "--gpus", "0,1", EASEL_DEVICE="cuda:1")
    assert await harness.ended("device") == 2
    assert harness.said("device") == (
        "easel: EASEL_DEVICE names one device, and --gpus several: leave one of the two out.\n"
    )


async def test_one_card_that_cannot_be_used_leaves_the_others_at_work(caplog: pytest.LogCaptureFixture) -> None:
    host = Host(PosterSettings(DISCORD_TOKEN=SecretStr("t")), [0, 1])
    host._lost(0, "there is no such card")
    assert host.refusal == ""
    assert "card 0 is not used, and not tried again: there is no such card" in caplog.text
    host._lost(1, "there is no such card")
    assert host.refusal == "there is no such card"


async def test_each_card_serves_its_figures_at_a_port_of_its_own_and_the_last_is_the_posters() -> None:
    host = Host(PosterSettings(DISCORD_TOKEN=SecretStr("t"), worker_metrics="127.0.0.1:9100"), [1, 3])
    ports = [child._env["EASEL_WORKER_METRICS"] for child in host.workers.values()]
    assert ports == ["127.0.0.1:9100", "127.0.0.1:9101"]
    assert PIPE in host.poster._env


async def test_ports_that_there_are_not_are_told(harness: Harness) -> None:
    harness.start("all", "ports", "--gpus", "0,1", EASEL_WORKER_METRICS="127.0.0.1:65534")
    assert await harness.ended("ports") == 2
    assert harness.said("ports") == (
        "easel: EASEL_WORKER_METRICS is not usable: one for each of 2 cards and one for their poster need 3 ports from "
        "this one on. Choose a lower one.\n"
    )
