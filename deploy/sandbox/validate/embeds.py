"""Embeds: limits of each text, and of all of them together."""

from typing import Any

from deploy.sandbox.errors import Form
from deploy.sandbox.model import Json

TEXTS = {"title": 256, "description": 4096}
NESTED = {"footer": ("text", 2048), "author": ("name", 256)}
TOTAL = 6000
MOST = 10


def check(embeds: object, form: Form, path: str = "embeds") -> list[Json]:
    """The embeds as they will be shown; what is wrong goes into `form`."""
    found = form.items(path, embeds, 0, MOST)
    shown, total = [], 0
    for number, embed in enumerate(found):
        at = f"{path}.{number}"
        if not isinstance(embed, dict):
            form.add(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        total += _check_texts(embed, form, at)
        _check_links(embed, form, at)
        _check_colour(embed, form, at)
        shown.append(_shown(embed))
    if total > TOTAL:
        form.add(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    return shown


def _check_texts(embed: Json, form: Form, at: str) -> int:
    total = 0
    for key, most in TEXTS.items():
        total += _length(form, f"{at}.{key}", embed.get(key), most)
    for key, (inner, most) in NESTED.items():
        part = embed.get(key)
        if isinstance(part, dict):
            total += _length(form, f"{at}.{key}.{inner}", part.get(inner), most)
    fields = form.items(f"{at}.fields", embed["fields"], 0, 25) if embed.get("fields") else []
    for number, field in enumerate(fields):
        for key, most in (("name", 256), ("value", 1024)):
            where = f"{at}.fields.{number}.{key}"
            value = field.get(key) if isinstance(field, dict) else None
            if form.text(where, value, 1, most):
                total += len(str(value))
    return total


def _check_links(embed: Json, form: Form, at: str) -> None:
    if embed.get("url"):
        form.url(f"{at}.url", embed["url"], 2048, ("http", "https"))
    for key in ("image", "thumbnail"):
        media = embed.get(key)
        if isinstance(media, dict):
            form.url(f"{at}.{key}.url", media.get("url"), 2048, ("http", "https", "attachment"))


def _check_colour(embed: Json, form: Form, at: str) -> None:
    if embed.get("color") is not None:
        form.number(f"{at}.color", embed["color"], 0, 0xFFFFFF)


def _length(form: Form, path: str, value: Any, most: int) -> int:
    if value in (None, ""):
        return 0
    return len(value) if form.text(path, value, 0, most) else 0


def _shown(embed: Json) -> Json:
    body = {key: value for key, value in embed.items() if value is not None}
    body["type"] = "rich"
    for field in body.get("fields", ()):
        if isinstance(field, dict):
            field.setdefault("inline", False)
    return body
