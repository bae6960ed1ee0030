"""The pictures that a request begins with, from people's files to what a model takes.

What a file is and how large is known before a pixel is decoded. All of it takes up to seconds for a large one, so it is
not for an event loop, and not for the GPU thread.
"""

import io
import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from worker.contract.types import cause as causes
from worker.contract.types.operation import SOURCE_PIXELS_MAX, SourceRole
from worker.contract.types.request import Request
from worker.contract.types.result import CUT, FIRST_FRAME
from worker.engine.errors import SourceError, UnfitError

from . import guides

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_MOVING = {"PNG", "WEBP", "GIF"}  # in the others, further pictures are smaller ones of the same
_PROFILE_MAX = 4 * 1024 * 1024  # bytes of a colour profile that is followed
_CUT_LEAST = 0.02  # share of a side, below which nobody misses what was cut
_REDUCED = 2  # times that it is made smaller first, at least
_LOOKED_AT = 512, 512  # pixels; image encoders see 224 or 336
_SRGB = ImageCms.createProfile("sRGB")
_16_BIT = 1 / 257  # 65,535 becomes 255
# What Pillow raises at metadata that somebody made up; the picture itself may be whole.
_ODD = (OSError, ValueError, SyntaxError, KeyError, TypeError, ZeroDivisionError, struct.error)


class Sources(NamedTuple):
    """Pictures as a model takes them, in the order of the request's sources: RGB, masks L.

    All are of the size that it draws, or of the size that is kept of one that goes on beyond its edges.
    `adapted`: how they differ from their files, in the words of `Result`.
    """

    pictures: tuple[Image.Image, ...] = ()
    adapted: tuple[str, ...] = ()


NO_SOURCES = Sources()


def read(files: Sequence[bytes], request: Request, kinds: Sequence[str] = ()) -> Sources:
    """Decode the files that come with a request. `kinds`: of its guides, in their order, as `guides.KINDS` has them.

    Raises:
        UnfitError: there are not as many as it begins with.
        SourceError: one is of another format, too large or damaged.
    """
    if len(files) != len(request.pictures):
        raise UnfitError(causes.operation_without_picture(str(request.operation)))
    beyond = request.outpaint
    size = (beyond.width, beyond.height) if beyond else (request.width, request.height)
    pictures, adapted = [], set[str]()
    for content, source in zip(files, request.pictures, strict=True):
        if source.role is SourceRole.REFERENCE:  # whoever looks at it takes the whole
            pictures.append(_decoded(content, source.role, _LOOKED_AT, adapted))
            continue
        found = _decoded(content, source.role, size, adapted)
        pictures.append(_fitted(found, size, source.role, adapted))
    followed = zip(pictures[len(request.sources) :], kinds, strict=False)
    pictures[len(request.sources) :] = [guides.KINDS[kind](picture) for picture, kind in followed]
    return Sources(tuple(pictures), tuple(sorted(adapted)))


def _decoded(content: bytes, role: SourceRole, size: tuple[int, int], adapted: set[str]) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:  # reads the header alone
            if image.width * image.height > SOURCE_PIXELS_MAX:
                raise SourceError(causes.picture_over_pixels(image.width, image.height, SOURCE_PIXELS_MAX // 10**6))
            if image.format in _MOVING and getattr(image, "is_animated", False):
                adapted.add(FIRST_FRAME)
            image.draft(None, (max(size), max(size)))  # a JPEG is decoded no larger than twice what is needed
            image.load()
            return _flat(_eight_bit(_upright(_smaller(image, size))), role)
    except UnidentifiedImageError as error:
        raise SourceError(causes.source_of_other_format()) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # far above our limit
        raise SourceError(causes.picture_far_too_large()) from error
    except (*_ODD, EOFError, IndexError, MemoryError) as error:
        raise SourceError(causes.picture_damaged()) from error


def _smaller(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A large one at about twice the size that is needed, so that all that follows takes little memory and time."""
    factor = min(image.size) // (2 * max(size))
    plain = image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in image.info
    if factor < _REDUCED or not plain:
        return image
    return image.reduce(factor)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its camera says."""
    with suppress(*_ODD):
        return ImageOps.exif_transpose(image)
    return image


def _eight_bit(image: Image.Image) -> Image.Image:
    """As RGB, RGBA or L with 8 bits, in sRGB; palettes and 16-bit grey by what they show."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * _16_BIT).convert("L")
    clear = image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info
    if image.mode in {"P", "PA"} or clear:
        image = image.convert("RGBA")
    elif image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    if isinstance(profile, bytes) and 0 < len(profile) <= _PROFILE_MAX:
        with suppress(ImageCms.PyCMSError, *_ODD):
            return _in_srgb(image, profile)
    return image if image.mode in {"RGB", "RGBA", "L"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """In the colours that every model was trained with. Raises PyCMSError where the profile is of other channels."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    made = ImageCms.profileToProfile(image.convert("RGB") if alpha else image, source, _SRGB, outputMode="RGB")
    if made is None:
        return image
    if alpha:
        made.putalpha(alpha)
    return made


def _flat(image: Image.Image, role: SourceRole) -> Image.Image:
    """What is clear is white, and in a mask black, which keeps what is below.

    Before anything is made smaller, so that no edge takes on the colour that a clear pixel happens to have.
    """
    mask = role is SourceRole.MASK
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (0, 0, 0, 255) if mask else (255, 255, 255, 255))
        image = Image.alpha_composite(ground, image)
    return image.convert("L" if mask else "RGB")


def _fitted(image: Image.Image, size: tuple[int, int], role: SourceRole, adapted: set[str]) -> Image.Image:
    """Filling that size, cut at both sides where it is of another ratio."""
    across, down = size[0] / image.width, size[1] / image.height
    scale = max(across, down)
    width, height = min(size[0] / scale, image.width), min(size[1] / scale, image.height)
    left, top = (image.width - width) / 2, (image.height - height) / 2
    if 1 - min(width / image.width, height / image.height) > _CUT_LEAST:
        adapted.add(CUT)
    if image.size == size:
        return image
    how = Image.Resampling.BILINEAR if role is SourceRole.MASK else Image.Resampling.LANCZOS
    return image.resize(size, how, box=(left, top, left + width, top + height))
