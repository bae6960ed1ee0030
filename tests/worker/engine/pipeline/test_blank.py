"""Which pictures count as blank, whatever model drew them, and with which seeds they are drawn once more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tests.worker.engine.engines import asked
from worker.contract.types.request import COUNT_MAX, SEED_MAX
from worker.engine.pipeline.blank import is_blank

BYTE = st.integers(0, 255)
MODES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}


def plain(mode: str, colour: list[int], noise: int, seed: int) -> Image.Image:
    """One colour, with noise of at most so much in every band, as decoders leave it."""
    bands = MODES[mode]
    dice = np.random.default_rng(seed)
    pixels = np.array(colour[:bands]) + dice.integers(-noise, noise + 1, (64, 64, bands))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8).squeeze(), mode)


@pytest.mark.parametrize("mode", MODES)
@given(colour=st.lists(BYTE, min_size=4, max_size=4), noise=st.integers(0, 4), seed=st.integers(0, 99))
def test_one_colour_with_a_little_noise_is_blank(mode: str, colour: list[int], noise: int, seed: int):
    assert is_blank(plain(mode, colour, noise, seed))


@pytest.mark.parametrize("mode", MODES)
@given(
    colour=st.lists(BYTE, min_size=4, max_size=4),
    band=st.integers(0, 3),
    contrast=st.integers(30, 120),
    size=st.integers(18, 60),
)
def test_a_subject_in_any_band_is_none(mode: str, colour: list[int], band: int, contrast: int, size: int):
    """Among them: white things on white that differ in blue alone, and cut-outs whose shape is in alpha alone."""
    band %= MODES[mode]
    image = plain(mode, colour, 0, 0)
    other = [*colour[: MODES[mode]]]
    other[band] += contrast if other[band] < 128 else -contrast
    ImageDraw.Draw(image).ellipse((2, 2, 2 + size, 2 + size), fill=tuple(other) if len(other) > 1 else other[0])
    assert not is_blank(image)


@given(seed=st.integers(0, SEED_MAX), count=st.integers(1, COUNT_MAX))
def test_the_next_seeds_are_those_of_no_picture_of_the_request(seed: int, count: int):
    first = asked(seed=seed, count=count)
    again = first.reseeded()
    own, other = ({request.seed_of(index) for index in range(count)} for request in (first, again))
    assert own.isdisjoint(other)
    assert all(0 <= one <= SEED_MAX for one in other)
    assert again == first.model_copy(update={"seed": again.seed})
