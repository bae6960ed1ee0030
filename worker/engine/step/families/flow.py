"""What families on straight paths (rectified flow) have in common: a transformer, and timesteps that know the size."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import torch

from worker.contract.types.request import Request

from .base import Family

# Straight paths are walked slower at first where there is more to see. By default a scheduler says how much slower at
# two lengths of the transformer's sequence; these stand for what it leaves out.
_SHORT, _LONG, _SHIFT_OF_SHORT = 256, 4096, 0.5


class Flow(Family):
    """A transformer over patches of latents."""

    plans_by_size = True
    patch = 2  # latents a side that one element of the sequence stands for
    shift_of_long = 1.15  # what the family's pipeline takes where the scheduler does not say

    @property
    def _network(self) -> Any:
        return self._pipeline.transformer

    def shape(self, asked: Request) -> tuple[int, int, int]:
        """Sides are whole patches."""
        side = self._pipeline.vae_scale_factor * self.patch
        return self.channels, asked.height // side * self.patch, asked.width // side * self.patch

    @property
    @abstractmethod
    def channels(self) -> int:
        """Of latents."""

    def _shift(self, config: Mapping[str, Any], asked: Request) -> float:
        """How much slower, by the length of the sequence."""
        _, height, width = self.shape(asked)
        length = height // self.patch * (width // self.patch)
        short, long = config.get("base_image_seq_len", _SHORT), config.get("max_image_seq_len", _LONG)
        low, high = config.get("base_shift", _SHIFT_OF_SHORT), config.get("max_shift", self.shift_of_long)
        return float(low + (high - low) * (length - short) / (long - short))

    @staticmethod
    def _unscaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
        return latents / float(config.scaling_factor) + float(config.shift_factor or 0.0)

    @staticmethod
    def _scaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
        return (latents - float(config.shift_factor or 0.0)) * float(config.scaling_factor)
