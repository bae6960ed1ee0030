"""A press on a button, or a choice in a message's menu, as a person's use of a verb."""

import discord

from bot.errors import MessageGone, SourceGone
from bot.intake.admission import Intake
from bot.intake.origin import of_press
from bot.intake.sight import is_ours
from bot.policy import permissions
from bot.result_errors import NotAResult
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.verbs import Verb

from . import records
from .action import Action


async def pressed(intake: Intake, interaction: discord.Interaction, control: CustomId) -> Action:
    """Who uses which verb on which message. The message itself comes along where the button stands under it."""
    about = control.message or (interaction.message.id if interaction.message else 0)
    message = None if control.message else interaction.message
    record = await records.find(intake.jobs, control.job)
    if message is None and record is None:
        await _forget_buried(intake, control.job, interaction.channel_id or 0, about)
        message = await _looked_at(intake, interaction, about)
    return Action(
        job=control.job,
        channel=interaction.channel_id or 0,
        message_id=about,
        message=message,
        origin=of_press(interaction, about, control),
        moderator=interaction.guild_id is not None and interaction.permissions.manage_messages,
        record=record,
        index=control.index,
        asker=permissions.asker(interaction),
    )


async def deleted_since(intake: Intake, action: Action) -> bool:
    """Whether its result was deleted, maybe by another process after this one looked at the message: look anew then."""
    return action.record is None and await _forget_buried(intake, action.job, action.channel, action.message_id)


async def _forget_buried(intake: Intake, job: str, channel: int, message: int) -> bool:
    buried = await intake.jobs.buried(job)
    if buried:
        intake.messages.forget(channel, message)
    return buried


async def _looked_at(intake: Intake, interaction: discord.Interaction, message: int) -> discord.Message:
    try:
        return await intake.messages.get(interaction.channel_id or 0, message)
    except MessageGone:
        raise SourceGone from None


async def chosen(intake: Intake, interaction: discord.Interaction, message: discord.Message, verb: Verb) -> Action:
    """A choice in the menu of a message, as if its button had been pressed. Raises NotAResult where it shows no job."""
    parts = (part for row in message.components for part in getattr(row, "children", ()))
    controls = (CustomId.parse(str(getattr(part, "custom_id", None) or "")) for part in parts)
    # What stands below a reply to a result is about that other message.
    control = next((each for each in controls if each and not each.message), None)
    if control is None or not is_ours(message, interaction):
        raise NotAResult
    control = CustomId(verb, control.job)
    return Action(
        job=control.job,
        channel=interaction.channel_id or 0,
        message_id=message.id,
        message=message,
        origin=of_press(interaction, message.id, control),
        moderator=interaction.guild_id is not None and interaction.permissions.manage_messages,
        record=await records.find(intake.jobs, control.job),
        asker=permissions.asker(interaction),
        again=interaction.guild_id is not None and interaction.client.get_guild(interaction.guild_id) is None,
    )


def brought(interaction: discord.Interaction, message: discord.Message, verb: Verb) -> Action:
    """The same of anybody's message with files: a picture of Easel's says by itself how it was made, whoever posts it.

    Raises NotAResult where there is no file.
    """
    if not message.attachments:
        raise NotAResult
    return Action(
        job="",
        channel=interaction.channel_id or 0,
        message_id=message.id,
        message=message,
        origin=of_press(interaction, message.id, CustomId(verb, "")),
        moderator=False,
        record=None,
        asker=permissions.asker(interaction),
    )
