"""The world on disk (`--data FOLDER`): one JSON file, written whole and atomically, and a file for each upload."""

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from deploy.sandbox import background

from .files import StoredFile
from .ids import LONE_SURROGATES
from .model import AttachmentRecord, Channel, Guild, InteractionRecord, Json, User
from .world import World

log = logging.getLogger(__name__)

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
_FAILED = "The sandbox's world could not be saved"


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
    """The world as JSON. Halves of surrogate pairs, which UTF-8 cannot hold, become replacement characters."""
    try:
        return _SAVED.dump_json(saved)
    except PydanticSerializationError:
        plain = json.dumps(_SAVED.dump_python(saved, mode="json"), ensure_ascii=False)
        return LONE_SURROGATES.sub("\ufffd", plain).encode()


class WorldSaver:
    """Writes the world a moment after it changed, never twice at once, and once more at the end."""

    def __init__(self, store: Store, snapshot: Callable[[], Saved]) -> None:
        self._store = store
        self._snapshot = snapshot
        self._changed = asyncio.Event()
        self._failed = False

    def touch(self) -> None:
        """The world has changed."""
        self._changed.set()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Save while the block lasts, and once more at its end. What cannot be saved is logged and tried again."""
        writer = background.start(_FAILED, self._write, restart=True)
        try:
            yield
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
            try:
                self._store.save(content_of(self._snapshot()))
            except Exception as problem:  # noqa: BLE001 - the sandbox ends all the same
                background.report(_FAILED, problem)

    async def _write(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            started = time.monotonic()
            try:
                content = content_of(self._snapshot())
                # In a thread, for the disk may be slow; a stop waits for it, so that the last write comes last.
                await background.finish(asyncio.to_thread(self._store.save, content))
            except Exception:
                self._failed = True
                self._changed.set()
                raise
            if self._failed:
                log.warning("The sandbox's world is saved again.")
                self._failed = False
            await asyncio.sleep(max(PAUSE, 20 * (time.monotonic() - started)))
