"""What a server used: by day as a picture, and who how much as text."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import discord

from bot.discord_io.interactions import File
from bot.discord_io.responder import Responder
from bot.texts.server import usage as said
from worker.contract.message.languages import Language
from worker.contract.store.server_settings import DayUsage

from .chart import Bar, draw
from .desk import Desk

DAYS = 14
_NAME = "usage.png"


async def tell(desk: Desk, guild: discord.Guild, to: Responder, days: int = DAYS) -> None:
    """Answer with the chart and the table. Raises RedisError."""
    language = desk.intake.language
    found = await desk.store.usage(guild.id, days)
    bars = [Bar(each.day, each.pictures) for each in reversed(found)]
    title = said.chart_title(len(found), language)
    # The font of the picture has Latin, Greek and Cyrillic letters alone; other words stay in the text.
    chart = await asyncio.to_thread(draw, title if title.isascii() else "", bars)
    described = said.described([(each.day, each.pictures) for each in bars], language)
    text = table(guild.name, found, language)
    picture = File(_NAME, chart, "image/png", described)
    await to.tell({"content": text}, [picture])


def table(server: str, found: Sequence[DayUsage], language: Language) -> str:
    """The words below the picture: all of it, today, and who used how much."""
    people: Counter[int] = Counter()
    spent: Counter[int] = Counter()
    for day in found:
        for person, used in day.people.items():
            people[person] += used.pictures
            spent[person] += used.ms
    lines = [said.heading(server, len(found), language)]
    lines.append(said.totals(sum(each.pictures for each in found), sum(each.ms for each in found), language))
    lines += [said.person(person, count, spent[person], language) for person, count in people.most_common(said.SHOWN)]
    if len(people) > said.SHOWN:
        lines.append(said.more_people(len(people) - said.SHOWN, language))
    return "\n".join(lines)
