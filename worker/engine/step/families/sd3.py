"""Stable Diffusion 3 and 3.5."""

from collections.abc import Sequence
from typing import Any

import torch

from worker.contract.types.request import Request
from worker.engine.step.trajectory import Condition

from .base import stacked
from .flow import Flow


class StableDiffusion3(Flow):
    """A transformer, and two or three text encoders."""

    shift_of_long = 1.16

    def __init__(self, pipeline: Any) -> None:
        super().__init__(pipeline)
        self.patch = pipeline.transformer.config.patch_size

    @classmethod
    def knows(cls, pipeline: Any) -> bool:
        """With its own network and decoder and both encoders of CLIP's kind; T5 may be left out."""
        return (
            type(pipeline.transformer).__name__ == "SD3Transformer2DModel"
            and type(pipeline.vae).__name__ == "AutoencoderKL"
            and pipeline.transformer.config.in_channels == pipeline.vae.config.latent_channels
            and None not in (pipeline.text_encoder, pipeline.text_encoder_2)
        )

    @property
    def channels(self) -> int:
        """As many as the transformer takes."""
        found: int = self._network.config.in_channels
        return found

    def plan(self, scheduler: Any, asked: Request) -> None:
        """By the size only where the scheduler wants that: those of 3.0 and 3.5 have one shift for all."""
        by_size = scheduler.config.get("use_dynamic_shifting", None)
        scheduler.set_timesteps(asked.steps, **({"mu": self._shift(scheduler.config, asked)} if by_size else {}))

    @torch.no_grad()
    def _encode(self, text: str) -> Condition:
        given, _, pooled, _ = self._pipeline.encode_prompt(
            text, None, None, device=self.device, do_classifier_free_guidance=False
        )
        return {"text": given[0], "pooled": pooled[0]}

    def conditions(self, asked: Request) -> tuple[Condition, Condition | None]:
        """No words are words too: what the encoders make of them."""
        without = self._texts.of(asked.negative_prompt) if asked.guidance_scale > 1 else None
        return self._texts.of(asked.prompt), without

    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
        """Predict, a row each."""
        predicted: torch.Tensor = self._network(
            hidden_states=latents,
            timestep=timesteps,
            encoder_hidden_states=stacked(conditions, "text"),
            pooled_projections=stacked(conditions, "pooled"),
            return_dict=False,
        )[0]
        return predicted
