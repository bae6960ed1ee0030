"""A person acts on a job's message, by button or by reaction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord_io.interactions import File
from bot.discord_io.messages import Messages
from bot.errors import NotYet
from bot.intake.origin import Origin
from bot.intake.sight import Sight
from bot.policy.command_access import Asker
from worker.contract.types.job import Job
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlaces

# How a job's message names its owner. Mentions in prompts are escaped, so nobody can write one.
_SIGNATURE = re.compile(r"— <@!?(\d{1,20})>")


@dataclass(frozen=True)
class Prefilled:
    """What comes of a verb that opens a form: what the form holds at first, and where the pictures are for it."""

    request: Request
    places: SourcePlaces | None = None


@dataclass(frozen=True)
class Aside:
    """What comes of a verb that answers whoever uses it alone."""

    message: Mapping[str, Any]
    files: tuple[File, ...] = ()


Outcome = Job | Prefilled | Aside | None


@dataclass(frozen=True)
class Action:
    """One person's use of a verb, with all that its handler needs to know.

    Attributes:
        job: id that the message's controls carry.
        channel, message_id: where the job's message is, one of our own.
        message: that message as Discord handed it to us, or as we looked at it; None while nobody had to.
        origin: the event, should it ask for a new job.
        moderator: the person may manage messages in that channel.
        record: the job; None when Redis no longer knows it, or holds nothing that can be read. There is a message then.
        index: the picture that it is about, from 0, where it is about one.
        again: meant although it may have been done before; a press means it once that was told.
        without: what the job began with is gone, and it is meant without.
        used: the button for it looks as if it had been done before.
        made: channel and message of what came of that, 0 and 0 where the button does not say.
        asker: what the rules of a server's admins are asked with; None in a direct message, where there are none.
        sight: what they can see elsewhere; None where no verb needs to know.
    """

    job: str
    channel: int
    message_id: int
    message: discord.Message | None
    origin: Origin
    moderator: bool
    record: Job | None
    index: int = 0
    asker: Asker | None = None
    again: bool = True
    without: bool = False
    used: bool = False
    made: tuple[int, int] = (0, 0)
    sight: Sight | None = None

    def check_ended(self) -> None:
        """Raise NotYet while the job waits or is drawn, so that there are no pictures to do something with."""
        if self.record is not None and not self.record.state.terminal:
            raise NotYet

    @property
    def person(self) -> int:
        return self.origin.person

    @property
    def owner(self) -> int | None:
        """Whose job it is: by its record, else by whose command the message answers, else by the message's text."""
        if self.record is not None:
            return self.record.owner
        if self.message is None:
            return None
        if self.message.interaction_metadata is not None:
            return self.message.interaction_metadata.user.id
        named = _SIGNATURE.findall(self.message.content)
        return int(named[-1]) if named else None

    async def look(self, messages: Messages) -> discord.Message:
        """The message, for a verb that needs more than its job. Raises MessageGone or Refusal."""
        return self.message or await messages.get(self.channel, self.message_id)
