"""Keys of settings: dotted paths in `ServerSettings`, as changes and the audit have them.

`each.at_once`, `roles.123.day_pictures`, `channels.456.usual.model`: the last part names a row of the table, what
stands before says for whom it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worker.contract.message.languages import Language
from worker.contract.types.server_changes import WHOLE, dump
from worker.contract.types.server_settings import ServerSettings

from .table import BUTTONS, LIMITS, PEOPLE, SINGLE, TOGETHER, USUAL, SettingRow

_ID = r"(?P<id>[0-9]{1,20})"
_PLACES: Sequence[tuple[re.Pattern[str], Mapping[str, SettingRow]]] = tuple(
    (re.compile(pattern), rows)
    for pattern, rows in (
        (r"each\.(?P<name>\w+)", LIMITS),
        (r"together\.(?P<name>\w+)", TOGETHER),
        (r"usual\.(?P<name>\w+)", USUAL),
        (r"buttons\.(?P<name>\w+)", BUTTONS),
        (rf"(?P<in>roles)\.{_ID}\.(?P<name>\w+)", LIMITS),
        (rf"(?P<in>channels)\.{_ID}\.limits\.(?P<name>\w+)", LIMITS),
        (rf"(?P<in>channels)\.{_ID}\.usual\.(?P<name>\w+)", USUAL),
        (rf"(?P<in>channels)\.{_ID}\.(?P<name>results_to)", SINGLE),
        (rf"(?P<name>blocked|grants)\.{_ID}", PEOPLE),
        (r"(?P<name>\w+)", SINGLE),
    )
)
_CEILED = re.compile(r"(?:each|roles\.\d+|channels\.\d+\.limits)\.(?P<name>\w+)")


@dataclass(frozen=True)
class Place:
    """What a key is about: the row, and the role, channel or person whose it is, if it is of one."""

    row: SettingRow
    name: str
    role: int = 0
    channel: int = 0
    person: int = 0


@dataclass(frozen=True)
class Held:
    """Settings that are asked for many values: taken apart once, for a server may have hundreds of roles."""

    settings: ServerSettings

    def value(self, key: str) -> Any:
        """What is set under a key, as JSON has it; None where nothing is."""
        return self._all.get(key)

    @cached_property
    def _all(self) -> dict[str, Any]:
        return dict(_taken_apart("", dump(self.settings)))


def _taken_apart(before: str, found: Any) -> list[tuple[str, Any]]:
    table, _, entry = before.partition(".")
    if not isinstance(found, dict) or (table in WHOLE and entry):
        return [(before, found)]
    return [pair for name, each in found.items() for pair in _taken_apart(f"{before}.{name}" if before else name, each)]


def place(key: str) -> Place | None:
    """What a key is about; None for one that a newer Easel wrote."""
    for pattern, rows in _PLACES:
        found = pattern.fullmatch(key)
        if found is not None and found["name"] in rows:
            parts = found.groupdict()
            number, within = int(parts.get("id") or 0), parts.get("in") or found["name"]
            return Place(
                rows[found["name"]],
                found["name"],
                role=number if within == "roles" else 0,
                channel=number if within == "channels" else 0,
                person=number if rows is PEOPLE else 0,
            )
    return None


def row_of(key: str) -> SettingRow:
    """The row of a key that this Easel made. Raises KeyError for any other."""
    found = place(key)
    if found is None:
        raise KeyError(key)
    return found.row


def ceiling_key(key: str) -> str:
    """Under which key the operator's ceiling for this one stands: roles and channels have that of each person."""
    found = _CEILED.fullmatch(key)
    return f"each.{found['name']}" if found else key


def typed_keys() -> dict[str, SettingRow]:
    """All keys that hold for the whole server, as `/server limit` names them."""
    groups = {"each.": LIMITS, "together.": TOGETHER, "usual.": USUAL, "buttons.": BUTTONS, "": SINGLE}
    return {f"{before}{name}": row for before, rows in groups.items() for name, row in rows.items()}


def title(key: str, language: Language) -> str:
    """A key as subcommands offer it: the label, with for whom where the same label stands more than once."""
    label = language.gettext(row_of(key).label)
    if key.startswith("each."):
        # Translators: {label} is such as "Requests at once", here and in the following.
        return language.gettext("{label}: each person", label=label)
    if key.startswith("together."):
        return language.gettext("{label}: all together", label=label)
    if key.startswith("buttons."):
        return language.gettext("Under another's picture: {label}", label=label)
    return label
