"""A stock pipeline's decoder, which does less at once when memory does not suffice.

A pipeline calls its decoder once, when all steps are done. An error there would end the call, and with it the latents:
every step would be taken again. So the decoder itself tries less at once, and the pipeline goes on with what it made.
Likewise where it is lifted to a format of more bytes before (SDXL's, for half precision is too little for it): that is
tried again in the room made.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from worker.engine.service.render_task import RenderTask

from .ladder import Ladder


@contextlib.contextmanager
def in_parts(
    decoder: Any, ladder: Ladder, task: RenderTask, sparingly: Callable[[Any], contextlib.AbstractContextManager[None]]
) -> Iterator[None]:
    """Have `decoder.decode` do what fits meanwhile; at last `sparingly`, which may change seams slightly.

    What it raises when even that does not fit is the ladder's OutOfMemoryError.
    """
    decode = getattr(decoder, "decode", None)
    if decode is None:
        yield
        return

    @functools.wraps(decode)
    def decode_in_parts(latents: Any, *args: Any, **kwargs: Any) -> Any:
        alone = not isinstance(latents, torch.Tensor) or any(
            isinstance(each, torch.Tensor) for each in (*args, *kwargs.values())
        )  # nobody knows which rows of the others belong to which picture
        parts: list[Any] = []

        def do(at_once: int) -> None:
            parts.clear()
            with contextlib.nullcontext() if at_once else sparingly(decoder):
                for part in [latents] if alone else latents.split(max(1, at_once)):
                    task.check()
                    parts.append(decode(part, *args, **kwargs))

        shape = () if alone else tuple(latents.shape[1:])
        ladder.climb(task.request, shape, 1 if alone else len(latents), do)
        return parts[0] if len(parts) == 1 else _joined(parts)

    move = decoder.to

    @functools.wraps(move)
    def move_again(*args: Any, **kwargs: Any) -> Any:
        ladder.climb(task.request, (), 1, lambda _: move(*args, **kwargs))  # what has been lifted by then stays
        return decoder

    with _put(decoder, "decode", decode_in_parts), _put(decoder, "to", move_again):
        yield


@contextlib.contextmanager
def _put(decoder: Any, name: str, method: Callable[..., Any]) -> Iterator[None]:
    """Have this decoder alone do something its own way, for as long as the block takes."""
    own = vars(decoder).get(name)
    setattr(decoder, name, method)
    try:
        yield
    finally:
        delattr(decoder, name)
        if own is not None:
            setattr(decoder, name, own)


def _joined(parts: Sequence[Any]) -> Any:
    """One answer of what a decoder answered to each part: a tuple, or diffusers' output with a `sample`."""
    first = parts[0]
    if isinstance(first, tuple):
        return (torch.cat([each[0] for each in parts]), *first[1:])
    return type(first)(sample=torch.cat([each.sample for each in parts]))
