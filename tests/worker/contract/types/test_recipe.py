"""A recipe survives every encoding that we post, and hostile files are not recipes."""

import io

import pytest
from PIL import Image

from tests.worker.contract.factories import request
from worker.contract.types import recipe
from worker.contract.types.recipe import Recipe

MADE = Recipe(request=request(prompt="a “red” apple 🍎, größer", negative_prompt="blur"), index=2, revision="abc")


def encoded(kind: str) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (8, 8), "red")
    if kind == "PNG":
        image.save(out, kind, pnginfo=recipe.png_info(MADE))
    else:
        image.save(out, kind, exif=recipe.exif(MADE))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_it_is_read_back_from_each_encoding(kind: str) -> None:
    found = recipe.read(encoded(kind))
    assert found == MADE
    assert found is not None
    assert found.again.seed == 44
    assert found.again.count == 1


def test_other_tools_find_their_parameters() -> None:
    with Image.open(io.BytesIO(encoded("PNG"))) as image:
        words = image.info["parameters"]
    assert words.splitlines()[1] == "Negative prompt: blur"
    assert "Seed: 44" in words


@pytest.mark.parametrize("junk", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, encoded("PNG")[:60]])
def test_junk_is_no_recipe(junk: bytes) -> None:
    assert recipe.read(junk) is None


@pytest.mark.parametrize("text", ["{}", "not json", '{"request": {"prompt": "x"}, "index": 0}', "[" * 5000])
def test_a_foreign_or_damaged_text_is_no_recipe(text: str) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt(recipe.PNG_KEY, text)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=info)
    assert recipe.read(out.getvalue()) is None


def test_a_comment_of_another_tool_is_no_recipe() -> None:
    foreign = Image.Exif()
    text = MADE.model_dump_json().encode("ascii", "replace")
    foreign.get_ifd(recipe.EXIF_IFD)[recipe.EXIF_USER_COMMENT] = b"ASCII\0\0\0" + text
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=foreign)
    assert recipe.read(out.getvalue()) is None


def test_files_beyond_reason_are_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = encoded("PNG")
    monkeypatch.setattr(recipe, "_BYTES_MAX", len(picture))
    assert recipe.read(picture) == MADE
    assert recipe.read(picture + b"\0") is None


def test_a_picture_that_says_it_is_huge_is_no_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 16)
    assert recipe.read(encoded("PNG")) is None
