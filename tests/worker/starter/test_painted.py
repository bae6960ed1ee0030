"""Pictures in the right colour count, others do not, whatever their shapes do."""

import numpy as np
import pytest
import torch
from PIL import Image

from worker.starter import evaluate, painted
from worker.starter.data.paint import PAINTS

COUNT = 24


@pytest.mark.parametrize(("off", "share"), [(0, 1.0), (1, 0.0)])
def test_the_share_of_things_in_the_colour_that_was_asked_for(composer, vocabulary, monkeypatch, off, share):
    told = []

    def draw(pipe, prompts, seed, guidance):
        told.extend(prompts)
        drawn = painted._scenes(vocabulary, composer, COUNT)
        paint = (np.arange(COUNT) + off) % len(PAINTS)
        pictures = composer.pictures(type(drawn)(**{**vars(drawn), "paint": paint}))
        noisy = (pictures + 0.1 * torch.randn(pictures.shape, generator=torch.Generator().manual_seed(0))).clamp(-1, 1)
        return [Image.fromarray(one) for one in ((noisy + 1) * 127.5).byte().movedim(1, -1).numpy()]

    monkeypatch.setattr(evaluate, "draw", draw)
    assert painted.right(None, vocabulary, composer, 3.0, COUNT) == share
    assert len(told) == COUNT
    for paint, prompt in zip(PAINTS, told, strict=False):
        assert f" {paint.name} " in prompt
        assert prompt.endswith(" background")
