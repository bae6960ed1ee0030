"""The decoder goes on with what the denoiser draws, each latent beside the scene that was meant."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from worker.starter import autoencoder, export, polish
from worker.starter.data.packages import DataError
from worker.starter.denoiser import Denoiser
from worker.starter.loop import Length, Pace

pytestmark = pytest.mark.engine

SCENES = replace(polish.PolishPlan().scenes, rounds=2)
PLAN = polish.PolishPlan(length=Length(30), pace=Pace(1e-3, warmup=4), scenes=SCENES, steps=2)


@pytest.fixture(scope="module")
def vae(composer):
    return autoencoder.build(size=composer.size).eval().requires_grad_(requires_grad=False)


@pytest.fixture(scope="module")
def pipe(vae, tokenizer, tiny):
    torch.manual_seed(0)
    model = Denoiser(tokenizer, tiny).eval()
    made = export.PipelineParts(model, vae, tokenizer, export.scheduler()).pipeline()
    made.set_progress_bar_config(disable=True)
    return made


@pytest.fixture(scope="module")
def drawn(pipe, composer, tmp_path_factory):
    return polish.draw(pipe, composer, PLAN, tmp_path_factory.mktemp("drawn"))


def test_every_scene_of_all_rounds_has_its_latent_and_rounds_that_are_there_are_kept(pipe, composer, drawn, tmp_path):
    polish.draw(pipe, composer, replace(PLAN, scenes=replace(SCENES, rounds=1)), tmp_path)
    kept = (tmp_path / "000.safetensors").stat().st_mtime_ns
    again = polish.draw(pipe, composer, PLAN, tmp_path)
    assert (tmp_path / "000.safetensors").stat().st_mtime_ns == kept
    assert len(again.scenes) == len(again.latents) == len(drawn.latents)
    assert again.latents.shape[1:] == (16, 4, 4)
    assert torch.equal(again.latents, drawn.latents)
    assert np.array_equal(again.scenes.colour, drawn.scenes.colour)
    assert len({tuple(one.flatten().tolist()) for one in again.latents}) == len(again.latents)


def test_latents_of_other_scenes_are_refused(pipe, composer, tmp_path):
    polish.draw(pipe, composer, PLAN, tmp_path)
    with pytest.raises(DataError, match="other captions than are now planned: remove"):
        polish.draw(pipe, composer, replace(PLAN, scenes=replace(SCENES, seed=99)), tmp_path)


def test_the_decoder_learns_what_was_meant_and_latents_stay_as_they_are(vae, composer, machine, drawn, tmp_path):
    pictures = autoencoder.draw_batch(composer, replace(PLAN.usual, batch=4), 0)
    wanted = composer.pictures(drawn.scenes)

    def error(model):
        with torch.no_grad():
            made = autoencoder.decode(model, drawn.latents.float() / model.config.scaling_factor)
        return autoencoder.reconstruction_loss(made, wanted).item()

    encoded, before = autoencoder.encode(vae, pictures), error(vae)
    trained = polish.train(vae, drawn, composer, PLAN, tmp_path / "whole", machine)
    assert torch.equal(autoencoder.encode(trained, pictures), encoded)
    assert error(trained) < 0.95 * before, (error(trained), before)
