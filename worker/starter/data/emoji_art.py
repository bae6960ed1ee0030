"""The emoji art: packages → the drawings of all subjects (one small file that can travel) → RGBA pictures.

Everything lands in a cache folder outside the repository. A machine without npm and network needs only the small file.
Our own drawings (`own_art`), which the repository holds, come after those of the packages.
"""

import hashlib
import io
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from filelock import FileLock
from PIL import Image

from worker.starter.data import catalogue, more_sets, own_art
from worker.starter.data.packages import PACKAGES, WORDS, DataError, fetch, package_of, read_json
from worker.starter.vocabulary import STYLES, Vocabulary

Pixels = npt.NDArray[np.uint8]

# Editions of the packages' drawings. A training keeps to the one that it began with, so what they hold never changes.
Edition = Literal["four", "six"]
FOUR: Edition = "four"  # a style each
SIX: Edition = "six"  # one style more, in 3D, and second drawings
EDITIONS: tuple[Edition, ...] = (FOUR, SIX)

SIZE = 256
DEFAULT_CACHE = Path.home() / ".cache" / "easel" / "starter"
DRAWINGS = "drawings.json.xz"
_FILES = {FOUR: DRAWINGS, SIX: "drawings-six.json.xz"}


@dataclass(frozen=True)
class EmojiArt:
    """All drawings as pictures.

    `pixels` is uint8 RGBA (styles, subjects, side, side, 4), `seconds` likewise (n, side, side, 4), both mapped from
    the cache and not to be written to. `second_of` (styles, subjects): which of `seconds` is another drawing of the
    same in the same style, -1 where there is none.
    """

    pixels: Pixels
    vocabulary: Vocabulary
    seconds: Pixels
    second_of: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Drawings:
    """Drawings as SVG documents: `svgs[style][subject]`; `seconds[icon]`: others in the style `SECOND_STYLE`."""

    svgs: tuple[tuple[str, ...], ...]
    vocabulary: Vocabulary
    seconds: Mapping[str, str] = field(default_factory=dict)

    def second_of(self) -> npt.NDArray[np.int64]:
        """Which of `seconds` shows a style and subject: int (styles, subjects), -1 where none does."""
        rows = np.full((len(self.svgs), len(self.vocabulary.subjects)), -1)
        numbers = {icon: number for number, icon in enumerate(self.seconds)}
        rows[more_sets.SECOND_STYLE] = [numbers.get(subject.icon, -1) for subject in self.vocabulary.subjects]
        return rows


def load(cache: Path = DEFAULT_CACHE, workers: int = 1, edition: Edition = FOUR) -> EmojiArt:
    """Return all drawings, ours too, at `SIZE`, fetching and rendering whatever the cache folder lacks."""
    sources = all_drawings(cache, edition)
    styles, subjects = len(sources.svgs), len(sources.vocabulary.subjects)
    name = f"{styles}x{subjects}-{SIZE}.npy"
    flat = _pictures(cache / f"glyphs-{name}", [svg for row in sources.svgs for svg in row], workers)
    seconds = np.empty((0, SIZE, SIZE, 4), dtype=np.uint8)
    if sources.seconds:
        seconds = _pictures(cache / f"glyphs-second-{name}", list(sources.seconds.values()), workers)
    pixels = flat.reshape(styles, subjects, SIZE, SIZE, 4)
    return EmojiArt(pixels, sources.vocabulary, seconds, sources.second_of())


def _pictures(path: Path, documents: Sequence[str], workers: int) -> Pixels:
    """Map the rendered documents (n, side, side, 4) from `path`, rendering first those that are not there as they are.

    A file beside it tells by their hashes which those are: who changes one drawing waits for that alone. Of processes
    that ask for the same at once, such as those of one training, one renders and the others wait for it.
    """
    with FileLock(path.with_suffix(".lock")):
        return _rendered(path, documents, workers)


def _rendered(path: Path, documents: Sequence[str], workers: int) -> Pixels:
    marks, wanted = path.with_suffix(".json"), [hashlib.sha256(each.encode()).hexdigest() for each in documents]
    held: list[str] = json.loads(marks.read_text()) if path.exists() and marks.exists() else []
    if len(held) != len(wanted):
        held = [""] * len(wanted)
        np.lib.format.open_memmap(path, "w+", np.uint8, (len(wanted), SIZE, SIZE, 4)).flush()
    changed = [number for number, mark in enumerate(wanted) if held[number] != mark]
    if changed:
        pixels = np.load(path, mmap_mode="r+", allow_pickle=False)
        marks.write_text(json.dumps([mark if mark == wanted[number] else "" for number, mark in enumerate(held)]))
        drawn = render_all([documents[number] for number in changed], SIZE, workers)
        for number, picture in zip(changed, drawn, strict=True):
            pixels[number] = picture
        pixels.flush()
        marks.write_text(json.dumps(wanted))
    flat: Pixels = np.load(path, mmap_mode="c", allow_pickle=False)
    return flat


def path_of(cache: Path, edition: Edition) -> Path:
    """Return the one file that a machine without npm and network needs."""
    return cache / _FILES[edition]


def edition_of(vocabulary: Vocabulary) -> Edition:
    """Return the edition that a model learnt from, by its styles."""
    return SIX if more_sets.STYLE.package in {style.package for style in vocabulary.styles} else FOUR


def drawings(cache: Path, edition: Edition = FOUR) -> Drawings:
    """Return the packages' drawings from the cache folder, or gather them."""
    path = path_of(cache, edition)
    if not path.exists():
        keep(path, _gather(cache) if edition == FOUR else _gather_six(cache))
    try:
        stored = json.loads(lzma.decompress(path.read_bytes()))
        svgs = tuple(tuple(row) for row in stored["svgs"])
        return Drawings(svgs, Vocabulary.of(stored["vocabulary"]), stored.get("seconds", {}))
    except (lzma.LZMAError, ValueError, KeyError) as error:
        raise DataError(f"{path} is damaged: delete it, then try again") from error


def all_drawings(cache: Path, edition: Edition = FOUR) -> Drawings:
    """Return the packages' drawings and ours."""
    return with_our_own(drawings(cache, edition))


def with_our_own(found: Drawings) -> Drawings:
    """Return the packages' drawings, ours in the place of some, and then the rest of ours in the same styles."""
    known = found.vocabulary
    subjects = (*known.subjects, *own_art.subjects())
    rows = []
    for style, packaged in zip(known.styles, found.svgs, strict=True):
        theirs = dict(zip((subject.icon for subject in known.subjects), packaged, strict=True))
        theirs |= own_art.in_style(style)
        rows.append(tuple(theirs[subject.icon] for subject in subjects))
    return replace(found, svgs=tuple(rows), vocabulary=replace(known, subjects=subjects))


def keep(path: Path, stored: Mapping[str, Any]) -> None:
    """Write `vocabulary`, `svgs` and `seconds` as `drawings` reads them, whole or not at all."""
    partial = path.with_suffix(".part")
    partial.write_bytes(lzma.compress(json.dumps(stored).encode(), preset=6))
    partial.rename(path)


def _gather(cache: Path) -> dict[str, Any]:
    archives = {package.name: fetch(package, cache / "npm") for package in PACKAGES}
    sets = [read_json(archives[style.package], "package/icons.json") for style in STYLES]
    entries = read_json(archives[WORDS], "package/en/data.json")
    vocabulary = Vocabulary(catalogue.choose(entries, [icons["icons"] for icons in sets]))
    svgs = [[svg(icons, subject.icon) for subject in vocabulary.subjects] for icons in sets]
    return {"vocabulary": vocabulary.to_json(), "svgs": svgs}


def _gather_six(cache: Path) -> dict[str, Any]:
    """All that the four sets hold of what the 3D set draws too, that set as one style more, and second drawings."""
    four = drawings(cache)
    entries = read_json(fetch(package_of(WORDS), cache / "npm"), "package/en/data.json")
    hexcodes = catalogue.hexcodes(entries, [subject.icon for subject in four.vocabulary.subjects])
    solid = more_sets.rendered(fetch(more_sets.RENDERED, cache / "npm"), hexcodes)
    kept = [number for number, subject in enumerate(four.vocabulary.subjects) if subject.icon in solid]
    subjects = tuple(four.vocabulary.subjects[number] for number in kept)
    vocabulary = replace(four.vocabulary, subjects=subjects, styles=(*four.vocabulary.styles, more_sets.STYLE))
    svgs = [[row[number] for number in kept] for row in four.svgs]
    icons = read_json(fetch(more_sets.SECOND, cache / "npm"), "package/icons.json")
    names = more_sets.second_drawings(icons, [subject.icon for subject in subjects])
    return {
        "vocabulary": vocabulary.to_json(),
        "svgs": [*svgs, [solid[subject.icon] for subject in subjects]],
        "seconds": {icon: svg(icons, name) for icon, name in names.items()},
    }


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
