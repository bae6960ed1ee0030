"""Forms in which admins change settings: what each holds, how it looks, and what comes back of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.setting_errors import WrongValue
from bot.texts.server import forms as said
from worker.contract.discord_limits import CHOICES_MAX
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.message.languages import N_
from worker.contract.message.sampler_titles import sampler_title
from worker.contract.types.server_settings import ServerSettings

from . import values
from .keys import Held, row_of
from .table import BUTTONS, LIMITS, SAMPLERS, Kind
from .values import Known

FIELDS_MAX = 5  # of one form
TITLE_MAX, LABEL_MAX, HINT_MAX = 45, 45, 100  # characters
_TICKED_MAX = 10  # boxes of one group; more are chosen from a list
_INPUT, _SELECT, _CHANNELS, _LABEL, _RADIOS, _BOXES = 4, 3, 8, 18, 21, 22
_LINE, _PARAGRAPH = 1, 2
_POSTED_IN = (0, 5)  # text and announcement channels
_NOTHING = "-"  # the choice that sets nothing
_TYPED_MAX = 20  # characters of a number, or a time


@dataclass(frozen=True)
class FormRow:
    """One form: its title, its settings for the whole server, and those for one role and one channel."""

    title: str
    server: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()


_HOW_MUCH = ("at_once", "day_pictures", "day_gpu_seconds", "per_minute")
_REQUEST = ("pictures", "steps", "megapixels", "upscale_megapixels", "guidance_scale")
_USUAL = ("usual.pictures", "usual.steps", "usual.guidance_scale", "usual.width", "usual.height")


def _in(before: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{before}{name}" for name in names)


FORMS: Mapping[str, FormRow] = {
    # Translators: titles of forms, at most 45 characters, here and in the following.
    "person": FormRow(N_("Each person"), (*_in("each.", _HOW_MUCH), "used_up"), _HOW_MUCH, _in("limits.", _HOW_MUCH)),
    "together": FormRow(N_("All people together"), _in("together.", _HOW_MUCH)),
    "request": FormRow(N_("Each request"), _in("each.", _REQUEST), _REQUEST, _in("limits.", _REQUEST)),
    "models": FormRow(
        N_("Models and samplers"),
        ("each.models", "usual.model", "each.samplers", "usual.sampler"),
        ("models", "samplers"),
        ("limits.models", "usual.model", "limits.samplers", "usual.sampler"),
    ),
    "usual": FormRow(N_("Defaults"), _USUAL, (), _USUAL),
    "buttons": FormRow(N_("Under a picture of another person"), _in("buttons.", BUTTONS)),
    "where": FormRow(N_("Results and news"), ("results_to", "log_channel", "tell"), (), ("results_to",)),
    "pause": FormRow(N_("Pause Easel in this server"), ("paused",)),
}


def keys(form: str, subject: str) -> tuple[str, ...]:
    """The keys of a form, for a role (`r123`), a channel (`c123`) or, with "", the whole server."""
    row, number = FORMS[form], subject[1:]
    match subject[:1]:
        case "r":
            return _in(f"roles.{number}.", row.role)
        case "c":
            return _in(f"channels.{number}.", row.channel)
    return row.server


def form(
    about: str, subject: str, version: int, settings: ServerSettings, known: Known, typed: Mapping[str, list[str]],
) -> dict[str, Any]:  # fmt: skip
    """A modal with what is set, or with what was typed before where that came to nothing."""
    language = known.language
    held = Held(settings)
    rows: list[dict[str, Any]] = []
    for key in keys(about, subject):
        row = row_of(key)
        now = held.value(key)
        about_it = said.cut(hint(key, now, known), HINT_MAX)
        rows.append({
            "type": _LABEL,
            "label": said.cut(language.gettext(row.label), LABEL_MAX),
            **({"description": about_it} if about_it else {}),
            "component": _field(key, now, known, typed.get(key)),
        })  # fmt: skip
    opened = str(ServerId(ServerStep.SAVE, about, subject, version))
    title = said.cut(language.gettext(FORMS[about].title), TITLE_MAX)
    return {"custom_id": opened, "title": title, "components": rows}


def returned(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a form comes back with, by key; an empty list for a field that was left empty."""
    found = {}
    for row in data.get("components") or ():
        part = row.get("component") or {}
        text = part.get("value")
        found[str(part.get("custom_id"))] = list(map(str, part.get("values") or ([text] if text else [])))
    return found


def read(
    about: str, subject: str, typed: Mapping[str, list[str]], known: Known
) -> tuple[dict[str, Any], list[WrongValue]]:
    """The values by key, and what is wrong with those that cannot be; what a form did not hold is left out."""
    wanted, wrong = {}, []
    for key in keys(about, subject):
        if key not in typed:
            continue
        try:
            wanted[key] = values.read(key, typed[key], known)
        except WrongValue as error:
            wrong.append(error)
    return wanted, wrong


def hint(key: str, now: Any, known: Known) -> str:
    """What stands below a field's label: bounds, what is set, and what an empty field stands for."""
    row, language = row_of(key), known.language
    explained = language.gettext(row.hint) if row.hint else ""
    if row.kind not in {Kind.WHOLE, Kind.REAL, Kind.SPAN}:
        return explained
    usual = re.search(r"usual\.(\w+)$", key)
    ceiling = known.ceiling(f"each.{usual[1]}" if usual and usual[1] in LIMITS else key)
    most = ceiling if ceiling is not None else row.most
    bounds = said.bounds(values.show(key, row.least, known), values.show(key, most, known), language)
    if now is not None:
        bounds = said.bounds_now(
            values.show(key, row.least, known), values.show(key, most, known), values.show(key, now, known), language
        )
    if row.kind is Kind.SPAN:
        bounds = explained if ceiling is None else f"{explained} {bounds}"
    elif explained and not re.match(r"roles|channels", key):
        bounds = f"{explained} {bounds}"
    return f"{bounds} {_empty(key, known)}"


def _empty(key: str, known: Known) -> str:
    if re.match(r"roles\.", key):
        return said.empty_of_role(known.language)
    if re.match(r"channels\.", key):
        return said.empty_of_channel(known.language)
    if key == "usual.pictures":  # no model has a number of its own
        return said.empty_pictures(known.language)
    if key.startswith("usual."):
        return said.empty_usual(known.language)
    otherwise = known.otherwise(key)
    if otherwise is None:
        # How large a picture can be made, only workers know (`EASEL_UPSCALE_MEGAPIXELS`).
        by_workers = key.endswith("upscale_megapixels")
        return said.empty_pictures(known.language) if by_workers else said.empty_free(known.language)
    of_easel = known.operators(key) is None and known.unset.get(key) is None
    empty = said.empty_most if of_easel else said.empty_ceiling
    return empty(values.show(key, otherwise, known), known.language)


def _field(key: str, now: Any, known: Known, typed: list[str] | None) -> dict[str, Any]:
    row, language = row_of(key), known.language
    common = {"custom_id": key, "required": False}
    match row.kind:
        case Kind.CHOICE:
            whose = language.gettext((row.choices or {}).get(row.itself, ""))
            options = {_NOTHING: said.unset_choice(whose, language)} if row.itself else {}
            options |= {value: language.gettext(name) for value, name in (row.choices or {}).items()}
            chosen = _chosen(now or _NOTHING, typed, key, known)
            return {"type": _RADIOS, **common, "required": True, "options": _options(options, chosen)}
        case Kind.MODEL | Kind.MODELS:
            names = {each: known.models.get(each, each) for each in _with_room(known.models, _listed(now))}
            return _several(common, names, _chosen(now, typed, key, known), many=row.kind is Kind.MODELS)
        case Kind.SAMPLER | Kind.SAMPLERS:
            names = {each: sampler_title(each, language) for each in _with_room(SAMPLERS, _listed(now))}
            return _several(common, names, _chosen(now, typed, key, known), many=row.kind is Kind.SAMPLERS)
        case Kind.CHANNEL:
            # One that is gone, or closed to the bot by now, is not chosen again: Discord would not take it.
            picked = _chosen(now, typed, key, known)
            chosen = [each for each in picked if each.isdigit() and known.takes(key, int(each))]
            preset = {"default_values": [{"id": each, "type": "channel"} for each in chosen]} if chosen else {}
            return {"type": _CHANNELS, **common, "channel_types": list(_POSTED_IN), "min_values": 0, **preset}
    text = (typed[0] if typed else "") if typed is not None else values.typed(key, now, known)
    long = row.kind is Kind.SENTENCE
    most = int(row.most) if long else _TYPED_MAX
    field = {"type": _INPUT, **common, "style": _PARAGRAPH if long else _LINE, "max_length": most}
    return field | ({"value": text[:most]} if text else {})


def _chosen(now: Any, typed: list[str] | None, key: str, known: Known) -> list[str]:
    """What is chosen beforehand: what was chosen before, as far as it can be, else what is set."""
    if typed is None:
        return _listed(now)
    try:
        found = values.read(key, typed, known)
    except WrongValue:
        return _listed(now)
    return _listed(found) or ([_NOTHING] if row_of(key).kind is Kind.CHOICE else [])


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [] if value is None else [str(value)]


def _with_room(offered: Iterable[str], now: Iterable[str]) -> list[str]:
    """All that can be chosen, in their order; those that are set come first where there is not room for all of them.

    What a list has no room for would be taken away by whoever saves the form.
    """
    found = list(dict.fromkeys((*offered, *now)))
    return found if len(found) <= CHOICES_MAX else list(dict.fromkeys((*now, *found)))


def _several(common: dict[str, Any], names: Mapping[str, str], chosen: list[str], *, many: bool) -> dict[str, Any]:
    shown = dict(list(names.items())[:CHOICES_MAX])
    if not shown:
        return {"type": _INPUT, **common, "style": _LINE, "max_length": _TYPED_MAX}
    options = _options(shown, chosen)
    if many and len(shown) <= _TICKED_MAX:
        return {"type": _BOXES, **common, "options": options, "min_values": 0, "max_values": len(options)}
    return {"type": _SELECT, **common, "options": options, "min_values": 0, "max_values": len(options) if many else 1}


def _options(names: Mapping[str, str], chosen: list[str]) -> list[dict[str, Any]]:
    return [
        {"label": said.cut(name, 100), "value": value} | ({"default": True} if value in chosen else {})
        for value, name in names.items()
    ]
