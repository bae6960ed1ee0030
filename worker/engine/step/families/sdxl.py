"""Stable Diffusion XL: base, Turbo, Lightning, LCM, Hyper."""

from collections.abc import Sequence
from typing import Any

import torch

from worker.contract.types.request import Request
from worker.engine.step import words
from worker.engine.step.trajectory import Condition

from . import clip_text, followed, masked
from .base import is_usual, stacked, statistics
from .stable_diffusion import StableDiffusion


class StableDiffusionXL(StableDiffusion):
    """A UNet and two text encoders, which is also told the size of the picture."""

    @classmethod
    def knows(cls, pipeline: Any) -> bool:
        """With both text encoders and without a watermark; refiners have one."""
        return (
            is_usual(pipeline)
            and pipeline.watermark is None
            and None not in (pipeline.text_encoder, pipeline.tokenizer)
        )

    def _in_chunks(self, prompt: words.Prompt) -> Condition:
        """By both encoders; what the picture is as a whole is told by the first chunk to the second of them."""
        whole = self._pipeline
        pairs = ((whole.tokenizer, whole.text_encoder), (whole.tokenizer_2, whole.text_encoder_2))
        made = [clip_text.with_gist(tokenizer, encoder, prompt, self.device) for tokenizer, encoder in pairs]
        dtype = whole.text_encoder_2.dtype
        return {"text": torch.cat([text for text, _ in made], dim=-1).to(dtype), "pooled": made[1][1].to(dtype)}

    def _at_once(self, text: str) -> Condition:
        given, _, pooled, _ = self._pipeline.encode_prompt(
            text, device=self.device, num_images_per_prompt=1, do_classifier_free_guidance=False
        )
        return {"text": given[0], "pooled": pooled[0]}

    def _worded(self, asked: Request) -> tuple[Condition, Condition | None]:
        """With the size; without words most models are given zeros rather than what the encoders make of no text."""
        prompt, without = super()._worded(asked)
        if without is not None and not asked.negative_prompt and self._pipeline.config.force_zeros_for_empty_prompt:
            without = {name: torch.zeros_like(each) for name, each in prompt.items()}
        size = self._size(prompt, (asked.height, asked.width))
        return {**prompt, "size": size}, None if without is None else {**without, "size": size}

    def _size(self, prompt: Condition, size: tuple[int, int]) -> torch.Tensor:
        encoder = self._pipeline.text_encoder_2
        projected = encoder.config.projection_dim if encoder is not None else prompt["pooled"].shape[-1]
        told = self._pipeline._get_add_time_ids(  # noqa: SLF001 - what it says depends on the model's configuration
            size, (0, 0), size, dtype=self.dtype, text_encoder_projection_dim=projected
        )
        found: torch.Tensor = told[0].to(self.device)
        return found

    @staticmethod
    def _scaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
        mean, deviation = statistics(latents, config)
        return (latents - mean) * float(config.scaling_factor) / deviation

    @staticmethod
    def _unscaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
        mean, deviation = statistics(latents, config)
        return latents * deviation / float(config.scaling_factor) + mean

    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
        """Predict, a row each."""
        told = {"text_embeds": stacked(conditions, "pooled"), "time_ids": stacked(conditions, "size")}
        predicted: torch.Tensor = self._network(
            masked.joined(latents, conditions),
            timesteps,
            encoder_hidden_states=stacked(conditions, "text"),
            timestep_cond=stacked(conditions, "scale") if "scale" in conditions[0] else None,
            added_cond_kwargs=told | followed.look(conditions),
            **followed.residuals(self.controls, latents, timesteps, conditions, told),
            return_dict=False,
        )[0]
        return predicted
