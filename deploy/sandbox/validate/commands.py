"""Application commands as an application registers them."""

import re

from deploy.sandbox.errors import Form
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import Json

from . import locales

CHAT, USER, MESSAGE = 1, 2, 3
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
NAME = re.compile(r"^[-_'\w]{1,32}$")
MOST_OPTIONS = MOST_CHOICES = 25
TOTAL = 8000
MOST_BITS = 2**53 - 1


def check(payload: object, form: Form, at: str = "") -> Json:
    """One command with Discord's defaults; what is wrong goes into `form`."""
    prefix = f"{at}." if at else ""
    if not isinstance(payload, dict):
        form.add(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}
    kind = CHAT if payload.get("type") is None else payload["type"]
    form.choice(f"{prefix}type", kind, (CHAT, USER, MESSAGE))
    _check_name(payload.get("name"), form, f"{prefix}name", slash=kind == CHAT)
    if kind == CHAT:
        form.text(f"{prefix}description", payload.get("description"), 1, 100)
    elif payload.get("description"):
        form.add(f"{prefix}description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                 "Context menu commands cannot have description")  # fmt: skip
    options = _check_options(payload.get("options"), form, f"{prefix}options")
    if _characters(payload) > TOTAL:
        form.add(at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TOTAL})")
    return {
        "type": kind, "name": payload.get("name"), "description": payload.get("description") or "",
        "name_localizations": _check_names(payload, form, prefix, slash=kind == CHAT),
        "description_localizations": locales.check(
            payload.get("description_localizations"), form, f"{prefix}description_localizations", 100
        ),
        "options": options, "default_member_permissions": _bits(
            payload.get("default_member_permissions"), form, f"{prefix}default_member_permissions"
        ),
        "nsfw": form.flag(f"{prefix}nsfw", payload.get("nsfw"), default=False),
        "contexts": _among(payload.get("contexts"), {0, 1, 2}, form, f"{prefix}contexts"),
        "integration_types": _among(payload.get("integration_types"), {0, 1}, form, f"{prefix}integration_types")
        or [0, 1],
        "dm_permission": form.flag(f"{prefix}dm_permission", payload.get("dm_permission"), default=True),
    }  # fmt: skip


def _among(given: object, known: set[int], form: Form, at: str) -> list[int] | None:
    if given is None:
        return None
    found = form.items(at, given, 1, len(known))
    for number, each in enumerate(found):
        if form.choice(f"{at}.{number}", each, sorted(known)) and each in found[:number]:
            form.add(at, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
    return found


def _check_names(thing: Json, form: Form, prefix: str, *, slash: bool) -> Json | None:
    at = f"{prefix}name_localizations"
    names = locales.check(thing.get("name_localizations"), form, at, 32)
    for locale, name in (names or {}).items():
        if slash and isinstance(name, str) and (not NAME.match(name) or name != name.lower()):
            form.add(f"{at}.{locale}", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return names


def _bits(value: object, form: Form, at: str) -> str | None:
    if value is None:
        return None
    bits = snowflake(value)
    form.number(at, value if bits is None else bits, 0, MOST_BITS)
    return str(value)


def _check_name(name: object, form: Form, at: str, *, slash: bool) -> None:
    if not form.text(at, name, 1, 32) or not slash:
        return
    if not NAME.match(str(name)) or str(name) != str(name).lower():
        form.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(options: object, form: Form, at: str) -> list[Json]:
    found, names, optional_seen = form.things(at, [] if options is None else options, 0, MOST_OPTIONS), set(), False
    for number, option in enumerate(found):
        where = f"{at}.{number}"
        _check_option(option, form, where)
        if str(option.get("name")) in names:
            form.add(where, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "The option name is not unique")
        names.add(str(option.get("name")))
        if option.get("required") and optional_seen:
            form.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                     "Required options must be placed before non-required options")  # fmt: skip
        optional_seen = optional_seen or not option.get("required")
    return found


def _check_option(option: Json, form: Form, at: str) -> None:
    if not form.choice(f"{at}.type", option.get("type"), range(1, 12)):
        return
    _check_name(option.get("name"), form, f"{at}.name", slash=True)
    form.text(f"{at}.description", option.get("description"), 1, 100)
    _check_names(option, form, f"{at}.", slash=True)
    locales.check(option.get("description_localizations"), form, f"{at}.description_localizations", 100)
    _check_bounds(option, form, at)
    if option.get("type") in (SUB, GROUP):
        option["options"] = _check_options(option.get("options"), form, f"{at}.options")
        return
    choices = option.get("choices")
    if choices is not None:
        check_choices(choices, form, f"{at}.choices", option.get("type"))
        if choices and option.get("autocomplete"):
            form.add(f"{at}.autocomplete", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
                     "Choices and autocomplete cannot be used together")  # fmt: skip


def _check_bounds(option: Json, form: Form, at: str) -> None:
    """Lengths of texts and ranges of numbers, each with its kind of option alone."""
    for low, high, kinds in (("min_length", "max_length", {STRING}), ("min_value", "max_value", {INTEGER, NUMBER})):
        given = [key for key in (low, high) if option.get(key) is not None]
        for key in given:
            if option.get("type") not in kinds:
                form.add(f"{at}.{key}", "APPLICATION_COMMAND_OPTIONS_BOUND_INVALID",
                         f"{key} is not valid for this type of option")  # fmt: skip
        if len(given) == 2 and option[low] > option[high]:
            form.add(at, "APPLICATION_COMMAND_OPTIONS_MIN_GREATER_THAN_MAX", f"{low} is greater than {high}")


def check_choices(choices: object, form: Form, at: str, kind: object) -> list[Json]:
    """Choices of an option, or those that answer an autocomplete."""
    found = form.things(at, choices, 0, MOST_CHOICES)
    for number, choice in enumerate(found):
        form.text(f"{at}.{number}.name", choice.get("name"), 1, 100)
        locales.check(choice.get("name_localizations"), form, f"{at}.{number}.name_localizations", 100)
        value = choice.get("value")
        if kind == STRING:
            form.text(f"{at}.{number}.value", value, 1, 100)
        elif not form.number(f"{at}.{number}.value", value, -(2**53), 2**53):
            continue
    return found


def _characters(node: object) -> int:
    """Names, descriptions and choice values, counted together as Discord does."""
    if isinstance(node, dict):
        own = sum(len(node[key]) for key in ("name", "description", "value") if isinstance(node.get(key), str))
        return own + sum(_characters(node.get(key)) for key in ("options", "choices"))
    return sum(_characters(each) for each in node) if isinstance(node, list) else 0
