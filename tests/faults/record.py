"""What people saw: every state of every message and of every interaction, as the sandbox told it while it happened.

Nothing here asks the product anything.
"""

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.client.entities import Json, Message
from worker.contract.message import verbs
from worker.contract.message.custom_ids import CustomId, FormId, FormStep, TellId, TellStep
from worker.contract.message.verbs import VERBS, Shows, Verb

from .shown import Phase, Shown
from .troubles import Span, Trouble, Troubles

_CONTROL = re.compile(r"1:([a-z]+):([A-Za-z0-9_-]+):\d+")
_BY_REACTION = re.compile(r"r(\d+)-")  # how the ids of such jobs begin: the message that was reacted to
_COMMAND, _PRESS, _FORM = 2, 3, 5  # kinds of interactions
_DRAWS = "imagine"  # the command that does
_BEAT = 0.1


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
    def owner(self) -> int | None:
        return next((each.owner for each in self.shown if each.owner), None)

    @property
    def reacted_to(self) -> int | None:
        """The message by a reaction to which its job was asked for."""
        by_reaction = _BY_REACTION.match(self.job or "")
        return int(by_reaction[1]) if by_reaction else None

    def at(self, moment: float) -> Shown | None:
        """What it showed then; None before it was there."""
        return next((each for each in reversed(self.shown) if each.at <= moment), None)

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
    source: int | None = None  # whose button was pressed

    @property
    def asks(self) -> bool:
        """It asks for pictures."""
        if self.kind == _FORM:
            form = FormId.parse(self.name)
            return form is not None and form.step is FormStep.ASK
        control = self.control
        return self.name == _DRAWS or (control is not None and VERBS[control.verb].asks)

    @property
    def control(self) -> CustomId | None:
        """What was pressed."""
        return CustomId.parse(self.name) if self.kind == _PRESS else None

    @property
    def always(self) -> bool:
        """It asks to be told of all that ends late."""
        tell = TellId.parse(self.name) if self.kind == _PRESS else None
        return tell is not None and tell.step is TellStep.ON


@dataclass(frozen=True)
class Reaction:
    """A reaction on a job's message: a deed that no interaction tells of."""

    message: int
    channel: int
    person: int
    emoji: str
    at: float
    job: str  # whose message it was

    @property
    def asks(self) -> bool:
        """It asks for pictures."""
        return any(VERBS[verb].asks for verb, _ in verbs.of_reaction(self.emoji))

    @property
    def ends(self) -> bool:
        """It cancels or deletes."""
        return any(VERBS[verb].shows is Shows.CHANGE for verb, _ in verbs.of_reaction(self.emoji))

    def means(self, verb: Verb) -> bool:
        """It may ask for this verb."""
        return any(each is verb for each, _ in verbs.of_reaction(self.emoji))


class Record:
    """Follows the sandbox's stream of events.

    Attributes:
        missed: events that the stream did not deliver; the record is worth nothing unless it is 0.
        gone: channels that were deleted, with all that was in them, and when.
        removed: messages that the plan had a moderator delete.
        dms: the channel of each person's direct messages.
        refused: interactions whose first answer Discord was made to refuse.
        servers: the server of each channel; direct messages have none.
        parents: the channel of each thread, which decides who may do what in it.
        lag: seconds by which this process was late at most, as on a busy machine: so late may things be noted.
        starts: seconds that all parts took to start, as those that are struck do again.
    """

    lag = starts = 0.0

    def __init__(self, bot: int) -> None:
        self.bot = bot
        self.messages: dict[int, Timeline] = {}
        self.deeds: dict[int, Deed] = {}
        self.reactions: list[Reaction] = []
        self.missed = 0
        self.gone: dict[int, float] = {}
        self.removed: set[int] = set()
        self.refused: set[int] = set()
        self.dms: dict[int, int] = {}
        self.servers: dict[int, int] = {}
        self.parents: dict[int, int] = {}
        self.troubles = Troubles()
        self._deaf: Span | None = None
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

    async def watch_lag(self) -> None:
        """Note how late this process is, until cancelled."""
        while True:
            due = time.monotonic() + _BEAT
            await asyncio.sleep(_BEAT)
            self.lag = max(self.lag, time.monotonic() - due)

    @property
    def deaf(self) -> float:
        """Seconds for which no bot has been connected."""
        return time.monotonic() - self._deaf.begin if self._deaf else 0.0

    def react(self, line: Timeline, person: int, emoji: str) -> None:
        """Note a reaction."""
        made = Reaction(line.message, line.channel, person, emoji, time.monotonic(), line.job or "")
        self.reactions.append(made)

    def rooms(self, channel: int) -> set[int]:
        """A channel, and for a thread the one that it is in: what befalls either befalls it."""
        return {channel, self.parents.get(channel, channel)}

    def gone_by(self, channel: int, by: float = float("inf")) -> bool:
        """Was a channel deleted by then?"""
        return any(room in self.gone and self.gone[room] <= by for room in self.rooms(channel))

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
        deed.source = int(raw["source_id"]) if raw.get("source_id") else None

    def _session(self, facts: Json, now: float) -> None:
        """A session that is resumed gets what it missed; to a new one it is lost."""
        resumed = facts["session_id"] in self._connected
        self._connected[facts["session_id"]] = facts["connected"]
        if any(self._connected.values()):
            if self._deaf is not None:
                self._deaf.kind, self._deaf.end = (Trouble.FROZEN if resumed else Trouble.DEAF), now
            self._deaf = None
        elif self._deaf is None:
            self._deaf = self.troubles.begin(Trouble.DEAF)


def _controls(buttons: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    found = (_CONTROL.fullmatch(str(each.get("custom_id") or "")) for each in buttons)
    return tuple((each[1], each[2]) for each in found if each)
