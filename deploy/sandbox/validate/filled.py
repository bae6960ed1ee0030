"""What a person fills into selects and modals, checked as Discord's own client does."""

from deploy.sandbox.errors import Form
from deploy.sandbox.services.resolve import OF_SELECT, Resolved
from deploy.sandbox.state.files import Upload
from deploy.sandbox.state.model import Json

from . import components as parts


def answer(modal: Json, fields: dict[str, object], resolved: Resolved) -> list[Json]:
    """The `components` of a submit, from what was filled in by custom_id. Refuses 50035."""
    form, given = Form(), []
    for row in modal["components"]:
        base = {"type": row["type"], "id": row["id"]}
        if row["type"] == parts.LABEL:
            inner = row["component"]
            base["component"] = _fill(inner, fields.get(inner["custom_id"]), form, resolved)
        elif row["type"] == parts.ROW:
            base["components"] = [
                _fill(each, fields.get(each["custom_id"]), form, resolved) for each in row["components"]
            ]
        given.append(base)
    form.check()
    return given


def pick(select: Json, values: list[object], form: Form, at: str, resolved: Resolved) -> list[str]:
    """The values of a select, from a message or a modal; what is wrong goes into `form`."""
    form.items(at, values, _least(select), select.get("max_values") or 1)
    if select["type"] == parts.SELECT:
        return _known(select, values, form, at)
    types: list[int] = select.get("channel_types") or []
    return [resolved.named(each, OF_SELECT[select["type"]], form, at, types) for each in values]


def _known(inner: Json, values: list[object], form: Form, at: str) -> list[str]:
    known = [each["value"] for each in inner["options"]]
    for value in values:
        if value not in known:
            form.add(at, "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(known)}}}.")
    return [str(each) for each in values]


def _fill(inner: Json, value: object, form: Form, resolved: Resolved) -> Json:
    at, kind = inner["custom_id"], inner["type"]
    base = {"type": kind, "id": inner["id"], "custom_id": at}
    if kind in parts.SELECTS:
        return {**base, "values": pick(inner, _preset(inner, value), form, at, resolved)}
    if kind == parts.UPLOAD:
        return {**base, "values": _files(inner, _several(value), form, resolved)}
    if kind == parts.CHECK:
        return {**base, "value": bool(inner.get("default", False) if value is None else value)}
    if kind == parts.RADIOS:
        picked = _preset(inner, value)
        form.items(at, picked, _least(inner), 1)
        return {**base, "value": next(iter(_known(inner, picked, form, at)), None)}
    if kind == parts.CHECKS:
        picked = _preset(inner, value)
        form.items(at, picked, _least(inner), inner.get("max_values") or len(inner["options"]))
        return {**base, "values": _known(inner, picked, form, at)}
    return {**base, "value": _text(inner, value, form)}


def _least(inner: Json) -> int:
    """How many have to be picked."""
    low = inner.get("min_values")
    return 0 if not inner.get("required", True) else 1 if low is None else int(low)


def _several(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _preset(inner: Json, value: object) -> list[object]:
    """What was picked, or what the application picked beforehand."""
    if value is not None:
        return _several(value)
    of_options = [each["value"] for each in inner.get("options", ()) if each.get("default")]
    return of_options or [each["id"] for each in inner.get("default_values", ())]


def _files(inner: Json, values: list[object], form: Form, resolved: Resolved) -> list[str]:
    form.items(inner["custom_id"], values, _least(inner), inner.get("max_values") or 1)
    return [resolved.file(each) for each in values if isinstance(each, Upload)]


def _text(inner: Json, value: object, form: Form) -> str:
    text = inner.get("value") or "" if value is None else str(value)
    low = inner.get("min_length") or (1 if inner.get("required", True) else 0)
    if text or inner.get("required", True):
        form.text(inner["custom_id"], text, low, inner.get("max_length") or 4000)
    return text
