"""Both trainings on synthetic glyphs: they learn, they resume where they stopped, and they are seeded."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from worker.starter import autoencoder, checkpoints, denoiser, latents

pytestmark = pytest.mark.engine

AUTOENCODER = autoencoder.AutoencoderPlan(steps=30, batch=4, warmup=5)
DENOISER = denoiser.DenoiserPlan(steps=24, batch=8, warmup=4, learning_rate=3e-3, save_every=12)


@pytest.fixture(scope="module")
def vae(glyphs, tmp_path_factory):
    model = autoencoder.train(glyphs, AUTOENCODER, tmp_path_factory.mktemp("vae"))
    latents.centre(model, glyphs)
    return model


@pytest.fixture(scope="module")
def bank(vae, glyphs, tmp_path_factory):
    return latents.bank(vae, glyphs, tmp_path_factory.mktemp("bank") / "bank.safetensors", views=1)


def test_a_fresh_autoencoder_already_keeps_colour(glyphs):
    pictures = next(autoencoder.batches(glyphs, AUTOENCODER))
    model = autoencoder.build(size=64)
    with torch.no_grad():
        made = autoencoder.decode(model, autoencoder.encode(model, pictures))
    assert torch.corrcoef(torch.stack([made.flatten(), pictures.flatten()]))[0, 1] > 0.5


def test_the_autoencoder_learns(vae, glyphs):
    pictures = next(autoencoder.batches(glyphs, replace(AUTOENCODER, seed=9, batch=16)))
    with torch.no_grad():
        fresh, trained = (
            autoencoder.reconstruction_loss(
                autoencoder.decode(model, autoencoder.encode(model, pictures)), pictures
            ).item()
            for model in (autoencoder.build(size=64), vae)
        )
    assert trained < 0.9 * fresh


def test_latents_are_centred_and_of_unit_variance(bank):
    assert bank.shape == (2, 2, 12, 1, 16, 4, 4)
    assert bank.float().mean().item() == pytest.approx(0, abs=0.1)
    assert bank.float().std().item() == pytest.approx(1, abs=0.1)


def test_centring_does_not_change_what_is_decoded(glyphs):
    model = autoencoder.build(size=64).requires_grad_(requires_grad=False)
    pictures = next(autoencoder.batches(glyphs, AUTOENCODER))
    before = autoencoder.decode(model, autoencoder.encode(model, pictures))
    latents.centre(model, glyphs)
    after = autoencoder.decode(model, autoencoder.encode(model, pictures))
    torch.testing.assert_close(after, before, atol=1e-3, rtol=1e-3)


def test_polishing_the_decoder_leaves_latents_alone(vae, glyphs, tmp_path):
    pictures = next(autoencoder.batches(glyphs, AUTOENCODER))
    before, decoded = autoencoder.encode(vae, pictures), autoencoder.decode(vae, torch.zeros(1, 16, 4, 4))
    autoencoder.train(glyphs, replace(AUTOENCODER, steps=2), tmp_path, vae)
    assert torch.equal(autoencoder.encode(vae, pictures), before)
    assert not torch.equal(autoencoder.decode(vae, torch.zeros(1, 16, 4, 4)), decoded)


def test_the_preview_matrix_shows_the_background(vae, glyphs):
    preview = latents.preview_matrix(vae, glyphs)
    plan = replace(AUTOENCODER, any_colour=0.0)
    pictures = next(autoencoder.batches(glyphs, plan))
    scaled = autoencoder.encode(vae, pictures) * vae.config.scaling_factor
    corner = scaled[:, :, 0, 0] @ torch.tensor(preview["matrix"]) + torch.tensor(preview["bias"])
    assert (corner - pictures[:, :, 0, 0]).abs().mean() < 0.25


def test_the_denoiser_learns_and_a_resumed_run_is_the_same_run(bank, tokenizer, tiny, tmp_path):
    whole = denoiser.train(bank, tokenizer, DENOISER, tmp_path / "whole", tiny)
    losses = [loss for _, loss in checkpoints.read_losses(tmp_path / "whole" / "denoiser-loss.csv")]
    assert sum(losses[-8:]) < 0.9 * sum(losses[:8])

    # A run that was stopped after its first checkpoint, three steps into the next stretch.
    stopped = tmp_path / "stopped"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denoiser, "draw_batch", _stop_at(15))
        with pytest.raises(KeyboardInterrupt):
            denoiser.train(bank, tokenizer, DENOISER, stopped, tiny)
    assert checkpoints.done(stopped) == 12
    resumed = denoiser.train(bank, tokenizer, DENOISER, stopped, tiny)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], value, msg=name)
    assert len(checkpoints.read_losses(stopped / "denoiser-loss.csv")) == DENOISER.steps


def _stop_at(last):
    original = denoiser.draw_batch

    def draw_batch(bank, tokenizer, plan, step, tags=()):
        if step == last:
            raise KeyboardInterrupt
        return original(bank, tokenizer, plan, step, tags)

    return draw_batch


def test_batches_depend_on_seed_and_step_alone(bank, tokenizer):
    first = denoiser.draw_batch(bank, tokenizer, DENOISER, 3)
    again = denoiser.draw_batch(bank, tokenizer, DENOISER, 3)
    other = denoiser.draw_batch(bank, tokenizer, DENOISER, 4)
    for field in ("clean", "noise", "timesteps", "tokens"):
        assert torch.equal(getattr(first, field), getattr(again, field))
    assert not torch.equal(first.noise, other.noise)


def test_the_learning_rate_rises_and_falls():
    rates = [checkpoints.ramp(step, 10, 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9:50] == [1.0] * 41
    assert rates[-1] < 0.03
    assert rates[50:] == sorted(rates[50:], reverse=True)


def test_placements_are_seeded_and_none_is_mirrored():
    first, again = (latents.placements(np.random.default_rng(1), 3, 128) for _ in range(2))
    assert first == again
    assert len(set(first)) > 1
    assert not any(view.mirrored for view in first)
