"""multipart/form-data in one pass: the bodies here are in memory anyway, and cutting them is all there is to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)
_ESCAPED = re.compile(r'\\(["\\])')


class MultipartError(ValueError):
    """The body is not what its Content-Type says."""


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part of a form: a file where it has a `filename`, else a field."""

    name: str
    filename: str | None
    content_type: str | None
    content: bytes


def parts(raw: bytes, content_type: str) -> Iterator[FormPart]:
    """The parts of a body in their order (RFC 7578). Raises MultipartError."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise MultipartError("no boundary")
    between = b"\r\n--" + (found[1] or found[2]).encode()
    pieces = (b"\r\n" + raw).split(between)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise MultipartError("the closing boundary is missing")
    for piece in pieces[1:-1]:
        head, gap, content = piece.partition(b"\r\n\r\n")
        if not gap:
            raise MultipartError("a part without a body")
        yield _part(head.decode("utf-8", "replace"), content)


def _part(head: str, content: bytes) -> FormPart:
    headers = {}
    for line in head.split("\r\n"):
        key, _, value = line.partition(":")
        headers[key.strip().lower()] = value.strip()
    said = {key.lower(): _ESCAPED.sub(r"\1", quoted) or bare
            for key, quoted, bare in _PARAMETER.findall(headers.get("content-disposition", ""))}  # fmt: skip
    filename = said.get("filename")
    if "filename*" in said:  # RFC 5987: charset'language'percent-encoded
        filename = unquote(said["filename*"].rpartition("'")[2])
    return FormPart(said.get("name", ""), filename, headers.get("content-type"), content)
