"""What a press is answered with before it is done: a question, or that it was done before, for whoever pressed alone.

The button below says yes. It carries which message it is about, so it, too, works after any restart.
"""

from typing import Any

import discord

from bot import texts
from bot.discord_io.messages import Messages
from bot.errors import MessageGone, NothingLive, NoUpscaler, OverCap, SourceGone, UnknownModel
from bot.limit_errors import Paused, SettingsChanging
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.languages import Language
from worker.contract.message.layout import button
from worker.contract.message.verbs import VERBS, ButtonStyle, Verb

_PASSES = OverCap, NothingLive, UnknownModel, NoUpscaler, Paused, SettingsChanging
_USED = {discord.ButtonStyle.primary, discord.ButtonStyle.success}  # older messages have green ones


def can_ask(interaction: discord.Interaction, message: discord.Message) -> bool:
    """Whether a yes could be done: the message is looked up then, which takes a bot that is there and may read.

    Elsewhere a press is done at once, as it can be done by the press alone.
    """
    if message.flags.ephemeral:
        return False
    if interaction.guild_id is None:
        return True
    member = interaction.client.get_guild(interaction.guild_id) is not None
    return member and interaction.app_permissions.read_message_history


async def meant(messages: Messages, interaction: discord.Interaction, control: CustomId) -> discord.Message:
    """The message that a yes is about. Raises SourceGone, or as `Messages.get` does."""
    try:
        return await messages.get(interaction.channel_id or 0, control.message)
    except MessageGone:
        raise SourceGone from None


def yes(control: CustomId, message: discord.Message, language: Language) -> dict[str, Any]:
    """The button that says yes to what was asked about a message; it is as red as the one that was pressed first."""
    sure = CustomId(control.verb, control.job, control.index, message.id)
    return button(sure, language) | {"style": int(ButtonStyle.DANGER)}


def once_more(control: CustomId, message: discord.Message, language: Language) -> dict[str, Any]:
    """The button that does once more what was done before."""
    sure = CustomId(control.verb, control.job, control.index, message.id)
    return button(sure, language, texts.upscale_again(language))


def passes(error: Exception, verb: Verb) -> bool:
    """Whether what a verb was refused for may be otherwise in a while, so that the very same can be asked for again."""
    return VERBS[verb].asks and isinstance(error, _PASSES)


def try_again(control: CustomId, message: int, language: Language) -> dict[str, Any]:
    """The button that asks for the very same again: that picture of that message. It says yes to nothing new."""
    same = CustomId(control.verb, control.job, control.index, message, control.asks or not control.message)
    return button(same, language, texts.try_again(language))


def without_it(control: CustomId, message: discord.Message, language: Language) -> dict[str, Any]:
    """The button that draws again, without the picture that is gone; that is Rerun's, whatever needed the picture."""
    sure = CustomId(Verb.RERUN, control.job, 0, message.id)
    return button(sure, language, texts.draw_without(language))


def used(message: discord.Message, verb: Verb, index: int) -> CustomId | None:
    """The button for it under a message, where it looks as if that had been done before; None where none does."""
    parts = (part for row in message.components for part in getattr(row, "children", ()))
    for part in parts:
        control = CustomId.parse(str(getattr(part, "custom_id", None) or ""))
        if control and (control.verb, control.index) == (verb, index) and getattr(part, "style", None) in _USED:
            return control
    return None


def made_in(control: CustomId | None, channel: int) -> tuple[int, int]:
    """Channel and message of what a used button says was made, in this channel unless it says another; else 0 and 0."""
    return (control.made_in or channel, control.made) if control and control.made else (0, 0)
