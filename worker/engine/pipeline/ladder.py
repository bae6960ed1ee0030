"""Doing as much at once as memory holds: as planned, the same in the room made, half, one; later more again."""

import logging
from collections.abc import Callable, Iterator

from worker.contract.types.request import Request
from worker.engine.errors import OutOfMemoryError
from worker.engine.step.fitted import Fitted, Shape
from worker.engine.step.memory import is_out_of_memory

log = logging.getLogger(__name__)


class Ladder:
    """Of one kind of work, such as rows of a call.

    Args:
        known: what fitted, by the shape of latents, after more had not.
        free: makes room in the device's memory.
        sparing: whether there is a way to do one with less memory than usual; it is asked for as none at once.
    """

    def __init__(self, what: str, known: Fitted, free: Callable[[], None], *, sparing: bool = False) -> None:
        self._what, self._known, self._free, self._sparing = what, known, free, sparing

    def climb(self, asked: Request, shape: Shape, most: int, do: Callable[[int], None]) -> None:
        """Do as much at once as fits. Raises OutOfMemoryError when even the least does not."""
        start, more = self._known.start(shape, most), self._known.more(shape, most)
        for at_once in steps(start, more, sparing=self._sparing):
            if fits(do, at_once):
                return self._known.did(shape, more or start, at_once)  # in tiles 0: each is tried without them first
            log.warning("out of memory with %d %s at once", at_once, self._what)
            if at_once != more:
                self._free()  # outside the handler: its traceback would keep the tensors alive
        self._known.did(shape, more or start, 0)
        raise OutOfMemoryError(asked.width, asked.height)


def steps(most: int, more: int = 0, *, sparing: bool) -> Iterator[int]:
    """How many at once, one after the other; 0 at last for the sparing way."""
    if more:  # no room is made for what is only tried
        yield more
    yield most
    while most:
        yield most  # the first once more: there may be enough room now to need no smaller one
        most //= 2
    if sparing:
        yield 0  # last, for tiles are slow and their blended seams change the picture slightly


def fits(do: Callable[[int], None], at_once: int) -> bool:
    """Do so much at once, and say whether memory sufficed for it. Raises whatever else `do` does."""
    try:
        do(at_once)
    except Exception as error:  # torch's out-of-memory errors have several types; the rest goes on
        if not is_out_of_memory(error):
            raise
        return False
    return True
