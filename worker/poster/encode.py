"""Smaller encodings of pictures that Discord found too large. The recipe moves along, from PNG text to EXIF.

What moves (GIF) is small already, and stays as it is.
"""

import asyncio
import io
from dataclasses import dataclass

from PIL import Image

from worker.contract.types import recipe

_GIF = b"GIF8"  # how its files begin
_one_at_a_time = 1  # an open picture of 4096 × 4096 takes 50 MB; the poster stays small


@dataclass(frozen=True)
class Encoding:
    """A way to write a picture.

    Attributes:
        extension: of the file's name.
        content_type: as HTTP calls it.
        quality: of the encoder; None leaves the picture as it came.
    """

    extension: str
    content_type: str
    quality: int | None = None


AS_IT_CAME = Encoding("png", "image/png")
WEBP = Encoding("webp", "image/webp", 90)
JPEG = Encoding("jpg", "image/jpeg", 88)
SMALL_JPEG = Encoding("jpg", "image/jpeg", 60)
GIF = Encoding("gif", "image/gif")
ENCODINGS = (AS_IT_CAME, WEBP, JPEG, SMALL_JPEG)


class Encoder:
    """Encodes in a thread, one picture at a time."""

    def __init__(self) -> None:
        self._rate_slot = asyncio.Semaphore(_one_at_a_time)

    async def encode(self, pictures: list[bytes], encoding: Encoding) -> list[bytes]:
        """The pictures in another encoding, in the same order."""
        if encoding.quality is None:
            return pictures
        out = []
        for picture in pictures:
            if of(picture, encoding) is GIF:
                out.append(picture)
                continue
            async with self._rate_slot:
                out.append(await asyncio.to_thread(shrink, picture, encoding))
        return out


def of(picture: bytes, encoding: Encoding) -> Encoding:
    """What a picture is in that was to be in this encoding."""
    return GIF if picture.startswith(_GIF) else encoding


def shrink(picture: bytes, encoding: Encoding) -> bytes:
    """One picture in another encoding, with its recipe."""
    known = recipe.read(picture)
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        more = {"exif": recipe.exif(known)} if known else {}
        if encoding.extension == "webp":
            image.convert("RGB").save(buffer, "WEBP", quality=encoding.quality, method=2, **more)
        else:
            image.convert("RGB").save(buffer, "JPEG", quality=encoding.quality, optimize=True, **more)
    return buffer.getvalue()
