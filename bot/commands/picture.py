"""A picture that somebody attached to an option, as text that a refusal can show and a form bring back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from yarl import URL

from bot.errors import BadOption
from bot.flags.links import link_to
from bot.source_errors import PictureUnfit
from worker.contract.discord_limits import MEBIBYTE, REQUEST_MAX
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.operation import SOURCE_PIXELS_MAX, SOURCE_SIDE_MAX, SourcePicture, SourceRole
from worker.contract.types.source_place import LINK_MAX, SourcePlace

IMAGE, GUIDE, STYLE = OPTIONS = "image", "guide", "style"  # the options that take pictures
_KINDS = {"image/png", "image/jpeg", "image/webp", "image/gif"}
# `[photo.png](https://…) · 640 × 480`
_SHOWN = re.compile(r"\[[^\[\]]*\]\((?P<link>\S+)\) · (?P<width>\d{1,5}) × (?P<height>\d{1,5})")
_ID = re.compile(r"/(?:ephemeral-)?attachments/\d{1,20}/(?P<id>\d{1,20})/")


@dataclass(frozen=True)
class Attached:
    """A picture on Discord: the id of its file, its link, and its size in pixels as Discord told it.

    Attributes:
        channel, message, picture: as `SourcePlace` has them; None where it came with a command.
    """

    id: int
    link: str
    width: int
    height: int
    channel: int | None = None
    message: int | None = None
    picture: int | None = None

    @classmethod
    def read(cls, text: str, option: str = IMAGE) -> Self:
        """What `shown` made. Raises BadOption."""
        found = _SHOWN.fullmatch(text)
        try:
            named = _ID.search(URL(found["link"]).path) if found else None
        except ValueError:
            named = None
        if found is None or named is None or len(found["link"]) > LINK_MAX:
            raise BadOption(option)
        width, height = int(found["width"]), int(found["height"])
        if not (0 < width <= SOURCE_SIDE_MAX and 0 < height <= SOURCE_SIDE_MAX):
            raise BadOption(option)
        return cls(int(named["id"]), found["link"], width, height)

    def source(self, role: SourceRole = SourceRole.PICTURE) -> SourcePicture:
        """As the request has it."""
        return SourcePicture(role=role, width=self.width, height=self.height)

    @property
    def place(self) -> SourcePlace:
        """Where it lies."""
        return SourcePlace(
            attachment=self.id, link=self.link, channel=self.channel, message=self.message, picture=self.picture
        )


class PictureFile(Protocol):
    """A file as `discord.Attachment` describes it."""

    @property
    def filename(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def content_type(self) -> str | None: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


@dataclass(frozen=True)
class _Uploaded:
    filename: str
    url: str
    size: int
    content_type: str | None
    width: int | None
    height: int | None


def uploaded(data: Mapping[str, Any]) -> dict[str, PictureFile]:
    """The files that came with a form, by their options; discord.py hands forms of ours over as they came."""
    files = (data.get("resolved") or {}).get("attachments") or {}
    found: dict[str, PictureFile] = {}
    for row in data.get("components") or ():
        part = row.get("component") or {}
        chosen = [files[each] for each in part.get("values") or () if each in files]
        if chosen and part.get("custom_id") in OPTIONS:
            raw = chosen[0]
            found[part["custom_id"]] = _Uploaded(
                filename=str(raw["filename"]), url=str(raw["url"]), size=int(raw["size"]),
                content_type=raw.get("content_type"), width=raw.get("width"), height=raw.get("height"),
            )  # fmt: skip
    return found


def shown(file: PictureFile, option: str = IMAGE) -> str:
    """A picture as text. Raises PictureUnfit where it can be told by now that nothing is drawn from it."""
    if cause := objection(file):
        raise PictureUnfit(cause, option)
    name = re.sub(r"[\[\]]", "", file.filename)[:100]
    return f"[{name}]({file.url}) · {file.width} × {file.height}"


def again(source: SourcePicture, place: SourcePlace, server: int | None) -> str:
    """A picture that came with a job, as text: as the link of its message where it stands in one.

    Whoever has that link sees what they may see on Discord, and no more.
    """
    return link_to(server, place) or f"[picture]({place.link}) · {source.width} × {source.height}"


def objection(file: PictureFile) -> Cause | None:
    """Why nothing is drawn from a file, as far as that can be told before it is fetched."""
    kind = (file.content_type or "").partition(";")[0].strip().lower()
    if kind not in _KINDS or not file.width or not file.height:
        return causes.source_of_other_format()
    if file.size > REQUEST_MAX:
        return causes.picture_file_too_large(REQUEST_MAX // MEBIBYTE)
    if file.width * file.height > SOURCE_PIXELS_MAX:
        return causes.picture_over_pixels(file.width, file.height, SOURCE_PIXELS_MAX // 10**6)
    return None
