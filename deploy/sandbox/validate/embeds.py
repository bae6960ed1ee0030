"""Embeds: limits of each text, and of all of them together."""

from datetime import UTC, datetime

from deploy.sandbox.errors import Form
from deploy.sandbox.state.model import Json

TITLE, DESCRIPTION, FOOTER, AUTHOR, FIELD_NAME, FIELD_VALUE = 256, 4096, 2048, 256, 256, 1024
ALT = 4096  # characters that describe a picture
MOST_FIELDS = 25
TOTAL = 6000
MOST = 10
LINKS, PICTURES = ("http", "https"), ("http", "https", "attachment")


def check(embeds: object, form: Form, path: str = "embeds") -> list[Json]:
    """The embeds as they will be shown, of known parts only; what is wrong goes into `form`."""
    found = form.things(path, embeds, 0, MOST)
    shown = [_Reader(form, f"{path}.{number}").read(embed) for number, embed in enumerate(found)]
    if sum(map(_length, shown)) > TOTAL:
        form.add(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    return shown


def _length(embed: Json) -> int:
    """Everything that can be read in it, in characters."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [embed.get("footer", {}).get("text"), embed.get("author", {}).get("name")]
    for field in embed.get("fields", ()):
        texts += [field["name"], field["value"]]
    return sum(len(each) for each in texts if isinstance(each, str))


class _Reader:
    """Reads one embed, which stands at `at`."""

    def __init__(self, form: Form, at: str) -> None:
        self._form = form
        self._at = at

    def read(self, embed: Json) -> Json:
        form, at = self._form, self._at
        body: Json = {"type": "rich"}
        for key, most in (("title", TITLE), ("description", DESCRIPTION)):
            if embed.get(key) not in (None, "") and form.text(f"{at}.{key}", embed[key], 0, most):
                body[key] = embed[key]
        if embed.get("url") is not None and form.url(f"{at}.url", embed["url"], 2048, LINKS):
            body["url"] = embed["url"]
        if embed.get("color") is not None and form.whole(f"{at}.color", embed["color"], 0, 0xFFFFFF):
            body["color"] = int(embed["color"])
        if embed.get("timestamp") is not None:
            body["timestamp"] = self._moment(embed["timestamp"])
        for key in ("image", "thumbnail"):
            if embed.get(key) is not None:
                body[key] = self._picture(f"{at}.{key}", embed[key])
        for key, inner, most in (("footer", "text", FOOTER), ("author", "name", AUTHOR)):
            if embed.get(key) is not None:
                body |= self._line(key, inner, most, embed[key])
        if embed.get("fields") is not None:
            fields = form.things(f"{at}.fields", embed["fields"], 0, MOST_FIELDS)
            body["fields"] = [self._field(f"{at}.fields.{number}", each) for number, each in enumerate(fields)]
        return body

    def _moment(self, value: object) -> str:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self._form.add(f"{self._at}.timestamp", "DATETIME_TYPE_PARSE",
                           f"Could not parse {value}. Should be ISO8601.")  # fmt: skip
            return ""
        return moment.replace(tzinfo=moment.tzinfo or UTC).isoformat(timespec="microseconds")

    def _picture(self, at: str, value: object) -> Json:
        media = self._form.thing(at, value)
        self._form.url(f"{at}.url", media.get("url"), 2048, PICTURES)
        alt = media.get("description")
        described = alt not in (None, "") and self._form.text(f"{at}.description", alt, 0, ALT)
        return {"url": media.get("url")} | ({"description": alt} if described else {})

    def _line(self, key: str, inner: str, most: int, value: object) -> Json:
        """The footer or the author: nothing without its text."""
        at = f"{self._at}.{key}"
        part = self._form.thing(at, value)
        if part.get(inner) in (None, "") or not self._form.text(f"{at}.{inner}", part[inner], 0, most):
            return {}
        body: Json = {inner: part[inner]}
        for link, schemes in (("icon_url", PICTURES), ("url", LINKS)):
            wanted = part.get(link) is not None and (link == "icon_url" or key == "author")
            if wanted and self._form.url(f"{at}.{link}", part[link], 2048, schemes):
                body[link] = part[link]
        return {key: body}

    def _field(self, at: str, field: Json) -> Json:
        self._form.text(f"{at}.name", field.get("name"), 1, FIELD_NAME)
        self._form.text(f"{at}.value", field.get("value"), 1, FIELD_VALUE)
        return {"name": field.get("name"), "value": field.get("value"), "inline": field.get("inline") is True}
