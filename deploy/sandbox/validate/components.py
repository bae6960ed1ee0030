"""Message components: the older action rows and Components V2, their limits, and how they are shown."""

import itertools
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from deploy.sandbox.errors import Form
from deploy.sandbox.state.model import Json

from . import emoji

ROW, BUTTON, SELECT, INPUT, USER_SELECT, ROLE_SELECT, MENTION_SELECT, CHANNEL_SELECT = range(1, 9)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, UPLOAD = 17, 18, 19
RADIOS, CHECKS, CHECK = 21, 22, 23

DEFAULTS = {USER_SELECT: {"user"}, ROLE_SELECT: {"role"}, MENTION_SELECT: {"user", "role"}, CHANNEL_SELECT: {"channel"}}
SELECTS = {SELECT, USER_SELECT, ROLE_SELECT, MENTION_SELECT, CHANNEL_SELECT}
V2_ONLY = {SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER}
TOP_V2 = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
IN_CONTAINER = TOP_V2 - {CONTAINER}
LINK, PREMIUM = 5, 6
LINKS = ("http", "https", "discord")
MOST_ROWS, MOST_V2, MOST_TEXT_V2 = 5, 40, 4000


@dataclass(slots=True)
class Tally:
    """What must hold over the whole message."""

    form: Form
    count: int = 0
    text: int = 0
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)
    emojis: Container[int] = ()  # the custom ones that the application may use

    def note_id(self, component: Json, at: str) -> None:
        """An id of the sender's own has to be the only one; 0 counts as none."""
        given = component.get("id")
        if given in (None, 0) or not self.form.number(f"{at}.id", given, 0, 2**31 - 1):
            return
        if given in self.ids:
            self.form.add(f"{at}.id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self.ids.add(int(given))

    def custom_id(self, value: object, at: str) -> None:
        """Check a custom_id: 1 to 100 characters, unique in the message."""
        if self.form.text(f"{at}.custom_id", value, 1, 100):
            if value in self.custom_ids:
                self.form.add(
                    f"{at}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED",
                    "Component custom id cannot be duplicated",
                )  # fmt: skip
            self.custom_ids.add(str(value))

    def kind(self, component: object, allowed: set[int], at: str) -> Json | None:
        """The component if it is one and may stand here."""
        self.count += 1
        found = self.form.thing(at, component)
        if not isinstance(component, dict) or not self.form.choice(f"{at}.type", found.get("type"), sorted(allowed)):
            return None
        self.note_id(found, at)
        return found


def check(
    components: object, form: Form, *, v2: bool, path: str = "components", emojis: Container[int] = ()
) -> list[Json]:
    """The components with Discord's defaults filled in; what is wrong goes into `form`."""
    tally = Tally(form, emojis=emojis)
    top = form.items(path, components, 0, MOST_V2 if v2 else MOST_ROWS)
    shown = [_top(each, tally, TOP_V2 if v2 else {ROW}, f"{path}.{n}") for n, each in enumerate(top)]
    if v2 and tally.count > MOST_V2:
        form.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_V2} in length.")
    if tally.text > MOST_TEXT_V2:
        form.add(path, "COMPONENT_TEXT_TOO_LONG", f"Text may be {MOST_TEXT_V2} characters in all.")
    good = [each for each in shown if each is not None]
    number(good, tally.ids)
    return good


def number(components: list[Json], taken: set[int]) -> None:
    """Give an id to every component that has none, in order, leaving out those that are taken."""
    free = (each for each in itertools.count(1) if each not in taken)
    for each in walk(components):
        if not each.get("id"):
            each["id"] = next(free)


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component of a message, outer ones first."""
    for each in components:
        yield each
        yield from walk(each.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(each.get(key), dict):
                yield from walk([each[key]])


def find(components: list[Json], custom_id: str) -> Json | None:
    """The component with this custom_id, if there is one."""
    return next((each for each in walk(components) if each.get("custom_id") == custom_id), None)


def _top(component: object, tally: Tally, allowed: set[int], at: str) -> Json | None:
    found = tally.kind(component, allowed, at)
    return None if found is None else _with_id(_SHOWN_BY[found["type"]](found, tally, at), found)


def _with_id(shown: Json, given: Json) -> Json:
    return {**shown, "id": given["id"]} if given.get("id") else shown


def _row(row: Json, tally: Tally, at: str) -> Json:
    inner = tally.form.items(f"{at}.components", row.get("components"), 1, 5)
    shown = [_in_row(each, tally, f"{at}.components.{n}") for n, each in enumerate(inner)]
    if len(inner) > 1 and any(isinstance(each, dict) and each.get("type") in SELECTS for each in inner):
        tally.form.add(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
    return {"type": ROW, "components": [each for each in shown if each is not None]}


def _in_row(component: object, tally: Tally, at: str) -> Json | None:
    found = tally.kind(component, {BUTTON, *SELECTS}, at)
    if found is None:
        return None
    return _button(found, tally, at) if found["type"] == BUTTON else check_select(found, tally, at)


def _button(button: Json, tally: Tally, at: str) -> Json:
    form, style = tally.form, button.get("style")
    if style not in range(1, 7):
        form.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    _check_target(button, style, tally, at)
    drawn = emoji.check(button.get("emoji"), form, at, tally.emojis)
    label = button.get("label")
    if label:
        form.text(f"{at}.label", label, 1, 80)
    elif not button.get("emoji") and style != PREMIUM:
        form.add(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or emoji.")
    keys = ("style", "custom_id", "url", "sku_id", "label", "disabled")
    said = {key: button[key] for key in keys if button.get(key) is not None}
    return _with_id({"type": BUTTON, **said, **drawn}, button)


def _check_target(button: Json, style: object, tally: Tally, at: str) -> None:
    """A link has a url, a premium button a sku, every other button a custom_id, and none has two of them."""
    form = tally.form
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(style if isinstance(style, int) else 0, "custom_id")
    for other in {"custom_id", "url", "sku_id"} - {wanted}:
        if button.get(other):
            both = f"{wanted} and {other}".replace("_", " ")
            form.add(f"{at}.{other}", "BUTTON_COMPONENT_FIELD_NOT_ALLOWED", f"A {both} cannot both be specified")
    if style == LINK:
        form.url(f"{at}.url", button.get("url"), 512, LINKS)
    elif style == PREMIUM:
        form.text(f"{at}.sku_id", str(button.get("sku_id") or ""), 1, 20)
    elif button.get("custom_id") is None:
        form.add(f"{at}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    else:
        tally.custom_id(button["custom_id"], at)


def check_select(select: Json, tally: Tally, at: str) -> Json:
    """A select with Discord's defaults filled in; what is wrong goes into the form."""
    form = tally.form
    tally.custom_id(select.get("custom_id"), at)
    shown: Json = {"type": select["type"], "custom_id": select.get("custom_id")}
    shown["min_values"] = 1 if select.get("min_values") is None else select["min_values"]
    shown["max_values"] = 1 if select.get("max_values") is None else select["max_values"]
    counted = [form.number(f"{at}.{key}", shown[key], low, 25) for key, low in (("min_values", 0), ("max_values", 1))]
    if all(counted) and shown["max_values"] < shown["min_values"]:
        form.add(f"{at}.max_values", "SELECT_COMPONENT_MAX_LESS_THAN_MIN", "max_values is less than min_values")
    if select.get("placeholder") is not None and form.text(f"{at}.placeholder", select["placeholder"], 0, 150):
        shown["placeholder"] = select["placeholder"]
    for key in ("disabled", "channel_types"):
        if select.get(key):
            shown[key] = select[key]
    if select["type"] == SELECT:
        shown["options"] = _options(select.get("options"), tally, f"{at}.options", shown["max_values"])
    elif select.get("default_values"):
        shown["default_values"] = _defaults(select, tally, f"{at}.default_values", shown["max_values"])
    return _with_id(shown, select)


def _defaults(select: Json, tally: Tally, at: str, most: int) -> list[Json]:
    found = tally.form.items(at, select["default_values"], 0, most)
    allowed = DEFAULTS[select["type"]]
    for number, each in enumerate(found):
        if not isinstance(each, dict) or each.get("type") not in allowed:
            names = ", ".join(sorted(allowed))
            tally.form.add(f"{at}.{number}.type", "BASE_TYPE_CHOICES", f"Value must be one of ({names}).")
    return found


def _options(options: object, tally: Tally, at: str, most: int) -> list[Json]:
    form = tally.form
    found = form.items(at, options, 1, 25)
    values: set[object] = set()
    shown = []
    if sum(bool(each.get("default")) for each in found if isinstance(each, dict)) > most:
        form.add(at, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values specified")
    for number, option in enumerate(found):
        for key in ("label", "value"):
            form.text(f"{at}.{number}.{key}", option.get(key), 1, 100)
        drawn = emoji.check(option.get("emoji"), form, f"{at}.{number}", tally.emojis)
        shown.append({key: value for key, value in option.items() if key != "emoji"} | drawn)
        if option.get("description"):
            form.text(f"{at}.{number}.description", option["description"], 0, 100)
        if option.get("value") in values:
            form.add(f"{at}.{number}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                     "The specified option value is already used")  # fmt: skip
        values.add(option.get("value"))
    return shown


def _section(section: Json, tally: Tally, at: str) -> Json:
    inner = tally.form.items(f"{at}.components", section.get("components"), 1, 3)
    texts = [tally.kind(each, {TEXT}, f"{at}.components.{n}") for n, each in enumerate(inner)]
    shown = [_text(each, tally, f"{at}.components.{n}") for n, each in enumerate(texts) if each is not None]
    body: Json = {"type": SECTION, "components": shown}
    accessory = tally.kind(section.get("accessory"), {BUTTON, THUMBNAIL}, f"{at}.accessory")
    if accessory is not None and accessory["type"] == BUTTON:
        body["accessory"] = _button(accessory, tally, f"{at}.accessory")
    elif accessory is not None:
        shown_media = _media(accessory, tally.form, f"{at}.accessory")
        body["accessory"] = _with_id({"type": THUMBNAIL, **shown_media}, accessory)
    return body


def _text(text: Json, tally: Tally, at: str) -> Json:
    if tally.form.text(f"{at}.content", text.get("content"), 1, MOST_TEXT_V2):
        tally.text += len(text["content"])
    return _with_id({"type": TEXT, "content": text.get("content")}, text)


def _gallery(gallery: Json, tally: Tally, at: str) -> Json:
    items = tally.form.items(f"{at}.items", gallery.get("items"), 1, 10)
    return {
        "type": GALLERY,
        "items": [_media(each, tally.form, f"{at}.items.{n}") for n, each in enumerate(items)],
    }


def _media(item: object, form: Form, at: str) -> Json:
    if not isinstance(item, dict):
        form.add(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}
    media = item.get("media")
    url = media.get("url") if isinstance(media, dict) else None
    form.text(f"{at}.media.url", url, 1, 2048)
    if item.get("description"):
        form.text(f"{at}.description", item["description"], 0, 1024)
    return {
        "media": {"url": url},
        "description": item.get("description"),
        "spoiler": bool(item.get("spoiler", False)),
    }


def _file(item: Json, tally: Tally, at: str) -> Json:
    media = item.get("file")
    url = media.get("url") if isinstance(media, dict) else None
    if not isinstance(url, str) or not url.startswith("attachment://"):
        tally.form.add(f"{at}.file.url", "URL_TYPE_INVALID_SCHEME", 'Scheme must be one of ("attachment",).')
    return {"type": FILE, "file": {"url": url}, "name": None, "size": None, "spoiler": bool(item.get("spoiler"))}


def _container(container: Json, tally: Tally, at: str) -> Json:
    if container.get("accent_color") is not None:
        tally.form.number(f"{at}.accent_color", container["accent_color"], 0, 0xFFFFFF)
    inner = tally.form.items(f"{at}.components", container.get("components"), 1, MOST_V2)
    shown = [_top(each, tally, IN_CONTAINER, f"{at}.components.{n}") for n, each in enumerate(inner)]
    return {
        "type": CONTAINER, "accent_color": container.get("accent_color"),
        "spoiler": bool(container.get("spoiler", False)),
        "components": [each for each in shown if each is not None],
    }  # fmt: skip


def _separator(separator: Json, tally: Tally, at: str) -> Json:
    spacing = separator.get("spacing") or 1
    tally.form.number(f"{at}.spacing", spacing, 1, 2)
    return {"type": SEPARATOR, "divider": separator.get("divider", True), "spacing": spacing}


_SHOWN_BY: dict[int, Callable[[Json, Tally, str], Json]] = {
    ROW: _row,
    SECTION: _section,
    TEXT: _text,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
}
