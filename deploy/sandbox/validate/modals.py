"""Modals as an application shows them."""

from collections.abc import Callable

from deploy.sandbox.errors import Form
from deploy.sandbox.state.model import Json

from . import components as parts
from .components import Tally

TITLE, MOST = 45, 5
LABEL, HINT = 45, 100
MOST_CHOICES = 10
TOP = {parts.ROW, parts.TEXT, parts.LABEL}


def check(data: object, form: Form, path: str = "data") -> Json:
    """A modal as it will be shown, with ids for all its components; what is wrong goes into `form`."""
    body: Json = data if isinstance(data, dict) else {}
    form.text(f"{path}.custom_id", body.get("custom_id"), 1, 100)
    form.text(f"{path}.title", body.get("title"), 1, TITLE)
    rows = form.items(f"{path}.components", body.get("components"), 1, MOST)
    tally, shown = Tally(form), []
    for number, row in enumerate(rows):
        at = f"{path}.components.{number}"
        found = tally.kind(row, TOP, at)
        if found is not None:
            shown.append(dict(found))
            _TOP[found["type"]](shown[-1], tally, at)
    parts.number(shown, tally.ids)
    return {**body, "components": shown}


def _row(row: Json, tally: Tally, at: str) -> None:
    inner = tally.form.items(f"{at}.components", row.get("components"), 1, 1)
    row["components"] = [dict(each) for each in inner if tally.kind(each, {parts.INPUT}, f"{at}.components.0")]
    for each in row["components"]:
        tally.form.text(f"{at}.components.0.label", each.get("label"), 1, LABEL)
        _input(each, tally, f"{at}.components.0")


def _text(text: Json, tally: Tally, at: str) -> None:
    tally.form.text(f"{at}.content", text.get("content"), 1, parts.MOST_TEXT_V2)


def _label(row: Json, tally: Tally, at: str) -> None:
    tally.form.text(f"{at}.label", row.get("label"), 1, LABEL)
    if row.get("description"):
        tally.form.text(f"{at}.description", row["description"], 1, HINT)
    found = tally.kind(row.get("component"), set(_INSIDE), f"{at}.component")
    row["component"] = dict(found or {})
    if found is not None:
        _INSIDE[found["type"]](row["component"], tally, f"{at}.component")


def _input(inner: Json, tally: Tally, at: str) -> None:
    form = tally.form
    tally.custom_id(inner.get("custom_id"), at)
    if inner.get("style") not in (1, 2):
        form.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    for key, most in (("value", 4000), ("placeholder", 100)):
        if inner.get(key):
            form.text(f"{at}.{key}", inner[key], 0, most)
    for key, least in (("min_length", 0), ("max_length", 1)):
        if inner.get(key) is not None:
            form.number(f"{at}.{key}", inner[key], least, 4000)


def _select(inner: Json, tally: Tally, at: str) -> None:
    if inner.get("disabled"):
        tally.form.add(f"{at}.disabled", "COMPONENT_DISABLED_IN_MODAL", "Selects in modals cannot be disabled")
    _check_least(inner, tally, at)
    inner |= parts.check_select(inner, tally, at)


def _upload(inner: Json, tally: Tally, at: str) -> None:
    tally.custom_id(inner.get("custom_id"), at)
    _check_least(inner, tally, at)
    _check_counts(inner, tally, at)


def _choices(low: int) -> Callable[[Json, Tally, str], None]:
    """A group of radio buttons or of checkboxes."""

    def check_group(inner: Json, tally: Tally, at: str) -> None:
        tally.custom_id(inner.get("custom_id"), at)
        if inner["type"] == parts.CHECKS:
            _check_least(inner, tally, at)
            _check_counts(inner, tally, at)
        values: set[object] = set()
        for number, option in enumerate(tally.form.items(f"{at}.options", inner.get("options"), low, MOST_CHOICES)):
            where = f"{at}.options.{number}"
            for key in ("label", "value"):
                tally.form.text(f"{where}.{key}", option.get(key), 1, 100)
            if option.get("value") in values:
                tally.form.add(f"{where}.value", "COMPONENT_OPTION_VALUE_DUPLICATED",
                               "The specified option value is already used")  # fmt: skip
            values.add(option.get("value"))

    return check_group


def _checkbox(inner: Json, tally: Tally, at: str) -> None:
    tally.custom_id(inner.get("custom_id"), at)


def _check_counts(inner: Json, tally: Tally, at: str) -> None:
    for key, least in (("min_values", 0), ("max_values", 1)):
        if inner.get(key) is not None:
            tally.form.number(f"{at}.{key}", inner[key], least, MOST_CHOICES)


def _check_least(inner: Json, tally: Tally, at: str) -> None:
    if inner.get("required", True) and inner.get("min_values") == 0:
        tally.form.add(f"{at}.min_values", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.")


_TOP: dict[int, Callable[[Json, Tally, str], None]] = {parts.ROW: _row, parts.TEXT: _text, parts.LABEL: _label}
_INSIDE: dict[int, Callable[[Json, Tally, str], None]] = {
    parts.INPUT: _input, **dict.fromkeys(parts.SELECTS, _select), parts.UPLOAD: _upload,
    parts.RADIOS: _choices(2), parts.CHECKS: _choices(1), parts.CHECK: _checkbox,
}  # fmt: skip
