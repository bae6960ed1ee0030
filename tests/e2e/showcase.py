"""Take the pictures of the sandbox's page that the README shows: `python -m tests.e2e.showcase docs`.

A whole Easel with the bundled model draws them; people in the sandbox do the rest. First comes the story of one picture
(`tests.e2e.story`), then the Inspector.
"""

import asyncio
import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from deploy.sandbox.client import Message
from tests.deploy.sandbox.browser import Page, chromium, visit
from tests.deploy.sandbox.page_waits import pictures
from tests.e2e import story
from tests.e2e.local import DEADLINE, running
from tests.e2e.person import Easel, at
from worker.contract.types.job import State

WINDOW = (1360, 1110)
PROMPT = "a strawberry"
NEXT = "a flat icon of a sailboat, orange background"
HALFWAY = re.compile(r"step [34]\d of 60")
MOST = 60_000  # bytes of one picture


async def result(easel: Easel, page: Page, person: str, prompt: str, **options: Any) -> Message:
    asked = await easel.ask(prompt, person, **options)
    await easel.reaches(asked.job, State.POSTED)
    message = await easel.sandbox.message(asked.message)
    await pictures(page, message, len(message.attachments))
    return message


async def keep(page: Page, path: Path, most: int = MOST) -> None:
    shot = Image.open(io.BytesIO(await page.picture())).convert("RGB")
    await asyncio.to_thread(story.save, shot, path, most)


async def play(easel: Easel, devtools: str, folder: Path) -> None:
    sandbox = easel.sandbox
    async with visit(devtools, f"{easel.local.page}/?as=Bea") as page:
        await page.resize(WINDOW)
        first = await result(easel, page, "Bea", PROMPT, count=2, steps=24, seed=3)
        for emoji, people in {"❤️": ("Cem", "Dua", "Bea"), "🔥": ("Max",)}.items():
            for person in people:
                await sandbox.react(first, emoji, person)
        await sandbox.say("gallery", "Cem", "The second one looks **good enough to eat**.", reply_to=first.id)
        asked = await easel.ask(NEXT, "Dua", steps=60)
        await sandbox.wait_edit(asked.message, lambda each: bool(HALFWAY.search(each.content)), DEADLINE)
        await page.until(f"document.querySelector('#m{asked.message.id} .gallery img')?.naturalWidth")
        await sandbox.press(asked.message, "Cancel", "Dua", timeout=DEADLINE)
        await easel.reaches(asked.job, State.CANCELLED)
        await sandbox.delete(asked.message.id, "Max")
        await light(easel, page, folder, first)


async def light(easel: Easel, page: Page, folder: Path, first: Message) -> None:
    """The story of a message, by day."""
    await page.scheme("light")
    await page.click(f"#m{first.id} .tools [aria-label=More]")
    entries = "[...document.querySelectorAll('.context-menu [role=menuitem]')]"
    await page.until(f"{entries}.length")
    await page.run(f"{entries}.find((it) => it.textContent === 'Inspect').click()")
    await page.until("document.querySelectorAll('.step').length > 5")
    await page.run("document.querySelectorAll('.step > details > summary')[2].click()")
    await page.until("document.querySelector('.json-body')")
    await keep(page, folder / "sandbox-light.webp")
    await page.press("Escape")
    await page.until("!document.querySelector('dialog')")


async def main(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="easel-show-") as scratch,
        chromium() as devtools,
        running(Path(scratch) / "easel", "real", {"EASEL_ENGINE_NICE": "0"}) as local,
    ):
        async with at(local) as easel:
            await story.play(easel, devtools, folder / "story")
            await play(easel, devtools, folder)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
