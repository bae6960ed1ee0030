"""Somebody acts on a job's message, however they did it."""

import re
from dataclasses import dataclass

import discord

from bot.errors import NotYours
from bot.intake.admission import Origin
from worker.contract.message.custom_ids import Verb
from worker.contract.types.job import Job

READ_HISTORY = "Read Message History"  # as Discord's settings call it
_SIGNATURE = re.compile(r"— <@!?(\d{1,20})>")  # how a card names its owner; prompts have their mentions escaped


@dataclass(frozen=True)
class Action:
    """A verb on its way.

    Attributes:
        job: id that the message's controls carry.
        message: the job's message as Discord holds it, one of our own.
        origin: the event, should it ask for a new job.
        moderator: the person may manage messages in that channel.
    """

    job: str
    message: discord.Message
    origin: Origin
    moderator: bool

    @property
    def person(self) -> int:
        return self.origin.person

    def owner(self, record: Job | None) -> int | None:
        """Whose job it is: by its record, else by whose command the message answers, else by its own words."""
        if record is not None:
            return record.owner
        if self.message.interaction_metadata is not None:
            return self.message.interaction_metadata.user.id
        named = _SIGNATURE.findall(self.message.content)
        return int(named[-1]) if named else None

    def require_owner(self, record: Job | None, verb: Verb) -> None:
        """Raise NotYours unless the person owns the job or moderates the channel."""
        owner = self.owner(record)
        if self.person != owner and not self.moderator:
            raise NotYours(verb, owner)
