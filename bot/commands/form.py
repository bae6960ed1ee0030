"""A form to change what was asked for: what it shows, and what comes back of it.

After a refusal what was typed stands in the private refusal itself, an option a field, and Discord hands that message
back with each press and each form that comes of it. So nothing is kept here, and nothing expires.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from bot import errors, texts
from bot.flags.read import read
from bot.flags.table import DRAFT, REPEAT, counted_otherwise
from bot.flags.write import escaped, number, options_of
from bot.flags.write import line as written
from bot.intake.fewer import OF_PICTURES
from bot.limit_errors import NotAllowed, OverLimit
from bot.policy.limits import Policy
from bot.source_errors import (
    BadLoras,
    CannotBegin,
    CannotFollow,
    FollowsNothing,
    LinkUnfit,
    PictureUnfit,
    StrengthAlone,
)
from worker.contract.discord_limits import CHOICE_NAME_MAX, CHOICES_MAX
from worker.contract.message.custom_ids import FormId, FormStep
from worker.contract.message.languages import ENGLISH, Language
from worker.contract.message.ratio import RATIO_MAX, RATIOS
from worker.contract.message.sampler_titles import SAMPLER_TITLES, sampler_title
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import GUIDANCE_MAX, PROMPT_MAX, Request, Scheduler

from . import choices, followed, loras
from .flagged import LINE
from .followed import Followed
from .linked import is_attached
from .picture import IMAGE, Attached
from .picture import OPTIONS as PICTURES
from .resolve import STRENGTH_MIN, Asked, shows

Number = TypeVar("Number", int, float)
Typed = Mapping[str, str]  # what was typed, by the names of `/imagine`'s options; what was left out is missing

OPTIONS = (
    "prompt", "negative_prompt", "model", "aspect_ratio", "steps", "guidance", "scheduler", "seed", "count", "image",
    "strength", "lora", "guide", "guide_by", "guide_weight", "style", "style_weight",
)  # fmt: skip
KNOWN = (*OPTIONS, "style_by", REPEAT, DRAFT, LINE)  # and what only flags say, and the line of them
_ALWAYS = ("prompt", "negative_prompt", "aspect_ratio")  # and two more, the last a line of flags: a form holds five
_FOURTH = ("count", "model", "scheduler", *PICTURES)  # the option at fault; the first where that is none of the others
_SHOWN = 1000  # characters of an option, which Discord's field of an embed holds
_COUNTS = 4
REPEAT_MAX = 4  # times that one may ask at once for the same
_LONG = {"prompt", "negative_prompt", *PICTURES, LINE}
_LINE_MAX = _SHOWN  # of the line of flags, links to three pictures among them
# The option at fault, by the name of a limit where it has another.
_OPTION_OF = {
    "pictures": "count", "megapixels": "aspect_ratio", "guidance_scale": "guidance", "models": "model",
    "samplers": "scheduler",
}  # fmt: skip
_LIMIT_OF = {option: name for name, option in _OPTION_OF.items()} | {"steps": "steps"}
_BOUNDED = ("steps", "guidance")  # numbers in the line of flags that say how much they may be
_OPTION_OF_CAUSE = {
    "width_unfit": "aspect_ratio", "height_unfit": "aspect_ratio", "size_not_drawn": "aspect_ratio",
    "sampler_unfit": "scheduler", "no_such_lora": "lora", "no_loras": "lora", "no_such_guide": "guide_by",
    "no_guides": "guide",
}  # fmt: skip
_LABEL, _SELECT, _INPUT, _UPLOAD = 18, 3, 4, 19
_LINE, _PARAGRAPH = 1, 2


def typed_in(message: discord.Message | None) -> dict[str, str]:
    """What was typed, as the refusal shows it; nothing where it shows none any more."""
    fields = (field for embed in (message.embeds if message else ()) for field in embed.fields)
    return {field.name: field.value for field in fields if field.name in KNOWN and field.value}


def filled_in(data: Mapping[str, Any]) -> dict[str, str]:
    """What a form comes back with; an empty field is what is to be left out."""
    found = {}
    for row in data.get("components") or ():
        part = row.get("component") or {}
        values = part.get("values")
        if part.get("custom_id") in PICTURES and values:  # the number of a file, which comes besides
            continue
        found[str(part.get("custom_id"))] = str(values[0] if values else part.get("value") or "")
    return {option: text for option, text in found.items() if option in KNOWN}


def typed_for(request: Request) -> dict[str, str]:
    """What draws the same, as if it had been typed."""
    return {"prompt": escaped(request.prompt), **options_of(request)}


def is_file(option: str, text: str) -> bool:
    """Whether it is a picture that was attached: it stands in a message, and in no field of a form."""
    return option in PICTURES and is_attached(text)


def asked_for(typed: Typed, language: Language = ENGLISH, linked: Mapping[str, Attached] | None = None) -> Asked:
    """The options as `/imagine` takes them; `linked`: pictures that were named by links, by their options.

    Raises BadOption, UnknownSampler, BadLoras or FollowsNothing.
    """
    files = {option: Attached.read(text, option) for option, text in typed.items() if is_file(option, text)}
    pictures = {**files, **(linked or {})}
    return Asked(
        prompt=read(typed.get("prompt", "")).words,
        negative_prompt=typed.get("negative_prompt", ""),
        aspect_ratio=_ratio(typed.get("aspect_ratio")),
        steps=_number("steps", int, typed),
        guidance=_number("guidance", float, typed),
        scheduler=_sampler(typed.get("scheduler", "").strip(), language),
        seed=_number("seed", int, typed),
        count=_number("count", int, typed),
        draft=bool(typed.get(DRAFT)),
        repeat=_repeat(typed),
        picture=pictures.get(IMAGE),
        strength=_share(typed),
        loras=loras.read(typed.get("lora", "")),
        followed=_followed(typed, pictures),
    )


def _followed(typed: Typed, pictures: Mapping[str, Attached]) -> tuple[Followed, ...]:
    def number(option: str) -> float | None:
        return _number(option, float, typed)

    return tuple(filter(None, (followed.read(typed, each, pictures.get(each), number) for each in followed.ROLES)))


def give_back(typed: Typed, error: Exception, language: Language) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a refusal shows besides its sentence: an embed with what was typed, and the button that opens the form."""
    shown = [(option, typed.get(option, "")[:_SHOWN]) for option in KNOWN]
    # Options are named as they are typed, in every language.
    fields = [{"name": name, "value": text, "inline": name not in _LONG} for name, text in shown if shows(text)]
    opens = str(FormId(FormStep.CHANGE, _at_fault(error)))
    button = {"type": 2, "style": 1, "label": texts.form_title(language), "custom_id": opens}
    return {"fields": fields}, [button]


def offer(error: Exception, language: Language) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The same of a refusal that is about what nobody typed, such as Rerun; nothing where there is nothing to change.

    The seed is left to chance. What begins with a picture, or shows how one came about, cannot be asked for so.
    """
    request = error.request if isinstance(error, errors.Refusal) else None
    if request is None or request.pictures or request.moments or isinstance(error, errors.AlreadyAsked):
        return None, []
    typed = {name: text for name, text in typed_for(request).items() if name != "seed"}
    return give_back(typed, error, language)


def form(
    typed: Typed, option: str, models: Sequence[ModelInfo], language: Language, policy: Policy | None = None,
    title: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A modal with what was typed, and what may be chosen instead by that policy, as far as it is known.

    `title`: of what is no second try.
    Whatever has no field of its own stands in a line of flags.
    """
    offers = _Offers(models, policy, language)
    fields = (*_ALWAYS, option if option in _FOURTH else _FOURTH[0], LINE)
    line = written({name: text for name, text in typed.items() if name not in fields and not is_file(name, text)})
    typed = {**typed, LINE: " ".join(filter(None, [typed.get(LINE, ""), line]))}
    rows = [_row(each, typed, offers) for each in fields]
    opened = str(FormId(FormStep.ASK, option))
    return {"custom_id": opened, "title": title or texts.form_title(language), "components": rows}


@dataclass(frozen=True)
class _Offers:
    """What a form is made with: the live models, and what holds for whoever fills it in, as far as that is known."""

    models: Sequence[ModelInfo]
    policy: Policy | None
    language: Language

    def most(self, option: str) -> float | None:
        """The most that may be asked for, of an option that is a number."""
        limit = self.policy.each.get(_LIMIT_OF.get(option, "")) if self.policy else None
        return limit.value if limit else None


def _row(option: str, typed: Typed, offers: _Offers) -> dict[str, Any]:
    most = {name: most for name in _BOUNDED if option == LINE and (most := offers.most(name)) is not None}
    bound = {"description": texts.form_bound(written(_as_typed(most)), offers.language)} if most else {}
    label = texts.form_label(option, offers.language)
    return {"type": _LABEL, "label": label, **bound, "component": _field(option, typed, offers)}


def _as_typed(most: Mapping[str, float]) -> dict[str, str]:
    return {name: number(round(value, 2)) for name, value in most.items()}


def _field(option: str, typed: Typed, offers: _Offers) -> dict[str, Any]:
    if option in PICTURES:
        return {"type": _UPLOAD, "custom_id": option, "min_values": 0, "max_values": 1, "required": False}
    now, found = typed.get(option, ""), _choices(option, typed, offers)
    if found:
        options = [
            {"label": label, "value": value} | ({"default": True} if value == now else {}) for value, label in found
        ]
        return {"type": _SELECT, "custom_id": option, "options": options, "min_values": 0, "required": False}
    long = option in {"prompt", "negative_prompt"}
    most = PROMPT_MAX if long else _LINE_MAX
    field: dict[str, Any] = {"type": _INPUT, "custom_id": option, "style": _PARAGRAPH if long else _LINE}
    field |= {"max_length": most, "required": option == "prompt"}
    if option != "prompt":
        field["placeholder"] = texts.form_default(option, offers.language)
    return field | ({"value": now[:most]} if now else {})


def _choices(option: str, typed: Typed, offers: _Offers) -> list[tuple[str, str]]:
    match option:
        case "model":
            return [(each.id, each.title) for each in choices.models(offers.models, offers.policy)[:CHOICES_MAX]]
        case "aspect_ratio":
            own = [now] if 0 < len(now := typed.get(option, "")) <= CHOICE_NAME_MAX else []
            return [(each, each) for each in dict.fromkeys([*RATIOS, *own])]
        case "scheduler":
            return [(each.value, sampler_title(each, offers.language)) for each in _samplers(typed, offers)]
        case "count":
            most = min(_COUNTS, int(offers.most(option) or _COUNTS))
            return [(str(number), str(number)) for number in range(1, most + 1)]
    return []


def _samplers(typed: Typed, offers: _Offers) -> list[Scheduler]:
    """Those that may be used and suit the model which is meant; all where there are none, or nobody knows."""
    model = choices.drawn_with(typed.get("model", ""), offers.models, offers.policy)
    return choices.samplers(model, offers.policy) or [*SAMPLER_TITLES]


def _at_fault(error: Exception) -> str:
    """Which option a refusal is about, as far as it is about one."""
    match error:
        case (
            errors.BadOption() | errors.OnlySquares() | errors.UnknownSampler()
            | PictureUnfit() | StrengthAlone() | CannotBegin() | BadLoras()
            | LinkUnfit() | FollowsNothing() | CannotFollow()
        ):  # fmt: skip
            return error.option
        case errors.UnknownModel() | errors.NothingLive():
            return "model"
        case errors.OverCap(refused=refused):
            return "count" if refused.why in OF_PICTURES else ""
        case OverLimit(name=name) | NotAllowed(name=name):
            return _OPTION_OF.get(name, name)
        case errors.ModelObjects(cause=cause):
            return _OPTION_OF_CAUSE.get(cause.code, "")
    return ""


_ENDS: dict[str, tuple[float, float]] = {"guidance": (0, GUIDANCE_MAX)}


def _number(option: str, kind: Callable[[str], Number], typed: Typed) -> Number | None:
    text = typed.get(option, "").strip()
    try:
        number = kind(text) if text else None
        if number is not None and not math.isfinite(number):  # "nan" and "inf" are numbers to Python alone
            least, most = _ENDS.get(option, (None, None))
            raise errors.BadOption(option, least, most, flag=counted_otherwise(text))
        return number
    except (ValueError, OverflowError):
        raise errors.BadOption(option, flag=counted_otherwise(text)) from None


def _ratio(text: str | None) -> str:
    """One that is offered, or any other up to RATIO_MAX; "" where none was typed. Raises BadOption."""
    if not text:
        return ""
    across, colon, down = text.partition(":")
    whole = colon and across.isdecimal() and down.isdecimal() and int(down) > 0
    wide, high = (int(across), int(down)) if whole else (0, 1)
    if high > wide * RATIO_MAX or wide > high * RATIO_MAX:  # no quotient: that of long numbers is beyond all
        raise errors.BadOption("aspect_ratio")
    return f"{wide}:{high}"


def _repeat(typed: Typed) -> int:
    times = _number(REPEAT, int, typed)
    for least, most in ((1, None), (None, REPEAT_MAX)):
        if times is not None and ((least and times < least) or (most and times > most)):
            raise errors.BadOption(REPEAT, least, most)
    return times or 1


def _sampler(text: str, language: Language) -> str | None:
    found = choices.sampler_named(text, language) if text else None
    if text and found is None:
        raise errors.UnknownSampler(text)
    return found


def _share(typed: Typed) -> float | None:
    strength = _number("strength", float, typed)
    if strength is not None and not STRENGTH_MIN <= strength <= 1:
        low = not strength >= STRENGTH_MIN
        raise errors.BadOption("strength", STRENGTH_MIN if low else None, None if low else 1)
    return strength
