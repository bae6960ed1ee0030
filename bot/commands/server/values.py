"""Values of settings: from what was typed or chosen to what is stored, and back to what is shown and typed again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.setting_errors import Wrong, WrongValue
from bot.texts.server import values as said
from worker.contract.message.languages import Language
from worker.contract.message.markdown import channel_link, safe
from worker.contract.message.sampler_titles import sampler_title

from .keys import ceiling_key, row_of
from .table import SAMPLERS, Kind, SettingRow

# Of "10,000", but not of "0.125": what begins with a lone 0 is a fraction.
_THOUSANDS = re.compile(r"(?<=\d)(?<!\b0)[ \u00a0\u202f_.,'’](?=\d{3}(?:\D|$))")
_SPAN = re.compile(r"(?P<number>[\d.,]+)\s*(?P<unit>[a-z]*)")
_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
_CHANNEL = re.compile(r"(?:<#)?(\d{1,20})>?")
_NONE = {"", "-", "none"}
_CHOICES_TOLD = 8  # of what could have been chosen


@dataclass(frozen=True)
class Known:
    """What values are read and shown with.

    Attributes:
        models: titles of the models that live workers have, by id.
        ceilings: the operator's, by key (`each.at_once`); what is missing has none.
        unset: what holds where a server sets nothing, by key; what is missing is as the ceiling.
        writable, postable: channels in which the bot can write, and those in which it can post pictures, too; None:
            nobody asked.
    """

    language: Language
    models: Mapping[str, str] = field(default_factory=dict)
    ceilings: Mapping[str, Any] = field(default_factory=dict)
    unset: Mapping[str, Any] = field(default_factory=dict)
    writable: frozenset[int] | None = None
    postable: frozenset[int] | None = None

    def can_write(self, channel: int) -> bool:
        """Whether anything can be said there, as far as is known."""
        return self.writable is None or channel in self.writable

    def can_post(self, channel: int) -> bool:
        """Whether pictures can be posted there, as far as is known."""
        return self.postable is None or channel in self.postable

    def takes(self, key: str, channel: int) -> bool:
        """Whether this channel can be what the setting under this key wants it for."""
        return self.can_post(channel) if key.endswith("results_to") else self.can_write(channel)

    def otherwise(self, key: str) -> Any:
        """What holds where nothing is set for the whole server; None for no limit.

        Where the operator sets nothing either, some numbers of a request still have an end in Easel itself.
        """
        found = self.unset.get(key)
        found = self.operators(key) if found is None else found
        row = row_of(key)
        return row.most if found is None and row.ends else found

    def operators(self, key: str) -> float | None:
        """The most that the operator allows here, where it is a number, even if nothing could be beyond it."""
        found = self.ceilings.get(ceiling_key(key))
        return found if isinstance(found, int | float) and row_of(key).limit else None

    def ceiling(self, key: str) -> float | None:
        """The same where it allows less than could be set anyway."""
        found = self.operators(key)
        return found if found is not None and found < row_of(key).most else None


def read(key: str, typed: Sequence[str], known: Known) -> Any:  # noqa: PLR0911 - one case a kind
    """The value that was typed or chosen for a key; None where nothing was. Raises WrongValue."""
    row = row_of(key)
    nothing = {""} if row.kind is Kind.SENTENCE else _NONE  # people may be told just "-"
    given = [each.strip() for each in typed if each.strip().lower() not in nothing]
    if not given:
        return None
    match row.kind:
        case Kind.WHOLE | Kind.REAL | Kind.SPAN:
            return _bounded(key, row, given[0], known)
        case Kind.CHOICE:
            return _one_of(row, given[0], _choices(row, known))
        case Kind.MODEL:
            return _one_of(row, given[0], known.models)
        case Kind.SAMPLER:
            return _one_of(row, given[0], _samplers(known))
        case Kind.MODELS:
            return _some_of(row, given, known.models)
        case Kind.SAMPLERS:
            return _some_of(row, given, _samplers(known))
        case Kind.CHANNEL:
            found = _CHANNEL.fullmatch(given[0])
            if found is None or not known.takes(key, int(found[1])):
                named = channel_link(int(given[0])) if given[0].isdecimal() else given[0]  # forms bring ids alone
                raise WrongValue(Wrong.CHANNEL, row.label, named)
            return int(found[1])
        case Kind.SENTENCE:
            text = " ".join(given[0].split())
            if len(text) > row.most:
                raise WrongValue(Wrong.LONG, row.label, text, most=row.most)
            return text
    raise KeyError(key)  # blocks and grants have commands of their own


def model_named(text: str, allowed: Sequence[str], known: Known) -> str:
    """The id of one model: of those that live workers have, or of those `allowed` before. Raises WrongValue."""
    return _one_of(row_of("each.models"), text.strip(), {each: each for each in allowed} | dict(known.models))


def show(key: str, value: Any, known: Known) -> str:  # noqa: PLR0911 - one case a kind
    """A value in words, for one line."""
    row, language = row_of(key), known.language
    if value is None:
        return said.nothing(language)
    match row.kind:
        case Kind.WHOLE | Kind.REAL:
            return said.number(value, language)
        case Kind.SPAN:
            return said.span(value, language)
        case Kind.CHOICE:
            return language.gettext((row.choices or {}).get(value, str(value)))
        case Kind.MODEL:
            return safe(known.models.get(value, value), 60)
        case Kind.SAMPLER:
            return safe(sampler_title(value, language), 60)
        case Kind.MODELS:
            return said.listed([known.models.get(each, each) for each in value], language)
        case Kind.SAMPLERS:
            return said.listed([sampler_title(each, language) for each in value], language)
        case Kind.CHANNEL:
            return channel_link(int(value))
        case Kind.BLOCK:
            return said.blocked(value, language)
        case Kind.GRANT:
            return said.granted(value["pictures"], value["until"], language)
    return f"“{safe(str(value), 80)}”"


def typed(key: str, value: Any, known: Known) -> str:
    """A value as a person would type it; "" for none."""
    if value is None:
        return ""
    row = row_of(key)
    if row.kind is Kind.SPAN:
        return said.span(value, known.language).replace(",", "")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if row.kind is Kind.REAL else str(value)


def amount(key: str, value: float, known: Known) -> str:
    """A number of something in words, such as "3 requests at once"."""
    row, language = row_of(key), known.language
    one, many = row.amount or ("{amount}", "{amount}")
    return language.ngettext(one, many, value, amount=show(key, value, known))


def _bounded(key: str, row: SettingRow, text: str, known: Known) -> float:
    ceiling = known.ceiling(key)
    if ceiling is not None and _number(row, text) > ceiling:
        raise WrongValue(Wrong.CEILING, row.label, text, ceiling=show(key, ceiling, known))
    return number_in(row, text)


def number_in(row: SettingRow, text: str) -> float:
    """The number that was typed, within the bounds of its row. Raises WrongValue."""
    number = _number(row, text)
    if number < row.least:
        raise WrongValue(Wrong.LOW, row.label, text, least=row.least)
    if number > row.most:
        raise WrongValue(Wrong.HIGH, row.label, text, most=row.most)
    if number % row.step and row.step > 1:
        raise WrongValue(Wrong.STEP, row.label, text, step=row.step)
    return number


def _number(row: SettingRow, text: str) -> float:
    if row.kind is Kind.SPAN:
        found = _SPAN.fullmatch(_THOUSANDS.sub("", text.lower()))
        if found is None or found["unit"] not in _UNITS:
            raise WrongValue(Wrong.SPAN, row.label, text)
        return round(_real(row, found["number"], text) * _UNITS[found["unit"]])
    if row.kind is Kind.REAL:
        return _real(row, text, text)
    number = _real(row, _THOUSANDS.sub("", text), text)
    if number != int(number):
        raise WrongValue(Wrong.WHOLE, row.label, text)
    return int(number)


def _real(row: SettingRow, digits: str, text: str) -> float:
    if not re.fullmatch(r"[+-]?\d{1,15}(?:[.,]\d{0,6})?", digits):
        raise WrongValue(Wrong.NUMBER, row.label, text)
    return float(digits.replace(",", ".")) + 0.0  # no -0


def _one_of(row: SettingRow, text: str, known: Mapping[str, str]) -> str:
    """The id that was named by itself or by its title."""
    wanted = text.casefold()
    for value, name in known.items():
        if wanted in {value.casefold(), name.casefold()}:
            return value
    raise WrongValue(Wrong.CHOICE, row.label, text, choices=[safe(each, 40) for each in known.values()][:_CHOICES_TOLD])


def _some_of(row: SettingRow, given: Sequence[str], known: Mapping[str, str]) -> list[str] | None:
    """Each id once; None where nothing is named, for an empty list would allow nothing at all."""
    named = [part.strip() for each in given for part in each.split(",")]
    return list(dict.fromkeys(_one_of(row, each, known) for each in named if each)) or None


def _choices(row: SettingRow, known: Known) -> dict[str, str]:
    return {value: known.language.gettext(name) for value, name in (row.choices or {}).items()}


def _samplers(known: Known) -> dict[str, str]:
    return {each: sampler_title(each, known.language) for each in SAMPLERS}
