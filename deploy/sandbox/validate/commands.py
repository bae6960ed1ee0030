"""Application commands as an application registers them."""

import re

from deploy.sandbox.errors import Form
from deploy.sandbox.model import Json

CHAT, USER, MESSAGE = 1, 2, 3
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
NAME = re.compile(r"^[-_'\w]{1,32}$")
MOST_OPTIONS = MOST_CHOICES = 25
TOTAL = 8000


def check(payload: object, form: Form, at: str = "") -> Json:
    """One command with Discord's defaults; what is wrong goes into `form`."""
    prefix = f"{at}." if at else ""
    if not isinstance(payload, dict):
        form.add(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}
    kind = payload.get("type") or CHAT
    if kind not in (CHAT, USER, MESSAGE):
        form.add(f"{prefix}type", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3}.")
    _check_name(payload.get("name"), form, f"{prefix}name", slash=kind == CHAT)
    if kind == CHAT:
        form.text(f"{prefix}description", payload.get("description"), 1, 100)
    elif payload.get("description"):
        form.add(f"{prefix}description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                 "Context menu commands cannot have description")  # fmt: skip
    options = _check_options(payload.get("options") or [], form, f"{prefix}options")
    if _characters(payload) > TOTAL:
        form.add(at, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TOTAL})")
    return {
        "type": kind, "name": payload.get("name"), "description": payload.get("description") or "",
        "name_localizations": payload.get("name_localizations"),
        "description_localizations": payload.get("description_localizations"), "options": options,
        "default_member_permissions": _bits(payload.get("default_member_permissions")),
        "nsfw": bool(payload.get("nsfw", False)),
        "contexts": payload.get("contexts"), "integration_types": payload.get("integration_types") or [0],
        "dm_permission": payload.get("dm_permission", True) is not False,
    }  # fmt: skip


def _bits(value: object) -> str | None:
    return None if value is None else str(value)


def _check_name(name: object, form: Form, at: str, *, slash: bool) -> None:
    if not form.text(at, name, 1, 32) or not slash:
        return
    if not NAME.match(str(name)) or str(name) != str(name).lower():
        form.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(options: object, form: Form, at: str) -> list[Json]:
    found, names, optional_seen = form.items(at, options, 0, MOST_OPTIONS), set(), False
    for number, option in enumerate(found):
        where = f"{at}.{number}"
        _check_option(option, form, where)
        if option.get("name") in names:
            form.add(where, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "The option name is not unique")
        names.add(option.get("name"))
        if option.get("required") and optional_seen:
            form.add(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                     "Required options must be placed before non-required options")  # fmt: skip
        optional_seen = optional_seen or not option.get("required")
    return found


def _check_option(option: Json, form: Form, at: str) -> None:
    if option.get("type") not in range(1, 12):
        form.add(f"{at}.type", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, ..., 11}.")
    _check_name(option.get("name"), form, f"{at}.name", slash=True)
    form.text(f"{at}.description", option.get("description"), 1, 100)
    if option.get("type") in (SUB, GROUP):
        option["options"] = _check_options(option.get("options") or [], form, f"{at}.options")
        return
    choices = option.get("choices")
    if choices is not None:
        check_choices(choices, form, f"{at}.choices", option.get("type"))
        if choices and option.get("autocomplete"):
            form.add(f"{at}.autocomplete", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
                     "Choices and autocomplete cannot be used together")  # fmt: skip


def check_choices(choices: object, form: Form, at: str, kind: object) -> list[Json]:
    """Choices of an option, or those that answer an autocomplete."""
    found = form.items(at, choices, 0, MOST_CHOICES)
    for number, choice in enumerate(found):
        form.text(f"{at}.{number}.name", choice.get("name"), 1, 100)
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
