"""What texts mean to a model, kept for the next request with the same text."""

from collections import OrderedDict
from collections.abc import Callable

from .trajectory import Condition

_MOST = 64  # texts of one model; the largest take half a megabyte


class Conditions:
    """Encodes a text unless it was encoded lately. Each text is encoded alone: what it means then depends on no other.

    Args:
        encode: text → condition.
    """

    def __init__(self, encode: Callable[[str], Condition], most: int = _MOST) -> None:
        self._encode, self._most = encode, most
        self._known: OrderedDict[str, Condition] = OrderedDict()

    def of(self, text: str) -> Condition:
        """What the model is given for a text."""
        if text in self._known:
            self._known.move_to_end(text)
            return self._known[text]
        found = self._encode(text)
        self._known[text] = found
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return found
