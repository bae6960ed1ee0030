from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.scenes import NONE, Mix

RED, WHITE, BLACK = (220, 30, 30), 0, 3


@pytest.fixture
def upright(vocabulary):
    """One upright red disc in the middle of white at 80 %, and how to change that."""

    def of(**columns):
        one = scenes.draw(np.random.default_rng(0), 1, vocabulary, mix=Mix(pair=0.0))
        usual = {"style": 0, "first": 0, "second": NONE, "colour": WHITE, "colour_below": NONE, "mirrored": False}
        things = {"scale": [[0.8, 0.4]], "centre": [[[0, 0], [0, 0]]], "degrees": [[0, 0]]}
        columns = usual | things | columns
        arrays: dict[str, Any] = {
            name: np.array(value, dtype=np.float32) if name in things else np.array([value])
            for name, value in columns.items()
        }
        return replace(one, **arrays)

    return of


def seen(composer, one):
    """The picture in 0..255, (64, 64, 3)."""
    return ((composer.pictures(one)[0] + 1) * 127.5).round().movedim(0, -1).numpy()


def test_the_glyph_stands_on_its_background_with_clean_edges(composer, upright):
    picture = seen(composer, upright())
    assert (picture[0, 0] == 255).all()
    np.testing.assert_allclose(picture[32, 32], RED, atol=1)
    assert (picture >= np.minimum(RED, 255) - 1).all()  # nothing darker than both colours: alpha is premultiplied


def test_invisible_pixels_do_not_colour_edges(vocabulary, upright):
    glyph = np.zeros((2, 2, 64, 64, 4), np.uint8)
    glyph[..., 1] = 255  # green where nothing shows
    glyph[..., 16:48, 16:48, :] = (0, 0, 0, 255)
    composer = Composer(torch.from_numpy(glyph), vocabulary, size=64)
    assert seen(composer, upright(colour=BLACK, scale=[[0.73, 0]]))[..., 1].max() <= 23


def test_turning_and_mirroring_are_what_they_say(composer, upright):
    plain = seen(composer, upright(first=1))
    np.testing.assert_allclose(seen(composer, upright(first=1, mirrored=True)), plain[:, ::-1], atol=1)
    np.testing.assert_allclose(seen(composer, upright(first=1, flipped=True)), plain[:, ::-1], atol=1)
    np.testing.assert_allclose(seen(composer, upright(first=1, degrees=[[180, 0]])), plain[::-1, ::-1], atol=1)
    clockwise = seen(composer, upright(first=1, degrees=[[90, 0]]))
    np.testing.assert_allclose(clockwise, np.rot90(plain, -1), atol=1)


def test_smaller_things_go_through_a_smaller_drawing_to_the_same_place(composer, upright):
    picture = seen(composer, upright(scale=[[0.4, 0]], centre=[[[0.5, -0.5], [0, 0]]]))
    np.testing.assert_allclose(picture[16, 48], RED, atol=2)
    assert (picture[32:, :32] == 255).all()


def test_two_things_and_a_gradient(composer, upright):
    picture = seen(
        composer,
        upright(second=0, colour_below=BLACK, scale=[[0.4, 0.4]], centre=[[[-0.5, 0], [0.5, 0]]]),
    )
    np.testing.assert_allclose(picture[32, 16], RED, atol=2)
    np.testing.assert_allclose(picture[32, 48], RED, atol=2)
    down = picture[:, 0, 0]
    assert down[0] == 255
    assert down[-1] == 22
    assert (np.diff(down) < 0).all()


def test_a_batch_draws_what_single_scenes_draw(composer, vocabulary):
    drawn = scenes.draw(np.random.default_rng(9), 12, vocabulary, mix=Mix(pair=0.5))
    together = composer.pictures(drawn)
    alone = torch.cat([composer.pictures(drawn.pick(slice(row, row + 1))) for row in range(12)])
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=0)
