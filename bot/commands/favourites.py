"""`/favourites`: the results that somebody keeps, a page at a time, with a small picture of each."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_io.responder import Responder, answer
from bot.errors import MessageGone, Refusal
from bot.intake.admission import Intake
from bot.intake.sight import Sight
from bot.texts import results as said
from bot.verbs.pictures import in_embed
from worker.contract.message.custom_ids import KeptId, KeptStep
from worker.contract.message.languages import N_, Language
from worker.contract.message.markdown import message_link
from worker.contract.store.favourites import Favourites, Kept

PAGE = 5  # results; a message shows ten at most, and a phone fewer
_LABEL = 90  # characters in a menu


@dataclass(frozen=True)
class _Seen:
    """One result as it is shown: its first line, and the first picture with its alt text, where there is one."""

    kept: Kept
    line: str
    picture: Mapping[str, str] | None = None


class FavouritesCommand(commands.Cog):
    """The command, and its controls, which look everything up anew."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("The results that you keep"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def favourites(self, interaction: discord.Interaction) -> None:
        async def work(to: Responder) -> None:
            await to.tell(await self._page(interaction, 0))

        responder = self._intake.responder(interaction, hidden=True)
        await answer(responder, work, defer_after=self._intake.defer_after)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Show another page, or take one out."""
        data = cast("dict[str, Any]", interaction.data or {})
        found = KeptId.parse(str(data.get("custom_id") or ""))
        if found is None:
            return
        chosen = [kept for each in data.get("values") or () if (kept := Kept.parse(str(each)))]

        async def work(to: Responder) -> None:
            if found.step is KeptStep.REMOVE:
                for each in chosen:
                    await self._store.remove(interaction.user.id, each)
            await to.show_in_place(await self._page(interaction, found.page))

        responder = self._intake.responder(interaction, in_place=True)
        await answer(responder, work, defer_after=self._intake.defer_after)

    @property
    def _store(self) -> Favourites:
        return Favourites(self._intake.jobs.redis)

    async def _page(self, interaction: discord.Interaction, number: int) -> dict[str, Any]:
        shown, count = await self._store.page(interaction.user.id, number, PAGE)
        if not shown and number:  # the last of the last page was taken out, or all there is of another version
            return await self._page(interaction, max(0, min(number, -(-count // PAGE)) - 1))
        sight = Sight.of(interaction)
        seen = await asyncio.gather(*(self._look(sight, each) for each in shown))
        return page(seen, count, number, self._intake.language)

    async def _look(self, sight: Sight, kept: Kept) -> _Seen:
        language = self._intake.language
        if not await sight.sees(kept.server, kept.channel):
            return _Seen(kept, said.kept_unseen(language))
        if await sight.withheld(kept.server, kept.channel):
            return _Seen(kept, said.kept_for_adults(language))
        try:
            message = await self._intake.messages.get(kept.channel, kept.message)
        except MessageGone:
            return _Seen(kept, said.kept_gone(language))
        except (Refusal, discord.HTTPException, aiohttp.ClientError):
            return _Seen(kept, said.kept_unseen(language))
        line = message.content.partition("\n")[0]
        return _Seen(kept, line, next(map(in_embed, message.attachments), None))


def page(seen: Sequence[_Seen], count: int, number: int, language: Language) -> dict[str, Any]:
    """One page as a message."""
    pages = -(-count // PAGE)
    embeds = []
    for each in seen:
        link = message_link(each.kept.server, each.kept.channel, each.kept.message)
        embed: dict[str, Any] = {"description": f"{each.line}\n{link}"}
        embeds.append(embed | ({"thumbnail": dict(each.picture)} if each.picture else {}))
    turns = [
        {"type": 2, "style": 2, "label": label, "custom_id": str(KeptId(KeptStep.SHOW, target))}
        for label, target, there in (
            (said.page_before(language), number - 1, number > 0),
            (said.page_after(language), number + 1, number + 1 < pages),
        )
        if there
    ]
    rows = [{"type": 1, "components": turns}] if turns else []
    if seen:
        options = [
            {"label": f"{number * PAGE + place}. {_plain(each.line)}"[:_LABEL], "value": str(each.kept)}
            for place, each in enumerate(seen, start=1)
        ]
        menu = {"type": 3, "custom_id": str(KeptId(KeptStep.REMOVE, number)), "options": options}
        rows.append({"type": 1, "components": [menu | {"placeholder": said.remove_kept(language)}]})
    return {"content": said.favourites(count, number, pages, language), "embeds": embeds, "components": rows}


def _plain(line: str) -> str:
    """A line of a message without its markdown, which a menu does not know."""
    return line.partition(" — <@")[0].replace("\\", "").replace("\u200b", "").strip("*")
