"""After a refusal: the button that opens a form with what was asked for, and what comes of the form."""

from typing import Any, cast

import discord
from discord.ext import commands

from bot.discord_io.responder import FORM_LATEST, Responder, answer
from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from worker.contract.message.custom_ids import FormId, FormStep

from . import form, picture
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
            filled, image = before | form.filled_in(data), picture.uploaded(data)
            if image is None and not filled.get("image"):
                filled.pop("strength", None)  # it is of no use by itself
            given = {option: text for option, text in filled.items() if text}
            await ask(self._intake, interaction, given, image)
            return
        await answer(
            self._intake.responder(interaction),
            lambda to: self._open(interaction, before, found.option, to),
            defer_after=FORM_LATEST,
        )

    async def _open(self, interaction: discord.Interaction, before: form.Typed, option: str, to: Responder) -> None:
        """A form is a first answer or none, so little is waited for: models are those known a moment ago."""
        intake = self._intake
        policy = await intake.policies.soon(of_interaction(interaction), intake.defer_after)
        await to.show_form(form.form(before, option, intake.live_models.known, intake.language, policy))
