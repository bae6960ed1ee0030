"""`/help`: how to use Easel, for the one who asks; and how to write a prompt, by examples that a press draws."""

from importlib import resources
from typing import Any, cast

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot import texts
from bot.discord_io.interactions import File
from bot.discord_io.responder import Responder, answer
from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from bot.texts import lesson
from worker.contract.discord_limits import LABEL_MAX
from worker.contract.message.custom_ids import DrawId
from worker.contract.message.languages import N_

from . import examples
from .ask import ask

PROMPT = "prompt"  # what else is told of
_PICTURE = "lesson.webp"  # what the starter drew once with several steps and guidance scales, in one: two would be cut


class Help(commands.Cog):
    """Pages that are kept short."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("How to ask for pictures, and what the buttons do"))
    @app_commands.describe(about=N_("How to write a prompt, and what steps and guidance do"))
    @app_commands.choices(about=[Choice(name=PROMPT, value=PROMPT)])
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def help(self, interaction: discord.Interaction, about: str = "") -> None:
        responder = self._intake.responder(interaction, hidden=True)
        manages = interaction.guild_id is not None and interaction.permissions.manage_guild

        async def work(to: Responder) -> None:
            if about == PROMPT:
                await self._teach(interaction, to)
            else:
                page = texts.help_page(to.language, self._intake.command_ids, manages=manages)
                for part in texts.in_pages(page):
                    await to.tell({"embeds": [{"description": part}]})

        await answer(responder, work, defer_after=self._intake.defer_after)

    async def _teach(self, interaction: discord.Interaction, to: Responder) -> None:
        """With examples of the model that draws for this person where they choose none."""
        intake, language = self._intake, to.language
        model = await intake.live_models.default(await intake.policies.of(of_interaction(interaction)))
        found = examples.of(model)
        buttons = [
            {"type": 2, "style": 2, "label": lesson.draw(each, language)[:LABEL_MAX], "custom_id": str(DrawId(each))}
            for each in found
        ]
        rows = [{"type": 1, "components": [button]} for button in buttons]
        content = lesson.prompt(model.title, few=model.knows is not None, language=language)
        shown = File(_PICTURE, _picture(), "image/webp", lesson.shows(language))
        await to.tell({"content": content, "components": rows}, [shown])

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Draw an example, as if it had been typed."""
        data = cast("dict[str, Any]", interaction.data or {})
        found = DrawId.parse(str(data.get("custom_id") or ""))
        if found is not None:
            await ask(self._intake, interaction, {"prompt": found.prompt})


def _picture() -> bytes:
    return resources.files("bot.commands").joinpath("pictures", _PICTURE).read_bytes()
