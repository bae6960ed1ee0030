"""Discord's components, as plain bodies."""

from collections.abc import Mapping
from typing import Any

from worker.contract.discord_limits import LABEL_MAX

Part = dict[str, Any]

V2 = 1 << 15  # the flag of messages that are made of components alone
SECONDARY, DANGER = 2, 4
ROLE_SELECT, PERSON_SELECT, CHANNEL_SELECT = 6, 5, 8
SPOKEN_IN = (0, 5, 2, 13, 15)  # kinds of channels that may have settings: text, announcements, voice, stage, forum
_ACCENT = 0x5865F2
_NO_PINGS: Mapping[str, list[str]] = {"parse": []}


def message(*parts: Part, accent: int = _ACCENT) -> Part:
    """A message that is one box with these parts. Nobody is pinged by it."""
    box = {"type": 17, "accent_color": accent, "components": list(parts)}
    return {"flags": V2, "components": [box], "allowed_mentions": _NO_PINGS}


def text(*lines: str) -> Part:
    return {"type": 10, "content": "\n".join(line for line in lines if line)}


def button(label: str, custom_id: object, *, style: int = SECONDARY, emoji: str = "") -> Part:
    body = {"type": 2, "style": style, "label": label[:LABEL_MAX], "custom_id": str(custom_id)}
    return body | ({"emoji": {"name": emoji}} if emoji else {})


def section(label: str, custom_id: object, *lines: str) -> Part:
    """Text with a button beside it."""
    return {"type": 9, "components": [text(*lines)], "accessory": button(label, custom_id)}


def row(*parts: Part) -> Part:
    return {"type": 1, "components": list(parts)}


def select(kind: int, custom_id: object, placeholder: str, **more: object) -> Part:
    """A row with a select of roles, people or channels."""
    return row({"type": kind, "custom_id": str(custom_id), "placeholder": placeholder, **more})


def line() -> Part:
    return {"type": 14}
