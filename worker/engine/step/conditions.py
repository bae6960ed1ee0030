"""What texts mean to a model, kept for the next request with the same text."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from .trajectory import Condition

_MOST = 64  # texts of one model; the largest take half a megabyte


class Conditions:
    """Encodes a text unless it was encoded lately. Each text is encoded alone: what it means then depends on no other.

    Args:
        encode: text → condition.
    """

    def __init__(self, encode: Callable[[str], Condition], most: int = _MOST) -> None:
        self._encode, self._most = encode, most
        self._known: OrderedDict[tuple[Hashable, str], Condition] = OrderedDict()
        self.meaning: Hashable = ()  # what else it depends on, beside the text

    def of(self, text: str) -> Condition:
        """What the model is given for a text."""
        key = self.meaning, text
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        found = self._encode(text)
        self._known[key] = found
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return found
