"""Pictures in the right colour count, others do not, whatever their shapes do."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from worker.engine.pipeline.paint import PAINTS
from worker.starter import evaluate, painted

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


def test_things_are_painted_as_by_the_engine_where_it_does(composer, vocabulary, monkeypatch):
    known = replace(vocabulary, arranged=True)
    told = []

    def draw(pipe, prompts, seed, guidance):
        told.extend(prompts)
        pictures = composer.pictures(painted._scenes(known, composer, COUNT))
        return [Image.fromarray(one) for one in ((pictures + 1) * 127.5).byte().movedim(1, -1).numpy()]

    monkeypatch.setattr(evaluate, "draw", draw)
    assert painted.right(None, known, composer, 3.0, COUNT) > 0.8
    assert not any(f" {paint.name} " in prompt.partition(",")[0] for prompt in told for paint in PAINTS)


def test_what_does_not_stand_out_the_model_paints(composer, vocabulary):
    drawn = painted._scenes(vocabulary, composer, COUNT)
    hidden = vocabulary.colours[drawn.colour[0]].names[0]
    subjects = tuple(replace(one, blends=(hidden,)) for one in vocabulary.subjects)
    known = replace(vocabulary, arranged=True, subjects=subjects)
    assert painted._by_engine(known, composer.vocabulary, drawn) == [
        vocabulary.colours[colour].names[0] != hidden for colour in drawn.colour
    ]
