"""`/help`: how to use Easel, for the one who asks."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import answer
from bot.intake.admission import Intake
from worker.contract.message.languages import N_


class Help(commands.Cog):
    """One page, kept short."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("How to ask for pictures, and what the buttons do"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction) -> None:
        responder = self._intake.responder(interaction, hidden=True)
        manages = interaction.guild_id is not None and interaction.permissions.manage_guild
        await answer(
            responder,
            lambda to: to.whisper(texts.help_page(to.language, self._intake.command_ids, manages=manages)),
            defer_after=self._intake.defer_after,
        )
