import numpy as np
import pytest
import torch
from PIL import Image

from worker.engine.pipeline.upscale.compact import Compact
from worker.engine.pipeline.upscale.enlarge import enlarge
from worker.engine.pipeline.upscale.load import Upscaler

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def upscaler():
    torch.manual_seed(0)
    model = Compact(features=8, convs=4, scale=4).eval().requires_grad_(requires_grad=False)
    return Upscaler(model, 4, "Compact", torch.device("cpu"), model.sees)


def noise(width, height):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


def test_tiles_show_no_seams(upscaler):
    picture = noise(100, 70)
    whole, tiled = (np.asarray(enlarge(upscaler, picture, tile=side), dtype=int) for side in (128, 32))
    assert whole.shape == (280, 400, 3)
    assert abs(whole - tiled).max() <= 1


def test_it_tells_its_steps_and_can_be_stopped(upscaler):
    seen = []
    enlarge(upscaler, noise(64, 40), lambda done, of: seen.append((done, of)), tile=32)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def stop(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        enlarge(upscaler, noise(64, 40), stop, tile=32)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA"])
def test_pictures_of_any_mode_come_out_as_rgb(upscaler, mode):
    large = enlarge(upscaler, noise(8, 8).convert(mode))
    assert (large.mode, large.size) == ("RGB", (32, 32))


def test_transparency_becomes_white(upscaler):
    clear = enlarge(upscaler, Image.new("RGBA", (8, 8), (0, 0, 0, 0)))
    white = enlarge(upscaler, Image.new("RGB", (8, 8), (255, 255, 255)))
    assert np.array_equal(np.asarray(clear), np.asarray(white))
