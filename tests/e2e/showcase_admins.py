"""Take the pictures of docs/admins.md: `python -m tests.e2e.showcase_admins docs`.

An Easel with the fake engine, and an admin who opens the panel of their server and its first form in the page.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.deploy.sandbox.browser import chromium, visit
from tests.e2e import showcase
from tests.e2e.local import DEADLINE, running
from tests.e2e.person import Easel, at

ADMIN, PLACE = "Ada", "gallery"
WINDOW, FORM = (960, 880), (960, 860)
MOST = 60_000  # bytes of one picture
_SET = {
    "server limit set": ({"limit": "each.day_pictures", "value": "50"}, {"limit": "each.at_once", "value": "2"}),
    "server model usual": ({"model": "starter"},),
}


async def play(easel: Easel, devtools: str, folder: Path) -> None:
    sandbox = easel.sandbox
    for command, each in _SET.items():
        for options in each:
            await sandbox.slash(PLACE, ADMIN, command, options, timeout=DEADLINE)
    async with visit(devtools, f"{easel.local.page}/?as={ADMIN}") as page:
        await page.resize(WINDOW)
        await page.scheme("dark")
        done = await sandbox.slash(PLACE, ADMIN, "server settings", {}, timeout=DEADLINE)
        await page.until(f"document.querySelector('#m{done.message_id} button')")
        await showcase.keep(page, folder / "admins-panel.webp", MOST)
        await page.resize(FORM)
        buttons = f"[...document.querySelectorAll('#m{done.message_id} button')]"
        await page.run(f"{buttons}.find((each) => each.textContent.startsWith('Change')).click()")
        await page.until("document.querySelector('.modal-form')")
        await showcase.keep(page, folder / "admins-form.webp", MOST)


async def main(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="easel-show-") as scratch,
        chromium() as devtools,
        running(Path(scratch) / "easel", "fake") as local,
    ):
        async with at(local) as easel:
            await play(easel, devtools, folder)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
