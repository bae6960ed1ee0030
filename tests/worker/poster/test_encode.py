"""Smaller encodings keep the recipe, whatever the picture is like."""

import io

import pytest
from PIL import Image

from tests.worker.contract.factories import request
from worker.contract.types import recipe
from worker.contract.types.recipe import Recipe
from worker.poster.encode import ENCODINGS, GIF, Encoder, Encoding, of, shrink

MADE = Recipe(request=request(prompt="ein “grüner” Apfel 🍏"), index=2, revision="abc")


def png(mode: str = "RGB", made: Recipe | None = MADE) -> bytes:
    out = io.BytesIO()
    info = recipe.png_info(made) if made else None
    Image.new(mode, (16, 16)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
@pytest.mark.parametrize("encoding", ENCODINGS[1:], ids=lambda each: f"{each.extension}{each.quality}")
def test_each_encoding_keeps_the_recipe(encoding: Encoding, mode: str) -> None:
    smaller = shrink(png(mode), encoding)
    assert recipe.read(smaller) == MADE
    with Image.open(io.BytesIO(smaller)) as image:
        assert image.get_format_mimetype() == encoding.content_type


@pytest.mark.parametrize("encoding", ENCODINGS[1:], ids=lambda each: f"{each.extension}{each.quality}")
def test_a_picture_without_one_is_made_smaller_all_the_same(encoding: Encoding) -> None:
    assert recipe.read(shrink(png(made=None), encoding)) is None


async def test_the_first_encoding_is_the_picture_as_it_came() -> None:
    assert await Encoder().encode([png(), b"junk"], ENCODINGS[0]) == [png(), b"junk"]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda each: f"{each.extension}{each.quality}")
async def test_what_moves_stays_as_it_is(encoding: Encoding) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    still, moving = await Encoder().encode([png(), out.getvalue()], encoding)
    assert moving == out.getvalue()
    assert [of(each, encoding) for each in (still, moving)] == [encoding, GIF]
