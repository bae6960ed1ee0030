"""What admins do to one person: block, unblock, give more pictures, cancel what they have waiting."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.setting_errors import BlocksThemselves, NotAPerson, WrongValue
from bot.texts.server import answers as said
from bot.texts.server import values as words
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.message.languages import Language
from worker.contract.store.jobs import Cancelled
from worker.contract.types.job import Reason
from worker.contract.types.server_settings import SENTENCE_MAX, Block, Grant

from .answers import Typed
from .desk import Desk
from .table import PERSON_FIELDS, Kind
from .values import Known, number_in

_DAY = 86_400_000  # ms
_LABEL, _INPUT, _LINE, _PARAGRAPH = 18, 4, 1, 2
_DAYS = "30"  # unless another number is typed
FORMS: Mapping[str, tuple[str, ...]] = {"block": ("why",), "grant": ("pictures", "days")}


def form(about: str, who: str, version: int, known: Known, typed: Typed) -> dict[str, Any]:
    """The form to block a person (`u123`), or to give them more pictures; with what was typed before, if it was."""
    language = known.language
    preset = {"days": [_DAYS]} | typed
    title = said.block_title(language) if about == "block" else said.grant_title(language)
    return {
        "custom_id": str(ServerId(ServerStep.SAVE, about, who, version)),
        "title": title,
        "components": [_row(name, (preset.get(name) or [""])[0], language) for name in FORMS[about]],
    }


def _row(name: str, value: str, language: Language) -> dict[str, Any]:
    row = PERSON_FIELDS[name]
    long = row.kind is Kind.SENTENCE
    field = {
        "type": _INPUT, "custom_id": name, "style": _PARAGRAPH if long else _LINE, "required": not long,
        "max_length": int(row.most) if long else len(str(int(row.most))) + 4,
    }  # fmt: skip
    label = {"type": _LABEL, "label": language.gettext(row.label)}
    label |= {"description": language.gettext(row.hint)} if row.hint else {}
    return label | {"component": field | ({"value": value} if value else {})}


def check_chosen(person: discord.abc.User) -> None:
    """Raise NotAPerson for a bot, which can ask for nothing anyway."""
    if person.bot:
        raise NotAPerson


def check_block(who: str, by: int) -> None:
    """Raise BlocksThemselves for an admin who would be blocked (`u123`) by themselves."""
    if who == f"u{by}":
        raise BlocksThemselves


def entry(about: str, who: str, typed: Typed, by: int) -> tuple[dict[str, Any], list[WrongValue]]:
    """What such a form sets, by key, and what is wrong with it. Raises BlocksThemselves."""
    if about == "block":
        check_block(who, by)
        return blocking(who, by, " ".join(typed.get("why", ()))), []
    wrong, numbers = [], []
    for name in FORMS[about]:
        try:
            numbers.append(int(number_in(PERSON_FIELDS[name], " ".join(typed.get(name, ())))))
        except WrongValue as error:
            wrong.append(error)
    return ({} if wrong else granting(who, *numbers)), wrong


def blocking(who: str, by: int, why: str) -> dict[str, Any]:
    """The entry that blocks a person, by its key."""
    block = Block(by=by, at=words.now_ms(), why=" ".join(why.split())[:SENTENCE_MAX])
    return {f"blocked.{who[1:]}": block.model_dump(mode="json")}


def granting(who: str, pictures: int, days: int) -> dict[str, Any]:
    """The entry that gives a person more pictures, by its key."""
    grant = Grant(pictures=pictures, until=words.now_ms() + days * _DAY)
    return {f"grants.{who[1:]}": grant.model_dump(mode="json")}


async def cancel_waiting(desk: Desk, guild: discord.Guild, person: int) -> int:
    """Cancel what a person has waiting or being drawn in a server; returns how much that was. Raises RedisError."""
    count = 0
    for job in await desk.waiting(guild.id, person):
        count += await desk.intake.jobs.cancel(job, Reason.MODERATOR) is Cancelled.DONE
    return count
