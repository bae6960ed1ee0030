"""`/help`: how to use Easel, for the one who asks."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import Responder, answer

if TYPE_CHECKING:
    from bot.app import Easel

    Interaction = discord.Interaction[Easel]


class Help(commands.Cog):
    """One page, kept short."""

    def __init__(self, bot: "Easel") -> None:
        self.bot = bot

    @app_commands.command(description="How to ask for pictures, and what the buttons do")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: "Interaction") -> None:
        responder = Responder(self.bot.intake.interactions, interaction, hidden=True)
        await answer(responder, lambda to: to.whisper(texts.HELP), defer_after=self.bot.intake.defer_after)
