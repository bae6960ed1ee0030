"""A message of Easel's that somebody names, for whoever can see it where it is."""

import aiohttp
import discord

from bot.errors import MessageGone, Refusal
from bot.flags.links import MessageLink
from bot.intake.admission import Intake
from bot.intake.sight import Sight, is_ours
from bot.result_errors import NotSeen, OnlyThere


async def seen(intake: Intake, interaction: discord.Interaction, link: MessageLink) -> discord.Message:
    """The message. Raises NotSeen for what is not Easel's, not there, or not for whoever asks: which, is not told.

    Raises OnlyThere for what they see where it is, and not here.
    """
    sight = Sight.of(interaction)
    if not await sight.sees(link.server, link.channel):
        raise NotSeen
    if await sight.withheld(link.server, link.channel):
        raise OnlyThere(link.channel)
    try:
        found = await intake.messages.get(link.channel, link.message)
    except (MessageGone, Refusal, discord.HTTPException, aiohttp.ClientError):
        raise NotSeen from None
    if not is_ours(found, interaction):
        raise NotSeen
    return found
