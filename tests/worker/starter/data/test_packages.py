import base64
import hashlib
import stat

import pytest

from worker.starter.data.packages import PACKAGES, DataError, Package, fetch
from worker.starter.vocabulary import STYLES


def _pinned(content: bytes) -> Package:
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    return Package("@some/set", "1.0.0", f"sha512-{digest}")


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """A stand-in for npm on the path: run it with what `pack` shall do."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def install(script: str) -> None:
        program = folder / "npm"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return install


def test_every_style_is_pinned_by_version_and_hash():
    assert {style.package for style in STYLES} < {package.name for package in PACKAGES}
    assert all(package.integrity.startswith("sha512-") for package in PACKAGES)


def test_a_package_is_packed_once_and_checked(npm, tmp_path):
    npm('[ "$1 $2 $3" = "pack --silent @some/set@1.0.0" ] && printf glyphs > some-set-1.0.0.tgz')
    archive = fetch(_pinned(b"glyphs"), tmp_path / "cache")
    assert archive.read_bytes() == b"glyphs"
    npm("exit 1")
    assert fetch(_pinned(b"glyphs"), tmp_path / "cache") == archive


def test_an_archive_that_is_not_the_pinned_one_is_refused(npm, tmp_path):
    npm("printf other > some-set-1.0.0.tgz")
    with pytest.raises(DataError, match="does not match its pinned hash: delete it"):
        fetch(_pinned(b"glyphs"), tmp_path / "cache")


def test_npm_missing_or_failing_is_said_in_words(npm, tmp_path, monkeypatch):
    npm("echo no such package >&2; exit 1")
    with pytest.raises(DataError, match=r"npm could not fetch @some/set@1\.0\.0: no such package"):
        fetch(_pinned(b"glyphs"), tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match=r"install Node\.js"):
        fetch(_pinned(b"glyphs"), tmp_path / "cache")
