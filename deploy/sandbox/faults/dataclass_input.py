"""Settings that come from outside into a dataclass: known names, fitting kinds, no negative numbers."""

from collections.abc import Collection
from typing import Any, get_args, get_type_hints

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
    kinds = get_args(hint) or (hint,)
    if isinstance(value, bool) or value is None:
        return type(value) in kinds
    if isinstance(value, int | float):
        return value >= 0 and (float in kinds or type(value) in kinds)
    return isinstance(value, kinds)
