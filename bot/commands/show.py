"""`/show`: a result that was made before, and how, for whoever can see it where it is."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_io.responder import Responder, answer
from bot.flags.links import MessageLink, read_link
from bot.intake.admission import Intake
from bot.result_errors import NotSeen
from bot.verbs.action import Aside
from bot.verbs.handlers import perform
from bot.verbs.pictures import in_embed
from bot.verbs.press import chosen, deleted_since
from worker.contract.message.languages import N_
from worker.contract.message.markdown import message_link
from worker.contract.message.verbs import Verb

from .seen import seen

_LONGEST = 20  # digits of an id


class Show(commands.Cog):
    """The command alone; what it answers has no controls of its own."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("Show a result again, and how it was made"))
    @app_commands.describe(message=N_("The link of its message, or the id of one in this channel"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def show(self, interaction: discord.Interaction, message: str) -> None:
        async def work(to: Responder) -> None:
            found, link = await self._find(interaction, message.strip())
            chosen_now = await chosen(self._intake, interaction, found, Verb.MORE)
            if await deleted_since(self._intake, chosen_now):
                found, link = await self._find(interaction, message.strip())
            action = replace(chosen_now, again=True)
            made = await perform(self._intake, action, Verb.MORE)
            if isinstance(made, Aside):
                embed: dict[str, object] = {"description": f"{found.content.partition(chr(10))[0]}\n{link}"}
                if found.attachments:
                    embed["image"] = in_embed(found.attachments[0])
                await to.tell({**made.message, "embeds": [embed]}, made.files)

        responder = self._intake.responder(interaction, hidden=True)
        await answer(responder, work, defer_after=self._intake.defer_after)

    async def _find(self, interaction: discord.Interaction, typed: str) -> tuple[discord.Message, str]:
        """The message and its link, if it is Easel's and they can see it. Raises NotSeen, for all that is not so."""
        if typed.isdecimal() and len(typed) <= _LONGEST:
            link = MessageLink(interaction.guild_id, interaction.channel_id or 0, int(typed))
        elif isinstance(named := read_link(typed), MessageLink):
            link = named
        else:
            raise NotSeen
        found = await seen(self._intake, interaction, link)
        return found, message_link(link.server, link.channel, link.message)
