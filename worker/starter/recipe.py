"""The whole recipe in order: glyphs → autoencoder → latent bank → tokenizer → denoiser → weights folder."""

import itertools
import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from worker.starter import autoencoder, captions, checkpoints, denoiser, export, glyphs, latents, words
from worker.starter.subjects import COLOURS, STYLES, SUBJECTS

log = logging.getLogger(__name__)


def train_autoencoder(cache: Path, steps: int | None = None) -> AutoencoderKL:
    """Train the autoencoder (or go on with it) and keep it, centred, in `cache/run/vae`."""
    done = cache / "run" / "vae"
    if done.exists():
        return AutoencoderKL.from_pretrained(done).eval().requires_grad_(False)
    plan = autoencoder.AutoencoderPlan()
    pixels = glyphs.load(cache).pixels
    model = autoencoder.train(pixels, replace(plan, steps=steps or plan.steps), cache / "run" / "autoencoder")
    latents.centre(model, pixels)
    (cache / "run" / export.PREVIEW).write_text(json.dumps(latents.preview_matrix(model, pixels)))
    model.save_pretrained(done)
    return model


def polish_decoder(cache: Path, steps: int | None = None) -> AutoencoderKL:
    """Train the decoder alone for longer, into `cache/run/vae-polished`: latents and denoiser stay valid."""
    plan = autoencoder.AutoencoderPlan(
        steps=steps or 1500, learning_rate=6e-4, latent_noise=0.12, latent_pull=0.0, seed=5
    )
    model = train_autoencoder(cache)
    model = autoencoder.train(glyphs.load(cache).pixels, plan, cache / "run" / "decoder", model)
    model.save_pretrained(cache / "run" / "vae-polished")
    return model


def train_denoiser(cache: Path, steps: int | None = None) -> denoiser.Denoiser:
    """Train UNet and text encoder (or go on with them) in `cache/run/denoiser`; needs the autoencoder's phase."""
    data = glyphs.load(cache)
    bank = latents.bank(train_autoencoder(cache), data.pixels, cache / "run" / "bank.safetensors")
    plan = denoiser.DenoiserPlan()
    plan = replace(plan, steps=steps or plan.steps)
    return denoiser.train(bank, tokenizer(cache), plan, cache / "run" / "denoiser", tags=data.tags)


def export_run(cache: Path, folder: Path) -> int:
    """Write what has been trained so far (the running average) to `folder`; returns its number of steps."""
    run = cache / "run"
    done = checkpoints.done(run / "denoiser")
    if not done:
        raise glyphs.DataError(f"nothing is trained in {cache} yet: run `python -m worker.starter train` first")
    vocabulary = tokenizer(cache)
    model = denoiser.load_average(run / "denoiser", vocabulary)
    preview = json.loads((run / export.PREVIEW).read_text())
    polished = run / "vae-polished"
    vae = AutoencoderKL.from_pretrained(polished) if polished.exists() else train_autoencoder(cache)
    export.export(model, vae, vocabulary, preview, folder)
    log.info("exported step %d to %s", done, folder)
    return done


def tokenizer(cache: Path) -> CLIPTokenizer:
    """Return the tokenizer of this run, learning it on the first call."""
    folder = cache / "run" / "tokenizer"
    if folder.exists():
        return CLIPTokenizer.from_pretrained(folder)
    rng = np.random.default_rng(0)
    tags = glyphs.load(cache).tags
    texts = [
        captions.caption(style, SUBJECTS[subject], colour, rng, tags[subject])
        for _, style, subject, colour in itertools.product(range(4), STYLES, range(len(SUBJECTS)), COLOURS)
    ]
    return words.learn(texts, folder)
