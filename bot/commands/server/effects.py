"""What was set and does nothing, or less than it says: admins are told so at once, whichever way they set it.

Pure, but for `after`, which also cancels what blocked people have waiting.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot.policy.permissions import may_show
from bot.policy.resolve import LISTS
from bot.texts.server import answers as said
from bot.texts.server import effects as words
from bot.texts.server.values import now_ms
from worker.contract.message.markdown import channel_link, mention
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import Change, ServerSettings

from . import people, summary, values
from .desk import Desk
from .keys import Held, Place, place
from .table import SAMPLERS, Kind
from .values import Known

_TABLES = {"r": "roles", "c": "channels", "u": "grants"}
_OF_LIMIT = ("pictures", "steps", "guidance_scale")  # what can be usual, and has a limit of the same name
_WITH = {"width": "height", "height": "width"}  # usual values of which one alone says nothing
_ALLOWS = {"model": "models", "sampler": "samplers"}  # which list a usual value has to be in


async def after(desk: Desk, guild: discord.Guild, made: Sequence[Change], known: Known) -> str:
    """Cancel what people have waiting who were blocked by these changes; returns what follows of them, in words.

    Raises RedisError.
    """
    blocked = [found.person for each in made if each.new and (found := place(each.key)) and found.name == "blocked"]
    count = sum([await people.cancel_waiting(desk, guild, person) for person in blocked])
    settings = (await desk.store.read(guild.id)).settings if made else ServerSettings()
    told = [said.cancelled(count, known.language)] if count else []
    return "\n".join([*told, *warnings(made, settings, known, guild)])


def of_subject(who: str, settings: ServerSettings, known: Known, guild: discord.Guild | None) -> list[str]:
    """The same of all that is set for one role (`r123`), channel (`c123`) or person (`u123`)."""
    key = f"{_TABLES[who[:1]]}.{who[1:]}"
    all_of_it = changes_between(ServerSettings(), settings, by=0, by_name="", at=0)
    mine = [each for each in all_of_it if f"{each.key}.".startswith(f"{key}.")]
    return warnings(mine, settings, known, guild)


def warnings(made: Sequence[Change], settings: ServerSettings, known: Known, guild: discord.Guild | None) -> list[str]:
    """The first of the sentences about those changes that have not the effect that they seem to have, a line each."""
    found = dict.fromkeys(
        text for each in made if each.new is not None for text in _of(each, Held(settings), known, guild)
    )
    return words.listed(list(found), known.language)


def _of(change: Change, held: Held, known: Known, guild: discord.Guild | None) -> Iterator[str]:
    found = place(change.key)
    if found is None:
        return
    what, language = summary.what(change.key, known.language), known.language
    if found.name == "grants":
        yield from _grant(mention(found.person), change.new, held, known)
    elif found.name == "results_to" and found.channel:
        target = int(str(change.new))
        if guild and target != found.channel and not may_show(guild, found.channel, target):
            yield words.stays(channel_link(found.channel), channel_link(target), language)
    elif found.role:
        yield from _role(what, found, change, held, known)
    elif change.key.startswith("usual.") or ".usual." in change.key:
        yield from _usual(what, found, change.new, held, known)
        if (other := _WITH.get(found.name)) and not _side(change.key.removesuffix(found.name), other, held):
            yield words.usual_side_alone(what, language)
    yield from _ceiling(what, change.key, change.new, known)
    yield from _unknown(what, found, change.new, known)


def _grant(who: str, entry: Any, held: Held, known: Known) -> Iterator[str]:
    """More pictures a day are more than everybody's, and never more than the operator's ceiling."""
    key = "each.day_pictures"
    base, ceiling = _everybodys(key, held, known), known.ceiling(key)
    if entry["until"] <= now_ms():
        yield words.grant_over(who, known.language)
    elif base is None:
        yield words.grant_of_nothing(who, known.language)
    elif ceiling is not None and base + entry["pictures"] > ceiling:
        left = values.show(key, max(0, ceiling - base), known)
        yield words.grant_cut(who, values.show(key, ceiling, known), left, known.language)


def _role(what: str, found: Place, change: Change, held: Held, known: Known) -> Iterator[str]:
    """A role only ever gives more."""
    base, language = _everybodys(f"each.{found.name}", held, known), known.language
    if base is None:
        yield words.role_of_no_limit(what, language)
    elif found.name not in LISTS and isinstance(change.new, int | float) and change.new <= base:
        yield words.role_not_more(what, values.show(change.key, base, known), language)


def _usual(what: str, found: Place, value: Any, held: Held, known: Known) -> Iterator[str]:
    """What is usual keeps to the limits, too."""
    if found.name in _OF_LIMIT:
        limit = _everybodys(f"each.{found.name}", held, known)
        if limit is not None and value > limit:
            yield words.usual_too_much(what, values.show(f"each.{found.name}", limit, known), known.language)
    elif found.name in _ALLOWS:
        allowed = held.value(f"each.{_ALLOWS[found.name]}")
        if allowed is not None and value not in allowed:
            yield words.usual_not_allowed(what, known.language)


def _side(before: str, name: str, held: Held) -> Any:
    """What is usual of that name, here or, of a channel, in all of the server."""
    return held.value(f"{before}{name}") or held.value(f"usual.{name}")


def _ceiling(what: str, key: str, value: Any, known: Known) -> Iterator[str]:
    ceiling = known.ceiling(key)
    if ceiling is not None and isinstance(value, int | float) and value > ceiling:
        yield words.over_ceiling(what, values.show(key, ceiling, known), known.language)


def _unknown(what: str, found: Place, value: Any, known: Known) -> Iterator[str]:
    """Names that nobody here knows, of models or samplers: of another installation, or of workers that are away."""
    there: Mapping[Kind, Sequence[str]] = {
        Kind.MODEL: tuple(known.models), Kind.MODELS: tuple(known.models),
        Kind.SAMPLER: SAMPLERS, Kind.SAMPLERS: SAMPLERS,
    }  # fmt: skip
    if found.row.kind in there:
        names = value if isinstance(value, list) else [value]
        missing = [str(each) for each in names if each not in there[found.row.kind]]
        if missing:
            yield words.unknown(what, missing, known.language)


def _everybodys(key: str, held: Held, known: Known) -> Any:
    """What holds here for who has no role; None where nothing bounds it but the operator's ceiling, if that."""
    own = held.value(key)
    return known.unset.get(key) if own is None else own
