"""What admins do to one person: block, unblock, give more pictures, cancel what they have waiting."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.errors import WrongValue
from bot.texts.server import answers as said
from bot.texts.server import values as words
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.message.languages import N_
from worker.contract.store.jobs import Cancelled
from worker.contract.types.job import Reason
from worker.contract.types.server_settings import PICTURES_A_DAY_MAX, SENTENCE_MAX, Block, Change, Grant

from .desk import Desk
from .forms import returned
from .table import Kind, SettingRow
from .values import Known, number_in

DAYS_MAX = 366
_DAY = 86_400_000  # ms
_LABEL, _INPUT, _LINE, _PARAGRAPH = 18, 4, 1, 2

MORE = SettingRow(
    label=N_("How many more pictures a day?"), short="", kind=Kind.WHOLE, least=1, most=PICTURES_A_DAY_MAX
)
DAYS = SettingRow(label=N_("For how many days?"), short="", kind=Kind.WHOLE, least=1, most=DAYS_MAX)
FORMS = ("block", "grant")


def form(about: str, who: str, version: int, known: Known) -> dict[str, Any]:
    """The form to block a person (`u123`), or to give them more pictures."""
    language = known.language
    opened = str(ServerId(ServerStep.SAVE, about, who, version))
    if about == "block":
        row = _row(said.reason(language), said.block_hint(language), "why", SENTENCE_MAX, _PARAGRAPH, required=False)
        return {"custom_id": opened, "title": said.block_title(language), "components": [row]}
    rows = [
        _row(language.gettext(MORE.label), "", "pictures", 7, _LINE, required=True),
        _row(language.gettext(DAYS.label), "", "days", 3, _LINE, required=True, value="30"),
    ]
    return {"custom_id": opened, "title": said.grant_title(language), "components": rows}


def _row(label: str, hint: str, name: str, most: int, style: int, *, required: bool, value: str = "") -> dict[str, Any]:
    field = {"type": _INPUT, "custom_id": name, "style": style, "max_length": most, "required": required}
    row = {"type": _LABEL, "label": label, "component": field | ({"value": value} if value else {})}
    return row | ({"description": hint} if hint else {})


def entry(about: str, who: str, data: Mapping[str, Any], by: int) -> tuple[dict[str, Any], list[WrongValue]]:
    """What such a form sets, by key, and what is wrong with it."""
    typed = {name: (given or [""])[0] for name, given in returned(data).items()}
    if about == "block":
        return blocking(who, by, typed.get("why", "")), []
    wrong, numbers = [], []
    for row, name in ((MORE, "pictures"), (DAYS, "days")):
        try:
            numbers.append(int(number_in(row, typed.get(name, ""))))
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


async def block(
    desk: Desk, guild: discord.Guild, by: discord.abc.User, version: int, wanted: Mapping[str, Any]
) -> tuple[list[Change], str]:
    """Block a person, and cancel what they have waiting; returns the changes, and a sentence about what was cancelled.

    Raises ChangedMeanwhile or RedisError.
    """
    made = await desk.save(guild.id, by, version, wanted, wanted)
    (key,) = wanted
    count = await cancel_waiting(desk, guild, int(key.partition(".")[2]))
    return made, said.cancelled(count, desk.intake.language) if count else ""
