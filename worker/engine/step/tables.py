"""What a sampler does at each step, as numbers: read off diffusers' own sampler, whichever it is.

All samplers in use are linear: what a step leaves behind (the next latents, and what the sampler remembers for later
steps) is a weighted sum of the latents, the model's prediction, what it remembers, and fresh noise. So each step is
one small matrix. It is found by letting the sampler take its steps with unit vectors for pictures. Pictures at
different steps of different samplers then advance in one multiplication, and no sampler has to be written twice.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import torch
from diffusers.utils.torch_utils import randn_tensor

_MEMORIES = 8  # of a sampler, at most: the most that diffusers' samplers hold is five
_ZEROS, _CHECKS = 8, 8  # further columns: all inputs are zero there, so noise stands alone; or random, as a check
_LATENTS, _PREDICTION = 0, 1
_UNITS = 2 + _MEMORIES
_WIDTH = _UNITS + _ZEROS + _CHECKS
_ROUNDING = 1e-4

Estimate = Callable[[Any, torch.Tensor, Any, torch.Tensor, int], torch.Tensor]


class NotLinearError(Exception):
    """A sampler that no table describes, such as one that clips."""


@dataclass(frozen=True)
class Table:
    """All steps of one sampler with one number of steps.

    The state of a picture is its latents, and behind them what the sampler remembers.

    Attributes:
        timesteps: (steps,), as the model is told them.
        first: what the noise that a picture begins with is multiplied by.
        source: what the latents that it begins with are multiplied by; 0 where it begins with noise alone.
        scales: (steps,), what latents are multiplied by before the model sees them.
        advance: (steps, state, state + 1); what stands last is the prediction.
        noise: (steps, state); what is added of fresh noise.
        noisy: for each step, whether the sampler draws fresh noise.
        estimate: (steps, 2), latents and prediction → the picture as the model believes it to be.
    """

    timesteps: torch.Tensor
    first: float
    scales: torch.Tensor
    advance: torch.Tensor
    noise: torch.Tensor
    noisy: tuple[bool, ...]
    estimate: torch.Tensor
    source: float = 0.0

    @property
    def steps(self) -> int:
        """Calls of the model; some samplers make more of them than they are asked for."""
        return len(self.noisy)

    @property
    def state(self) -> int:
        """Pictures' worth of numbers that are kept from step to step."""
        return self.advance.shape[1]

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        tensors: dict[str, Any] = {
            name: value.to(device) for name, value in vars(self).items() if isinstance(value, torch.Tensor)
        }
        return replace(self, **tensors)


def tabulate(scheduler: Any, estimate: Estimate, left: int | None = None) -> Table:
    """Read off a fresh scheduler whose timesteps are set.

    Args:
        scheduler: is used up.
        estimate: scheduler, prediction, timestep, latents and number of a step → the clean picture.
        left: only so many of the steps that it was asked for, the last ones, for pictures that begin with another; it
            begins there as if it had taken none before. None: all, from noise.

    Raises:
        NotLinearError: it cannot be described so.
    """
    reader = _Reader(scheduler, estimate)
    source, first = 0.0, float(scheduler.init_noise_sigma) if hasattr(scheduler, "init_noise_sigma") else 1.0
    begin = 0 if left is None else _begun_late(scheduler, left)
    if left is not None:
        source, first = _noised(scheduler, scheduler.timesteps[begin : begin + 1])
    for number, timestep in enumerate(scheduler.timesteps[begin:], begin):
        reader.step(number, timestep)
    size = 1 + max(reader.sizes)
    return Table(
        timesteps=scheduler.timesteps[begin:].detach().float().cpu(),
        first=first,
        source=source,
        scales=torch.tensor(reader.scales),
        advance=torch.stack([_padded(each, size) for each in reader.advance]),
        noise=torch.stack([torch.nn.functional.pad(each, (0, size - len(each))) for each in reader.noise]),
        noisy=tuple(reader.noisy),
        estimate=torch.tensor(reader.estimates),
    )


def _begun_late(scheduler: Any, left: int) -> int:
    """Have it begin so many of its steps before the end; returns the index of that timestep."""
    calls = int(getattr(scheduler, "order", 1))  # of the model in each step, which all have timesteps of their own
    begin = max(0, (int(scheduler.num_inference_steps) - left) * calls)
    if begin and hasattr(scheduler, "plms_timesteps"):
        return _warmed_up_late(scheduler, left)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    return begin


def _warmed_up_late(scheduler: Any, left: int) -> int:
    """Have PNDM begin late; returns the index of that timestep.

    It counts its own calls: the second asks once more for the first step, with the timestep that this one leads to. A
    plan that begins anywhere but at its start lacks that one, and all that follow would take away too little noise.
    """
    scheduler.register_to_config(skip_prk_steps=True)  # its other way to begin takes as many as four steps
    own = [int(each) for each in scheduler._timesteps[:left]][::-1]  # noqa: SLF001 - each once, the last ones first
    scheduler.timesteps = torch.tensor([*own[:2], *own[1:]])
    return 0


def _noised(scheduler: Any, timestep: torch.Tensor) -> tuple[float, float]:
    """What latents and noise are multiplied by where a picture begins at this timestep."""
    latents, noise = torch.eye(2).view(2, 1, 1, 1, 2)
    if hasattr(scheduler, "scale_noise"):  # of straight paths
        mixed = scheduler.scale_noise(latents, timestep, noise)
    else:
        mixed = scheduler.add_noise(latents, noise, timestep)
    source, first = mixed.flatten().tolist()
    return source, first


def _padded(step: torch.Tensor, size: int) -> torch.Tensor:
    """(state after, latents + prediction + what is remembered) → (size, size + 1), with the prediction at the end."""
    after, before = len(step), step.shape[1] - 1
    whole = torch.zeros(size, size + 1)
    whole[:after, 0] = step[:, _LATENTS]
    whole[:after, 1:before] = step[:, 2:]
    whole[:after, size] = step[:, _PREDICTION]
    return whole


class _Reader:
    """Lets a scheduler take its steps and notes what each does."""

    def __init__(self, scheduler: Any, estimate: Estimate) -> None:
        self._scheduler, self._estimate = scheduler, estimate
        self._takes_generator = "generator" in inspect.signature(scheduler.step).parameters
        self._dice = torch.Generator().manual_seed(0)
        self.scales: list[float] = []
        self.advance: list[torch.Tensor] = []
        self.noise: list[torch.Tensor] = []
        self.noisy: list[bool] = []
        self.estimates: list[tuple[float, float]] = []
        self.sizes: list[int] = []

    def step(self, number: int, timestep: Any) -> None:
        """Take one, from unit vectors for all that goes into it."""
        latents, prediction = self._unit(_LATENTS), self._unit(_PREDICTION)
        remembered = [self._unit(2 + index) for index in range(self._remember(None))]
        self._remember(remembered)
        inputs = torch.stack([each.flatten().double() for each in (latents, prediction, *remembered)])
        scaled = self._scheduler.scale_model_input(latents, timestep) if self._scales else latents
        guess = self._guess(prediction, timestep, latents, number)
        generator = torch.Generator().manual_seed(number)
        given = {"generator": generator} if self._takes_generator else {}
        after = self._scheduler.step(prediction, timestep, latents, return_dict=False, **given)[0]
        drawn = not torch.equal(generator.get_state(), torch.Generator().manual_seed(number).get_state())
        noise = randn_tensor(latents.shape, torch.Generator().manual_seed(number), dtype=latents.dtype).flatten()
        kept: list[torch.Tensor] = []
        self._remember(kept, read=True)
        self._note(inputs, [after, *kept], noise.double() if drawn else None)
        self.scales.append(float(scaled.flatten()[_LATENTS]))
        self.estimates.append((float(guess[_LATENTS]), float(guess[_PREDICTION])))

    def _guess(self, prediction: torch.Tensor, timestep: Any, latents: torch.Tensor, number: int) -> torch.Tensor:
        try:
            return self._estimate(self._scheduler, prediction, timestep, latents, number).flatten()
        except (AttributeError, LookupError, ValueError, TypeError):  # a scheduler that says less of itself than usual
            return latents.flatten()  # it is for previews alone, which may as well show the noise

    @property
    def _scales(self) -> bool:
        return hasattr(self._scheduler, "scale_model_input")

    def _note(self, inputs: torch.Tensor, outputs: list[torch.Tensor], noise: torch.Tensor | None) -> None:
        left = torch.stack([each.flatten().double() for each in outputs])
        shares = torch.zeros(len(left), dtype=torch.float64)
        if noise is not None:
            alone = noise[_UNITS : _UNITS + _ZEROS]
            shares = left[:, _UNITS : _UNITS + _ZEROS] @ alone / (alone @ alone)
            left = left - shares[:, None] * noise
        # Where an input is one and all others are zero, what comes out is its weight.
        weights = left[:, : len(inputs)]
        error = (weights @ inputs - left).abs().max() / left.abs().max().clamp(min=1)
        if not error < _ROUNDING:  # NaN is none
            raise NotLinearError
        self.advance.append(weights.float())
        self.noise.append(shares.float())
        self.noisy.append(noise is not None)
        self.sizes.append(max(len(inputs) - 2, len(outputs) - 1))

    def _unit(self, place: int) -> torch.Tensor:
        unit = torch.zeros(_WIDTH)
        unit[place] = 1
        unit[_UNITS + _ZEROS :] = torch.randn(_CHECKS, generator=self._dice) * 4
        return unit.view(1, _WIDTH, 1, 1)

    def _remember(self, tensors: list[torch.Tensor] | None, *, read: bool = False) -> int:
        """Visit the pictures among what the scheduler holds, in an order of their own; returns how many there are.

        `tensors`: take their places, or with `read` are what is found.
        """
        found = 0
        source = iter(tensors or ())

        def visit(value: Any) -> Any:
            nonlocal found
            if not isinstance(value, torch.Tensor) or value.shape != (1, _WIDTH, 1, 1):
                return value
            found += 1
            if tensors is None:
                return value
            if read:
                tensors.append(value)
                return value
            return next(source)

        for name, value in vars(self._scheduler).items():
            if isinstance(value, list):
                value[:] = [visit(each) for each in value]
            elif isinstance(value, torch.Tensor):
                setattr(self._scheduler, name, visit(value))
        if found > _MEMORIES:
            raise NotLinearError
        return found
