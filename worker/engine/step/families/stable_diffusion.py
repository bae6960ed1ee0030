"""Stable Diffusion 1 and 2, and Easel's starter."""

from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image

from worker.contract.types.request import Request
from worker.engine.step import words
from worker.engine.step.trajectory import Condition

from . import clip_text, followed, masked
from .base import is_usual, stacked
from .chunked import Chunked

_BLANKS = 8  # sizes for which is remembered how an empty picture is encoded


class StableDiffusion(Chunked):
    """A UNet and one text encoder."""

    def __init__(self, pipeline: Any) -> None:
        super().__init__(pipeline)
        self._blanks: dict[tuple[int, int], Condition] = {}

    @classmethod
    def knows(cls, pipeline: Any) -> bool:
        """Without a safety checker, which would change what is shown."""
        return is_usual(pipeline) and pipeline.safety_checker is None

    @property
    def takes_masks(self) -> bool:
        """With a UNet for inpainting."""
        return masked.takes_masks(self._pipeline)

    @property
    def follows(self) -> bool:
        """By ControlNets and IP-Adapters, which are made for its UNet."""
        return True

    @property
    def _network(self) -> Any:
        return self._pipeline.unet

    @property
    def _in_clip(self) -> bool:
        return type(self._pipeline.text_encoder).__name__.startswith("CLIPText")

    def _at_once(self, text: str) -> Condition:
        given, _ = self._pipeline.encode_prompt(text, self.device, 1, False)
        return {"text": given[0]}

    def _in_chunks(self, prompt: words.Prompt) -> Condition:
        tokenizer, encoder = self._pipeline.tokenizer, self._pipeline.text_encoder
        chunks = clip_text.read(tokenizer, prompt).chunks
        return {"text": clip_text.encoded(tokenizer, chunks, lambda ids: encoder(ids.to(self.device))[0])}

    def conditions(self, asked: Request) -> tuple[Condition, Condition | None]:
        """A model for inpainting is shown an empty picture, of which all is drawn anew."""
        prompt, without = self._worded(asked)
        shown = self._blank((asked.width, asked.height)) if self.takes_masks else {}
        return {**prompt, **shown}, None if without is None else {**without, **shown}

    def _blank(self, size: tuple[int, int]) -> Condition:
        if size not in self._blanks:
            while len(self._blanks) >= _BLANKS:
                self._blanks.pop(next(iter(self._blanks)))
            around = self.encode(Image.new("RGB", size), torch.ones(1, size[1], size[0]))
            self._blanks[size] = masked.shown(torch.ones_like(around[:1]), around)
        return self._blanks[size]

    def passes(self, asked: Request) -> int:
        """Models distilled from guidance (LCM) are told its scale instead of being called twice."""
        return super().passes(asked) if self._network.config.time_cond_proj_dim is None else 1

    def _worded(self, asked: Request) -> tuple[Condition, Condition | None]:
        width_of_scale = self._network.config.time_cond_proj_dim
        if width_of_scale is None:
            without = self._texts.of(asked.negative_prompt) if self.passes(asked) > 1 else None
            return self._even(asked, self._texts.of(asked.prompt), without)
        told = torch.tensor([asked.guidance_scale - 1])
        scale = self._pipeline.get_guidance_scale_embedding(told, embedding_dim=width_of_scale)
        given, _ = self._even(asked, self._texts.of(asked.prompt), None)
        return {**given, "scale": scale[0].to(self.device, self.dtype)}, None

    def call(self, latents: torch.Tensor, timesteps: torch.Tensor, conditions: Sequence[Condition]) -> torch.Tensor:
        """Predict, a row each."""
        predicted: torch.Tensor = self._network(
            masked.joined(latents, conditions),
            timesteps,
            encoder_hidden_states=stacked(conditions, "text"),
            timestep_cond=stacked(conditions, "scale") if "scale" in conditions[0] else None,
            added_cond_kwargs=followed.look(conditions) or None,
            **followed.residuals(self.controls, latents, timesteps, conditions),
            return_dict=False,
        )[0]
        return predicted
