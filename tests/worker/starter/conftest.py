"""Small synthetic drawings and models: nothing here needs npm, the network or the trained weights."""

import numpy as np
import pytest
import torch
from transformers import CLIPTokenizer

from worker.starter import captions
from worker.starter.data import scenes
from worker.starter.data.compose import Composer
from worker.starter.data.emoji_art import Pixels
from worker.starter.denoiser import DenoiserShape
from worker.starter.machine import Machine
from worker.starter.tokenizer import learn
from worker.starter.vocabulary import COLOURS, STYLES, Subject, Vocabulary


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def machine() -> Machine:
    return Machine.of("cpu")


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Two subjects in two styles on all colours."""
    return Vocabulary((Subject("disc", ("disc",), ("wheel",), ("round",)), Subject("bar", ("bar", "beam"))), STYLES[:2])


@pytest.fixture(scope="session")
def drawings() -> Pixels:
    """A disc and a bar in two colours each: uint8 RGBA (2 styles, 2 subjects, 64, 64, 4)."""
    rows, columns = np.mgrid[:64, :64]
    shapes = [(rows - 32) ** 2 + (columns - 32) ** 2 < 28**2, (abs(rows - 20) < 12) & (columns > 4)]
    pixels = np.zeros((2, 2, 64, 64, 4), np.uint8)
    for style, rgb in enumerate([(220, 30, 30), (30, 60, 220)]):
        for subject, mask in enumerate(shapes):
            pixels[style, subject][mask] = (*rgb, 255)
    return pixels


@pytest.fixture(scope="session")
def composer(drawings: Pixels, vocabulary: Vocabulary) -> Composer:
    return Composer(torch.from_numpy(drawings), vocabulary, size=64)


@pytest.fixture(scope="session")
def tokenizer(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> CLIPTokenizer:
    rng = np.random.default_rng(0)
    drawn = scenes.draw(rng, 600, vocabulary)
    texts = [captions.caption(drawn, row, vocabulary, rng) for row in range(len(drawn))]
    texts += [captions.canonical(STYLES[1], Subject("red-apple", ("red apple",)), COLOURS[4])] * 9
    return learn(texts, tmp_path_factory.mktemp("tokenizer"))


@pytest.fixture(scope="session")
def tiny() -> DenoiserShape:
    return DenoiserShape(
        latent_size=4, channels=(32, 32), time_width=32, heads=2, norm_groups=8, text_width=32, text_layers=1
    )
