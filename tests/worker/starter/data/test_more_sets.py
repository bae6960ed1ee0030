"""The edition of six sets: one style more, second drawings, and nothing of the edition of four changed."""

import io
import json
import tarfile

import numpy as np
import pytest
import torch
from PIL import Image

from worker.starter import vocabulary
from worker.starter.data import emoji_art, more_sets, scenes
from worker.starter.data.choice import ASKED
from worker.starter.data.compose import Composer, SecondDrawings
from worker.starter.data.emoji_art import FOUR, SIX
from worker.starter.data.packages import PACKAGES, DataError
from worker.starter.data.scenes import Mix
from worker.starter.latent_cache import LatentCachePlan
from worker.starter.vocabulary import STYLES, Subject, Vocabulary

BODY = '<rect width="8" height="8" fill="#0000ff"/>'


def _tgz(path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as opened:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))


def _webp(colour: tuple[int, int, int, int]) -> bytes:
    kept = io.BytesIO()
    Image.new("RGBA", (256, 256), colour).save(kept, "webp", lossless=True)
    return kept.getvalue()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache with an edition of four of three subjects; npm's packages are there, and small."""
    subjects = tuple(Subject(icon, (icon,)) for icon in ("lemon", "sun", "lime"))
    svg = emoji_art.svg({"icons": {"a": {"body": BODY}}, "width": 16, "height": 16}, "a")
    stored = {"vocabulary": Vocabulary(subjects).to_json(), "svgs": [[svg] * 3] * 4}
    emoji_art.keep(emoji_art.path_of(tmp_path, FOUR), stored)
    packed = tmp_path / "packed"
    packed.mkdir()
    labels = (("lemon", "1F34B"), ("sun", "2600"), ("lime", "1F34B-200D-1F7E9"))
    entries = [{"label": label, "hexcode": code, "group": 4, "subgroup": 40} for label, code in labels]
    icons = {"icons": {"lemon": {"body": BODY}, "sunrays": {"body": BODY}}, "width": 16, "height": 16}
    red = _webp((255, 0, 0, 255))
    _tgz(packed / "emojibase-data", {"en/data.json": json.dumps(entries).encode()})
    _tgz(packed / "fluent-emoji-3d", {"assets/1f34b.webp": red, "assets/2600-fe0f.webp": red, "README.md": b"-"})
    _tgz(packed / "fxemoji", {"icons.json": json.dumps(icons).encode()})
    monkeypatch.setattr(emoji_art, "fetch", lambda package, _folder: packed / package.name.rpartition("/")[2])
    monkeypatch.setattr(emoji_art, "SIZE", 32)
    monkeypatch.setattr(emoji_art, "with_our_own", lambda found: found)
    return tmp_path


def test_six_sets_are_four_and_one_style_more_and_second_drawings(cache):
    before = emoji_art.path_of(cache, FOUR).read_bytes()
    found = emoji_art.drawings(cache, SIX)
    assert [subject.icon for subject in found.vocabulary.subjects] == ["lemon", "sun"]  # the 3D set has no lime
    assert found.vocabulary.styles == (*STYLES, more_sets.STYLE)
    assert [len(row) for row in found.svgs] == [2] * 5
    assert set(found.seconds) == {"lemon", "sun"}
    assert found.second_of().tolist() == [[0, 1], *[[-1, -1]] * 4]
    assert emoji_art.edition_of(found.vocabulary) == SIX
    assert emoji_art.edition_of(emoji_art.drawings(cache).vocabulary) == FOUR
    assert emoji_art.path_of(cache, FOUR).read_bytes() == before
    assert emoji_art.drawings(cache).second_of().tolist() == [[-1, -1, -1]] * 4


def test_pictures_in_3d_are_rendered_as_they_are(cache):
    pytest.importorskip("resvg_py")
    art = emoji_art.load(cache, edition=SIX)
    assert art.pixels.shape == (5, 2, 32, 32, 4)
    assert art.seconds.shape == (2, 32, 32, 4)
    assert (art.pixels[4] == (255, 0, 0, 255)).all()
    four = emoji_art.load(cache)
    assert four.pixels.shape == (4, 3, 32, 32, 4)
    assert len(four.seconds) == 0


def test_another_version_of_the_set_is_refused_in_words():
    with pytest.raises(DataError, match="@iconify-json/fxemoji has no bunny, lemon: it must be version"):
        more_sets.second_drawings({"icons": {"sunrays": {}}}, ["lemon", "rabbit-face", "sun"])


def test_second_drawings_are_of_what_people_ask_for_and_of_no_two_things():
    names = more_sets.second_names()
    assert set(names) <= ASKED
    assert len(set(names.values())) == len(names)
    packages = [*PACKAGES, more_sets.RENDERED, more_sets.SECOND]
    assert len({package.name for package in packages}) == len(packages)
    assert all(package.integrity.startswith("sha512-") for package in packages)
    assert vocabulary.STYLES == STYLES  # those of the edition of four, and of the weights that ship


def test_scenes_show_second_drawings_where_there_are_such(drawings, vocabulary):
    other = torch.full((1, 64, 64, 4), 255, dtype=torch.uint8)
    rows = torch.tensor([[-1, 0], [-1, -1]])  # of the second subject in the first style alone
    composer = Composer(torch.from_numpy(drawings), vocabulary, 64, SecondDrawings(other, rows))
    plain = Composer(torch.from_numpy(drawings), vocabulary, 64)
    drawn = scenes.draw(np.random.default_rng(4), 60, vocabulary, mix=Mix(pair=0.0, second=0.5))
    differ = (composer.pictures(drawn) != plain.pictures(drawn)).flatten(1).any(dim=1).numpy()
    expected = drawn.other & (drawn.style == 0) & (drawn.first == 1)
    assert 0 < expected.sum() < ((drawn.style == 0) & (drawn.first == 1)).sum()
    assert (differ == expected).all()


def test_scenes_without_second_drawings_stay_what_they_were(vocabulary):
    one, other = (
        scenes.draw(np.random.default_rng(4), 50, vocabulary, mix=Mix(flipped=0.3, second=share))
        for share in (0.0, 0.5)
    )
    assert not one.other.any()
    for name in ("style", "first", "colour", "scale", "centre", "paint", "flipped"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_a_cache_of_six_sets_shows_every_other_scene_by_its_second_drawing():
    plan = LatentCachePlan().with_second_drawings()
    assert (plan.mix.second, plan.later_mix.second, plan.last_mix.second) == (0.5, 0.5, 0.5)
    assert plan.rounds == LatentCachePlan().rounds
    assert LatentCachePlan().mix.second == 0
