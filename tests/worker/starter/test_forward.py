import math
from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler
from hypothesis import given
from hypothesis import strategies as st

from worker.starter.forward import ForwardProcess, betas, markov_step, zero_terminal_snr

NAMES = ["linear", "sigmoid", "quadratic", "cosine"]


@pytest.mark.parametrize("stretch", [lambda variances: variances, zero_terminal_snr], ids=["as is", "zero terminal"])
@pytest.mark.parametrize("name", NAMES)
def test_the_chain_step_by_step_ends_where_the_closed_form_says(name, stretch):
    variances = stretch(betas(name, 40, 1e-3, 0.2))
    forward = ForwardProcess.of(variances)
    generator = torch.Generator().manual_seed(0)
    start = 1.5
    state = torch.full((200_000,), start, dtype=torch.float64)
    for step, beta in enumerate(variances.tolist()):
        noise = torch.randn(state.shape, generator=generator, dtype=torch.float64)
        state = markov_step(state, beta, noise)
        if step in {0, 9, 24, 39}:
            signal = math.sqrt(forward.abar[step])
            assert state.mean().item() == pytest.approx(signal * start, abs=0.01)
            assert state.var().item() == pytest.approx(1 - signal**2, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_schedules_rise_and_leave_hardly_any_signal(name):
    variances = betas(name)
    assert variances.shape == (1000,)
    assert variances.min() > 0
    assert variances.max() < 1
    assert (variances.diff() >= 0).all()
    assert ForwardProcess.of(variances).abar[-1] < 0.01


@pytest.mark.parametrize(
    ("name", "theirs"), [("linear", "linear"), ("quadratic", "scaled_linear"), ("cosine", "squaredcos_cap_v2")]
)
def test_schedules_agree_with_diffusers(name, theirs):
    scheduler = DDIMScheduler(beta_schedule=theirs, beta_start=0.00085, beta_end=0.02)
    ours = ForwardProcess.of(betas(name, 1000, 0.00085, 0.02)).abar
    torch.testing.assert_close(ours.float(), scheduler.alphas_cumprod, atol=2e-5, rtol=0)


def test_sample_and_velocity_agree_with_diffusers():
    scheduler = DDIMScheduler(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.02)
    forward = ForwardProcess.of(betas("quadratic", 1000, 0.00085, 0.02))
    clean, noise = torch.randn(2, 3, 4, 2, 2, generator=torch.Generator().manual_seed(1))
    timesteps = torch.tensor([0, 500, 999])
    close: dict[str, Any] = {"atol": 1e-4, "rtol": 1e-4}
    theirs = scheduler.add_noise(clean, noise, timesteps), scheduler.get_velocity(clean, noise, timesteps)
    torch.testing.assert_close(forward.sample(clean, timesteps, noise), theirs[0], **close)
    torch.testing.assert_close(forward.velocity(clean, timesteps, noise), theirs[1], **close)


@given(timestep=st.integers(0, 999), seed=st.integers(0, 2**31))
def test_the_velocity_gives_the_clean_picture_back(timestep, seed):
    forward = ForwardProcess.of(betas("cosine"))
    clean, noise = torch.randn(2, 1, 8, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    at = torch.tensor([timestep])
    noisy, velocity = forward.sample(clean, at, noise), forward.velocity(clean, at, noise)
    torch.testing.assert_close(forward.clean(noisy, at, velocity), clean)


@pytest.mark.parametrize("name", NAMES)
def test_zero_terminal_snr_leaves_no_signal_and_keeps_the_first_step(name):
    plain, stretched = (ForwardProcess.of(change(betas(name))).abar for change in (torch.clone, zero_terminal_snr))
    assert stretched[-1] == pytest.approx(0, abs=1e-12)
    assert stretched[0] == pytest.approx(plain[0].item())
    assert (stretched.diff() < 0).all()
    assert (stretched <= plain + 1e-12).all()


def test_zero_terminal_snr_agrees_with_diffusers():
    scheduler = DDIMScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.02, rescale_betas_zero_snr=True
    )
    ours = ForwardProcess.of(zero_terminal_snr(betas("quadratic", 1000, 0.00085, 0.02))).abar
    torch.testing.assert_close(ours.float(), scheduler.alphas_cumprod, atol=2e-5, rtol=0)


def test_the_velocity_gives_the_clean_picture_back_from_noise_alone():
    forward = ForwardProcess.of(zero_terminal_snr(betas("quadratic")))
    clean, noise = torch.randn(2, 1, 8, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    last = torch.tensor([999])
    torch.testing.assert_close(forward.sample(clean, last, noise), noise, atol=1e-6, rtol=0)
    torch.testing.assert_close(forward.clean(noise, last, forward.velocity(clean, last, noise)), clean)
    assert torch.isfinite(forward.weight(last)).all()


def test_the_loss_weight_is_one_until_the_noise_is_small():
    forward = ForwardProcess.of(betas("linear"))
    weights = forward.weight(torch.arange(1000), most=5.0)
    noisy = forward.snr(torch.arange(1000)) + 1 <= 5.0
    assert (weights[noisy] == 1).all()
    assert (weights[~noisy] < 1).all()
    assert weights[0] == pytest.approx(5e-4, rel=0.1)


def test_bad_schedules_are_named():
    with pytest.raises(ValueError, match=r"'square'.*linear, sigmoid, quadratic or cosine"):
        betas("square")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one step"):
        betas("linear", 0)
