"""Stable Diffusion 3 and 3.5."""

from collections.abc import Sequence
from typing import Any

import torch

from worker.contract.types.request import Request
from worker.engine.step import words
from worker.engine.step.trajectory import Condition

from . import clip_text
from .base import stacked
from .chunked import Chunked
from .flow import Flow

_T5_TOKENS = 256  # that the stock pipeline has it read


class StableDiffusion3(Chunked, Flow):
    """A transformer, two text encoders of CLIP's kind, and T5 or, where that is left out, zeros in its place.

    T5 reads further than a chunk of CLIP's and knows no weights. Without it, texts are read in chunks.
    """

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

    @property
    def _in_clip(self) -> bool:
        return self._pipeline.text_encoder_3 is None

    def _at_once(self, text: str) -> Condition:
        given, _, pooled, _ = self._pipeline.encode_prompt(
            text, None, None, device=self.device, do_classifier_free_guidance=False
        )
        return {"text": given[0][: self._tokens] if self._in_clip else given[0], "pooled": pooled[0]}

    @property
    def _tokens(self) -> int:
        """Of one chunk; behind it stands what T5 makes of the text."""
        found: int = self._pipeline.tokenizer_max_length
        return found

    def _in_chunks(self, prompt: words.Prompt) -> Condition:
        """By both of CLIP's; what the picture is as a whole is told by the first chunk."""
        whole = self._pipeline
        pairs = ((whole.tokenizer, whole.text_encoder), (whole.tokenizer_2, whole.text_encoder_2))
        made = [clip_text.with_gist(tokenizer, encoder, prompt, self.device) for tokenizer, encoder in pairs]
        dtype = whole.text_encoder.dtype
        text = torch.cat([text for text, _ in made], dim=-1).to(dtype)
        width = self._network.config.joint_attention_dim - text.shape[-1]
        return {
            "text": torch.nn.functional.pad(text, (0, width)),
            "pooled": torch.cat([gist for _, gist in made]).to(dtype),
        }

    def conditions(self, asked: Request) -> tuple[Condition, Condition | None]:
        """No words are words too: what the encoders make of them."""
        without = self._texts.of(asked.negative_prompt) if asked.guidance_scale > 1 else None
        prompt, without = self._even(asked, self._texts.of(asked.prompt), without)
        return self._whole(prompt), None if without is None else self._whole(without)

    def _whole(self, given: Condition) -> Condition:
        """With zeros behind it in place of T5, where that is left out."""
        if not self._in_clip:
            return given
        text = given["text"]
        return {**given, "text": torch.cat([text, text.new_zeros(_T5_TOKENS, text.shape[-1])])}

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
