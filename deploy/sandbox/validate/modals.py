"""Modals: what an application may show, and what a person may send back."""

from deploy.sandbox.errors import Form
from deploy.sandbox.model import Json

from . import components as parts

TITLE, MOST = 45, 5
INPUTS = parts.SELECTS | {parts.INPUT, parts.UPLOAD}


def check(data: object, form: Form, path: str = "data") -> Json:
    """A modal as it will be shown; what is wrong goes into `form`."""
    body: Json = data if isinstance(data, dict) else {}
    form.text(f"{path}.custom_id", body.get("custom_id"), 1, 100)
    form.text(f"{path}.title", body.get("title"), 1, TITLE)
    rows = form.items(f"{path}.components", body.get("components"), 1, MOST)
    for number, row in enumerate(rows):
        at = f"{path}.components.{number}"
        for inner, where in _inputs(row, form, at):
            form.text(f"{where}.custom_id", inner.get("custom_id"), 1, 100)
            if inner.get("type") == parts.INPUT:
                _check_input(inner, form, where, labelled=row.get("type") == parts.LABEL)
            elif inner.get("type") in parts.SELECTS:
                parts.check_input_select(inner, form, where)
    return body


def _inputs(row: Json, form: Form, at: str) -> list[tuple[Json, str]]:
    match row.get("type"):
        case parts.ROW:
            inner = form.items(f"{at}.components", row.get("components"), 1, 1)
            return [(each, f"{at}.components.{n}") for n, each in enumerate(inner)]
        case parts.LABEL:
            form.text(f"{at}.label", row.get("label"), 1, 45)
            component = row.get("component")
            if isinstance(component, dict) and component.get("type") in INPUTS:
                return [(component, f"{at}.component")]
            form.add(f"{at}.component", "BASE_TYPE_REQUIRED", "This field is required")
        case parts.TEXT:
            form.text(f"{at}.content", row.get("content"), 1, parts.MOST_TEXT_V2)
        case _:
            form.add(f"{at}.type", "BASE_TYPE_CHOICES", "Value must be one of {1, 10, 18}.")
    return []


def _check_input(inner: Json, form: Form, at: str, *, labelled: bool) -> None:
    if not labelled:
        form.text(f"{at}.label", inner.get("label"), 1, 45)
    if inner.get("style") not in (1, 2):
        form.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    for key, most in (("value", 4000), ("placeholder", 100)):
        if inner.get(key):
            form.text(f"{at}.{key}", inner[key], 0, most)


def answer(modal: Json, fields: dict[str, object], form: Form) -> list[Json]:
    """The `components` of a submit, from what a person filled in by custom_id."""
    given = []
    for row in modal["components"]:
        inner = [row["component"]] if row["type"] == parts.LABEL else row.get("components", [])
        filled = [_fill(each, fields.get(each["custom_id"]), form) for each in inner]
        if row["type"] == parts.LABEL:
            given.append({"type": parts.LABEL, "id": row.get("id", 0), "component": filled[0]})
        elif row["type"] == parts.ROW:
            given.append({"type": parts.ROW, "id": row.get("id", 0), "components": filled})
    form.check()
    return given


def _fill(inner: Json, value: object, form: Form) -> Json:
    base = {"type": inner["type"], "id": inner.get("id", 0), "custom_id": inner["custom_id"]}
    if inner["type"] in parts.SELECTS:
        values = list(value) if isinstance(value, list) else [value] if value is not None else []
        low = inner.get("min_values", 1) if inner.get("required", True) else 0
        form.items(inner["custom_id"], values, low, inner.get("max_values") or 1)
        return {**base, "values": values}
    text = inner.get("value") or "" if value is None else str(value)
    low = inner.get("min_length") or (1 if inner.get("required", True) else 0)
    if text or inner.get("required", True):
        form.text(inner["custom_id"], text, low, inner.get("max_length") or 4000)
    return {**base, "value": text}
