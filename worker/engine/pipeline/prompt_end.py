"""How far a model reads a prompt: text encoders take so many tokens, and the rest is cut off without a word."""

import inspect
import logging
from typing import Any

from worker.contract.types.result import READ_TO_MAX

log = logging.getLogger(__name__)

_UNBOUND = 100_000  # what tokenizers say that know of no limit is far beyond


def read_to(pipeline: Any, prompt: str) -> tuple[str, int]:
    """The last words of what is read, "" where that is all, or nobody can tell; and how many tokens may be."""
    try:
        return _read_to(pipeline, prompt), tokens(pipeline) or 0
    except Exception as error:  # a tokenizer of a kind that nobody knows; the prompt is drawn all the same
        log.debug("nobody can tell how far a prompt is read", exc_info=error)
        return "", 0


def tokens(pipeline: Any) -> int | None:
    """How many tokens of a prompt are read; None where nobody can tell, or all are."""
    tokenizer, most = _widest(pipeline)
    return None if tokenizer is None or most > _UNBOUND else most


def _read_to(pipeline: Any, prompt: str) -> str:
    tokenizer, most = _widest(pipeline)
    if tokenizer is None or most > _UNBOUND:
        return ""
    read = tokenizer(prompt, truncation=True, max_length=most, return_offsets_mapping=True)
    end = max((end for _, end in read["offset_mapping"]), default=0)
    if not prompt[end:].strip():
        return ""
    return prompt[:end][-READ_TO_MAX:].strip()


def _widest(pipeline: Any) -> tuple[Any, int]:
    """The tokenizer that reads furthest, for what one encoder leaves out another may read, and its tokens."""
    found = [getattr(pipeline, name, None) for name in ("tokenizer", "tokenizer_2", "tokenizer_3")]
    said = inspect.signature(type(pipeline).__call__).parameters.get("max_sequence_length")
    widths = [(tokenizer, _tokens(tokenizer, said.default if said else None)) for tokenizer in found if tokenizer]
    return max(widths, key=lambda each: each[1], default=(None, 0))


def _tokens(tokenizer: Any, said: Any) -> int:
    """CLIP's are as long as it was trained; others as the pipeline says, or as they are."""
    own = int(tokenizer.model_max_length)
    return own if type(tokenizer).__name__.startswith("CLIP") or not isinstance(said, int) else said
