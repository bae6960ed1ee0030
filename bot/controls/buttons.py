"""Buttons under a job's message. All state is in the custom_id, so a press works after any restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.discord_io.responder import Responder, answer
from bot.errors import Forgotten, UnknownControl
from bot.intake.admission import Intake
from bot.intake.origin import hidden, of_press
from bot.policy import permissions
from bot.verbs.action import Action
from bot.verbs.cancel import cancel
from bot.verbs.delete import delete
from bot.verbs.rerun import rerun
from bot.verbs.upscale import upscale
from worker.contract.message.custom_ids import PATTERN, CustomId, Verb
from worker.contract.message.job_message import card

from .forgotten import forgotten

if TYPE_CHECKING:
    from bot.app import Easel

    Interaction = discord.Interaction[Easel]


class ControlButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=PATTERN):
    """Any button of Easel's: discord.py makes one of these for each press."""

    def __init__(self, custom_id: str) -> None:
        super().__init__(discord.ui.Button(custom_id=custom_id))

    @classmethod
    async def from_custom_id(  # type: ignore[override]  # this bot dispatches to nobody else
        cls, _interaction: "Interaction", _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match.string)

    async def callback(self, interaction: "Interaction") -> None:  # type: ignore[override]
        """Carry the verb out and answer."""
        intake = interaction.client.intake
        control = CustomId.parse(self.custom_id)
        in_place = control is not None and not control.verb.asks
        responder = Responder(intake.interactions, interaction, in_place=in_place, hidden=hidden(interaction))
        await answer(responder, lambda to: _act(intake, interaction, control, to), defer_after=intake.defer_after)


async def _act(
    intake: Intake, interaction: discord.Interaction, control: CustomId | None, responder: Responder
) -> None:
    if control is None or interaction.message is None:
        raise UnknownControl
    action = Action(
        job=control.job,
        message=interaction.message,
        origin=of_press(interaction, interaction.message.id, control),
        moderator=interaction.guild_id is not None and interaction.permissions.manage_messages,
    )
    if control.verb.asks:
        permissions.check_interaction(interaction)
        job = await (upscale(intake, action, control.index) if control.verb is Verb.UPSCALE else rerun(intake, action))
        await intake.present(responder, job)
        return
    try:
        await _end(intake, action, control.verb, responder)
    except Forgotten:
        await responder.show_in_place(forgotten(interaction.message, control.job))


async def _end(intake: Intake, action: Action, verb: Verb, responder: Responder) -> None:
    """Stop the job, or remove its message."""
    ended = await (cancel(intake, action) if verb is Verb.CANCEL else delete(intake, action))
    if ended is None:
        await responder.remove()
    elif ended.holder:  # what that poster has sent, but Discord not done yet, would undo ours; it goes on with this
        await responder.acknowledge()
    else:
        await responder.show_in_place(card(ended))
