"""Pictures are decoded in a process of its own, and whatever becomes of that, its engine goes on."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from tests.worker.contract.factories import begun
from tests.worker.engine.engines import DEADLINE
from tests.worker.engine.service.test_sources import plain, saved
from tests.worker.harness import until
from worker.contract.types.request import Request
from worker.engine.errors import SourceError, TurnedAwayError, UnfitError
from worker.engine.service import sources
from worker.engine.service.decoder import Decoder
from worker.engine.service.fake_backend import UPSCALER

# The real one, whose codec crashes or hangs at files of ours.
_FRAGILE = """
import os, signal, sys
from worker.engine.service import decoding, sources
read = sources.read
def fragile(files, *more):
    if files[:1] == [b"crash"]:
        os.abort()
    if files[:1] == [b"hang"]:
        signal.pause()
    return read(files, *more)
sources.read = fragile
sys.exit(decoding.main(sys.argv[1:]))
"""


def command(script: str) -> tuple[str, ...]:
    return sys.executable, "-c", script


@pytest.fixture
async def decoder() -> AsyncIterator[Decoder]:
    made = Decoder(command(_FRAGILE))
    yield made
    await made.close()


def asked() -> Request:
    return begun(width=64, height=64)


async def test_a_picture_that_kills_its_decoder_is_refused_and_the_next_is_drawn_from(decoder: Decoder) -> None:
    for _ in range(2):
        with pytest.raises(SourceError) as refused:
            await decoder.read([b"crash"], asked())
        assert refused.value.cause.code == "picture_damaged"
        found = await decoder.read([plain()], asked())
        assert found == sources.read([plain()], asked())


async def test_one_that_died_of_another_thing_is_no_fault_of_the_picture(decoder: Decoder) -> None:
    await decoder.read([plain()], asked())
    process = decoder._process
    assert process is not None
    process.send_signal(signal.SIGKILL)
    await decoder.read([plain()], asked())
    assert decoder._process is not process


async def test_a_picture_that_takes_for_ever_is_refused() -> None:
    decoder = Decoder(command("import sys, signal; sys.stdout.write('+'); sys.stdout.flush(); signal.pause()"), 0.05)
    with pytest.raises(SourceError) as refused:
        await decoder.read([plain()], asked())
    assert refused.value.cause.code == "picture_damaged"
    assert decoder._process is None
    await decoder.close()


async def test_who_goes_away_takes_the_answer_along(decoder: Decoder) -> None:
    await decoder.read([plain()], asked())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await decoder.read([b"hang"], asked())
    blue = plain(colour=(0, 0, 255))
    found = await decoder.read([blue], asked())
    assert found.pictures[0].getpixel((9, 9)) == (0, 0, 255)


async def test_who_goes_away_while_it_starts_leaves_no_process_behind() -> None:
    decoder = Decoder(command("import signal; signal.pause()"))
    reading = asyncio.create_task(decoder.read([plain()], asked()))

    async def started() -> asyncio.subprocess.Process | None:
        return decoder._process

    process: asyncio.subprocess.Process = await until(started, "its process")
    reading.cancel()
    async with asyncio.timeout(DEADLINE):
        assert await process.wait() == -signal.SIGKILL
    with pytest.raises(asyncio.CancelledError):
        await reading
    await decoder.close()


async def test_what_it_says_is_what_would_be_said_here(decoder: Decoder) -> None:
    with pytest.raises(SourceError) as refused:
        await decoder.read([b"none"], asked())
    assert refused.value.cause.code == "source_of_other_format"
    with pytest.raises(UnfitError):
        await decoder.read([], asked())


async def test_a_picture_to_upscale_comes_whole_in_every_mode(decoder: Decoder) -> None:
    clear = Image.new("P", (3, 2), 1)
    clear.putpalette([9, 9, 9, 255, 0, 0])
    cases: tuple[tuple[Image.Image, dict[str, Any], str, object], ...] = (
        (Image.new("RGB", (3, 2), (1, 2, 3)), {}, "RGB", (1, 2, 3)),
        (Image.new("L", (3, 2), 7), {}, "L", 7),
        (Image.new("RGBA", (3, 2), (1, 2, 3, 4)), {}, "RGBA", (1, 2, 3, 4)),
        (Image.new("1", (3, 2), 1), {}, "RGB", (255, 255, 255)),
        (clear, {"transparency": 1}, "RGBA", (255, 0, 0, 0)),
    )
    for image, how, mode, first in cases:
        (found,) = (await decoder.read([saved(image, **how)], upscaler=UPSCALER)).pictures
        assert (found.mode, found.size, found.getpixel((0, 0))) == (mode, (3, 2), first)


@pytest.mark.parametrize("started", [command(""), ("/no/such/program",)], ids=["ends", "is not there"])
async def test_without_a_decoder_the_job_goes_elsewhere(started: tuple[str, ...]) -> None:
    with pytest.raises(TurnedAwayError) as away:
        await Decoder(started).read([plain()], asked())
    assert away.value.reason == "sick"


async def test_it_ends_with_its_engine(decoder: Decoder) -> None:
    await decoder.read([plain()], asked())
    process = decoder._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(DEADLINE):
        assert await process.wait() == 0


async def test_it_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("HF_TOKEN", "secret")
    told = "import os, sys; sys.stdout.write('+' if 'secret' not in os.environ.values() else '-')"
    decoder = Decoder(command(told))
    process = await decoder._started()
    async with asyncio.timeout(DEADLINE):
        await process.communicate()
    assert os.environ["HF_TOKEN"] == "secret"
