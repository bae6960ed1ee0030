"""Files that were sent: their bytes, what kind they are, and signed links that expire."""

import hashlib
import hmac
import mimetypes
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from deploy.sandbox.errors import ApiError, Refusal

from .clock import Clock
from .ids import Snowflakes
from .model import AttachmentRecord, Json

LINK_LIFE = 24 * 3600.0
KEPT_BYTES = 768 * 1024 * 1024
_KIND = re.compile(r"[!-~]+/[ -~]+")  # what a header can hold
EXPIRED_LINK = Refusal(404, 0, "This content is no longer available.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, with what its sender says about it."""

    filename: str
    content: bytes
    content_type: str | None = None
    description: str | None = None


@dataclass(slots=True)
class StoredFile:
    """A file that is kept; where there is a folder, its bytes are in a file named by its id."""

    kind: str
    size: int
    content: bytes | None = field(default=None, repr=False)


class Files:
    """Holds files by attachment id; the oldest go once more than `KEPT_BYTES` are held."""

    def __init__(self, clock: Clock, ids: Snowflakes, folder: Path | None = None) -> None:
        self.base = ""
        self.key = secrets.token_hex(16)
        self.held: dict[int, StoredFile] = {}
        self._clock = clock
        self._ids = ids
        self._folder = folder
        self._former = ""
        self._size = 0

    def resume(self, held: dict[int, StoredFile], key: str, base: str) -> None:
        """Take over the files kept before a restart; links with the former address still work."""
        self.held, self.key, self._former = held, key, base
        self._size = sum(each.size for each in held.values())
        for path in self._folder.iterdir() if self._folder is not None else ():
            if not path.name.isdigit() or int(path.name) not in held:
                path.unlink()  # came in the last moment before the sandbox was killed

    def keep(self, upload: Upload, channel_id: int, *, ephemeral: bool = False) -> AttachmentRecord:
        """Keep a file and describe it as an attachment, with a signed link."""
        attachment_id = self._ids.next()
        name = re.sub(r"[^\w.\-]", "_", upload.filename).lstrip(".") or "unknown"
        said = str(upload.content_type or "")
        kind = sniff(upload.content) or mimetypes.guess_type(name)[0] or (said if _KIND.fullmatch(said) else None)
        self._store_file(attachment_id, upload.content, kind or "application/octet-stream")
        path = f"/{'ephemeral-' if ephemeral else ''}attachments/{channel_id}/{attachment_id}/{name}"
        data: Json = {"id": str(attachment_id), "filename": name, "size": len(upload.content)}
        data["url"] = data["proxy_url"] = self.sign(path)
        if kind:
            data["content_type"] = kind
        size = dimensions(upload.content)
        if size is not None:
            data["width"], data["height"] = size
        if upload.description:
            data["description"] = upload.description
        if ephemeral:
            data["ephemeral"] = True
        return AttachmentRecord(attachment_id, data)

    def keep_emoji(self, upload: Upload) -> int:
        """Keep an emoji's picture; its link needs no signature. Returns its id."""
        emoji_id = self._ids.next()
        self._store_file(emoji_id, upload.content, upload.content_type or "image/png")
        return emoji_id

    def emoji(self, emoji_id: int) -> tuple[bytes, str]:
        """Bytes and content type of an emoji. Refuses with 404."""
        held = self.held.get(emoji_id)
        if held is None:
            raise ApiError(EXPIRED_LINK)
        return self._read(emoji_id, held), held.kind

    def _store_file(self, attachment_id: int, content: bytes, kind: str) -> None:
        if self._folder is None:
            self.held[attachment_id] = StoredFile(kind, len(content), content)
        else:
            (self._folder / str(attachment_id)).write_bytes(content)
            self.held[attachment_id] = StoredFile(kind, len(content))
        self._size += len(content)
        while self._size > KEPT_BYTES and len(self.held) > 1:
            oldest = next(iter(self.held))
            self._size -= self.held.pop(oldest).size
            if self._folder is not None:
                (self._folder / str(oldest)).unlink(missing_ok=True)

    def _read(self, attachment_id: int, held: StoredFile) -> bytes:
        if held.content is not None or self._folder is None:
            return held.content or b""
        try:
            return (self._folder / str(attachment_id)).read_bytes()
        except FileNotFoundError:
            raise ApiError(EXPIRED_LINK) from None

    def sign(self, path: str) -> str:
        """A link to `path` that ends after a day, as those of Discord's CDN do."""
        issued = int(self._clock.now())
        expires = issued + int(LINK_LIFE)
        return f"{self.base}{path}?ex={expires:x}&is={issued:x}&hm={self._signature(path, expires, issued)}"

    def resign(self, url: str) -> str:
        """The same link with a new term; links that are not ours stay as they are."""
        base = next((each for each in (self.base, self._former) if each and url.startswith(each + "/")), None)
        return url if base is None else self.sign(url.removeprefix(base).partition("?")[0])

    def open(self, path: str, attachment_id: int, query: dict[str, str]) -> tuple[bytes, str]:
        """Bytes and content type behind a link; refused when its signature is wrong or its term is over."""
        try:
            expires, issued = int(query["ex"], 16), int(query["is"], 16)
        except (KeyError, ValueError):
            raise ApiError(EXPIRED_LINK) from None
        genuine = hmac.compare_digest(self._signature(path, expires, issued), query.get("hm", ""))
        held = self.held.get(attachment_id)
        if not genuine or expires < self._clock.now() or held is None:
            raise ApiError(EXPIRED_LINK)
        return self._read(attachment_id, held), held.kind

    def _signature(self, path: str, expires: int, issued: int) -> str:
        text = f"{path}|{expires}|{issued}".encode()
        return hmac.new(bytes.fromhex(self.key), text, hashlib.sha256).hexdigest()


def sniff(content: bytes) -> str | None:
    """The picture format that the first bytes show, if any."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if content[:6] in (b"GIF87a", b"GIF89a") else None


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, WebP or JPEG, read from its header."""
    kind = sniff(content)
    if kind == "image/png" and len(content) >= 24:
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if kind == "image/gif" and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if kind == "image/webp" and len(content) >= 30:
        return _webp(content)
    return _jpeg(content) if kind == "image/jpeg" else None


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[12:16] == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    mask = 0x3FFF
    return int.from_bytes(content[26:28], "little") & mask, int.from_bytes(content[28:30], "little") & mask


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None
