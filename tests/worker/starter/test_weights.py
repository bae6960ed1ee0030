"""The weights that ship: whole, loadable by plain diffusers alone, seeded, and they do what the words say."""

import json
import warnings

import numpy as np
import pytest
import torch
from diffusers import (
    AutoPipelineForText2Image,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    StableDiffusionPipeline,
    UniPCMultistepScheduler,
)
from PIL import Image

from tests.worker.starter import golden
from worker.starter import WEIGHTS, evaluate
from worker.starter.captions import canonical
from worker.starter.export import PREVIEW, checksums, recorded_checksums

pytestmark = pytest.mark.engine

KNOWN = evaluate.vocabulary_of(WEIGHTS)
SIDE = 256
SCHEDULERS = [
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    UniPCMultistepScheduler,
]


@pytest.fixture(scope="module")
def pipe() -> StableDiffusionPipeline:
    return evaluate.load(WEIGHTS)


def test_the_files_are_the_recorded_ones():
    assert checksums(WEIGHTS) == recorded_checksums(WEIGHTS)


def test_the_folder_is_small_and_holds_no_pickle():
    files = [path for path in WEIGHTS.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".json", ".txt", ".safetensors", ""}
    assert sum(path.stat().st_size for path in files) < 60e6


@pytest.mark.parametrize("kind", [StableDiffusionPipeline, AutoPipelineForText2Image])
def test_diffusers_alone_opens_it_without_a_warning_and_draws(kind, caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pipe = kind.from_pretrained(WEIGHTS)
        pipe.set_progress_bar_config(disable=True)
        assert pipe("a penguin", num_inference_steps=1).images[0].size == (SIDE, SIDE)
    assert isinstance(pipe, StableDiffusionPipeline)
    assert pipe.unet.dtype == pipe.vae.dtype == pipe.text_encoder.dtype == torch.float32
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


def test_same_seed_same_pixels_other_seed_other_pixels(pipe):
    first, again = (np.asarray(golden.draw(pipe)) for _ in range(2))
    other = np.asarray(evaluate.draw(pipe, [golden.PROMPT], seed=golden.SEED + 1, steps=4)[0])
    assert first.shape == (SIDE, SIDE, 3)
    assert (first == again).all()
    assert (first != other).any()
    with Image.open(golden.FILE) as kept:
        apart = np.square(first.astype(float) - np.asarray(kept.convert("RGB"), dtype=float)).mean()
    assert 10 * np.log10(255**2 / max(apart, 1e-3)) >= 40


def test_more_guidance_gives_things_more_of_their_own_colour(pipe):
    ours = {  # of the three channels, the one that such a thing has much of and the one that it has little of
        "a flat illustration of a red apple, white background": (0, 2),
        "a simple icon of a frog, pink background": (1, 2),
        "a glossy sticker of a red heart, light gray background": (0, 1),
    }
    middle = slice(SIDE * 3 // 8, SIDE * 5 // 8)
    strength = []
    for guidance in (1.0, 7.0):
        pictures = evaluate.draw(pipe, list(ours), seed=11, guidance=guidance, steps=8)
        seen = [np.asarray(picture, dtype=float)[middle, middle].mean(axis=(0, 1)) for picture in pictures]
        strength.append([rgb[much] - rgb[little] for rgb, (much, little) in zip(seen, ours.values(), strict=True)])
    gained = np.subtract(strength[1], strength[0])
    assert gained.mean() > 20
    assert gained.min() > -10  # what is as strong as it can be without any gains nothing


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't:DeprecationWarning")  # diffusers with numpy 2
@pytest.mark.parametrize("kind", SCHEDULERS)
def test_every_usual_scheduler_draws_the_apple(pipe, kind):
    original = pipe.scheduler
    try:
        pipe.scheduler = kind.from_config(original.config)
        picture = evaluate.draw(pipe, [golden.PROMPT], seed=1, steps=15)[0]
    finally:
        pipe.scheduler = original
    assert evaluate.background_of(picture, KNOWN.colours).names[0] == "light blue"
    across = slice(SIDE * 3 // 8, SIDE * 5 // 8)
    middle = np.asarray(picture, dtype=float)[SIDE * 3 // 8 : SIDE * 3 // 4, across].mean(axis=(0, 1))
    assert middle[0] > middle[2] + 40, "an apple is red"


def test_backgrounds_follow_the_words(pipe):
    colours = KNOWN.colours
    prompts = [canonical(KNOWN.styles[i % 3], KNOWN.subjects[i * 6], colour) for i, colour in enumerate(colours)]
    pictures = evaluate.draw(pipe, prompts, seed=3, steps=12)
    seen = [evaluate.background_of(picture, colours) for picture in pictures]
    right = sum(found == colour for found, colour in zip(seen, colours, strict=True))
    assert right >= len(colours) * 5 // 6  # by chance it would be one


@pytest.mark.parametrize("prompt", ["", "日本語 🦜 \x00", "wxyz " * 300])
def test_any_prompt_draws_something(pipe, prompt):
    picture = np.asarray(evaluate.draw(pipe, [prompt], steps=3)[0], dtype=float)
    assert picture.std() > 5


def test_the_preview_matrix_fits_the_latent(pipe):
    preview = json.loads((WEIGHTS / PREVIEW).read_text())
    assert np.array(preview["matrix"]).shape == (pipe.unet.config.in_channels, 3)
    assert len(preview["bias"]) == 3
