"""Which Discord event asks for a job, made of what discord.py hands us: a command, a button or a reaction."""

import hashlib
import secrets
from dataclasses import dataclass, replace

import discord

from bot.policy.permissions import age_restricted, asker, reacting
from worker.contract.discord_limits import FILE_MAX
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.destination import Destination

REACTION_TTL = 60.0  # seconds in which the same reaction on the same message counts once
PRESS_TTL = 3.0  # likewise for a button; the answer is seen at once, so whoever presses later means it


@dataclass(frozen=True)
class Origin:
    """The Discord event that asks for a job: who, where, and what keeps it from being accepted twice.

    Attributes:
        job: id for the job, should one come of it.
        event: what makes the event unique; remembered for `event_ttl` seconds, or as long as the job.
        age_restricted: it happened in a place for adults.
        place: the channel, of a thread the one that it belongs to: settings are made for channels.
        roles: those of the person, without that of everyone.
    """

    job: str
    event: str
    person: int
    destination: Destination
    event_ttl: float | None = None
    age_restricted: bool = False
    place: int = 0
    roles: frozenset[int] = frozenset()

    @property
    def server(self) -> str:
        """What fairness and caps count under; a direct message is a server of one."""
        return str(self.destination.server or f"dm-{self.person}")


def of_interaction(interaction: discord.Interaction) -> Origin:
    """A command; the answer's message is the job's message."""
    server = interaction.guild_id
    who = asker(interaction)
    return Origin(
        job=str(interaction.id),
        event=f"interaction:{interaction.id}",
        person=interaction.user.id,
        destination=Destination(
            channel=interaction.channel_id or 0,
            server=server,
            application=interaction.application_id,
            token=interaction.token,
            installed=server is None or interaction.client.get_guild(server) is not None,
            upload_limit=interaction.filesize_limit or FILE_MAX,
        ),
        age_restricted=age_restricted(interaction.channel),
        place=who.channel if who else interaction.channel_id or 0,
        roles=who.roles if who else frozenset(),
    )


def of_asking(interaction: discord.Interaction) -> Origin:
    """A command or a form, or a button that asks as if something had been typed: that counts once, as `of_press`."""
    plain = of_interaction(interaction)
    if interaction.type is not discord.InteractionType.component or interaction.message is None:
        return plain
    pressed = str(interaction.data and interaction.data.get("custom_id"))
    what = hashlib.sha256(pressed.encode()).hexdigest()[:16]
    event = f"press:{interaction.message.id}:{interaction.user.id}:{what}"
    return replace(plain, event=event, event_ttl=PRESS_TTL)


def of_press(interaction: discord.Interaction, message: int, control: CustomId) -> Origin:
    """A button; pressed again in haste by the same person, it is the same event."""
    event = f"press:{message}:{interaction.user.id}:{_what(control.verb, control.index)}"
    plain = of_interaction(interaction)
    place = plain.destination.model_copy(update={"ephemeral": hidden(interaction, control)})
    return replace(plain, event=event, event_ttl=PRESS_TTL, destination=place)


def hidden(interaction: discord.Interaction, control: CustomId) -> bool:
    """Whether the button is under a message that only this person sees; what comes of it is then nobody else's, too.

    A private question is about a message that all see.
    """
    ephemeral = interaction.message is not None and interaction.message.flags.ephemeral
    return ephemeral and not control.message


def of_reaction(payload: discord.RawReactionActionEvent, verb: Verb, index: int, guild: discord.Guild | None) -> Origin:
    """A reaction; no interaction waits for an answer, so the job's message replies to the one reacted to."""
    who = reacting(guild, payload.channel_id, payload.member)
    return Origin(
        job=f"r{payload.message_id}-{secrets.token_hex(5)}",
        event=f"reaction:{payload.message_id}:{payload.user_id}:{_what(verb, index)}",
        event_ttl=REACTION_TTL,
        person=payload.user_id,
        destination=Destination(
            channel=payload.channel_id,
            server=payload.guild_id,
            reply_to=payload.message_id,
            upload_limit=guild.filesize_limit if guild else FILE_MAX,
        ),
        age_restricted=guild is not None and age_restricted(guild.get_channel_or_thread(payload.channel_id)),
        place=who.channel if who else payload.channel_id,
        roles=who.roles if who else frozenset(),
    )


def _what(verb: Verb, index: int) -> str:
    """What was done, and to which picture where it is done to one."""
    return f"{verb}-{index}" if VERBS[verb].per_picture else verb
