"""What all parts are given."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from worker.contract.types.request import Request
from worker.engine.pipeline.preview import clean
from worker.engine.step.stepper import Stepper

from .models import network


@dataclass
class Bench:
    """One pipeline, and how it is measured.

    Attributes:
        asked: one picture.
        rows: of one call, at most.
        pairs: by turns, of which the median is told.
        seconds: after which no further pair of a row begins.
        rungs: of the network.
    """

    pipeline: Any
    asked: Request
    rows: int
    pairs: int
    seconds: float
    rungs: tuple[str, ...]

    @cached_property
    def stepper(self) -> Stepper:
        """Easel's loop for it."""
        found = Stepper.of(self.pipeline, clean)
        assert found is not None, "Easel's loop does not know it"
        return found

    @property
    def network(self) -> Any:
        """What predicts."""
        return getattr(self.pipeline, network(self.pipeline))

    @network.setter
    def network(self, module: Any) -> None:
        setattr(self.pipeline, network(self.pipeline), module)

    def call(self, rows: int) -> torch.Tensor:
        """One call of the network with so many rows, the same each time, as the loop makes it."""
        family = self.stepper.family
        condition, _ = family.conditions(self.asked)
        dice = torch.Generator().manual_seed(1)
        latents = torch.randn(rows, *family.shape(self.asked), generator=dice).to(family.device, family.dtype)
        with torch.inference_mode():
            return family.call(latents, torch.full((rows,), 500.0, device=family.device), [condition] * rows)
