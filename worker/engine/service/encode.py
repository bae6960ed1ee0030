"""Pictures to bytes, always on encoder threads: a PNG of a megapixel takes a third of a second."""

import io

from PIL import Image

from worker.contract.types.recipe import Recipe, png_info

PREVIEW_SIDE = 256


def png(image: Image.Image, recipe: Recipe) -> bytes:
    """Lossless, with the recipe inside."""
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=png_info(recipe), compress_level=4)
    return out.getvalue()


def jpeg(image: Image.Image) -> bytes:
    """A preview of at most `PREVIEW_SIDE` pixels a side."""
    small = image.convert("RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()
