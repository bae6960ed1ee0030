"""How a picture comes about: some moments of its latents on their way from noise, kept to be decoded at the end."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from PIL import Image

from worker.engine.service.moments import Moment
from worker.engine.step.tables import Table
from worker.engine.step.trajectory import Trajectory

from .schedulers import is_flow


class ShownWay(Protocol):
    """Of one picture, as `KeptMoments` has it."""

    moments: list[Moment]
    left: list[torch.Tensor]

    def look(self, picture: Trajectory) -> None:
        """A step of its own is done."""

    def decoded(self, images: Sequence[Image.Image]) -> None:
        """The first of those that were left, as pictures."""


class KeptMoments:
    """Of one picture.

    Args:
        count: moments, with the finished picture for the last; of fewer steps there are fewer.
        scheduler: the model's own, which says how much noise there is when.

    Attributes:
        moments: those that are decoded, in their order.
        left: latents of those that are not, likewise.
    """

    def __init__(self, table: Table, count: int, scheduler: Any) -> None:
        self._scales = table.scales
        self._noise = noise(scheduler, table.timesteps)
        self._chosen = chosen(self._noise, count - 1)
        self._seen: list[int] = []
        self.left: list[torch.Tensor] = []
        self.moments: list[Moment] = []

    def look(self, picture: Trajectory) -> None:
        """Keep what it looks like, if this is one of the moments. As the model sees it: noise of unit variance."""
        if picture.step in self._chosen:
            self._seen.append(picture.step)
            self.left.append(picture.latents * self._scales[picture.step])  # a copy

    def decoded(self, images: Sequence[Image.Image]) -> None:
        """The first of those that were left, as pictures."""
        for image in images:
            del self.left[0]
            self.moments.append(Moment(self._noise[self._seen[len(self.moments)]], image))


class Noised:
    """The forward process of a picture: its latents with more and more noise, by the schedule that a model learnt.

    Of a chain that adds a little noise at each timestep, the closed form says what is there at any of them: the latents
    and noise of unit variance. The noise is the same at each, so that it is seen to grow.

    Args:
        clean: (channels, height, width), as the model sees latents.
        drawn: noise of that shape.
        count: moments, at least 2: the first is the picture, the last what is left at the last timestep.

    Attributes:
        moments, left: as KeptMoments has them, without the last.
        last: that one.
        noise: which share of that is noise.
    """

    def __init__(self, clean: torch.Tensor, drawn: torch.Tensor, count: int, scheduler: Any) -> None:
        steps = range(scheduler.config.num_train_timesteps)
        shares = noise(scheduler, torch.tensor(steps))
        wanted = (shares[-1] * each / (count - 1) for each in range(1, count))
        found = [_nearest(shares, each) for each in wanted]
        flow = is_flow(scheduler)
        *self.left, self.last = (clean, *(_noised(clean, drawn, shares[each], flow=flow) for each in found))
        self._shares = [0.0, *(shares[each] for each in found)]
        self.noise = self._shares[-1]
        self.moments: list[Moment] = []

    def look(self, picture: Trajectory) -> None:
        """It takes none."""

    def decoded(self, images: Sequence[Image.Image]) -> None:
        """As KeptMoments'."""
        for image in images:
            del self.left[0]
            self.moments.append(Moment(self._shares[len(self.moments)], image))


def _nearest(shares: Sequence[float], wanted: float) -> int:
    return min(range(len(shares)), key=lambda step: abs(shares[step] - wanted))


def _noised(clean: torch.Tensor, drawn: torch.Tensor, share: float, *, flow: bool) -> torch.Tensor:
    """Latents of which so much is noise: straight from one to the other (flow), or at the same variance all along."""
    return (1 - share if flow else (1 - share**2) ** 0.5) * clean + share * drawn


def says_noise(scheduler: Any) -> bool:
    """Whether a scheduler says how much noise belongs to a timestep."""
    return is_flow(scheduler) or getattr(scheduler, "alphas_cumprod", None) is not None


def noise(scheduler: Any, timesteps: torch.Tensor) -> list[float]:
    """How much of the latents is noise before each step: its standard deviation, as a share from 1 to 0.

    Where a scheduler does not say how much belongs to a timestep, it is told by how many steps are left.
    """
    known = getattr(scheduler, "alphas_cumprod", None)
    if is_flow(scheduler):
        return [float(each) / scheduler.config.num_train_timesteps for each in timesteps]
    if known is None:
        return [1 - step / len(timesteps) for step in range(len(timesteps))]
    return [float((1 - known[round(float(each))]).sqrt()) for each in timesteps]


def chosen(shares: Sequence[float], count: int) -> list[int]:
    """So many steps, or all, before which the noise has gone down evenly: from that of the first step towards none."""
    count, found = min(count, len(shares)), list[int]()
    for number in range(count):
        wanted = shares[0] * (1 - number / count)
        able = range(found[-1] + 1 if found else 0, len(shares) - (count - number - 1))
        found.append(min(able, key=lambda step: abs(shares[step] - wanted)))
    return found
