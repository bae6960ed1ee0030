"""The upscaler that ships: small, readable, and better than filters on shapes that it never saw."""

import json

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors import safe_open

from worker.engine.pipeline.upscale.enlarge import enlarge
from worker.engine.pipeline.upscale.load import load
from worker.starter import UPSCALER, upscaler

pytestmark = pytest.mark.engine


def shapes(side: int = 256, fine: int = 4) -> Image.Image:
    """A few smooth shapes in plain colours, without steps at their edges."""
    page = Image.new("RGB", (side * fine, side * fine), (170, 214, 245))
    pen = ImageDraw.Draw(page)
    for box, colour in (
        ((0.1, 0.15, 0.6, 0.7), (214, 48, 50)),
        ((0.3, 0.3, 0.5, 0.9), (30, 50, 116)),
        ((0.55, 0.4, 0.95, 0.8), (255, 224, 84)),
    ):
        pen.ellipse([round(share * page.width) for share in box], colour)
    pen.line([(60 * fine, 240 * fine), (250 * fine, 20 * fine)], (22, 22, 26), 5 * fine)
    return page.resize((side, side), Image.Resampling.BOX)


def psnr(made: Image.Image, wanted: Image.Image) -> float:
    apart = np.asarray(made, dtype=float) - np.asarray(wanted, dtype=float)
    return float(10 * np.log10(255**2 / np.square(apart).mean()))


def test_it_beats_bicubic_and_lanczos_on_new_shapes():
    wanted = shapes()
    small = wanted.resize((64, 64), Image.Resampling.BOX)
    filters = [small.resize(wanted.size, how) for how in (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)]
    made = enlarge(load(UPSCALER), small)
    assert made.size == wanted.size
    assert psnr(made, wanted) > max(psnr(one, wanted) for one in filters) + 2


def test_flat_colours_stay_what_they_are():
    large = np.asarray(enlarge(load(UPSCALER), Image.new("RGB", (32, 32), (255, 184, 208))), dtype=int)
    assert abs(large - (255, 184, 208)).max() <= 6


def test_the_file_is_small_and_says_how_good_it_is():
    assert UPSCALER.stat().st_size < 5e6
    with safe_open(UPSCALER, "pt") as opened:
        measured = json.loads(opened.metadata()["measured"])
    assert measured["upscaler"] > max(measured["bicubic"], measured["lanczos"]) + 3
    upscale = load(UPSCALER)
    assert (upscale.scale, upscale.architecture) == (upscaler.SCALE, "Compact")
    assert upscale.network(torch.zeros(1, 3, 5, 7)).shape == (1, 3, 20, 28)
