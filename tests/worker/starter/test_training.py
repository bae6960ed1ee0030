"""All trainings on synthetic drawings: they learn, they resume where they stopped, and they are seeded."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from worker.engine.pipeline.paint import PAINTS
from worker.starter import autoencoder, classifier, denoiser, latent_cache, loop, text_pretraining
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import NONE, Mix
from worker.starter.denoiser import DenoiserShape
from worker.starter.latent_cache import LatentCachePlan
from worker.starter.loop import Length, Pace
from worker.starter.progress import read_losses

pytestmark = pytest.mark.engine

AUTOENCODER = autoencoder.AutoencoderPlan(length=Length(36), pace=Pace(3e-4, warmup=8), batch=4, crop=0)
DENOISER = denoiser.DenoiserPlan(length=Length(60), pace=Pace(3e-3, warmup=4), batch=8)
CACHE_PLAN = LatentCachePlan(rounds=16, captions=2, mix=Mix())  # a round: two subjects in two styles


@pytest.fixture(scope="module")
def vae(composer, machine, tmp_path_factory):
    model = autoencoder.train(composer, AUTOENCODER, tmp_path_factory.mktemp("vae"), machine)
    latent_cache.centre(model, composer, count=64)
    return model


@pytest.fixture(scope="module")
def encoded(vae, composer, tokenizer, machine, tmp_path_factory):
    return latent_cache.build(vae, composer, tokenizer, CACHE_PLAN, tmp_path_factory.mktemp("latents"), machine)


def test_a_fresh_autoencoder_already_keeps_colour(composer):
    pictures = autoencoder.draw_batch(composer, AUTOENCODER, 0)
    model = autoencoder.build(size=64)
    with torch.no_grad():
        made = autoencoder.decode(model, autoencoder.encode(model, pictures))
    assert torch.corrcoef(torch.stack([made.flatten(), pictures.flatten()]))[0, 1] > 0.5


def test_the_autoencoder_learns(vae, composer):
    pictures = autoencoder.draw_batch(composer, replace(AUTOENCODER, seed=9, batch=16), 0)
    with torch.no_grad():
        fresh, trained = (
            autoencoder.reconstruction_loss(
                autoencoder.decode(model, autoencoder.encode(model, pictures)), pictures
            ).item()
            for model in (autoencoder.build(size=64), vae)
        )
    assert trained < 0.9 * fresh


def test_pieces_have_the_size_asked_for_and_batches_depend_on_seed_and_step_alone(composer):
    plan = replace(AUTOENCODER, crop=32)
    first, again, other = (autoencoder.draw_batch(composer, plan, step) for step in (3, 3, 4))
    assert first.shape == (4, 3, 32, 32)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_quality_of_a_perfect_copy_and_of_a_spoilt_one(vae, composer):
    pictures = autoencoder.draw_batch(composer, AUTOENCODER, 0)
    assert autoencoder.ssim(pictures, pictures) == pytest.approx(1, abs=1e-4)
    assert autoencoder.ssim(pictures, pictures.flip(3)) < 0.95
    psnr, similar = autoencoder.quality(vae, pictures)
    assert 5 < psnr < 60
    assert similar < 1


def test_latents_are_centred_and_of_unit_variance(encoded):
    assert encoded.latents.shape == (64, 16, 4, 4)
    assert encoded.tokens.shape[:2] == (64, 2)
    assert encoded.latents.float().mean().item() == pytest.approx(0, abs=0.15)
    assert encoded.latents.float().std().item() == pytest.approx(1, abs=0.15)


def test_scenes_that_are_told_anew_are_those_that_were_encoded(encoded, composer, tokenizer):
    styles = {1: replace(composer.vocabulary.styles[1], names=("other words",))}
    told = latent_cache.retell(encoded, composer, tokenizer, CACHE_PLAN, styles)
    assert 0 < len(told.latents) < len(encoded.latents) / 2
    same = (told.latents[:, None] == encoded.latents[None]).flatten(2).all(2)
    assert (same.sum(1) == 1).all()
    for number, before in enumerate(same.int().argmax(1).tolist()):
        words = [tokenizer.decode(row, skip_special_tokens=True) for row in told.tokens[number]]
        assert any("other words" in text for text in words) or all(" of " not in text for text in words)
        old = [tokenizer.decode(row, skip_special_tokens=True) for row in encoded.tokens[before]]
        assert not any(composer.vocabulary.styles[0].names[0] in text for text in old)


def test_a_cache_of_another_plan_is_not_told_anew(encoded, composer, tokenizer):
    with pytest.raises(DataError, match="of another plan"):
        latent_cache.retell(encoded, composer, tokenizer, replace(CACHE_PLAN, rounds=15), {})


def test_scenes_of_each_thing_alone_keep_what_the_engine_paints_in_its_own_colour(
    vae, composer, tokenizer, machine, tmp_path
):
    plan = replace(latent_cache.ALONE, rounds=24)
    drawn = [latent_cache._scenes_of(composer, plan, number)[0] for number in range(plan.rounds)]
    painted = np.concatenate([scenes.paint for scenes in drawn]) != NONE
    coloured = np.array(composer.coloured)[np.concatenate([scenes.first for scenes in drawn])]
    assert painted[coloured].mean() < 0.12
    if not coloured.all():
        assert painted[~coloured].mean() > 0.1
    cache = latent_cache.build(vae, composer, tokenizer, replace(plan, rounds=2), tmp_path, machine)
    words = [tokenizer.decode(row, skip_special_tokens=True) for row in cache.tokens.flatten(0, 1)]
    assert sum(" of " in text and "background" in text for text in words) > 0.8 * len(words)


def test_centring_does_not_change_what_is_decoded(composer):
    model = autoencoder.build(size=64).requires_grad_(requires_grad=False)
    pictures = autoencoder.draw_batch(composer, AUTOENCODER, 0)
    before = autoencoder.decode(model, autoencoder.encode(model, pictures))
    latent_cache.centre(model, composer, count=32)
    after = autoencoder.decode(model, autoencoder.encode(model, pictures))
    torch.testing.assert_close(after, before, atol=1e-3, rtol=1e-3)


def test_the_bank_goes_on_from_the_rounds_it_has(vae, encoded, composer, tokenizer, machine, tmp_path):
    latent_cache.build(vae, composer, tokenizer, replace(CACHE_PLAN, rounds=8), tmp_path, machine)
    kept = (tmp_path / "000.safetensors").stat().st_mtime_ns
    whole = latent_cache.build(vae, composer, tokenizer, CACHE_PLAN, tmp_path, machine)
    assert (tmp_path / "000.safetensors").stat().st_mtime_ns == kept
    assert torch.equal(whole.latents, encoded.latents)
    assert torch.equal(whole.tokens, encoded.tokens)


def test_polishing_the_decoder_leaves_latents_alone(vae, composer, machine, tmp_path):
    pictures = autoencoder.draw_batch(composer, AUTOENCODER, 0)
    before, decoded = autoencoder.encode(vae, pictures), autoencoder.decode(vae, torch.zeros(1, 16, 4, 4))
    autoencoder.train(composer, replace(AUTOENCODER, length=Length(2)), tmp_path, machine, vae)
    assert torch.equal(autoencoder.encode(vae, pictures), before)
    assert not torch.equal(autoencoder.decode(vae, torch.zeros(1, 16, 4, 4)), decoded)


def test_the_preview_matrix_shows_the_background(vae, composer):
    preview = latent_cache.preview_matrix(vae, composer, count=64)
    pictures = autoencoder.draw_batch(composer, replace(AUTOENCODER, any_colour=0.0), 0)
    scaled = autoencoder.encode(vae, pictures) * vae.config.scaling_factor
    shown = torch.einsum("nchw,cr->nrhw", scaled, torch.tensor(preview["matrix"]))
    shown += torch.tensor(preview["bias"])[None, :, None, None]
    small = torch.nn.functional.avg_pool2d(pictures, 16)
    assert (shown - small).abs().mean() < 0.6 * (small - small.mean(dim=(0, 2, 3), keepdim=True)).abs().mean()


def test_the_denoiser_learns_and_a_stopped_run_goes_on_as_if_nothing_had_been(
    encoded, tokenizer, tiny, machine, tmp_path
):
    whole = denoiser.train(encoded, tokenizer, DENOISER, tmp_path / "whole", machine, tiny)
    losses = [loss for _, loss in read_losses(tmp_path / "whole" / "denoiser-loss.csv")]
    assert len(losses) == 60
    assert np.mean(losses[-10:]) < 0.95 * np.mean(losses[:10])

    half = replace(DENOISER, pace=replace(DENOISER.pace, save_seconds=0.0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denoiser, "draw_batch", _stop_at(25))
        with pytest.raises(KeyboardInterrupt):
            denoiser.train(encoded, tokenizer, half, tmp_path / "stopped", machine, tiny)
    resumed = denoiser.train(encoded, tokenizer, half, tmp_path / "stopped", machine, tiny)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], value, msg=name)
    stopped = read_losses(tmp_path / "stopped" / "denoiser-loss.csv")
    assert [step for step, _ in stopped] == list(range(60))
    kept = denoiser.load_average(tmp_path / "stopped", tokenizer, tiny)
    assert all(torch.equal(value, resumed.state_dict()[name]) for name, value in kept.state_dict().items())


def _stop_at(last):
    original = denoiser.draw_batch

    def draw_batch(cache, no_prompt, plan, step, machine):
        if step == last:
            raise KeyboardInterrupt
        return original(cache, no_prompt, plan, step, machine)

    return draw_batch


def test_a_cache_tells_which_colours_its_things_were_given(vae, composer, tokenizer, machine, tmp_path):
    def build(painted: float, rounds: int) -> None:
        plan = LatentCachePlan(rounds=rounds, captions=1, mix=Mix(painted=painted))
        latent_cache.build(vae, composer, tokenizer, plan, tmp_path, machine)

    assert latent_cache.paints_in(tmp_path) == ()
    build(0.5, rounds=1)
    assert latent_cache.paints_in(tmp_path) == tuple(paint.name for paint in PAINTS)
    build(0.0, rounds=2)  # one round without: the words were taught too little
    assert latent_cache.paints_in(tmp_path) == ()


def test_text_pretraining_guesses_latents_from_captions_and_the_denoiser_starts_from_it(
    encoded, tokenizer, tiny, machine, tmp_path
):
    plan = text_pretraining.TextPretrainingPlan(length=Length(60), pace=Pace(3e-3, warmup=4), batch=16)
    text = text_pretraining.train(encoded, tokenizer, plan, tmp_path / "reader", machine, tiny)
    losses = [loss for _, loss in read_losses(tmp_path / "reader" / "reader-loss.csv")]
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])
    kept = text_pretraining.load(tmp_path / "reader", tokenizer, tiny)
    assert kept is not None
    assert all(torch.equal(value, text.state_dict()[name]) for name, value in kept.state_dict().items())

    resting = replace(DENOISER, length=Length(1), pace=Pace(0.0))
    started = denoiser.train(encoded, tokenizer, resting, tmp_path / "denoiser", machine, tiny, text=kept)
    assert all(torch.equal(value, kept.state_dict()[name]) for name, value in started.text.state_dict().items())
    assert text_pretraining.load(tmp_path / "nowhere", tokenizer, tiny) is None


def test_some_captions_are_dropped(encoded, tokenizer, machine):
    no_prompt = tokenizer("", padding="max_length", return_tensors="pt").input_ids[0]
    plan = replace(DENOISER, batch=400, caption_dropout=0.25)
    batch = denoiser.draw_batch(encoded, no_prompt, plan, 0, machine)
    assert (batch.tokens == no_prompt).all(dim=1).float().mean().item() == pytest.approx(0.25, abs=0.08)


@pytest.mark.parametrize("schedule", ["linear", "sigmoid", "quadratic", "cosine"])
@pytest.mark.parametrize("terminal_zero", [False, True])
def test_every_schedule_trains(encoded, tokenizer, machine, schedule, terminal_zero):
    torch.manual_seed(0)
    plan = replace(DENOISER, schedule=schedule, terminal_zero=terminal_zero)
    model = denoiser.Denoiser(
        tokenizer,
        DenoiserShape(latent_size=4, channels=(32,), time_width=32, norm_groups=8, text_width=32, text_layers=1),
    )
    no_prompt = tokenizer("", padding="max_length", return_tensors="pt").input_ids[0]
    batch = denoiser.draw_batch(encoded, no_prompt, plan, 0, machine)
    assert torch.isfinite(denoiser.loss_of(model, batch, plan.process(), machine))


def test_the_classifier_tells_real_drawings_apart(composer, machine, tmp_path):
    plan = classifier.ClassifierPlan(length=Length(40), pace=Pace(3e-3, warmup=5), batch=16)
    before = classifier.own_accuracy(classifier.build(composer.vocabulary).eval(), composer, machine, 64)
    model = classifier.train(composer, plan, tmp_path, machine)
    after = classifier.own_accuracy(model, composer, machine, 64)
    assert after.subject_top1 > max(0.8, before.subject_top1)
    assert after.style > 0.8
    assert after.subject_top5 == 1
    again = classifier.load(tmp_path, composer.vocabulary)
    assert classifier.own_accuracy(again, composer, machine, 64) == after


def test_the_learning_rate_rises_and_falls():
    rates = [loop.ramp(step, 10, step / 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9:50] == [1.0] * 41
    assert rates[-1] < 0.03
    assert rates[50:] == sorted(rates[50:], reverse=True)


def test_a_training_can_last_minutes_instead_of_steps(tmp_path):
    model = torch.nn.Linear(1, 1)
    error = _error(model)
    mark = loop.fit("short", tmp_path, model, error, Length(10**9, minutes=0.02), Pace(0.1))
    assert mark.step > 10
    assert mark.seconds == pytest.approx(1.2, abs=30)
    again = loop.fit("short", tmp_path, model, error, Length(10**9, minutes=0.02), Pace(0.1))
    assert again == mark


def _error(model):
    return lambda step: (model(torch.ones(1, 1)) - 3).square().mean()
