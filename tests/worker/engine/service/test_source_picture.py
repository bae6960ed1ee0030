"""Pictures of other people: what they are and how large is known before a pixel is decoded."""

import io
import struct
import zlib

import pytest
from PIL import Image

from worker.contract.types.model_info import UpscalerInfo
from worker.engine.errors import SourceError
from worker.engine.service.source_picture import read

UPSCALER = UpscalerInfo(id="u", title="u", scale=4, pixels_max=1024 * 1024)


def encoded(kind: str, mode: str = "RGB", size: tuple[int, int] = (48, 32), **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 7).save(out, kind, **how)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    ihdr = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", ihdr), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    body = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_these_are_read(kind: str) -> None:
    picture = read(encoded(kind), UPSCALER)
    assert (picture.size, picture.mode) == ((48, 32), "RGB")
    assert max(picture.tobytes()) < 10


def test_transparent_and_grey_ones_too() -> None:
    assert read(encoded("PNG", "LA"), UPSCALER).mode == "LA"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (encoded("GIF", "P"), "no PNG, JPEG or WebP"),
        (encoded("TIFF"), "no PNG, JPEG or WebP"),
        (b"", "no PNG, JPEG or WebP"),
        (b"<html>", "no PNG, JPEG or WebP"),
        (encoded("PNG")[:-40], "damaged"),
        (encoded("JPEG", size=(200, 200))[:400], "damaged"),
        (encoded("PNG", size=(257, 256)), "257 × 256 pixels. Up to about 256 × 256"),
        (bomb(8_000), "8000 × 8000 pixels"),
        (bomb(10_000), "far too large"),
        (bomb(60_000), "far too large"),
        (encoded("WEBP", save_all=True, append_images=[Image.new("RGB", (48, 32), "white")]), "moves"),
    ],
)
def test_others_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(content, UPSCALER)


def test_grey_of_sixteen_bits_stays_grey() -> None:
    picture = read(encoded("PNG", "I;16"), UPSCALER).convert("RGB")  # 7 of 65535
    assert picture.getextrema() == ((0, 0),) * 3
    out = io.BytesIO()
    Image.new("I;16", (48, 32), 32896).save(out, "PNG")
    assert read(out.getvalue(), UPSCALER).convert("RGB").getextrema() == ((128, 128),) * 3


@pytest.mark.parametrize(
    ("orientation", "size", "red"), [(1, (48, 32), (0, 0)), (3, (48, 32), (47, 31)), (6, (32, 48), (31, 0))]
)
def test_a_picture_stands_as_its_camera_says(orientation: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    image, exif, out = Image.new("RGB", (48, 32), "blue"), Image.Exif(), io.BytesIO()
    image.putpixel((0, 0), (255, 0, 0))
    exif[0x0112] = orientation
    image.save(out, "PNG", exif=exif)
    picture = read(out.getvalue(), UPSCALER)
    assert picture.size == size
    assert picture.getpixel(red) == (255, 0, 0)
