"""Fetch the pinned emoji sets with the npm client. No file of them is ever committed."""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORDS = "emojibase-data"


class DataError(Exception):
    """The training data cannot be had. The message says what to do."""


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
        WORDS,
        "17.0.0",
        "sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
    ),
)


def package_of(name: str) -> Package:
    """Return the pinned package of that name."""
    return next(package for package in PACKAGES if package.name == name)


def fetch(package: Package, folder: Path) -> Path:
    """Return the package's archive in `folder`, packed by the npm client and checked against its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{package.name.removeprefix('@').replace('/', '-')}-{package.version}.tgz"
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise DataError("npm is needed to fetch the emoji sets: install Node.js, then try again")
        command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - pinned names
        if packed.returncode:
            raise DataError(f"npm could not fetch {package.name}@{package.version}: {packed.stderr.strip()}")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise DataError(f"{archive} does not match its pinned hash: delete it, then try again")
    return archive


def read_json(archive: Path, member: str) -> Any:
    """Read one JSON file of a package's archive."""
    with tarfile.open(archive) as opened:
        stream = opened.extractfile(member)
        if stream is None:
            raise DataError(f"{archive} has no {member}: delete it, then try again")
        return json.load(stream)
