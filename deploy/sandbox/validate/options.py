"""What a person types into a slash command, checked against the command as Discord's own client does."""

from deploy.sandbox.errors import UNKNOWN_COMMAND, ApiError, Form
from deploy.sandbox.state.model import Json

from . import commands as kinds


def descend(command: Json, words: list[str], locale: str) -> tuple[list[Json], list[Json]]:
    """Follow subcommand words: the path of options gone through, and the options that the last one takes."""
    path: list[Json] = []
    options: list[Json] = command.get("options") or []
    for word in words:
        inner = (each for each in options if each["type"] in (kinds.SUB, kinds.GROUP))
        step = next((each for each in inner if word in (each["name"], _local(each, locale))), None)
        if step is None:
            raise ApiError(UNKNOWN_COMMAND)
        path.append(step)
        options = step.get("options") or []
    if any(option["type"] in (kinds.SUB, kinds.GROUP) for option in options):
        raise ApiError(UNKNOWN_COMMAND)  # a group was named, but none of its commands
    return path, options


def _local(thing: Json, locale: str) -> object:
    return (thing.get("name_localizations") or {}).get(locale)


def _names(choice: Json) -> list[str]:
    return [choice["name"], *(choice.get("name_localizations") or {}).values()]


def nest(path: list[Json], values: list[Json]) -> list[Json]:
    """Wrap the values in the subcommands that lead to them."""
    for step in reversed(path):
        values = [{"name": step["name"], "type": step["type"], "options": values}]
    return values


def focused(values: list[Json]) -> int:
    """The type of the option that a person is typing into, for an autocomplete's choices."""
    for value in values:
        if value.get("focused"):
            return int(value["type"])
        inner = focused(value.get("options") or [])
        if inner:
            return inner
    return 0


def check(options: list[Json], given: dict[str, object], form: Form, *, partial: bool = False) -> list[Json]:
    """The values as an interaction carries them. `partial` is for autocomplete: nothing is required yet."""
    known = {option["name"] for option in options}
    for name in given:
        if name not in known:
            form.add(name, "UNKNOWN_OPTION", f"The command has no option named {name}.")
    values = []
    for option in options:
        value = given.get(option["name"])
        if value is None:
            if option.get("required") and not partial:
                form.add(option["name"], "BASE_TYPE_REQUIRED", "This field is required")
            continue
        checked = value if partial else _check(option, value, form)
        values.append({"name": option["name"], "type": option["type"], "value": checked})
    return values


def _check(option: Json, value: object, form: Form) -> object:
    at, kind = option["name"], option["type"]
    if kind == kinds.STRING:
        form.text(at, value, option.get("min_length") or 0, option.get("max_length") or 6000)
    elif kind in (kinds.INTEGER, kinds.NUMBER):
        low, high = option.get("min_value"), option.get("max_value")
        if kind == kinds.INTEGER and isinstance(value, float) and not value.is_integer():
            form.add(at, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        form.number(at, value, -(2**53) if low is None else low, 2**53 if high is None else high)
    elif kind == kinds.BOOLEAN and not isinstance(value, bool):
        form.add(at, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
    choices = option.get("choices")
    if choices:
        named = {name: choice["value"] for choice in choices for name in _names(choice)}
        if value in named and value not in named.values():
            return named[value]  # people pick a choice by its name
        if value not in named.values():
            allowed = ", ".join(str(choice["value"]) for choice in choices)
            form.add(at, "BASE_TYPE_CHOICES", f"Value must be one of {{{allowed}}}.")
    return value
