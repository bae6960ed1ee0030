"""Turns `attachment://name` in embeds and components into links to what was uploaded with them."""

from collections.abc import Callable, Iterable

from deploy.sandbox.errors import bad_field
from deploy.sandbox.state.ids import Snowflakes
from deploy.sandbox.state.model import AttachmentRecord, Json
from deploy.sandbox.validate import components as parts

SCHEME = "attachment://"
EMBED_MEDIA = ("image", "thumbnail")


def embed_links(embeds: list[Json], attachments: Iterable[AttachmentRecord]) -> set[int]:
    """Resolve links of embeds in place. Returns the ids used: Discord lists those in the embed only."""
    by_name = {each.data["filename"]: each for each in attachments}
    used: set[int] = set()
    for embed in embeds:
        for key in EMBED_MEDIA:
            media = embed.get(key)
            found = _named(media.get("url"), by_name) if isinstance(media, dict) else None
            if found is not None:
                embed[key] = {k: v for k, v in found.data.items() if k in _SHOWN}
                used.add(found.id)
        for outer in ("footer", "author"):
            part = embed.get(outer)
            found = _named(part.get("icon_url"), by_name) if isinstance(part, dict) else None
            if found is not None and part is not None:
                part["icon_url"] = part["proxy_icon_url"] = found.data["url"]
                used.add(found.id)
    return used


_SHOWN = {"url", "proxy_url", "width", "height", "content_type", "description"}


def component_links(components: list[Json], attachments: Iterable[AttachmentRecord], ids: Snowflakes) -> set[int]:
    """Resolve the media of Components V2 in place. Returns the ids used: Discord lists those in the components only.

    Refuses 50035 when an attachment is not there.
    """
    by_name = {each.data["filename"]: each for each in attachments}
    used: set[int] = set()
    for each in parts.walk(components):
        if each["type"] == parts.GALLERY:
            for item in each["items"]:
                item["media"] = _unfurl(item["media"], by_name, ids, used)
        elif each["type"] == parts.THUMBNAIL:
            each["media"] = _unfurl(each["media"], by_name, ids, used)
        elif each["type"] == parts.FILE:
            found = _named(each["file"].get("url"), by_name)
            each["file"] = _unfurl(each["file"], by_name, ids, used)
            if found is not None:
                each["name"], each["size"] = found.data["filename"], found.data["size"]
    return used


def _named(url: object, by_name: dict[str, AttachmentRecord]) -> AttachmentRecord | None:
    return by_name.get(url.removeprefix(SCHEME)) if isinstance(url, str) and url.startswith(SCHEME) else None


def _unfurl(media: Json, by_name: dict[str, AttachmentRecord], ids: Snowflakes, used: set[int]) -> Json:
    url = str(media.get("url"))
    found = _named(url, by_name)
    if found is None:
        if url.startswith(SCHEME):
            raise bad_field(
                "components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                f"The referenced attachment {url.removeprefix(SCHEME)} was not found",
            )  # fmt: skip
        return {"id": str(ids.next()), "url": url, "proxy_url": url, "width": None, "height": None,
                "content_type": None}  # fmt: skip
    used.add(found.id)
    data = found.data
    return {
        "id": str(ids.next()), "url": data["url"], "proxy_url": data["proxy_url"],
        "width": data.get("width"), "height": data.get("height"), "content_type": data.get("content_type"),
        "attachment_id": data["id"],
    }  # fmt: skip


def relink(node: object, resign: Callable[[str], str]) -> None:
    """Give every link inside a message a new term, in place."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("url", "proxy_url", "icon_url", "proxy_icon_url") and isinstance(value, str):
                node[key] = resign(value)
            else:
                relink(value, resign)
    elif isinstance(node, list):
        for each in node:
            relink(each, resign)
