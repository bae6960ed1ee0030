"""A steady flood of interactions: slash command, deferral, edit with a picture, and how long each took."""

import asyncio
import json
import os
import time
from dataclasses import dataclass, field

from tests.load.raw import Heard, RawBot, RawPerson, RefusedError, multipart

PEOPLE = ("ada", "max", "bea", "cem", "dua", "eli")
CHANNELS = ("Studio/gallery", "Atelier/gallery", "Night Lab/gallery", "Studio/general", "Atelier/general")
COMMAND = {
    "name": "draw", "description": "d", "type": 1,
    "options": [{"type": 3, "name": "prompt", "description": "p", "required": True}],
}  # fmt: skip


@dataclass(slots=True)
class Figures:
    """Times in milliseconds of each step, and of all from command to edited message; what was refused instead."""

    defer: list[float] = field(default_factory=list)
    edit: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Flood:
    def __init__(self, info: dict[str, str], picture_bytes: int) -> None:
        self.figures = Figures()
        self._info = info
        head = b"\x89PNG\r\n\x1a\n" + bytes(8) + (512).to_bytes(4) * 2  # as much of a PNG as is looked at
        payload = {"content": "done", "attachments": [{"id": 0, "filename": "a.png"}]}
        self._edit = multipart(payload, "a.png", head + os.urandom(picture_bytes))
        self._begun: dict[int, float] = {}
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._bot = RawBot(info, 1, self._heard.put_nowait)
        self._person = RawPerson(info["page"])

    async def run(self, count: int, rate: float) -> None:
        """Play `count` interactions, `rate` a second by the clock: whether or not earlier ones are done."""
        async with self._bot, asyncio.TaskGroup() as tasks:
            commands = f"/applications/{self._info['application_id']}/commands"
            await self._bot.api("PUT", commands, json.dumps([COMMAND]).encode())
            tasks.create_task(self._answer_all(count, tasks))
            start = time.perf_counter()
            for number in range(count):
                due = start + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                tasks.create_task(self._ask(number, due))
        await self._person.http.close()

    async def _ask(self, number: int, due: float) -> None:
        channel, person = CHANNELS[number % len(CHANNELS)], PEOPLE[number % len(PEOPLE)]
        made = await self._person.slash(channel, person, "draw", f"apple number {number}")
        self._begun[made] = due

    async def _answer_all(self, count: int, tasks: asyncio.TaskGroup) -> None:
        for _ in range(count):
            tasks.create_task(self._answer(await self._heard.get()))

    async def _answer(self, one: Heard) -> None:
        started = time.perf_counter()
        try:
            await self._bot.defer(one)
            deferred = time.perf_counter()
            await self._bot.edit(one, self._edit)
        except RefusedError as refused:
            self.figures.refused.append(str(refused))
            return
        ended = time.perf_counter()
        self.figures.defer.append((deferred - started) * 1000)
        self.figures.edit.append((ended - deferred) * 1000)
        self.figures.whole.append((ended - self._begun.pop(one.id, started)) * 1000)
