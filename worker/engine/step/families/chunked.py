"""Families whose texts only encoders of CLIP's kind read: prompts of any length, weights, breaks."""

from abc import abstractmethod

import torch

from worker.contract.types.request import Request
from worker.engine.step import words
from worker.engine.step.trajectory import Condition

from . import clip_text
from .base import Family, Heard


class Chunked(Family):
    """Its `text` is as many tokens long as its chunks have, one behind the other."""

    @property
    @abstractmethod
    def _in_clip(self) -> bool:
        """Whether its texts are CLIP's alone; people bring other encoders, and leave some out."""

    @abstractmethod
    def _at_once(self, text: str) -> Condition:
        """What the stock pipeline makes of it, which reads one chunk."""

    @abstractmethod
    def _in_chunks(self, prompt: words.Prompt) -> Condition:
        """What it means with weights and breaks, of any length."""

    @torch.no_grad()
    def _encode(self, text: str) -> Condition:
        if not self._in_clip:
            return self._at_once(text)
        prompt = words.parse(text)
        chunks = self._read(prompt).chunks
        if prompt.plain is None or len(chunks) > 1:
            return self._in_chunks(prompt)
        return self._at_once(prompt.plain)

    def _read(self, prompt: words.Prompt) -> clip_text.Read:
        return clip_text.read(self._pipeline.tokenizer, prompt)

    def chunks(self, asked: Request) -> int:
        """Those of the longer of both texts."""
        if not self._in_clip:
            return 1
        texts = [*asked.texts, asked.negative_prompt] if self.passes(asked) > 1 else asked.texts
        return max(len(self._read(words.parse(text)).chunks) for text in texts)

    def heard(self, text: str) -> Heard | None:
        """Up to eight times as much as its encoder reads at once."""
        if not self._in_clip:
            return None
        prompt = words.parse(text)
        tokens = clip_text.CHUNKS_MAX * clip_text.room(self._pipeline.tokenizer)
        return Heard(self._read(prompt).read_to, tokens, prompt.odd)

    def _even(self, asked: Request, prompt: Condition, without: Condition | None) -> tuple[Condition, Condition | None]:
        """As long as the longest text of the request, for one call takes all; what is missing is what no words mean."""
        chunks = self.chunks(asked) if asked.prompts else 1
        if chunks == 1 and (without is None or len(prompt["text"]) == len(without["text"])):
            return prompt, without
        nothing = self._texts.of("")["text"]

        def filled(given: Condition, tokens: int) -> Condition:
            more = (tokens - len(given["text"])) // len(nothing)
            return {**given, "text": torch.cat([given["text"], *[nothing] * more])}

        both = [prompt] if without is None else [prompt, without]
        most = max(chunks * len(nothing), *(len(each["text"]) for each in both))
        return filled(prompt, most), None if without is None else filled(without, most)
