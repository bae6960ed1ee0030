import contextlib
import json
import lzma
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from worker.starter.data import emoji_art
from worker.starter.data.packages import DataError
from worker.starter.vocabulary import STYLES, Subject, Vocabulary

SQUARE = '<rect x="4" y="0" width="8" height="8" fill="#ff0000"/>'


def test_an_icon_becomes_a_square_document_with_the_icon_in_its_middle():
    icons = {"height": 8, "icons": {"a": {"body": SQUARE, "width": 16}}}
    assert 'viewBox="0 -4 16 16"' in emoji_art.svg(icons, "a")


def test_a_cache_with_the_drawings_alone_is_enough(tmp_path, monkeypatch):
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(emoji_art, "with_our_own", lambda found: found)
    monkeypatch.setattr(emoji_art, "SIZE", 32)
    monkeypatch.setenv("PATH", "")  # no npm
    known = Vocabulary((Subject("a", ("a",)),), STYLES[:2])
    document = emoji_art.svg({"icons": {"a": {"body": SQUARE}}, "width": 16, "height": 16}, "a")
    stored = {"vocabulary": known.to_json(), "svgs": [[document], [document]]}
    (tmp_path / emoji_art.DRAWINGS).write_bytes(lzma.compress(json.dumps(stored).encode()))
    loaded = emoji_art.load(tmp_path)
    assert loaded.vocabulary == known
    assert loaded.pixels.shape == (2, 1, 32, 32, 4)
    assert tuple(loaded.pixels[0, 0, 8, 16]) == (255, 0, 0, 255)
    assert loaded.pixels[0, 0, 24, 16, 3] == 0
    assert np.array_equal(emoji_art.load(tmp_path).pixels, loaded.pixels)


def test_only_what_was_drawn_anew_is_rendered_again(tmp_path, monkeypatch):
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(emoji_art, "SIZE", 32)
    rendered: list[str] = []
    render_all = emoji_art.render_all

    def noted(svgs, *rest):
        rendered.extend(svgs)
        return render_all(svgs, *rest)

    monkeypatch.setattr(emoji_art, "render_all", noted)
    red, blue = (
        emoji_art.svg({"icons": {"a": {"body": SQUARE.replace("ff0000", colour)}}}, "a")
        for colour in ("ff0000", "0000ff")
    )
    path = tmp_path / "glyphs.npy"
    emoji_art._pictures(path, [red, red], 1)
    pixels = emoji_art._pictures(path, [red, blue], 1)
    assert rendered == [red, red, blue]
    assert [tuple(one[8, 16]) for one in pixels] == [(255, 0, 0, 255), (0, 0, 255, 255)]
    assert np.array_equal(emoji_art._pictures(path, [red, blue], 1), pixels)
    assert len(emoji_art._pictures(path, [blue], 1)) == 1
    assert rendered == [red, red, blue, blue]


def test_of_several_at_once_one_renders_and_the_others_wait(tmp_path, monkeypatch):
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(emoji_art, "SIZE", 32)
    rendered: list[str] = []
    both, render_all = threading.Barrier(2), emoji_art.render_all

    def noted(svgs, *rest):
        rendered.extend(svgs)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)  # until the other one renders as well, were it to
        return render_all(svgs, *rest)

    monkeypatch.setattr(emoji_art, "render_all", noted)
    red = emoji_art.svg({"icons": {"a": {"body": SQUARE}}}, "a")
    with ThreadPoolExecutor() as several:
        found = [*several.map(lambda _: emoji_art._pictures(tmp_path / "glyphs.npy", [red], 1), range(2))]
    assert rendered == [red]
    assert [tuple(pixels[0][8, 16]) for pixels in found] == [(255, 0, 0, 255)] * 2


def test_what_was_interrupted_is_rendered_again(tmp_path, monkeypatch):
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(emoji_art, "SIZE", 32)
    red = emoji_art.svg({"icons": {"a": {"body": SQUARE}}}, "a")
    path = tmp_path / "glyphs.npy"

    def broken(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(emoji_art, "render_all", broken)
        with pytest.raises(KeyboardInterrupt):
            emoji_art._pictures(path, [red], 1)
    assert tuple(emoji_art._pictures(path, [red], 1)[0][8, 16]) == (255, 0, 0, 255)


def test_a_damaged_cache_is_said_in_words(tmp_path):
    (tmp_path / emoji_art.DRAWINGS).write_bytes(b"no xz")
    with pytest.raises(DataError, match="is damaged: delete it"):
        emoji_art.drawings(tmp_path)
