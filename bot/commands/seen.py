"""A message of Easel's that somebody names, for whoever can see it where it is."""

import aiohttp
import discord

from bot.errors import MessageGone, Refusal
from bot.flags.links import MessageLink
from bot.intake.admission import Intake
from bot.intake.sight import Sight
from bot.result_errors import NotSeen


async def seen(intake: Intake, interaction: discord.Interaction, link: MessageLink) -> discord.Message:
    """The message. Raises NotSeen for what is not Easel's, not there, or not for whoever asks: which, is not told."""
    if not await Sight.of(interaction).sees(link.server, link.channel):
        raise NotSeen
    try:
        found = await intake.messages.get(link.channel, link.message)
    except (MessageGone, Refusal, discord.HTTPException, aiohttp.ClientError):
        raise NotSeen from None
    if found.author.id != interaction.application_id:
        raise NotSeen
    return found
