"""A person acts on a job's message, by button or by reaction."""

import re
from dataclasses import dataclass

import discord

from bot.errors import NotYours
from bot.intake.origin import Origin
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job

READ_HISTORY = "read_message_history"  # the permission, as Discord's API calls it
# How a job's message names its owner. Mentions in prompts are escaped, so nobody can write one.
_SIGNATURE = re.compile(r"— <@!?(\d{1,20})>")


@dataclass(frozen=True)
class Action:
    """One person's use of a verb, with all that its handler needs to know.

    Attributes:
        job: id that the message's controls carry.
        message: the job's message as Discord holds it, one of our own.
        origin: the event, should it ask for a new job.
        moderator: the person may manage messages in that channel.
        record: the job; None when Redis no longer knows it, or holds nothing that can be read.
        index: the picture that it is about, from 0, where it is about one.
    """

    job: str
    message: discord.Message
    origin: Origin
    moderator: bool
    record: Job | None
    index: int = 0

    @property
    def person(self) -> int:
        return self.origin.person

    @property
    def owner(self) -> int | None:
        """Whose job it is: by its record, else by whose command the message answers, else by the message's text."""
        if self.record is not None:
            return self.record.owner
        if self.message.interaction_metadata is not None:
            return self.message.interaction_metadata.user.id
        named = _SIGNATURE.findall(self.message.content)
        return int(named[-1]) if named else None

    def require_owner(self, verb: Verb) -> None:
        """Raise NotYours unless the person owns the job or moderates the channel."""
        if self.person != self.owner and not self.moderator:
            raise NotYours(verb, self.owner)
