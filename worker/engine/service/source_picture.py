"""The picture to upscale, from a file of somebody's to pixels: what it is and how large is known before decoding."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from worker.contract.types import cause as causes
from worker.contract.types.model_info import UpscalerInfo
from worker.engine.errors import SourceError

FORMATS = ("PNG", "JPEG", "WEBP")


def read(content: bytes, upscaler: UpscalerInfo) -> Image.Image:
    """The picture, decoded. Takes up to a second for a large one, so not for an event loop.

    Raises:
        SourceError: it is of another format, too large, moving or damaged.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:  # reads the header alone
            if objection := upscaler.objection(*image.size):
                raise SourceError(objection)
            if getattr(image, "n_frames", 1) > 1:
                raise SourceError(causes.picture_moves())
            image.load()
            return _upright(image)
    except UnidentifiedImageError as error:
        raise SourceError(causes.picture_of_other_format()) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # far above our limit
        raise SourceError(causes.picture_far_too_large()) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise SourceError(causes.picture_damaged()) from error


def _upright(image: Image.Image) -> Image.Image:
    """As viewers show it: turned as its camera says, and 16-bit grey as grey and not as white."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I"):
        return turned.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return turned
