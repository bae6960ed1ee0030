"""Messages that follow what an admin did: changed with Undo, wrong with what was typed, changed by others meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.setting_errors import ChangedMeanwhile, WrongValue
from bot.texts.server import answers as said
from bot.texts.server import panel
from bot.texts.server import values as words
from bot.texts.server.effects import WARNING
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.types.server_settings import Change

from . import parts, summary, values
from .keys import place, row_of
from .parts import Part
from .table import PERSON_FIELDS, Kind, SettingRow
from .values import Known

_FIELD_MAX = 1000  # characters of a field of an embed
Typed = dict[str, list[str]]


def changed(changes: Sequence[Change], known: Known, more: str = "") -> Part:
    """What was changed, with a button that takes it back; `more` is what follows of it (`effects.after`)."""
    language = known.language
    text = said.changed([summary.changed(each, known) for each in changes], language)
    between = "\n" if more.startswith(WARNING) else " "
    return _message(f"{text}{between}{more}".rstrip(), [undo(changes, known)] if changes else [])


def undo(changes: Sequence[Change], known: Known) -> Part:
    """The button that takes these changes back."""
    numbers = [each.number for each in changes]
    takes_back = ServerId(ServerStep.UNDO, number=min(numbers), until=max(numbers))
    return parts.button(panel.button("undo", known.language), takes_back)


def wrong(complaints: Sequence[WrongValue], typed: Typed, again: ServerId | None, known: Known) -> Part:
    """Why a form came to nothing, with all that was typed and a way back to it."""
    text = said.wrong([words.complaint(each, known.language) for each in complaints], known.language)
    return _message(text, _again(again, known), typed_fields(typed, known))


def meanwhile(error: ChangedMeanwhile, typed: Typed, again: ServerId | None, known: Known) -> Part:
    """That others were quicker, with what they set, all that was typed and a way back to it."""
    change = error.change
    if change is None:
        text = words.others(known.language)
    else:
        now = [summary.changed(change, known)] if place(change.key) else []
        text = said.meanwhile(change.by, now, known.language, typed=bool(typed))
    return _message(text, _again(again, known), typed_fields(typed, known))


def typed_fields(typed: Typed, known: Known) -> list[dict[str, Any]]:
    """What was typed, a field of an embed each."""
    language = known.language
    return [
        {"name": language.gettext(_row(key).label), "value": _shown(key, given, known)[:_FIELD_MAX], "inline": True}
        for key, given in typed.items()
        if key in PERSON_FIELDS or place(key)
    ]


def typed_before(message: discord.Message | None, keys: Sequence[str], known: Known) -> Typed:
    """What such a message shows as typed; nothing where it is another one."""
    fields = [field for embed in (message.embeds if message else ()) for field in embed.fields]
    labels = {known.language.gettext(_row(key).label): key for key in keys}
    empty = said.empty(known.language)
    return {
        labels[field.name]: [] if field.value == empty else [field.value or ""]
        for field in fields
        if field.name in labels
    }


def _shown(key: str, given: Sequence[str], known: Known) -> str:
    row = _row(key)
    if row.kind is Kind.CHOICE and given:
        return known.language.gettext((row.choices or {}).get(given[0], given[0]))
    if row.kind is Kind.CHANNEL and given and given[0].isdigit():
        return values.show(key, given[0], known)
    return ", ".join(given) or said.empty(known.language)


def _row(key: str) -> SettingRow:
    return PERSON_FIELDS.get(key) or row_of(key)


def _again(again: ServerId | None, known: Known) -> list[Part]:
    return [parts.button(panel.button("again", known.language), again)] if again else []


def _message(text: str, buttons: Sequence[Part], fields: Sequence[Mapping[str, Any]] = ()) -> Part:
    """Sent anew or in place of another one, so all that it may have had is named."""
    return {
        "content": text,
        "embeds": [{"fields": list(fields)}] if fields else [],
        "components": [parts.row(*buttons)] if buttons else [],
        "allowed_mentions": {"parse": []},
    }
