"""The form with what was asked for: after a refusal or from a result, and what comes of it."""

from typing import Any, cast

import discord
from discord.ext import commands
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot import texts
from bot.discord_io.responder import FORM_LATEST, Responder, answer
from bot.flags.write import OPTION_OF
from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from bot.verbs.action import Action, Prefilled
from bot.verbs.handlers import perform
from bot.verbs.press import pressed
from worker.contract.message.custom_ids import CustomId, FormId, FormStep
from worker.contract.message.verbs import VERBS, Shows, Verb

from . import form, picture
from .ask import ask
from .flagged import LINE


class Change(commands.Cog):
    """Listens for the buttons that open it and for the form itself, of messages of any age."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Open the form, or ask for what it holds."""
        data = cast("dict[str, Any]", interaction.data or {})
        custom_id = str(data.get("custom_id") or "")
        found, control = FormId.parse(custom_id), CustomId.parse(custom_id)
        if control is not None and VERBS[control.verb].shows is Shows.FORM:
            await self._edit(interaction, control)
        if found is None:
            return
        before = form.typed_in(interaction.message)
        if found.step is FormStep.ASK:
            filled, files = form.filled_in(data), picture.uploaded(data)
            # A form that an older Easel has opened does not hold everything; a picture stands in no field.
            held = {name: text for name, text in before.items() if LINE not in filled or form.is_file(name, text)}
            filled = held | filled
            await ask(self._intake, interaction, {option: text for option, text in filled.items() if text}, files)
            return
        await answer(
            self._intake.responder(interaction, hidden=True),
            lambda to: self._open(interaction, before, found.option, to),
            defer_after=FORM_LATEST,
            besides=lambda error: form.give_back(before, error, self._intake.language),
        )

    async def _edit(self, interaction: discord.Interaction, control: CustomId) -> None:
        responder = self._intake.responder(interaction, hidden=True)

        async def work(to: Responder) -> None:
            await prefill(self._intake, interaction, await pressed(self._intake, interaction, control), to)

        await answer(responder, work, defer_after=FORM_LATEST)

    async def _open(self, interaction: discord.Interaction, before: form.Typed, option: str, to: Responder) -> None:
        """A form is a first answer or none, so little is waited for: models are those known a moment ago.

        Raises RedisTimeoutError where it came too late all the same.
        """
        intake = self._intake
        policy = await intake.policies.soon(of_interaction(interaction), intake.defer_after)
        if not await to.show_form(form.form(before, option, intake.live_models.known, intake.language, policy)):
            raise RedisTimeoutError  # nothing else is waited for


async def prefill(intake: Intake, interaction: discord.Interaction, action: Action, to: Responder) -> None:
    """Open the form with what a result was made of. Where that takes longer than a form may, a button opens it."""
    made = await perform(intake, action, Verb.EDIT)
    if not isinstance(made, Prefilled):
        return
    typed, language = form.typed_for(made.request), to.language
    places, server = made.places.pictures if made.places else (), of_interaction(interaction).destination.server
    for source, place in zip(made.request.pictures, places, strict=False):
        typed[OPTION_OF[source.role]] = picture.again(source, place, server)
    if any(form.is_file(*each) for each in typed.items()):  # no field of a form can hold it, but a message can
        await to.whisper(texts.edit_here(language), *form.give_back(typed, TimeoutError(), language))
        return
    policy = await intake.policies.soon(of_interaction(interaction), intake.defer_after)
    title = language.gettext(VERBS[Verb.EDIT].label)
    if not await to.show_form(form.form(typed, "", intake.live_models.known, language, policy, title)):
        await to.whisper(texts.edit_here(language), *form.give_back(typed, TimeoutError(), language))
