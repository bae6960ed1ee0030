"""The story of one picture, as the README shows it: asked for, four of them, varied, larger, edited, kept and sent.

Each moment is taken as wide as a desktop's window and as a phone. `tests.e2e.showcase` has it played.
"""

import asyncio
import io
import sys
from pathlib import Path

from PIL import Image

from deploy.sandbox.client import Message
from tests.deploy.sandbox.browser import PHONE, Page, visit
from tests.deploy.sandbox.page_waits import choose_imagine, fill_in, pictures
from tests.e2e.local import DEADLINE
from tests.e2e.person import Easel, job_of
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.job import State

CHANNEL, PERSON = "Studio/gallery", "Bea"
WIDE = (860, 800)
SHOWN = {WIDE: 720, PHONE: 390}
PROMPT = "a fox at night"  # leaves the style open, so that each picture has its own
OPTIONS = {"count": "4", "steps": "20", "seed": "5"}
EDITED = "a fox in the snow"
MOST = 16_000  # bytes of one picture


class Story:
    """Moments of one picture's life, as one person sees them on the page."""

    def __init__(self, easel: Easel, page: Page, folder: Path) -> None:
        self._easel, self._page, self._folder = easel, page, folder
        self._number = 0

    async def take(self, name: str, page: Page | None = None) -> None:
        """Keep what is on the page, at both widths."""
        self._number += 1
        page = page or self._page
        for size, width in SHOWN.items():
            await page.resize(size)
            await page.run("document.querySelector('#messages').scrollTop = 1e6")
            shot = Image.open(io.BytesIO(await page.picture())).convert("RGB")
            shot = shot.resize((width, shot.height * width // shot.width), Image.Resampling.LANCZOS)
            path = self._folder / f"{self._number}-{name}{'-phone' * (size == PHONE)}.webp"
            await asyncio.to_thread(save, shot, path, MOST)
        await page.resize(WIDE)

    async def drawn(self, pictures_: int, besides: tuple[Message, ...] = ()) -> Message:
        """The next message with so many pictures, all of them on the page."""
        known = {each.id for each in besides}
        message = await self._easel.sandbox.wait_message(
            CHANNEL, lambda each: each.id not in known and len(each.attachments) == pictures_, DEADLINE
        )
        await self._easel.reaches(job_of(message), State.POSTED)
        await pictures(self._page, message, pictures_)
        return await self._easel.sandbox.message(message)

    async def press(self, message: Message, label: str) -> None:
        await self._page.click(f"#m{message.id} button[aria-label='{label}']")

    async def asked(self) -> Message:
        """The command with its options, and the pictures that come of it."""
        page = self._page
        await choose_imagine(page)
        await fill_in(page, PROMPT, OPTIONS)
        await self.take("asked")
        await page.enter()
        four = await self.drawn(4)
        await self.take("four")
        return four

    async def varied(self, four: Message) -> Message:
        """The second one is varied a little."""
        await self.press(four, "V2")
        found = await self.drawn(4, (four,))
        await self.take("varied")
        return found

    async def larger(self, varied: Message) -> Message:
        """One of those is made larger."""
        await self.press(varied, "U1")
        found = await self.drawn(1)
        await self.take("larger")
        return found

    async def edited(self, four: Message) -> None:
        """The form with all of it, and one word changed."""
        page = self._page
        await self.press(four, VERBS[Verb.EDIT].emoji or "")
        await page.until("document.querySelector('dialog[open] textarea')")
        await page.run("document.querySelector('dialog[open] textarea').select()")
        await page.type(EDITED)
        await self.take("edited")
        await page.press("Escape", "Escape")  # it asks once whether to throw away what was written
        await page.until("!document.querySelector('dialog[open]')")

    async def kept(self, larger: Message, devtools: str) -> None:
        """It is kept and sent to them; their direct messages show both."""
        await self.press(larger, VERBS[Verb.KEEP].emoji or "")
        await self._page.see("/favourites")
        await self.press(larger, VERBS[Verb.SEND].emoji or "")
        await self._page.see("direct messages")
        sandbox = self._easel.sandbox
        place = await sandbox.open_dm(PERSON)
        async with visit(devtools, f"{self._easel.local.page}/?as={PERSON}#{place}") as page:
            await page.until("document.querySelector('.gallery img')?.naturalWidth")
            await sandbox.slash(str(place), PERSON, "favourites")
            await page.see("You keep 1 result")
            await page.until("document.querySelector('.embed img')?.naturalWidth")
            await self.take("kept", page)


def save(shot: Image.Image, path: Path, most: int) -> None:
    """As WebP, as good as fits."""
    found = io.BytesIO()
    for quality in (92, 85, 78, 70, 60, 50, 40):
        found = io.BytesIO()
        shot.save(found, "WEBP", quality=quality, method=6)
        if found.tell() <= most:
            break
    path.write_bytes(found.getvalue())
    sys.stdout.write(f"{path}: {found.tell()} bytes, quality {quality}\n")


async def play(easel: Easel, devtools: str, folder: Path) -> None:
    """Play it from its beginning to its end."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    place = (await easel.sandbox.get("/channel", channel=CHANNEL))["id"]
    async with visit(devtools, f"{easel.local.page}/?as={PERSON}#{place}") as page:
        await page.resize(WIDE)
        story = Story(easel, page, folder)
        four = await story.asked()
        varied = await story.varied(four)
        larger = await story.larger(varied)
        await story.edited(four)
        await story.kept(larger, devtools)
