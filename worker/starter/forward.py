r"""The forward process: how a picture turns into noise, and the schedules that say how fast.

A Markov chain adds a little Gaussian noise at each of T steps, with variances beta_1 … beta_T:

    q(x_t | x_{t-1}) = N( sqrt(1 - beta_t) x_{t-1},  beta_t I )

The signal's scale shrinks as the noise comes in, so a unit-variance x_0 stays at unit variance. A chain of Gaussians is
a Gaussian: with alpha_t = 1 - beta_t and abar_t = alpha_1 · … · alpha_t,

    q(x_t | x_0) = N( sqrt(abar_t) x_0,  (1 - abar_t) I )

because each step multiplies the mean by sqrt(alpha_t) and maps the variance v to alpha_t v + beta_t, and
1 - abar_t = alpha_t (1 - abar_{t-1}) + beta_t. So training draws any x_t in one go:

    x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) eps,   eps ~ N(0, I)

The denoiser predicts the velocity v = sqrt(abar_t) eps - sqrt(1 - abar_t) x_0, the derivative of x_t along the
angle phi with cos(phi) = sqrt(abar_t): x_0 = cos(phi) x_t - sin(phi) v. It is well scaled at both ends, where
predicting eps (no noise left) or x_0 (no signal left) alone is not.

Most schedules leave some signal at the end, sqrt(abar_T) > 0, while drawing starts from noise alone. Shifting and
scaling sqrt(abar) so that its last value is 0 and its first stays as it is,

    sqrt(abar'_t) = (sqrt(abar_t) - sqrt(abar_T)) · sqrt(abar_1) / (sqrt(abar_1) - sqrt(abar_T)),

closes that gap ("zero terminal SNR"). At abar = 0 only the velocity still says something: v = -x_0.

Sources: Ho, Jain & Abbeel 2020 (chain, closed form, linear schedule); Nichol & Dhariwal 2021 (cosine); Rombach et al.
2022 (linear in sqrt(beta), here "quadratic"); Salimans & Ho 2022 (velocity); Hang et al. 2023 (loss weight by SNR);
Lin et al. 2024 (zero terminal SNR).
"""

import math
from dataclasses import dataclass
from typing import Literal

import torch

ScheduleName = Literal["linear", "sigmoid", "quadratic", "cosine"]
LossWeight = Literal["capped", "min-snr", "even"]


def betas(name: ScheduleName, steps: int = 1000, beta_start: float = 1e-4, beta_end: float = 2e-2) -> torch.Tensor:
    """Return the noise variances beta_1 … beta_T, float64 of shape (steps,).

    linear:    beta rises evenly from `beta_start` to `beta_end`;
    quadratic: sqrt(beta) rises evenly (diffusers calls it `scaled_linear`);
    sigmoid:   beta follows a logistic curve over -6 … 6 between the two ends;
    cosine:    abar follows cos²: beta_t = 1 - abar(t/T) / abar((t-1)/T), at most 0.999; the two ends are unused.

    Raises:
        ValueError: for an unknown name or fewer than one step.
    """
    if steps < 1:
        raise ValueError(f"a schedule needs at least one step, not {steps}")
    grid = torch.linspace(0, 1, steps, dtype=torch.float64)
    if name == "linear":
        return beta_start + (beta_end - beta_start) * grid
    if name == "quadratic":
        return (math.sqrt(beta_start) + (math.sqrt(beta_end) - math.sqrt(beta_start)) * grid) ** 2
    if name == "sigmoid":
        return beta_start + (beta_end - beta_start) * torch.sigmoid(12 * grid - 6)
    if name == "cosine":
        edges = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
        signal = torch.cos((edges + 0.008) / 1.008 * math.pi / 2) ** 2
        return (1 - signal[1:] / signal[:-1]).clamp(max=0.999)
    raise ValueError(f"unknown noise schedule {name!r}: use linear, sigmoid, quadratic or cosine")


def zero_terminal_snr(variances: torch.Tensor) -> torch.Tensor:
    """Return the schedule stretched so that no signal is left after its last step: beta_T = 1. Same shape, float64."""
    signal = torch.cumprod(1 - variances.double(), dim=0).sqrt()
    stretched = (signal - signal[-1]) * signal[0] / (signal[0] - signal[-1])
    abar = stretched**2
    return torch.cat([1 - abar[:1], 1 - abar[1:] / abar[:-1]])


def markov_step(previous: torch.Tensor, beta: float, noise: torch.Tensor) -> torch.Tensor:
    """Return x_t drawn from q(x_t | x_{t-1}): one step of the chain; `noise` ~ N(0, I) has the shape of `previous`."""
    return math.sqrt(1 - beta) * previous + math.sqrt(beta) * noise


@dataclass(frozen=True)
class ForwardProcess:
    """The closed form over a fixed schedule. `abar` is float64 of shape (steps,); timesteps count from 0."""

    abar: torch.Tensor

    @classmethod
    def of(cls, variances: torch.Tensor) -> "ForwardProcess":
        """Build it from beta_1 … beta_T."""
        return cls(torch.cumprod(1 - variances.double(), dim=0))

    def to(self, device: torch.device) -> "ForwardProcess":
        """Return it with its tensor on a device."""
        return ForwardProcess(self.abar.to(device))

    @property
    def steps(self) -> int:
        return len(self.abar)

    def snr(self, timesteps: torch.Tensor) -> torch.Tensor:
        """Signal-to-noise ratio abar / (1 - abar) at integer `timesteps`, float64 of the same shape."""
        abar = self.abar[timesteps]
        return abar / (1 - abar)

    def sample(self, clean: torch.Tensor, timesteps: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """x_t drawn from q(x_t | x_0): `clean` and `noise` (batch, …), `timesteps` int (batch,)."""
        signal, sigma = self._scales(clean, timesteps)
        return signal * clean + sigma * noise

    def velocity(self, clean: torch.Tensor, timesteps: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Return what the denoiser is to predict for `sample` of the same arguments."""
        signal, sigma = self._scales(clean, timesteps)
        return signal * noise - sigma * clean

    def clean(self, noisy: torch.Tensor, timesteps: torch.Tensor, velocity: torch.Tensor) -> torch.Tensor:
        """x_0 from x_t and the velocity: the inverse of `sample` and `velocity`."""
        signal, sigma = self._scales(noisy, timesteps)
        return signal * noisy - sigma * velocity

    def weight(self, timesteps: torch.Tensor, how: LossWeight = "capped", most: float = 5.0) -> torch.Tensor:
        """Weight of the squared velocity error. float32, shape of `timesteps`.

        even:    1;
        capped:  1 until its weight on x_0, snr + 1, would exceed `most`: nearly noiseless steps otherwise spend the
                 model on grain that nobody sees;
        min-snr: weight on x_0 is the snr, and `most` at most, so that nearly pure noise counts for little too.
        """
        snr = self.snr(timesteps)
        if how == "even":
            return torch.ones_like(snr, dtype=torch.float32)
        wanted = snr.clamp(max=most) if how == "min-snr" else (snr + 1).clamp(max=most)
        return (wanted / (snr + 1)).float()

    def _scales(self, like: torch.Tensor, timesteps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        abar = self.abar[timesteps].reshape(-1, *(1,) * (like.ndim - 1))
        return abar.sqrt().to(like.dtype), (1 - abar).sqrt().to(like.dtype)
