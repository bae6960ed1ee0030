"""What a command calls itself in its help: as it was called, `easel bot` or `python -m bot`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_called: ContextVar[str] = ContextVar("called", default="")


@contextmanager
def called(name: str) -> Iterator[None]:
    """Meanwhile commands were called by this name."""
    before = _called.set(name)
    try:
        yield
    finally:
        _called.reset(before)


def program(module: str, part: str = "") -> str:
    """The name for a command that a module is, or for a part of it."""
    return " ".join(filter(None, [_called.get() or f"python -m {module}", part]))
