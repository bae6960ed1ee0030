"""What a request begins with: people's files of every kind become what a model takes, or are refused in words."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, ImageCms

from tests.worker.contract.factories import PICTURE, begun, request
from tests.worker.engine.service.test_source_picture import bomb
from worker.contract.types.operation import Operation, SourceRole
from worker.contract.types.request import Request
from worker.contract.types.result import CUT, FIRST_FRAME
from worker.engine.errors import SourceError, UnfitError
from worker.engine.service import sources

SIZE = 64, 48
MASK = PICTURE.model_copy(update={"role": SourceRole.MASK})
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def asked(width: int = 64, height: int = 64, **changes: object) -> Request:
    return begun(width=width, height=height, **changes)


def saved(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


Colour = float | tuple[float, ...]


def plain(kind: str = "PNG", mode: str = "RGB", colour: Colour = RED, size: tuple[int, int] = SIZE) -> bytes:
    return saved(Image.new(mode, size, colour), kind)


def one(content: bytes, request: Request | None = None) -> Image.Image:
    (found,) = sources.read([content], request or asked()).pictures
    return found


def sixteen(colour_type: int, samples: tuple[int, ...]) -> bytes:
    """A PNG of 64 × 64 with 16 bits a channel."""
    row = b"\0" + struct.pack(f">{len(samples)}H", *samples) * 64
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 64, 64, 16, colour_type, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * 64)),
        (b"IEND", b""),
    )
    body = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def palette(clear: bool = False) -> bytes:
    image = Image.new("P", SIZE, 1)
    image.putpalette([*GREEN, *RED])
    return saved(image, transparency=1) if clear else saved(image)


def near(pixel: object, wanted: tuple[int, int, int], most: int = 3) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(is_ - was) <= most for is_, was in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        (plain(), RED), (plain("JPEG"), RED), (plain("WEBP"), RED), (plain("GIF"), RED),
        (plain(mode="1", colour=1), WHITE), (plain(mode="L", colour=128), (128,) * 3),
        (plain(mode="LA", colour=(0, 255)), (0, 0, 0)), (plain(mode="LA", colour=(0, 0)), WHITE),
        (plain(mode="RGBA", colour=(255, 0, 0, 0)), WHITE),
        (plain(mode="RGBA", colour=(255, 0, 0, 128)), (255, 127, 127)),
        (plain("WEBP", "RGBA", (0, 0, 255, 0)), WHITE), (plain("GIF", "RGBA", (0, 0, 255, 0)), WHITE),
        (palette(), RED), (palette(clear=True), WHITE),
        (saved(Image.new("L", SIZE, 7), transparency=7), WHITE),
        (saved(Image.new("RGB", SIZE, RED), transparency=RED), WHITE),
        (plain("JPEG", "CMYK", (0, 255, 255, 0)), RED), (plain("JPEG", "L", 200), (200,) * 3),
        (plain(mode="I;16", colour=32896), (128,) * 3), (plain(mode="I;16", colour=65535), WHITE),
        (sixteen(0, (65535,)), WHITE), (sixteen(2, (65535, 0, 0)), RED), (sixteen(6, (65535, 0, 0, 0)), WHITE),
        (sixteen(6, (0, 65535, 0, 65535)), GREEN), (sixteen(4, (0, 65535)), (0, 0, 0)), (sixteen(4, (0, 0)), WHITE),
    ],
)  # fmt: skip
def test_a_file_of_any_kind_shows_what_viewers_show(content: bytes, colour: tuple[int, int, int]) -> None:
    picture = one(content)
    assert (picture.mode, picture.size) == ("RGB", (64, 64))
    for place in ((0, 0), (32, 32), (63, 63)):
        assert near(picture.getpixel(place), colour), picture.getpixel(place)


def test_nothing_of_what_is_clear_shows_at_an_edge() -> None:
    """Clear pixels have colours, too, which must not run into their neighbours when all is made smaller."""
    image = Image.new("RGBA", (500, 500), (*GREEN, 0))
    image.paste((*RED, 255), (0, 0, 251, 500))
    _, green, blue = one(saved(image)).split()
    assert green.tobytes() == blue.tobytes()


@pytest.mark.parametrize(
    "small", [Image.new("RGB", (3, 2), RED), Image.new("RGBA", (3, 2), (*RED, 0)), Image.new("L", (3, 2), 7)]
)
@pytest.mark.parametrize("clear", [False, True])
def test_a_large_one_is_as_a_small_one(small: Image.Image, clear: bool) -> None:
    """Which is made smaller first, and yet stands upright, in its colours, and is clear where it was."""
    small.putpixel((0, 0), 9 if small.mode == "L" else (*BLUE, 255)[: len(small.getbands())])
    exif = Image.Exif()
    exif[0x0112] = 6
    how: dict[str, Any] = {"exif": exif}
    if small.mode != "L":
        how["icc_profile"] = swapped()
    if clear and small.mode != "RGBA":
        how["transparency"] = 7 if small.mode == "L" else RED
    files = [saved(small.resize((3 * n, 2 * n), Image.Resampling.NEAREST), **how) for n in (60, 600)]
    one_, other = (one(each, asked(128, 192)) for each in files)
    for place in ((5, 5), (120, 5), (5, 180), (64, 96), (120, 180)):
        shown = one_.getpixel(place)
        assert isinstance(shown, tuple)
        assert near(other.getpixel(place), (shown[0], shown[1], shown[2]))


def test_what_one_colour_leaves_clear_is_so_before_a_large_one_is_made_smaller() -> None:
    striped = Image.frombytes("L", (600, 600), bytes([7, 100]) * 180_000)
    assert near(one(saved(striped, transparency=7)).getpixel((32, 32)), (177,) * 3, 6)


def swapped() -> bytes:
    """A colour profile in which red is green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"?XYZ", b"gXYZ", 1)


@pytest.mark.parametrize(
    ("mode", "colour", "profile", "shown"),
    [
        ("RGB", RED, swapped(), GREEN),
        ("RGBA", (*RED, 255), swapped(), GREEN),
        ("RGBA", (*RED, 0), swapped(), WHITE),
        ("RGB", RED, b"no profile", RED),
        ("RGB", RED, swapped()[:200], RED),
        ("RGB", RED, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), RED),
        ("L", 128, swapped(), (128,) * 3),
    ],
)
def test_colours_are_those_of_its_profile(
    mode: str, colour: Colour, profile: bytes, shown: tuple[int, int, int]
) -> None:
    content = saved(Image.new(mode, SIZE, colour), icc_profile=profile)
    assert near(one(content).getpixel((32, 32)), shown, 8)


@pytest.mark.parametrize(("orientation", "red"), [(1, (0, 0)), (3, (63, 63)), (6, (63, 0)), (8, (0, 63))])
def test_it_stands_as_its_camera_says(orientation: int, red: tuple[int, int]) -> None:
    image, exif = Image.new("RGB", (64, 64), BLUE), Image.Exif()
    image.paste(RED, (0, 0, 9, 9))
    exif[0x0112] = orientation
    for kind in ("PNG", "JPEG", "WEBP"):
        assert near(one(saved(image, kind, exif=exif)).getpixel(red), RED, 12)


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"\0" * 40])
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_odd_words_of_a_camera_change_nothing(exif: bytes) -> None:
    assert near(one(saved(Image.new("RGB", SIZE, RED), "JPEG", exif=exif)).getpixel((9, 9)), RED)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_what_moves_the_first_picture_is_taken_and_that_is_told(kind: str) -> None:
    more = [Image.new("RGB", (64, 64), BLUE)]
    content = saved(Image.new("RGB", (64, 64), RED), kind, save_all=True, append_images=more)
    found = sources.read([content], asked())
    assert found.adapted == (FIRST_FRAME,)
    assert near(found.pictures[0].getpixel((9, 9)), RED)


def test_the_small_picture_that_a_phone_adds_is_no_second_one() -> None:
    content = saved(Image.new("RGB", SIZE, RED), "MPO", save_all=True, append_images=[Image.new("RGB", (16, 12), BLUE)])
    found = sources.read([content], asked(height=48 + 16))
    assert FIRST_FRAME not in found.adapted
    assert near(found.pictures[0].getpixel((9, 9)), RED)


@pytest.mark.parametrize(
    ("size", "drawn", "adapted"),
    [
        ((64, 64), (64, 64), ()), ((128, 128), (64, 64), ()), ((32, 32), (64, 64), ()), ((640, 480), (128, 96), ()),
        ((641, 480), (128, 96), ()), ((640, 480), (64, 64), (CUT,)), ((10, 1000), (64, 64), (CUT,)),
        ((1, 1), (2048, 64), (CUT,)), ((3000, 2000), (192, 128), ()),
    ],
)  # fmt: skip
def test_it_fills_what_is_drawn_from_its_middle(
    size: tuple[int, int], drawn: tuple[int, int], adapted: tuple[str, ...]
) -> None:
    for kind in ("PNG", "JPEG"):
        image = Image.new("RGB", size, BLUE)
        image.paste(RED, (size[0] // 3, size[1] // 3, max(1, size[0] * 2 // 3), max(1, size[1] * 2 // 3)))
        found = sources.read([saved(image, kind)], asked(*drawn))
        assert (found.pictures[0].size, found.adapted) == (drawn, adapted)
        assert near(found.pictures[0].getpixel((drawn[0] // 2, drawn[1] // 2)), RED, 50)


def test_a_picture_of_the_size_that_is_drawn_is_taken_as_it_is() -> None:
    noise = Image.frombytes("RGB", (64, 64), random.Random(1).randbytes(64 * 64 * 3))
    assert one(saved(noise)).tobytes() == noise.tobytes()


@pytest.mark.parametrize("clear", [False, True])
def test_a_mask_is_grey_and_keeps_what_it_leaves_clear(clear: bool) -> None:
    mask = Image.new("RGBA", SIZE, (255, 255, 255, 0 if clear else 255))
    painted = asked(operation=Operation.INPAINT, sources=[PICTURE, MASK])
    picture, found = sources.read([plain(), saved(mask)], painted).pictures
    assert (picture.mode, found.mode, found.size) == ("RGB", "L", (64, 64))
    assert found.getextrema() == ((0, 0) if clear else (255, 255))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no PNG, JPEG, WebP or GIF"), (b"<html>", "no PNG, JPEG, WebP or GIF"),
        (plain("TIFF"), "no PNG, JPEG, WebP or GIF"), (plain("BMP"), "no PNG, JPEG, WebP or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "no PNG, JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no PNG, JPEG"),
        (plain()[:-40], "damaged"), (plain("JPEG", size=(200, 200))[:400], "damaged"),
        (plain("WEBP")[:30], "(damaged|no PNG)"), (plain("GIF")[:30], "(damaged|no PNG)"),
        (bomb(7_072), "7072 × 7072 pixels; at most 50 million"), (bomb(10_000), "(far too large|at most 50 million)"),
        (bomb(60_000), "far too large"),
    ],
)  # fmt: skip
def test_others_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        one(content)


def test_what_a_text_in_a_file_would_grow_to_is_not_held() -> None:
    """Each compressed text of a PNG may become a thousand times as long."""
    texts = b"".join(_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 2_000_000)) for _ in range(40))
    whole = plain()
    with pytest.raises(SourceError, match="damaged"):
        one(whole[:33] + texts + whole[33:])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("files", [[], [plain(), plain()]])
def test_as_many_files_come_as_it_begins_with(files: list[bytes]) -> None:
    with pytest.raises(UnfitError):
        sources.read(files, asked())
    with pytest.raises(UnfitError):
        sources.read([plain()], request())


@pytest.mark.filterwarnings("ignore")  # of Pillow's, about what is odd in a file
@pytest.mark.parametrize("make", [plain, lambda: plain("JPEG"), lambda: plain("WEBP"), lambda: plain("GIF"), palette])
def test_a_damaged_file_ends_in_a_picture_or_in_words(make: Callable[[], bytes]) -> None:
    chance, whole = random.Random(3), make()
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        cut = content[: chance.choice((len(content), chance.randrange(len(content))))]
        with suppress(SourceError):
            assert one(bytes(cut)).mode == "RGB"
