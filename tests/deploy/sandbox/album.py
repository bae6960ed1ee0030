"""Pictures of what a test saw, for a person to look at: set EASEL_SCREENSHOTS to a folder."""

import asyncio
import os
from pathlib import Path

from tests.deploy.sandbox.browser import DESKTOP, PHONE, Page

SHOTS = os.environ.get("EASEL_SCREENSHOTS")


async def shoot(page: Page, name: str) -> None:
    """Keep what is on screen at both widths; without the folder nothing happens."""
    if not SHOTS:
        return
    folder = Path(SHOTS)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
        await page.resize(size)
        shot = await page.picture()
        await asyncio.to_thread((folder / f"{name}-{width}.png").write_bytes, shot)
    await page.resize(DESKTOP)
