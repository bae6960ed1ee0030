"""The emoji art: packages → the drawings of all subjects (one small file that can travel) → RGBA pictures.

Everything lands in a cache folder outside the repository. A machine without npm and network needs only the small file.
"""

import io
import json
import lzma
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from worker.starter.data import catalogue
from worker.starter.data.packages import PACKAGES, WORDS, DataError, fetch, read_json
from worker.starter.vocabulary import STYLES, Vocabulary

Pixels = npt.NDArray[np.uint8]

SIZE = 256
DEFAULT_CACHE = Path.home() / ".cache" / "easel" / "starter"
DRAWINGS = "drawings.json.xz"


@dataclass(frozen=True)
class EmojiArt:
    """`pixels` is uint8 RGBA (styles, subjects, side, side, 4), mapped from the cache and not to be written to."""

    pixels: Pixels
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Drawings:
    """Vector drawings: `svgs[style][subject]`."""

    svgs: tuple[tuple[str, ...], ...]
    vocabulary: Vocabulary


def load(cache: Path = DEFAULT_CACHE, workers: int = 1) -> EmojiArt:
    """Return the drawings at `SIZE`, fetching and rendering whatever the cache folder lacks."""
    sources = drawings(cache)
    styles, subjects = len(sources.svgs), len(sources.vocabulary.subjects)
    path = cache / f"glyphs-{styles}x{subjects}-{SIZE}.npy"
    if not path.exists():
        partial = path.with_suffix(".part.npy")
        pixels = np.lib.format.open_memmap(partial, "w+", np.uint8, (styles * subjects, SIZE, SIZE, 4))
        for index, picture in enumerate(render_all([svg for row in sources.svgs for svg in row], SIZE, workers)):
            pixels[index] = picture
        pixels.flush()
        partial.rename(path)
    flat = np.load(path, mmap_mode="c", allow_pickle=False)
    return EmojiArt(flat.reshape(styles, subjects, SIZE, SIZE, 4), sources.vocabulary)


def drawings(cache: Path) -> Drawings:
    """Return the drawings of all subjects from the cache folder, or gather them from the packages."""
    path = cache / DRAWINGS
    if not path.exists():
        stored = _gather(cache)
        partial = path.with_suffix(".part")
        partial.write_bytes(lzma.compress(json.dumps(stored).encode(), preset=6))
        partial.rename(path)
    try:
        stored = json.loads(lzma.decompress(path.read_bytes()))
        return Drawings(tuple(tuple(row) for row in stored["svgs"]), Vocabulary.of(stored["vocabulary"]))
    except (lzma.LZMAError, ValueError, KeyError) as error:
        raise DataError(f"{path} is damaged: delete it, then try again") from error


def _gather(cache: Path) -> dict[str, Any]:
    archives = {package.name: fetch(package, cache / "npm") for package in PACKAGES}
    sets = [read_json(archives[style.package], "package/icons.json") for style in STYLES]
    entries = read_json(archives[WORDS], "package/en/data.json")
    vocabulary = Vocabulary(catalogue.choose(entries, [icons["icons"] for icons in sets]))
    svgs = [[svg(icons, subject.icon) for subject in vocabulary.subjects] for icons in sets]
    return {"vocabulary": vocabulary.to_json(), "svgs": svgs}


def svg(icons: dict[str, Any], name: str) -> str:
    """Return one icon of an Iconify set as a square SVG document (a few icons are not square: they are centred)."""
    icon = icons["icons"][name]
    width, height = icon.get("width", icons.get("width", 16)), icon.get("height", icons.get("height", 16))
    side = max(width, height)
    box = f"{(width - side) / 2:g} {(height - side) / 2:g} {side} {side}"
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {names} viewBox="{box}">{icon["body"]}</svg>'


def render_all(svgs: list[str], size: int, workers: int = 1) -> Iterator[Pixels]:
    """Render SVG documents in order: uint8 RGBA (size, size, 4) each."""
    if workers <= 1:
        yield from (render(document, size) for document in svgs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(render, svgs, [size] * len(svgs), chunksize=16)


def render(document: str, size: int) -> Pixels:
    """Render one SVG document with resvg: uint8 RGBA (size, size, 4), alpha not premultiplied."""
    try:
        import resvg_py
    except ImportError as error:
        raise DataError('rendering needs the extra "starter": pip install "easel[starter]"') from error
    png = bytes(resvg_py.svg_to_bytes(svg_string=document, width=size, height=size))
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=np.uint8)
