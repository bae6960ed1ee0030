"""Settings that come from outside into a dataclass: known names, fitting kinds, no negative numbers."""

import math
from collections.abc import Collection
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from deploy.sandbox.errors import Form
from deploy.sandbox.state.model import Json


def check(body: Json, settings: type[Any], what: str, *, but: Collection[str] = ()) -> None:
    """Refuse (50035) names that `settings` has not, those in `but`, and values of another kind."""
    hints = {name: hint for name, hint in get_type_hints(settings).items() if name not in but}
    form = Form()
    for name, value in body.items():
        if name not in hints:
            form.add(name, "UNKNOWN_FIELD", f"{what} has: {', '.join(sorted(hints))}.")
        elif not _fits(value, hints[name]):
            form.add(name, "BASE_TYPE_CONVERT", f"{value!r} does not fit {name}.")
    form.check()


def _fits(value: object, hint: Any) -> bool:
    """Whether a JSON value is of the hinted type; of lists and objects only that they are some."""
    hints = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    kinds = tuple(get_origin(each) or each for each in hints)
    if isinstance(value, bool) or value is None:
        return type(value) in kinds
    if isinstance(value, int | float):
        return 0 <= value < math.inf and (float in kinds or type(value) in kinds)  # JSON's 1e999 is infinite
    return isinstance(value, kinds)
