"""What admins press and fill in. All state is in the custom ids and messages, so it works after any restart.

Who may is asked anew at every press: `Desk.admin`.
"""

from typing import Any, cast

import discord
from discord.ext import commands

from bot.discord_io.responder import FORM_LATEST, Responder, answer
from bot.errors import UnknownControl
from worker.contract.message.custom_ids import ServerId, ServerStep

from . import pages
from .desk import Desk
from .press import Press

_NEW = {"usage", "export"}  # pages that are messages of their own: they bring files
_PICKED = {"role": "r", "channel": "c", "person": "u"}


class ServerPresses(commands.Cog):
    """Listens for everything with a `3:server:` id, of messages of any age."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Do what an id says, for those who may."""
        data = cast("dict[str, Any]", interaction.data or {})
        found = ServerId.parse(str(data.get("custom_id") or ""))
        if found is None:
            return
        new = found.step is ServerStep.SHOW and found.about in _NEW
        intake = self._desk.intake
        responder = intake.responder(interaction, in_place=not new, hidden=True)
        late = FORM_LATEST if found.step is ServerStep.FORM else intake.defer_after
        await answer(responder, lambda to: self._act(interaction, found, data, to), defer_after=late)

    async def _act(
        self, interaction: discord.Interaction, pressed: ServerId, data: dict[str, Any], to: Responder
    ) -> None:
        guild = await self._desk.admin(interaction)
        press = Press(self._desk, interaction, guild, to)
        match pressed.step:
            case ServerStep.FORM:
                await press.form(pressed)
            case ServerStep.SAVE:
                await press.save(pressed, data)
            case ServerStep.SHOW:
                await press.show(pressed)
            case ServerStep.PICK:
                await press.check_picked(data)
                await press.subject(f"{_PICKED.get(pressed.about, '')}{(data.get('values') or ['0'])[0]}")
            case ServerStep.UNDO:
                await press.undo(pressed)
            case ServerStep.RESET:
                await press.reset(pressed)
            case ServerStep.CLEAR if pressed.subject[:1] in {"r", "c"} or pressed.about in pages.LISTED:
                await press.clear(pressed)
            case ServerStep.UNBLOCK | ServerStep.UNGRANT | ServerStep.STOP if pressed.subject[:1] == "u":
                await press.person(pressed)
            case ServerStep.IMPORT:
                await press.import_(pressed)
            case _:
                raise UnknownControl(newer=True)
