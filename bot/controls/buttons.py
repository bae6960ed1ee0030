"""Buttons under a job's message. All state is in the custom_id, so a press works after any restart.

discord.py's own views need to be remembered for each message, and its dynamic items see only ids of one pattern. Every
press comes by here instead, so that each is either done, or answered with why not.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, cast

import discord
from discord.ext import commands

from bot import texts
from bot.discord_io.interactions import Body
from bot.discord_io.responder import Responder, answer
from bot.errors import Forgotten, Upscaled
from bot.intake.admission import Intake
from bot.intake.origin import hidden, of_press
from bot.intake.sight import Sight
from bot.policy import permissions
from bot.source_errors import BeginningGone
from bot.verbs import records
from bot.verbs.action import Action, Aside, Outcome
from bot.verbs.handlers import check_whose, perform, removed
from worker.contract.message.custom_ids import CustomId, elsewhere, from_easel
from worker.contract.message.job_message import card
from worker.contract.message.languages import Language
from worker.contract.message.verbs import VERBS, Shows, Verb
from worker.contract.types.job import Job

from . import questions
from .forgotten import forgotten
from .unknown import answer_unknown

Offer = Callable[[Exception, Language], tuple[Body | None, Sequence[Body]]]
_BUTTON = discord.ComponentType.button.value


class Buttons(commands.Cog):
    """Listens for what people do with components and forms, of messages of any age.

    Args:
        offer: a way to change what was refused, as `/imagine` has it (`bot.commands.form`).
    """

    def __init__(self, intake: Intake, offer: Offer) -> None:
        self._intake = intake
        self._offer = offer

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Carry out what an id of ours says. Commands, and ids of what is not Easel's, are none of its business."""
        data = cast("dict[str, Any]", interaction.data or {})
        custom_id = str(data.get("custom_id") or "")
        if not from_easel(custom_id) or elsewhere(custom_id):
            return
        control, message = CustomId.parse(custom_id), interaction.message
        if control is None or message is None or data.get("component_type") != _BUTTON:
            await answer_unknown(self._intake, interaction, custom_id)
            return
        shows = VERBS[control.verb].shows
        if shows is Shows.FORM:
            return  # `bot.commands.change` listens for those
        private = shows is Shows.ASIDE or hidden(interaction, control)
        responder = self._intake.responder(interaction, in_place=shows is Shows.CHANGE, hidden=private)
        await answer(
            responder,
            lambda to: self._act(interaction, message, control, to),
            defer_after=self._intake.defer_after,
            besides=lambda error: self._besides(error, interaction, message, control),
        )

    def _besides(
        self, error: Exception, interaction: discord.Interaction, message: discord.Message, control: CustomId
    ) -> tuple[Body | None, Sequence[Body]]:
        """What a refusal comes with: a form to change what was asked for, or a button that asks for the same again."""
        language = self._intake.language
        embed, buttons = self._offer(error, language)
        about = control.message or (message.id if questions.can_ask(interaction, message) else 0)
        if not buttons and about and questions.passes(error, control.verb):
            return embed, [questions.try_again(control, about, language)]
        return embed, buttons

    async def _act(
        self, interaction: discord.Interaction, message: discord.Message, control: CustomId, responder: Responder
    ) -> None:
        if VERBS[control.verb].asks:
            permissions.check_interaction(interaction)
        about = await questions.meant(self._intake.messages, interaction, control) if control.message else message
        record = await records.find(self._intake.jobs, control.job)
        looks_used = questions.used(about, control.verb, control.index)
        asks_first = control.asks or (not control.message and questions.can_ask(interaction, about))
        action = Action(
            job=control.job,
            channel=interaction.channel_id or 0,
            message_id=about.id,
            message=about,
            origin=of_press(interaction, about.id, control),
            moderator=interaction.guild_id is not None and interaction.permissions.manage_messages,
            record=record,
            index=control.index,
            asker=permissions.asker(interaction),
            again=not asks_first,
            without=not asks_first and control.verb is Verb.RERUN and bool(control.message),
            used=looks_used is not None,
            made=questions.made_in(looks_used, about.channel.id),
            sight=Sight.of(interaction),
        )
        try:
            if asks_first and await self._asked(about, action, control, responder):
                return
            job = await perform(self._intake, action, control.verb)
        except Forgotten:
            if VERBS[control.verb].asks:
                raise
            await responder.show_in_place(forgotten(message, control.job, responder.language))
        except Upscaled as before:
            language = responder.language
            more = [questions.once_more(control, about, language)] if before.done else []
            await responder.whisper(texts.refusal(before, language), buttons=more)
        except BeginningGone as gone:
            language = responder.language
            without = [questions.without_it(control, about, language)] if asks_first else []
            await responder.whisper(texts.refusal(gone, language), buttons=without)
        else:
            await self._show(job, about, control, responder)
            if isinstance(job, Job) and record is not None and record.request.guides and not job.request.guides:
                said = texts.follows_no_more(control.verb, responder.language)
                if said:
                    await responder.whisper(said)

    async def _asked(self, about: discord.Message, action: Action, control: CustomId, responder: Responder) -> bool:
        """Ask back where pictures are at stake; whether that was done."""
        row = VERBS[control.verb]
        if not row.question or not about.attachments or (action.record and not action.record.state.terminal):
            return False
        await check_whose(self._intake, action, control.verb)
        language = responder.language
        await responder.whisper(language.gettext(row.question), buttons=[questions.yes(control, about, language)])
        return True

    async def _show(self, made: Outcome, about: discord.Message, control: CustomId, responder: Responder) -> None:
        """Show what became of a press: in place, by a new message, or aside."""
        if isinstance(made, Aside):
            await responder.tell(dict(made.message), made.files)
            return
        job = made if isinstance(made, Job) else None
        if VERBS[control.verb].asks and job is not None:
            await self._intake.present(responder, job)
        elif control.message:
            with contextlib.suppress(discord.NotFound):
                await about.delete()
            await removed(self._intake, control.job, about.channel.id, about.id)
            await responder.show_in_place(
                {"content": texts.deleted(responder.language), "components": [], "attachments": []}
            )
        elif job is None:
            await responder.remove()
            await removed(self._intake, control.job, about.channel.id, about.id)
        elif job.holder:  # what that poster has sent, but Discord not done yet, would undo ours; it goes on with this
            await responder.acknowledge()
        else:
            await responder.show_in_place(card(job, responder.language))
