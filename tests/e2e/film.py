"""Film Easel at work, as the README shows it: `python -m tests.e2e.film docs`.

A person types /imagine, watches it being drawn and has the best picture enlarged, on the sandbox's page with a whole
Easel and the bundled model behind it. What is kept are the moments at which the page looked different.
"""

import asyncio
import contextlib
import io
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops

from deploy.sandbox.client import Message
from tests.deploy.sandbox.browser import Page, chromium, visit
from tests.deploy.sandbox.page_waits import choose_imagine, fill_in, pictures
from tests.e2e.local import DEADLINE, running
from tests.e2e.person import Easel, at, job_of
from worker.contract.types.job import State

WINDOW = (900, 900)
CHANNEL = "Studio/gallery"
BEFORE = {"Cem": "a glossy sticker of a rocket, dark blue background", "Dua": "a cartoon of a unicorn, pink background"}
PROMPT = "a hamburger, yellow background"  # in no style, so each picture has its own
OPTIONS = {"count": "4", "steps": "30", "seed": "5"}
CHOSEN = 2
QUALITY = 72
ROLL = 16  # frames at most of what moves by itself, however slow the machine is
BRIEF, READ, LAST = 450, 1600, 4000  # milliseconds: a step of progress, something to read, the end before it repeats


@dataclass
class Film:
    """Frames with how long each is shown; one that looks like the last only makes that one longer."""

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    spans: list[int] = field(default_factory=list)

    async def take(self, span: int = BRIEF) -> None:
        shot = Image.open(io.BytesIO(await self.page.picture())).convert("RGB")
        if self.frames and ImageChops.difference(self.frames[-1], shot).getbbox() is None:
            self.spans[-1] = max(self.spans[-1], span)
            return
        self.frames.append(shot)
        self.spans.append(span)

    @contextlib.asynccontextmanager
    async def rolling(self) -> AsyncIterator[None]:
        """Take one after the other while the block runs; keep as many as are worth watching, evenly spaced."""
        ending, start = asyncio.Event(), len(self.frames)

        async def roll() -> None:
            while not ending.is_set():
                await self.take()

        task = asyncio.create_task(roll())
        try:
            yield
        finally:
            ending.set()
            await task
            taken = len(self.frames) - start
            kept = (
                [start + taken * number // ROLL for number in range(ROLL)]
                if taken > ROLL
                else range(start, start + taken)
            )
            self.frames[start:] = [self.frames[index] for index in kept]
            self.spans[start:] = [self.spans[index] for index in kept]

    def save(self, path: Path) -> None:
        first, *rest = self.frames
        first.save(
            path, "WEBP", save_all=True, append_images=rest, duration=self.spans, loop=0, quality=QUALITY, method=6,
            minimize_size=True,
        )  # fmt: skip


async def play(easel: Easel, page: Page) -> Film:
    film = Film(page)
    for person, prompt in BEFORE.items():
        asked = await easel.ask(prompt, person, CHANNEL, count=1, seed=3, steps=20)
        await easel.reaches(asked.job, State.POSTED)
        message = await easel.sandbox.message(asked.message)
        await pictures(page, message, 1)
        for other in BEFORE:
            await easel.sandbox.react(message, "❤️", other)
    await choose_imagine(page)
    await film.take(READ)
    await fill_in(page, PROMPT, OPTIONS)
    await film.take(READ)
    await page.enter()
    async with film.rolling():
        drawn = await finished(easel, page, lambda each: len(each.attachments) == 4)
    await film.take(2 * READ)
    await page.click(f"#m{drawn.id} button[aria-label='U{CHOSEN}']")
    async with film.rolling():
        await finished(easel, page, lambda each: "times as large" in each.content and len(each.attachments) == 1)
    await film.take(LAST)
    return film


async def finished(easel: Easel, page: Page, is_it: Callable[[Message], bool]) -> Message:
    """The message for which this is true, once its job is posted and its pictures are on screen."""
    message = await easel.sandbox.wait_message(CHANNEL, is_it, DEADLINE)
    await easel.reaches(job_of(message), State.POSTED)
    message = await easel.sandbox.message(message)
    await pictures(page, message, len(message.attachments))
    return message


async def main(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="easel-film-") as scratch,
        chromium() as devtools,
        running(Path(scratch) / "easel", "real", {"EASEL_ENGINE_NICE": "0"}) as local,
    ):
        async with at(local) as easel:
            place = (await easel.sandbox.get("/channel", channel=CHANNEL))["id"]
            async with visit(devtools, f"{local.page}/?as=Bea#{place}") as page:
                await page.resize(WINDOW)
                film = await play(easel, page)
    path = folder / "easel.webp"
    film.save(path)
    sys.stdout.write(f"{path}: {len(film.frames)} frames, {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
