"""Fetch the pinned glyph sets with the npm client and render them to RGBA pictures, once.

Everything lands in a cache folder outside the repository; no file of the sets is ever committed.
"""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from worker.starter.subjects import STYLES, SUBJECTS, Subject

Pixels = npt.NDArray[np.uint8]

SIZE = 128
DEFAULT_CACHE = Path.home() / ".cache" / "easel" / "starter"


@dataclass(frozen=True)
class Package:
    """An npm package pinned by version and by the integrity hash of its archive."""

    name: str
    version: str
    integrity: str


PACKAGES: tuple[Package, ...] = (
    Package(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
    ),
    Package(
        "@iconify-json/fluent-emoji",
        "1.2.7",
        "sha512-D8G6bKAyIsyxP1rzZtIWr/gg/fO4Rg1+DyCWlfqKK4h8W+4Em/Y0P6QYgJUQTlUcagzJvSyg+9OBv4hz4Hc/QA==",
    ),
    Package(
        "@iconify-json/noto",
        "1.2.9",
        "sha512-DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
    ),
    Package(
        "@iconify-json/twemoji",
        "1.2.5",
        "sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
    ),
    Package(
        "emojibase-data",
        "17.0.0",
        "sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
    ),
)


class DataError(Exception):
    """The training data cannot be had. The message says what to do."""


@dataclass(frozen=True)
class Glyphs:
    """Rendered glyphs and the tags that belong to one subject only.

    `pixels` is uint8 RGBA of shape (styles, subjects, SIZE, SIZE, 4); `tags[i]` are extra words for subject i.
    """

    pixels: Pixels
    tags: tuple[tuple[str, ...], ...]


def load(cache: Path = DEFAULT_CACHE) -> Glyphs:
    """Return the glyphs, fetching and rendering whatever the cache folder lacks."""
    rendered, words = cache / f"glyphs-{_fingerprint()}.npz", cache / f"tags-{_fingerprint()}.json"
    if not (rendered.exists() and words.exists()):
        archives = {package.name: fetch(package, cache / "npm") for package in PACKAGES}
        pixels = np.stack([render_set(archives[style.package]) for style in STYLES])
        tags = distinct_tags(_read_json(archives["emojibase-data"], "package/en/data.json"))
        words.write_text(json.dumps(tags))
        partial = rendered.with_suffix(".part.npz")
        np.savez_compressed(partial, pixels=pixels)
        partial.rename(rendered)
    with np.load(rendered, allow_pickle=False) as stored:
        pixels = stored["pixels"]
    return Glyphs(pixels, tuple(tuple(names) for names in json.loads(words.read_text())))


def fetch(package: Package, folder: Path) -> Path:
    """Return the package's archive in `folder`, packed by the npm client and checked against its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{package.name.removeprefix('@').replace('/', '-')}-{package.version}.tgz"
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise DataError("npm is needed to fetch the glyph sets: install Node.js, then try again")
        command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - pinned names
        if packed.returncode:
            raise DataError(f"npm could not fetch {package.name}@{package.version}: {packed.stderr.strip()}")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise DataError(f"{archive} does not match its pinned hash: delete it, then try again")
    return archive


def render_set(archive: Path) -> Pixels:
    """Render every subject of one icon set: uint8 RGBA of shape (subjects, SIZE, SIZE, 4)."""
    icons = _read_json(archive, "package/icons.json")
    return np.stack([_render(icons, subject) for subject in SUBJECTS])


def _render(icons: dict[str, Any], subject: Subject) -> Pixels:
    try:
        import resvg_py
    except ImportError as error:
        raise DataError('rendering needs the extra "starter": pip install "easel[starter]"') from error

    icon = icons["icons"][subject.icon]
    width, height = icon.get("width", icons.get("width", 16)), icon.get("height", icons.get("height", 16))
    side = max(width, height)  # a few icons are not square: centre them
    box = f"{(width - side) / 2} {(height - side) / 2} {side} {side}"
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box}">{icon["body"]}</svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE))
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=np.uint8)


def distinct_tags(entries: list[dict[str, Any]], subjects: Iterable[Subject] = SUBJECTS) -> list[tuple[str, ...]]:
    """Return, for each subject, the emojibase tags that no other subject has (sorted, one or two words)."""
    subjects = list(subjects)
    by_label = {entry["label"].replace("-", " "): set(entry.get("tags", ())) for entry in entries}
    tags = [by_label.get(subject.icon.replace("-", " "), set()) - set(subject.names) for subject in subjects]
    taken = [name for subject in subjects for name in subject.names]
    every = [tag for one in tags for tag in one] + taken
    return [tuple(sorted(tag for tag in one if every.count(tag) == 1 and len(tag) > 2)) for one in tags]


def _read_json(archive: Path, member: str) -> Any:
    with tarfile.open(archive) as opened:
        stream = opened.extractfile(member)
        if stream is None:
            raise DataError(f"{archive} has no {member}: delete it, then try again")
        return json.load(stream)


def _fingerprint() -> str:
    """Name of the cache entry: changes with the pins, the subjects or the size."""
    parts = [SIZE, *(package.integrity for package in PACKAGES), *(subject.icon for subject in SUBJECTS)]
    return hashlib.sha256(json.dumps([*parts, *(style.package for style in STYLES)]).encode()).hexdigest()[:12]
