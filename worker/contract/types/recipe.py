"""The request inside the picture: written once when it is encoded, read when Redis no longer knows the job."""

import io
import json

from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo
from pydantic import Field, ValidationError

from .request import Request
from .versioned import VersionedModel

PNG_KEY = "easel"
EXIF_USER_COMMENT = 0x9286
EXIF_IFD = 0x8769
_MARK = "easel:"
_BYTES_MAX = 64 * 1024 * 1024


class Recipe(VersionedModel):
    """The whole request that a picture came from, and which of its pictures this is.

    It names no person, server or token, so sharing a picture shares nothing but how it was made. Pictures stay with
    people for years: every field ever written is read for ever. One with more than this Easel knows is no recipe to it.
    """

    request: Request
    index: int = Field(default=0, ge=0)
    revision: str = Field(default="", max_length=100, description="of the model's weights")

    @property
    def again(self) -> Request:
        """The request that draws this very picture alone."""
        return self.request.only(self.index)


def png_info(recipe: Recipe) -> PngInfo:
    """Text chunks for Pillow's PNG encoder: the recipe for us, and `parameters` as other tools expect it."""
    info = PngInfo()
    info.add_itxt(PNG_KEY, recipe.model_dump_json(exclude_defaults=False))
    info.add_itxt("parameters", _parameters(recipe))
    return info


def exif(recipe: Recipe) -> Image.Exif:
    """EXIF for WebP and JPEG, the recipe in its user comment."""
    data = Image.Exif()
    data.get_ifd(EXIF_IFD)[EXIF_USER_COMMENT] = b"ASCII\0\0\0" + comment(recipe)
    return data


def comment(recipe: Recipe) -> bytes:
    """What a GIF holds of it."""
    return (_MARK + json.dumps(recipe.model_dump(mode="json"))).encode("ascii")


def read(picture: bytes) -> Recipe | None:
    """The recipe in an encoded PNG, WebP, JPEG or GIF; None where there is none, or not one of ours.

    Decodes no pixels, so a hostile file costs next to nothing.
    """
    if len(picture) > _BYTES_MAX:
        return None
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "WEBP", "JPEG", "GIF")) as image:
            text = image.info.get(PNG_KEY) or _comment(image)
        return Recipe.model_validate_json(text) if isinstance(text, str) else None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, ValidationError, Image.DecompressionBombError):
        return None


def _comment(image: Image.Image) -> str | None:
    said = image.info.get("comment") if image.format == "GIF" else None
    said = said or image.getexif().get_ifd(EXIF_IFD).get(EXIF_USER_COMMENT)
    if not isinstance(said, bytes):
        return None
    text = said.removeprefix(b"ASCII\0\0\0").decode("ascii", "replace")
    return text.removeprefix(_MARK) if text.startswith(_MARK) else None


def _parameters(recipe: Recipe) -> str:
    asked = recipe.again
    lines = [" ".join([asked.prompt, *(f"<lora:{each.id}:{each.weight:g}>" for each in asked.loras)])]
    if asked.negative_prompt:
        lines.append(f"Negative prompt: {asked.negative_prompt}")
    lines.append(
        f"Steps: {asked.steps}, Sampler: {asked.scheduler or 'default'}, CFG scale: {asked.guidance_scale:g}, "
        f"Seed: {asked.seed}, Size: {asked.width}x{asked.height}, Model: {asked.model}"
    )
    if asked.strength is not None:
        lines[-1] += f", Denoising strength: {asked.strength:g}"
    if asked.upscale:
        lines[-1] += f", Postprocess upscale by: {asked.upscale.scale}, Postprocess upscaler: {asked.upscale.upscaler}"
    return "\n".join(lines)
