"""The option `image`: a picture that somebody attached, as text that a refusal can show and a form bring back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from yarl import URL

from bot.errors import BadOption
from bot.source_errors import PictureUnfit
from worker.contract.discord_limits import MEBIBYTE, REQUEST_MAX
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.operation import SOURCE_PIXELS_MAX, SOURCE_SIDE_MAX, SourcePicture
from worker.contract.types.source_place import LINK_MAX, SourcePlace, SourcePlaces

_KINDS = {"image/png", "image/jpeg", "image/webp", "image/gif"}
# `[photo.png](https://…) · 640 × 480`
_SHOWN = re.compile(r"\[[^\[\]]*\]\((?P<link>\S+)\) · (?P<width>\d{1,5}) × (?P<height>\d{1,5})")
_ID = re.compile(r"/(?:ephemeral-)?attachments/\d{1,20}/(?P<id>\d{1,20})/")


@dataclass(frozen=True)
class Attached:
    """A picture on Discord: the id of its file, its link, and its size in pixels as Discord told it."""

    id: int
    link: str
    width: int
    height: int

    @classmethod
    def read(cls, text: str) -> Self:
        """What `shown` made. Raises BadOption."""
        found = _SHOWN.fullmatch(text)
        try:
            named = _ID.search(URL(found["link"]).path) if found else None
        except ValueError:
            named = None
        if found is None or named is None or len(found["link"]) > LINK_MAX:
            raise BadOption("image")
        width, height = int(found["width"]), int(found["height"])
        if not (0 < width <= SOURCE_SIDE_MAX and 0 < height <= SOURCE_SIDE_MAX):
            raise BadOption("image")
        return cls(int(named["id"]), found["link"], width, height)

    @property
    def source(self) -> SourcePicture:
        """As the request has it."""
        return SourcePicture(width=self.width, height=self.height)

    @property
    def places(self) -> SourcePlaces:
        """Where it lies: in no message, for it came with a command."""
        return SourcePlaces(pictures=(SourcePlace(attachment=self.id, link=self.link),))


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


def uploaded(data: Mapping[str, Any]) -> PictureFile | None:
    """The file that came with a form; discord.py hands forms of ours over as they came."""
    found = (data.get("resolved") or {}).get("attachments") or {}
    for raw in found.values():
        return _Uploaded(
            filename=str(raw["filename"]), url=str(raw["url"]), size=int(raw["size"]),
            content_type=raw.get("content_type"), width=raw.get("width"), height=raw.get("height"),
        )  # fmt: skip
    return None


def shown(file: PictureFile) -> str:
    """A picture as text. Raises PictureUnfit where it can be told by now that nothing is drawn from it."""
    if cause := _objection(file):
        raise PictureUnfit(cause)
    name = re.sub(r"[\[\]]", "", file.filename)[:100]
    return f"[{name}]({file.url}) · {file.width} × {file.height}"


def again(source: SourcePicture, place: SourcePlace) -> str:
    """A picture that a job began with, as text."""
    return f"[picture]({place.link}) · {source.width} × {source.height}"


def _objection(file: PictureFile) -> Cause | None:
    kind = (file.content_type or "").partition(";")[0].strip().lower()
    if kind not in _KINDS or not file.width or not file.height:
        return causes.source_of_other_format()
    if file.size > REQUEST_MAX:
        return causes.picture_file_too_large(REQUEST_MAX // MEBIBYTE)
    if file.width * file.height > SOURCE_PIXELS_MAX:
        return causes.picture_over_pixels(file.width, file.height, SOURCE_PIXELS_MAX // 10**6)
    return None
