"""A person's switch: whether they are told of all that ends late. It stands under the answer to a press on its verb."""

from typing import Any, cast

import discord
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import Responder, answer
from bot.intake.admission import Intake
from worker.contract.message.custom_ids import TellId, TellStep
from worker.contract.store import keys


class TellSwitch(commands.Cog):
    """Listens for its buttons, of messages of any age."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Keep what was chosen; admission reads it."""
        data = cast("dict[str, Any]", interaction.data or {})
        found = TellId.parse(str(data.get("custom_id") or ""))
        if found is None:
            return
        always = found.step is TellStep.ON

        async def work(to: Responder) -> None:
            await self._intake.jobs.redis.set(keys.tell(interaction.user.id), int(always))
            said = texts.tells_late(always=always, language=to.language)
            await to.show_in_place({"content": said, "components": []})

        responder = self._intake.responder(interaction, in_place=True)
        await answer(responder, work, defer_after=self._intake.defer_after)
