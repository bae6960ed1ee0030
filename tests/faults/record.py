"""What people saw: every state of every message and of every interaction, as the sandbox told it while it happened.

Nothing here asks the product anything.
"""

import re
import time
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.client.entities import Json, Message

_CONTROL = re.compile(r"1:([a-z]+):([A-Za-z0-9_-]+):\d+")
_ASKING = re.compile(":(rerun|upscale):")
_FILE = re.compile(r"easel-(.+)-(\d+)\.(?:png|webp|jpg)")
_WAITING = re.compile(r"-# (?:upscaling (?:picture \d+ )?· )?(?:waiting|next in line|a worker failed)")
_STEP = re.compile(r"step (\d+) of (\d+)|(\d+)%")
_TRY = re.compile(r"try (\d+)")
_COMMAND, _PRESS = 2, 3  # kinds of interactions


class Phase(IntEnum):
    """What a message says of its job, in the order in which it may say so."""

    WAITING = 1
    DRAWING = 2
    SENDING = 3
    CANCELLED = 4
    FAILED = 5
    POSTED = 6
    FORGOTTEN = 7

    @property
    def final(self) -> bool:
        return self >= Phase.CANCELLED


@dataclass(frozen=True)
class Shown:
    """One state of a message. `at` in seconds of the run's clock; files by name with their address."""

    at: float
    content: str
    files: tuple[tuple[str, str], ...]
    controls: tuple[tuple[str, str], ...]  # verb and job
    thinking: bool = False

    @property
    def pictures(self) -> dict[str, tuple[str, int]]:
        """Finished pictures: address → job and number."""
        named = ((url, _FILE.fullmatch(name)) for name, url in self.files)
        return {url: (found[1], int(found[2])) for url, found in named if found}

    @property
    def job(self) -> str | None:
        """The job that it belongs to; None when it is no job's message."""
        for _, job in self.controls:
            return job
        return next((job for job, _ in self.pictures.values()), None)

    @property
    def status(self) -> str:
        """Below the prompt."""
        return self.content.partition("\n")[2]

    @property
    def phase(self) -> Phase | None:
        """What it says; None for what is not about a job."""
        verbs = {verb for verb, _ in self.controls}
        if "cancel" in verbs:
            return Phase.WAITING if _WAITING.search(self.status) else Phase.DRAWING
        if "rerun" in verbs:
            if self.pictures:
                return Phase.POSTED
            return Phase.CANCELLED if self.status.startswith("Cancelled") else Phase.FAILED
        if "delete" in verbs:
            return Phase.FORGOTTEN
        if self.pictures:  # a further part of a result
            return Phase.POSTED
        return Phase.SENDING if self.status.startswith("-# sending") else None

    @property
    def progress(self) -> tuple[int, float] | None:
        """Number of the try and share of its steps; None while no step is shown."""
        found = _STEP.search(self.status) if self.phase is Phase.DRAWING else None
        if found is None:
            return None
        number = _TRY.search(self.status)
        share = int(found[3]) / 100 if found[3] else int(found[1]) / int(found[2])
        return int(number[1]) if number else 1, share


@dataclass
class Timeline:
    """One message from its beginning to now."""

    message: int
    channel: int
    author: int
    ephemeral: bool
    interaction: int | None
    reply_to: int | None
    shown: list[Shown] = field(default_factory=list)
    deleted: float | None = None
    raw: Json = field(default_factory=dict)

    @property
    def job(self) -> str | None:
        return next((each.job for each in self.shown if each.job), None)

    @property
    def last(self) -> Shown:
        return self.shown[-1]

    @property
    def phase(self) -> Phase | None:
        return self.last.phase


@dataclass
class Deed:
    """An interaction: what a person did and what came of it. Times in seconds of the run's clock."""

    id: int
    kind: int
    name: str
    person: int
    channel: int
    at: float
    state: str = "pending"
    answer_type: int | None = None
    message: int | None = None
    first_answer_ms: float | None = None

    @property
    def asks(self) -> bool:
        """It asks for pictures."""
        return self.kind == _COMMAND or (self.kind == _PRESS and bool(_ASKING.search(self.name)))


class Record:
    """Follows the sandbox's stream of events.

    Attributes:
        missed: events that the stream did not deliver; the record is worth nothing unless it is 0.
    """

    def __init__(self, bot: int) -> None:
        self.bot = bot
        self.messages: dict[int, Timeline] = {}
        self.deeds: dict[int, Deed] = {}
        self.missed = 0
        self.gone: set[int] = set()  # channels that were deleted, with all that was in them
        self.died: list[float] = []  # when the bot was killed or told to stop
        self.deaf: list[tuple[float, float]] = []  # spans in which the bot heard nothing
        self._deaf_since: float | None = None
        self._connected: dict[str, bool] = {}
        self._number = 0

    async def follow(self, sandbox: SandboxClient) -> None:
        """Write down what happens, until cancelled."""
        with sandbox.listen() as queue:
            while (event := await queue.get()) is not None:
                self.take(event)
        self.missed += 1

    def take(self, event: Json) -> None:
        """Note one event."""
        number = int(event["n"])
        if self._number and number != self._number + 1:
            self.missed += abs(number - self._number - 1)
        self._number = number
        now = time.monotonic()
        if event["event"] == "message":
            self._message(event["change"], Message(event["message"]), now)
        elif event["event"] == "interaction":
            self._interaction(event["interaction"], now)
        elif event["event"] == "gateway":
            self._session(event["session"], now)

    def heard(self, at: float, margin: float) -> bool:
        """Was the bot connected all the time around this moment?"""
        spans = [*self.deaf, *([(self._deaf_since, float("inf"))] if self._deaf_since is not None else [])]
        return not any(begin - margin <= at <= end + margin for begin, end in spans)

    def of_job(self, job: str) -> list[Timeline]:
        return [each for each in self.messages.values() if each.job == job]

    def answer(self, deed: int) -> Timeline | None:
        """The message that answered an interaction, once there is one."""
        found = self.deeds.get(deed)
        return self.messages.get(found.message) if found and found.message else None

    def _message(self, change: str, message: Message, now: float) -> None:
        if message.author_id != self.bot:
            return
        line = self.messages.get(message.id)
        if line is None:
            line = self.messages[message.id] = Timeline(
                message.id, message.channel_id, message.author_id, message.ephemeral, message.interaction_id,
                message.reply_to,
            )  # fmt: skip
        line.raw = message.raw
        if change == "deleted":
            line.deleted = now
            return
        files = tuple((each.filename, each.url) for each in message.attachments)
        shown = Shown(now, message.content, files, _controls(message.buttons), message.thinking)
        if not line.shown or (shown.content, shown.files, shown.controls) != (
            line.last.content, line.last.files, line.last.controls,
        ):  # fmt: skip
            line.shown.append(shown)

    def _interaction(self, raw: Json, now: float) -> None:
        number = int(raw["id"])
        deed = self.deeds.get(number)
        if deed is None:
            deed = self.deeds[number] = Deed(
                number, int(raw["kind"]), str(raw["name"]), int(raw["person_id"]), int(raw["channel_id"]), now
            )
        deed.state, deed.answer_type = str(raw["state"]), raw["answer_type"]
        deed.message = int(raw["message_id"]) if raw["message_id"] else None
        deed.first_answer_ms = raw["first_answer_ms"]

    def _session(self, facts: Json, now: float) -> None:
        self._connected[facts["session_id"]] = facts["connected"]
        if any(self._connected.values()):
            if self._deaf_since is not None:
                self.deaf.append((self._deaf_since, now))
            self._deaf_since = None
        elif self._deaf_since is None:
            self._deaf_since = now


def _controls(buttons: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    found = (_CONTROL.fullmatch(str(each.get("custom_id") or "")) for each in buttons)
    return tuple((each[1], each[2]) for each in found if each)
