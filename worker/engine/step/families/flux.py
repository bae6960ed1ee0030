"""FLUX.1."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from worker.contract.types.request import Request
from worker.engine.step.trajectory import Condition

from .base import stacked
from .flow import Flow

_TIMESTEPS = 1000  # the network is told parts of one, samplers count to this


class Flux(Flow):
    """A transformer, CLIP for the gist and T5 for the words.

    Guidance, where a model has any, is a number that the network is told: no row is without the prompt, and a negative
    prompt has no effect. Latents are kept as a picture; the transformer alone sees them packed into rows of 2 × 2.
    """

    @classmethod
    def knows(cls, pipeline: Any) -> bool:
        """With its own network and decoder."""
        return (
            type(pipeline.transformer).__name__ == "FluxTransformer2DModel"
            and type(pipeline.vae).__name__ == "AutoencoderKL"
            and pipeline.transformer.config.in_channels == 4 * pipeline.vae.config.latent_channels
            and None not in (pipeline.text_encoder, pipeline.text_encoder_2)
        )

    @property
    def channels(self) -> int:
        """The transformer takes those of 2 × 2 latents as one."""
        return int(self._network.config.in_channels) // self.patch**2

    def plan(self, scheduler: Any, asked: Request) -> None:
        """From pure noise in even steps, bent by the size."""
        shift = self._shift(scheduler.config, asked)
        if scheduler.config.get("use_flow_sigmas"):
            scheduler.set_timesteps(asked.steps, mu=shift)
        else:
            scheduler.set_timesteps(sigmas=np.linspace(1.0, 1 / asked.steps, asked.steps), mu=shift)

    @torch.no_grad()
    def _encode(self, text: str) -> Condition:
        given, pooled, _ = self._pipeline.encode_prompt(text, device=self.device)
        return {"text": given[0], "pooled": pooled[0]}

    def passes(self, asked: Request) -> int:
        """One, for guidance is told."""
        del asked
        return 1

    def conditions(self, asked: Request) -> tuple[Condition, Condition | None]:
        """With the guidance scale, for models that take one."""
        given = self._texts.of(asked.prompt)
        if self._network.config.guidance_embeds:
            given = {**given, "guidance": torch.tensor(asked.guidance_scale, device=self.device)}
        return given, None

    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
        """Predict, a row each."""
        text, (_, _, height, width) = stacked(conditions, "text"), latents.shape
        predicted: torch.Tensor = self._network(
            hidden_states=_packed(latents),
            timestep=timesteps.to(latents.dtype) / _TIMESTEPS,
            guidance=stacked(conditions, "guidance") if "guidance" in conditions[0] else None,
            pooled_projections=stacked(conditions, "pooled"),
            encoder_hidden_states=text,
            txt_ids=text.new_zeros(text.shape[1], 3),
            img_ids=_places(height // self.patch, width // self.patch, text),
            return_dict=False,
        )[0]
        return _unpacked(predicted, height, width)


def _packed(latents: torch.Tensor) -> torch.Tensor:
    """(rows, channels, height, width) → (rows, patches, channels of 2 × 2)."""
    rows, channels, height, width = latents.shape
    patches = latents.view(rows, channels, height // 2, 2, width // 2, 2).permute(0, 2, 4, 1, 3, 5)
    return patches.reshape(rows, height // 2 * (width // 2), channels * 4)


def _unpacked(patches: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """The way back."""
    rows, _, channels = patches.shape
    latents = patches.view(rows, height // 2, width // 2, channels // 4, 2, 2).permute(0, 3, 1, 4, 2, 5)
    return latents.reshape(rows, channels // 4, height, width)


def _places(height: int, width: int, like: torch.Tensor) -> torch.Tensor:
    """(patches, 3): nothing, line and column of each."""
    lines = torch.arange(height, device=like.device, dtype=like.dtype).view(-1, 1).expand(height, width)
    columns = torch.arange(width, device=like.device, dtype=like.dtype).expand(height, width)
    return torch.stack([torch.zeros_like(lines), lines, columns], dim=-1).view(-1, 3)
