"""What texts mean to a model, kept for the next request with the same text."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from .trajectory import Condition

_MOST = 64  # texts of one model
_BYTES = 64 * 2**20  # of all of them: one of FLUX takes four megabytes, one of Stable Diffusion a hundredth of that


class Conditions:
    """Encodes a text unless it was encoded lately. Each text is encoded alone: what it means then depends on no other.

    Args:
        encode: text → condition.
        most, most_bytes: are remembered; of the least lately asked for none, but the last one always is.
    """

    def __init__(self, encode: Callable[[str], Condition], most: int = _MOST, most_bytes: int = _BYTES) -> None:
        self._encode, self._most, self._most_bytes = encode, most, most_bytes
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
        while len(self._known) > 1 and (len(self._known) > self._most or self._held() > self._most_bytes):
            self._known.popitem(last=False)
        return found

    def _held(self) -> int:
        return sum(tensor.nbytes for given in self._known.values() for tensor in given.values())
