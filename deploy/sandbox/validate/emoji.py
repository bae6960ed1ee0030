"""Emoji: what Discord takes for one, in reactions, buttons and selects."""

import re
import unicodedata
from collections.abc import Container

from deploy.sandbox.errors import UNKNOWN_EMOJI, ApiError, Form
from deploy.sandbox.state.ids import snowflake
from deploy.sandbox.state.model import Json

CUSTOM = re.compile(r"^(?:a:)?(\w{2,32}):(\d{15,20})$")
LONGEST = 32
# Pictographs and arrows, and the mark that makes a keycap of a digit.
SHOWN = {"So", "Sm", "Me"}


def is_unicode(name: str) -> bool:
    """Whether this looks like one of Unicode's emoji; Discord's list of them is not published."""
    return len(name) <= LONGEST and any(unicodedata.category(each) in SHOWN for each in name)


def of_reaction(name: str) -> Json:
    """A reaction's emoji as the wire has it: itself, or `name:id` of a custom one. Refuses 10014."""
    custom = CUSTOM.match(name)
    if custom:
        return {"id": custom[2], "name": custom[1]}
    if not is_unicode(name):
        raise ApiError(UNKNOWN_EMOJI)
    return {"id": None, "name": name}


def check(emoji: object, form: Form, at: str, known: Container[int] = ()) -> Json:
    """The emoji of a button or of a select's option, as it is shown; {} when there is none.

    `known` are the custom ones that the application may use.
    """
    if emoji is None:
        return {}
    if isinstance(emoji, dict) and emoji.get("id"):
        good = snowflake(emoji["id"]) in known
    else:
        good = isinstance(emoji, dict) and is_unicode(str(emoji.get("name") or ""))
    if not good:
        form.add(f"{at}.emoji.name", "COMPONENT_INVALID_EMOJI", "Invalid emoji")
    given = emoji if isinstance(emoji, dict) else {}
    return {"emoji": {key: given[key] for key in ("id", "name", "animated") if given.get(key) is not None}}
