"""One picture on its way from noise to latents that can be decoded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from .tables import Table

# What a model is given beside latents and timestep, by the family's own names, each without the dimension of rows.
Condition = Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class Source:
    """What a picture begins with, beside noise.

    Attributes:
        latents: (channels, height, width) of the picture that was given.
        mask: (1, height, width), 1 where it is drawn anew and 0 where it is kept; None: anew everywhere, or wherever
            a model wants that is shown what to keep.
        shown: what such a model is given of it, beside the texts.
    """

    latents: torch.Tensor
    mask: torch.Tensor | None = None
    shown: Condition = field(default_factory=dict)


class Trajectory:
    """What a picture depends on, and nothing of the pictures beside it.

    Args:
        shape: channels, height and width of its latents.
        seed: of its own generator, on the CPU even for a GPU: CUDA's draws other numbers, and a seed has to mean one
            picture anywhere.
        guidance: how far to go from `without` to `prompt`; 1 without `without`.
        drawn_in: number format that noise is drawn in, which decides what a seed means.
        source: what it begins with, for a table that says so.
    """

    def __init__(
        self,
        table: Table,
        shape: tuple[int, ...],
        seed: int,
        prompt: Condition,
        without: Condition | None = None,
        guidance: float = 1.0,
        drawn_in: torch.dtype = torch.float32,
        source: Source | None = None,
    ) -> None:
        self.table, self.guidance, self.prompt, self.without = table, guidance, prompt, without
        self.step = 0
        self._generator, self._drawn_in = torch.Generator("cpu").manual_seed(seed), drawn_in
        device = table.advance.device
        self.state = torch.zeros(table.state, *shape, device=device)  # in float32, whatever the model calculates in
        self.state[0] = self.noise() * table.first
        self._source = source
        if source is not None:
            self.state[0] += source.latents * table.source
        self._seen: tuple[torch.Tensor, torch.Tensor] | None = None
        self._fresh: torch.Tensor | None = None  # of the step that is taken now: if it is taken again, the same

    @property
    def latents(self) -> torch.Tensor:
        """(channels, height, width) as they are now."""
        return self.state[0]

    @property
    def over(self) -> bool:
        """Whether every step is done."""
        return self.step >= self.table.steps

    @property
    def rows(self) -> int:
        """How many rows it takes of a call of the model."""
        return 1 if self.without is None else 2

    def noise(self) -> torch.Tensor:
        """Fresh noise, shaped like the latents; each call draws more."""
        return self._placed(self._drawn())

    def _drawn(self) -> torch.Tensor:
        return torch.randn((1, *self.state.shape[1:]), generator=self._generator, dtype=self._drawn_in)[0]

    def _placed(self, noise: torch.Tensor) -> torch.Tensor:
        return noise.to(self.state.device, torch.float32)

    def kept(self, prediction: torch.Tensor) -> torch.Tensor:
        """The prediction that has the sampler end with the source where it is kept, and with what is drawn elsewhere.

        There it is the one from which the clean latents follow that the source has. So whatever a sampler remembers, an
        estimate or noise, is the source's as well, and its noise is that of the step, for every kind of prediction.
        """
        weights = self.table.estimate[self.step]
        if self._source is None or self._source.mask is None or weights[1] == 0:
            return prediction
        known = (self._source.latents - weights[0] * self.latents) / weights[1]
        return torch.lerp(known, prediction, self._source.mask)

    def noised(self, state: torch.Tensor) -> torch.Tensor:
        """The state after this step with its fresh noise, the same until the step is done."""
        if not self.table.noisy[self.step]:
            return state
        if self._fresh is None:
            self._fresh = self._drawn()
        return state + self.table.noise[self.step].view(-1, 1, 1, 1) * self._placed(self._fresh)

    def take(self, prediction: torch.Tensor, state: torch.Tensor) -> None:
        """The step is done, from this prediction to that state."""
        self._seen, self._fresh = (self.latents, prediction), None
        self.state = state
        self.step += 1

    def end(self, latents: torch.Tensor) -> None:
        """No step is to be taken: these latents are decoded."""
        self.state, self.step = latents[None], self.table.steps

    def estimate(self) -> torch.Tensor | None:
        """What the model believed the clean latents to be at the last step; None before the first."""
        if self._seen is None:
            return None
        latents, prediction = self._seen
        weights = self.table.estimate[self.step - 1]
        return weights[0] * latents + weights[1] * prediction
