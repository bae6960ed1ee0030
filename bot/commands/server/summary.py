"""Settings in a few words: what the lines of the panel and of `/server limit show` say."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.texts.server import panel as said
from bot.texts.server import values as words
from worker.contract.message.languages import Language
from worker.contract.message.markdown import channel_link, mention, safe
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import Change, ServerSettings, UsedUp
from worker.contract.types.telling import Telling

from . import values
from .forms import keys
from .keys import Held, place, row_of, title
from .table import BUTTONS
from .values import Known

_MODELS_SHOWN = 8
_SHORT = 4  # things of a role or a channel where many are listed
_LIMITS = ("person", "request", "models")


def role_name(role: int) -> str:
    """A role, as Discord shows it."""
    return f"<@&{role}>"


def amounts(wanted: Iterable[str], held: Held, known: Known, *, own: bool = False) -> list[str]:
    """The numbers of these keys in words; the operator's where none is set, unless only a layer's `own` are wanted."""
    found = []
    for key in wanted:
        value = held.value(key)
        value = known.otherwise(key) if value is None and not own else value
        if isinstance(value, int | float):
            found.append(values.amount(key, value, known))
    return found


def each_person(held: Held, known: Known) -> list[str]:
    """What everybody may ask for, and what the operator would allow."""
    wanted = [key for key in keys("person", "") if key != "used_up"]
    return _with_ceilings(wanted, held, known, last=held.settings.used_up is UsedUp.LAST)


def together(held: Held, known: Known) -> list[str]:
    """The same of all people together."""
    return _with_ceilings(keys("together", ""), held, known)


def each_request(held: Held, known: Known) -> list[str]:
    """The same of one request."""
    return _with_ceilings(keys("request", ""), held, known)


def _with_ceilings(wanted: Sequence[str], held: Held, known: Known, *, last: bool = False) -> list[str]:
    language = known.language
    parts = amounts(wanted, held, known) or [said.no_limit(language)]
    if last:
        parts.append(said.used_up_last(language))
    more = [
        values.amount(key, ceiling, known)
        for key in wanted
        if (ceiling := known.ceiling(key)) is not None and ceiling != _holds(key, held, known)
    ]
    return [" · ".join(parts), said.ceiling(more, language) if more else ""]


def _holds(key: str, held: Held, known: Known) -> Any:
    value = held.value(key)
    return known.otherwise(key) if value is None else value


def models(held: Held, known: Known) -> list[str]:
    """Which models and samplers may be used, and which are usual."""
    language, allowed = known.language, held.settings.each.models
    usual = held.value("usual.model")
    ids = list(allowed if allowed is not None else known.models)[:_MODELS_SHOWN]
    names = {each: safe(known.models.get(each, each), 40) for each in ids}
    shown = [said.usual_model(name, language) if each == usual else name for each, name in names.items()]
    parts = [" · ".join(shown) or words.listed([], language)]
    if held.settings.each.samplers:
        parts.append(said.only(values.show("each.samplers", list(held.settings.each.samplers), known), language))
    if allowed is not None:
        others = [safe(name, 40) for each, name in known.models.items() if each not in allowed]
        parts.append(said.not_here(others[:_MODELS_SHOWN], language) if others else "")
    return parts


def usual(held: Held, known: Known) -> list[str]:
    """What a request has where nothing is typed."""
    return [said.usual(amounts(keys("usual", ""), held, known, own=True), known.language)]


def roles(held: Held, known: Known, most: int = _SHORT) -> list[str]:
    """A line for each role that has something of its own."""
    return [
        said.of(role_name(each), of_subject(f"r{each}", held, known, most), known.language)
        for each in held.settings.roles
    ]


def channels(held: Held, known: Known, most: int = _SHORT) -> list[str]:
    """A line for each such channel."""
    return [
        said.of(channel_link(each), of_subject(f"c{each}", held, known, most), known.language)
        for each in held.settings.channels
    ]


def of_subject(subject: str, held: Held, known: Known, most: int | None = None) -> str:
    """What a role or channel has of its own, in one line: all of it, or the first so many things."""
    language = known.language
    parts: list[str] = []
    for form in (*_LIMITS, "usual", "where"):
        for key in keys(form, subject) if subject[:1] == "c" or form in _LIMITS else ():
            value = held.value(key)
            if value is None:
                continue
            numeric = isinstance(value, int | float) and place_amount(key)
            parts.append(values.amount(key, value, known) if numeric else _named(key, value, known))
    shown = list(dict.fromkeys(parts))
    more = ["…"] if most is not None and len(shown) > most else []
    return " · ".join([*shown[:most], *more]) or said.nobody(language)


def place_amount(key: str) -> bool:
    """Whether a value of this key is an amount of something."""
    found = place(key)
    return found is not None and bool(found.row.amount)


def _named(key: str, value: Any, known: Known) -> str:
    found = place(key)
    if found is not None and found.name == "results_to":
        return said.results(channel_link(value), known.language, can_post=known.can_post(value))
    return said.of(title(key, known.language), values.show(key, value, known), known.language)


def where(held: Held, known: Known) -> list[str]:
    """Where results go, who hears of changes, and which channels have something of their own."""
    language = known.language
    target = held.settings.results_to
    parts = [
        said.results(channel_link(target), language, can_post=known.can_post(target))
        if target
        else said.results("", language)
    ]
    if held.settings.log_channel:
        parts.append(said.told_in(channel_link(held.settings.log_channel), language))
    if held.settings.tell is Telling.LATE:
        parts.append(said.told_when_late(language))
    return [" · ".join(parts)]


def buttons(held: Held, known: Known) -> list[str]:
    """Who may press what under another person's picture, by Easel's own rules where nothing is set."""
    language, whose = known.language, dict[str, list[str]]()
    for name, row in BUTTONS.items():
        key = f"buttons.{name}"
        who = values.show(key, held.value(key) or row.itself, known)
        whose.setdefault(who, []).append(language.gettext(row.label))
    return [" · ".join(said.of(language.listed(names), who, language) for who, names in whose.items())]


def people(held: Held, known: Known, now: int) -> list[str]:
    """A line for each person who is blocked or has more pictures."""
    language = known.language
    lines = [
        said.of(mention(person), values.show(f"blocked.{person}", entry.model_dump(), known), language)
        for person, entry in held.settings.blocked.items()
    ]
    lines += [
        said.of(mention(person), values.show(f"grants.{person}", entry.model_dump(), known), language)
        for person, entry in held.settings.grants.items()
        if entry.until > now
    ]
    return lines


def of_whom(key: str) -> str:
    """For whom a key holds, where that is one role, channel or person; else ""."""
    found = place(key)
    if found is None:
        return ""
    if found.role:
        return role_name(found.role)
    return channel_link(found.channel) if found.channel else mention(found.person) if found.person else ""


def changed(change: Change, known: Known) -> str:
    """One change in words: "at once, 3 → 5"."""
    found = place(change.key)
    if found is None:
        return safe(change.key, 100)
    language = known.language
    old, new = (values.show(change.key, each, known) for each in (change.old, change.new))
    if found.person:
        return words.entry(of_whom(change.key), old if change.old else "", new if change.new else "", language)
    return words.changed(words.what(change.key, found.row.short, language), of_whom(change.key), old, new, language)


def what(key: str, language: Language) -> str:
    """A setting, with for whom where it is one role, channel or person: "at once"."""
    short, whom = words.what(key, row_of(key).short, language), of_whom(key)
    return said.of(whom, short, language) if whom else short


def all_keys(settings: ServerSettings) -> list[str]:
    """Every key that says something."""
    return [each.key for each in changes_between(ServerSettings(), settings, by=0, by_name="", at=0)]
