"""Tracebacks for logs above DEBUG: where an error came from and of which kind it is, and no words of people.

What an error says may quote what it could not take, a prompt as well as a number. Only kinds of which that is not to be
expected say it; of all others a log has their name, and the lines of the program that led to it.
"""

import traceback

from .types.cause import WITHHELD

_PLAIN = (  # what drivers, the system and Python itself raise
    OSError, RuntimeError, MemoryError, ImportError, ArithmeticError, IndexError, AttributeError, NameError,
)  # fmt: skip
_LONGEST = 20  # errors in a chain


def trace(error: BaseException) -> str:
    """The traceback of an error, after those of the errors that led to it, without its last line's end."""
    chain, at = [error], _before(error)
    while at is not None and at not in chain and len(chain) < _LONGEST:
        chain.append(at)
        at = _before(at)
    return "\n\nwhich led to:\n\n".join(_one(each) for each in reversed(chain))


def _before(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> str:
    lines = ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__), _named(error)]
    if isinstance(error, BaseExceptionGroup):
        lines += [f"\n\nwith:\n\n{trace(each)}" for each in error.exceptions]
    return "".join(lines)


def _named(error: BaseException) -> str:
    if isinstance(error, _PLAIN):
        return traceback.format_exception_only(error)[0].rstrip("\n")
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {WITHHELD}"
