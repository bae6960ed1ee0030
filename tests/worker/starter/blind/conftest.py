"""A weights folder that opens as the shipped one does, untrained and tiny."""

from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline

from worker.starter import autoencoder, export
from worker.starter.denoiser import Denoiser
from worker.starter.vocabulary import FILE


@pytest.fixture(scope="session")
def weights(tokenizer, tiny, vocabulary, tmp_path_factory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny") / "weights"
    model = Denoiser(tokenizer, tiny)
    pipeline = StableDiffusionPipeline(
        vae=autoencoder.build(autoencoder.AutoencoderShape((16, 16, 16, 16, 16)), 64),
        text_encoder=model.text,
        tokenizer=tokenizer,
        unet=model.unet,
        scheduler=export.scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)
    vocabulary.write(folder / FILE)
    return folder
