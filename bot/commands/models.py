"""`/models`: what there is to draw with, and what models know that know few words."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import Responder, answer
from bot.intake.admission import Intake
from bot.intake.origin import Origin, of_interaction
from worker.contract.discord_limits import CHOICES_MAX
from worker.contract.message.languages import N_


class Models(commands.Cog):
    """For the one who asks: all models in a line each, or one of them with all that it knows."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("What there is to draw with, and what each model knows"))
    @app_commands.describe(model=N_("Which model to tell about; all of them by default"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def models(self, interaction: discord.Interaction, model: str = "") -> None:
        responder = self._intake.responder(interaction, hidden=True)
        origin = of_interaction(interaction)
        await answer(responder, lambda to: self._tell(model, origin, to), defer_after=self._intake.defer_after)

    async def _tell(self, name: str, origin: Origin, responder: Responder) -> None:
        live_models, language = self._intake.live_models, responder.language
        first = await live_models.need(name)
        models, policy = await live_models.models(), await self._intake.policies.of(origin)
        not_here = {each.id for each in models if not policy.allows(each.id)}
        if name or len(models) == 1:
            for embed in texts.about_model(first, language, not_here):
                await responder.whisper("", embed)
        else:
            await responder.whisper("", texts.models(models, language, not_here))

    @models.autocomplete("model")
    async def _models(self, _interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        models = await self._intake.live_models.suggest(typed, self._intake.defer_after)
        return [Choice(name=each.title, value=each.id) for each in models[:CHOICES_MAX]]
