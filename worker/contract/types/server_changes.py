"""From one state of a server's settings to another, as the lines of the audit, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from .server_settings import Change, ServerSettings

WHOLE = frozenset({"blocked", "grants"})  # tables whose entries change as one


def dump(document: BaseModel) -> dict[str, Any]:
    """A document as JSON has it, without what says nothing."""
    return _pruned(document.model_dump(mode="json", exclude_none=True))


def changes_between(
    old: ServerSettings, new: ServerSettings, *, by: int, by_name: str, at: int, how: str = ""
) -> list[Change]:
    """What was set, a line for each value, in the order of their keys; other arguments are as in `Change`.

    Numbers are 1, 2, …: the store gives the real ones.
    """
    before, after = dict(_leaves(dump(old))), dict(_leaves(dump(new)))
    changed = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return [
        Change(number=number, by=by, by_name=by_name, key=key, old=before.get(key), new=after.get(key), at=at, how=how)
        for number, key in enumerate(changed, 1)
    ]


def value_at(settings: ServerSettings, key: str) -> Any:
    """What stands under a dotted path such as `roles.123.day_pictures`, as JSON has it; None where nothing is said."""
    found: Any = dump(settings)
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def with_values(settings: ServerSettings, values: Mapping[str, Any]) -> ServerSettings:
    """The same with other values under these dotted paths; None takes a value away.

    Raises pydantic.ValidationError where a value is none that could be set.
    """
    document = dump(settings)
    for key, value in values.items():
        _put(document, key, value)
    return ServerSettings.model_validate(_pruned(document))


def undone(settings: ServerSettings, changes: Iterable[Change]) -> ServerSettings:
    """The settings with every one of these changes, oldest first, taken back. What else was set since stays."""
    back: dict[str, Any] = {}
    for change in changes:
        back.setdefault(change.key, change.old)
    return with_values(settings, back)


def replayed(changes: Iterable[Change]) -> ServerSettings:
    """What the audit alone says of the settings, from its first line on. Lines that do not fit are left out."""
    settings = ServerSettings()
    for change in changes:
        try:
            settings = with_values(settings, {change.key: change.new})
        except ValidationError:
            continue
    return settings


def read(text: str) -> tuple[ServerSettings, list[str]]:
    """Settings from their JSON, without the values that cannot be read, whose paths come with it.

    Raises ValueError when it is no object of JSON at all.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("nested beyond all measure") from None
    if not isinstance(document, dict):
        raise ValueError("no object")  # noqa: TRY004 - it is about a text
    lost: list[str] = []
    for _ in range(len(text)):  # each round takes at least one value out
        try:
            return ServerSettings.model_validate(document), lost
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
            lost.extend(_taken_out(document, each["loc"]) for each in found)
    return ServerSettings(), lost


def _taken_out(document: dict[str, Any], path: Iterable[int | str]) -> str:
    """Remove the value that an error of pydantic's is about, or what holds it; returns its dotted path."""
    parts = [str(part) for part in path]
    table, taken = document, parts[:1]
    for depth, part in enumerate(parts):
        below = table.get(part)
        if part not in table:
            break
        taken = parts[: depth + 1]
        if not isinstance(below, dict) or depth + 1 == len(parts) or (parts[0] in WHOLE and depth == 1):
            table.pop(part)
            return ".".join(taken)
        table = below
    _drop(document, taken)
    return ".".join(taken)


def _drop(document: dict[str, Any], path: list[str]) -> None:
    *above, last = path
    for part in above:
        document = document[part]
    document.pop(last, None)


def _leaves(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        here = (*path, name)
        if isinstance(value, dict) and not (len(here) == 2 and path[0] in WHOLE):
            yield from _leaves(value, here)
        else:
            yield ".".join(here), value


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    *above, last = key.split(".")
    for part in above:
        below = document.get(part)
        if not isinstance(below, dict):
            below = document[part] = {}
        document = below
    if value is None:
        document.pop(last, None)
    else:
        document[last] = value


def _pruned(document: dict[str, Any]) -> dict[str, Any]:
    """Without tables in which nothing is said."""
    kept = {name: _pruned(value) if isinstance(value, dict) else value for name, value in document.items()}
    return {name: value for name, value in kept.items() if value != {}}
