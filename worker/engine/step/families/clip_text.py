"""Prompts of any length and with weights for CLIP's text encoders, which read 75 tokens at a time.

A longer prompt is read in chunks, and what they mean stands one after the other. A weight multiplies what its tokens
mean; the whole then keeps the size that it had, which models are used to.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from worker.engine.step.words import Prompt

CHUNKS_MAX = 8  # of one prompt; each costs time and memory in every step
_LONGEST = 77  # tokens of every CLIP; some tokenizers do not know of it
_ENDS = 2  # tokens around each chunk

Chunk = list[tuple[int, float]]  # tokens and their weights


class Read(NamedTuple):
    """A prompt in chunks, at least one. `read_to`: the words before what was too much; "" where nothing was."""

    chunks: list[Chunk]
    read_to: str = ""


def room(tokenizer: Any) -> int:
    """Tokens of one chunk."""
    return min(int(tokenizer.model_max_length), _LONGEST) - _ENDS


def read(tokenizer: Any, prompt: Prompt) -> Read:
    """Cut a prompt into chunks."""
    chunks: list[Chunk] = [[]]
    before = ""
    for part in prompt.parts:
        if chunks[-1]:
            chunks.append([])
        for piece in part:
            given = tokenizer(piece.text, add_special_tokens=False, return_offsets_mapping=True)
            for token, (_, end) in zip(given["input_ids"], given["offset_mapping"], strict=True):
                if len(chunks[-1]) == room(tokenizer):
                    chunks.append([])
                if len(chunks) > CHUNKS_MAX:
                    return Read(chunks[:CHUNKS_MAX], before.strip())
                chunks[-1].append((token, piece.weight))
                before = piece.text[:end]
    return Read(chunks if chunks[-1] or len(chunks) == 1 else chunks[:-1])


def ids(tokenizer: Any, chunk: Chunk) -> torch.Tensor:
    """(1, tokens) as an encoder takes one chunk."""
    tokens = [tokenizer.bos_token_id, *(token for token, _ in chunk), tokenizer.eos_token_id]
    filling = tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    return torch.tensor([tokens + [filling] * (room(tokenizer) + _ENDS - len(tokens))])


def encoded(tokenizer: Any, chunks: list[Chunk], encode: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """(tokens of all chunks, width), by an encoder that makes (1, tokens, width) of a chunk."""
    return torch.cat([_weighted(encode(ids(tokenizer, chunk))[0], chunk) for chunk in chunks])


def with_gist(tokenizer: Any, encoder: Any, prompt: Prompt, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """By its last layer but one, (tokens of all chunks, width), and what the first chunk means as a whole, (width,)."""
    gists: list[torch.Tensor] = []

    def encode(tokens: torch.Tensor) -> torch.Tensor:
        made = encoder(tokens.to(device), output_hidden_states=True)
        gists.append(made[0][0])
        meaning: torch.Tensor = made.hidden_states[-2]
        return meaning

    return encoded(tokenizer, read(tokenizer, prompt).chunks, encode), gists[0]


def _weighted(meaning: torch.Tensor, chunk: Chunk) -> torch.Tensor:
    if all(weight == 1 for _, weight in chunk):
        return meaning
    weights = torch.ones(len(meaning), 1, device=meaning.device)
    weights[1 : 1 + len(chunk), 0] = torch.tensor([weight for _, weight in chunk], device=meaning.device)
    whole = meaning.float()
    scaled = whole * weights
    size: torch.Tensor = whole.norm() / scaled.norm().clamp(min=1e-6)
    return (scaled * size).to(meaning.dtype)
