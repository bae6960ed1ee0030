"""How people name a picture of Easel's: by the link of its message, or by its own; `#2` behind it is the second."""

import re
from dataclasses import dataclass

from worker.contract.message.job_message import file_of
from worker.contract.message.markdown import message_link
from worker.contract.types.source_place import SourcePlace

_MESSAGE = re.compile(
    r"https://(?:\w+\.)?discord(?:app)?\.com/channels/(?P<server>\d{1,20}|@me)/(?P<channel>\d{1,20})/(?P<id>\d{1,20})"
)
_FILE = re.compile(r"https?://[^/\s]+/(?:\S+/)?attachments/\d{1,20}/(?P<id>\d{1,20})/(?P<name>[\w.-]{1,100})(?:\?\S*)?")
_NUMBER = re.compile(r"#(?P<number>[1-9]\d?)$")


@dataclass(frozen=True)
class MessageLink:
    """A message; `server` None where it is a direct one. `number`: of a picture in it, from 1; None where none is."""

    server: int | None
    channel: int
    message: int
    number: int | None = None


@dataclass(frozen=True)
class FileLink:
    """A file that looks like one of Easel's: its id, the job whose picture it is, and which one, from 0."""

    file: int
    job: str
    index: int


def read_link(text: str) -> MessageLink | FileLink | None:
    """What a link leads to; None where it is none of these."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    numbered = _NUMBER.search(bare)
    bare = bare[: numbered.start()].removesuffix(">") if numbered else bare
    if found := _MESSAGE.fullmatch(bare):
        server = None if found["server"] == "@me" else int(found["server"])
        number = int(numbered["number"]) if numbered else None
        return MessageLink(server, int(found["channel"]), int(found["id"]), number)
    if (found := _FILE.fullmatch(bare)) and (named := file_of(found["name"])):
        return FileLink(int(found["id"]), *named)
    return None


def link_to(server: int | None, place: SourcePlace) -> str:
    """What `read_link` finds the same picture by; "" where it stands in no message."""
    if place.channel is None or place.message is None:
        return ""
    number = "" if place.picture is None else f"#{place.picture + 1}"
    return message_link(server, place.channel, place.message) + number
