"""After a refusal: the button that opens a form with what was asked for, and what comes of the form."""

from typing import Any, cast

import discord
from discord.ext import commands

from bot.discord_io.responder import answer
from bot.intake.admission import Intake
from worker.contract.message.custom_ids import FormId, FormStep

from . import form
from .ask import ask


class Change(commands.Cog):
    """Listens for both, of refusals of any age."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Open the form, or ask for what it holds."""
        data = cast("dict[str, Any]", interaction.data or {})
        found = FormId.parse(str(data.get("custom_id") or ""))
        if found is None:
            return
        before = form.typed_in(interaction.message)
        if found.step is FormStep.ASK:
            filled = before | form.filled_in(data)
            await ask(self._intake, interaction, {option: text for option, text in filled.items() if text})
            return
        # A form is a first answer or none, so nothing is waited for here: models are those known a moment ago.
        intake = self._intake
        shown = form.form(before, found.option, intake.live_models.known, intake.language)
        await answer(intake.responder(interaction), lambda to: to.show_form(shown), defer_after=intake.defer_after)
