"""The world on disk (`--data FOLDER`): one JSON file, written whole and atomically, and a file for each upload."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from .files import StoredFile
from .model import AttachmentRecord, Channel, Guild, InteractionRecord, Json, User
from .world import World

VERSION = 1
PAUSE = 1.0  # seconds between two writes, and at least twenty times as long as a write takes


@dataclass(slots=True)
class Saved:
    """Everything that outlives a restart. Bots' sessions, faults and the log do not."""

    version: int
    now: float
    last_id: int
    base: str  # of the CDN's links
    key: str  # that signs them
    bot: User
    people: list[User]
    guilds: list[Guild]
    private: list[Channel]
    commands: list[Json]
    interactions: list[InteractionRecord]
    files: dict[int, StoredFile]
    command_permissions: list[tuple[int, int, list[Json]]] = field(default_factory=list)
    command_creates: list[float] = field(default_factory=list)
    command_syncs: int = 0
    emojis: dict[int, Json] = field(default_factory=dict)
    privileged_intents: bool = False


_SAVED = TypeAdapter(Saved)


class Store:
    """The folder of one sandbox."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.warning = ""  # what could not be read, in words for the person who started the sandbox
        self._file = folder / "world.json"
        self.files.mkdir(parents=True, exist_ok=True)

    def load(self) -> Saved | None:
        """What was kept; None at the first start. A damaged file is renamed, and `warning` says so."""
        try:
            saved = _SAVED.validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            self._rename_damaged("is damaged")
            return None
        if saved.version != VERSION:
            self._rename_damaged(f"is of version {saved.version}, not {VERSION}")
            return None
        return saved

    def save(self, content: bytes) -> None:
        """Write the world, so that a crash leaves the old file or the new one. Raises OSError."""
        fresh = self._file.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)

    def _rename_damaged(self, why: str) -> None:
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        aside = self._file.with_name(f"world.{moment}.damaged")
        self._file.rename(aside)
        self.warning = f"The sandbox's world in {self._file} {why}: it is kept as {aside.name}, and a new one starts."


def world_of(saved: Saved) -> World:
    """The world as it was."""
    world = World(saved.bot.id, saved.bot)
    world.users.update({each.id: each for each in saved.people})
    world.guilds = {each.id: each for each in saved.guilds}
    for guild in saved.guilds:
        world.channels.update(guild.channels | guild.threads)
    world.channels.update({each.id: each for each in saved.private})
    for channel in world.channels.values():
        world.messages.update(channel.messages)
    for message in world.messages.values():
        if not message.files:  # of a sandbox that kept only those which are listed
            message.files = [AttachmentRecord(int(each["id"]), each) for each in message.data["attachments"]]
    world.commands = {int(each["id"]): each for each in saved.commands}
    world.command_permissions = {(guild, target): rows for guild, target, rows in saved.command_permissions}
    world.command_syncs, world.emojis = saved.command_syncs, saved.emojis
    world.privileged_intents = saved.privileged_intents
    world.interactions = {each.id: each for each in saved.interactions}
    world.by_token = {each.token: each for each in saved.interactions}
    return world


def content_of(saved: Saved) -> bytes:
    """The world as JSON."""
    return _SAVED.dump_json(saved)


class WorldSaver:
    """Writes the world a moment after it changed, never twice at once, and once more at the end."""

    def __init__(self, store: Store, snapshot: Callable[[], Saved]) -> None:
        self._store = store
        self._snapshot = snapshot
        self._changed = asyncio.Event()

    def touch(self) -> None:
        """The world has changed."""
        self._changed.set()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Save while the block lasts, and once more at its end."""
        writer = asyncio.create_task(self._write(), name="sandbox keeper")
        try:
            yield
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
            self._store.save(content_of(self._snapshot()))

    async def _write(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            started = time.monotonic()
            content = content_of(self._snapshot())
            # In a thread, for the disk may be slow; a stop waits for it, so that the last write comes last.
            await _to_the_end(asyncio.to_thread(self._store.save, content))
            await asyncio.sleep(max(PAUSE, 20 * (time.monotonic() - started)))


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
