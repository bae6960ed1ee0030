"""Buttons under a job's message. All state is in the custom_id, so a press works after any restart.

discord.py's own views need to be remembered for each message, and its dynamic items see only ids of one pattern. Every
press comes by here instead, so that each is either done, or answered with why not.
"""

from typing import Any, cast

import discord
from discord.ext import commands

from bot.discord_io.responder import Responder, answer
from bot.errors import Forgotten
from bot.intake.admission import Intake
from bot.intake.origin import hidden, of_press
from bot.policy import permissions
from bot.verbs import records
from bot.verbs.action import Action
from bot.verbs.handlers import perform, removed
from worker.contract.message.custom_ids import CustomId, from_easel
from worker.contract.message.job_message import card
from worker.contract.message.verbs import VERBS

from .forgotten import forgotten
from .unknown import answer_unknown

_BUTTON = discord.ComponentType.button.value


class Buttons(commands.Cog):
    """Listens for what people do with components and forms, of messages of any age."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Carry out what an id of ours says. Commands, and ids of what is not Easel's, are none of its business."""
        data = cast("dict[str, Any]", interaction.data or {})
        custom_id = str(data.get("custom_id") or "")
        if not from_easel(custom_id):
            return
        control, message = CustomId.parse(custom_id), interaction.message
        if control is None or message is None or data.get("component_type") != _BUTTON:
            await answer_unknown(self._intake, interaction, custom_id)
            return
        in_place = not VERBS[control.verb].asks
        responder = self._intake.responder(interaction, in_place=in_place, hidden=hidden(interaction))
        await answer(
            responder,
            lambda to: self._act(interaction, message, control, to),
            defer_after=self._intake.defer_after,
        )

    async def _act(
        self, interaction: discord.Interaction, message: discord.Message, control: CustomId, responder: Responder
    ) -> None:
        asks = VERBS[control.verb].asks
        if asks:
            permissions.check_interaction(interaction)
        action = Action(
            job=control.job,
            channel=interaction.channel_id or 0,
            message_id=message.id,
            message=message,
            origin=of_press(interaction, message.id, control),
            moderator=interaction.guild_id is not None and interaction.permissions.manage_messages,
            record=await records.find(self._intake.jobs, control.job),
            index=control.index,
            asker=permissions.asker(interaction),
        )
        try:
            job = await perform(self._intake, action, control.verb)
        except Forgotten:
            if asks:
                raise
            await responder.show_in_place(forgotten(message, control.job, responder.language))
            return
        if job is None:
            await responder.remove()
            await removed(self._intake, control.job)
        elif asks:
            await self._intake.present(responder, job)
        elif job.holder:  # what that poster has sent, but Discord not done yet, would undo ours; it goes on with this
            await responder.acknowledge()
        else:
            await responder.show_in_place(card(job, responder.language))
