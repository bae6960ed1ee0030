"""Why a message is not delivered, besides what Discord answers (`discord.py`)."""

from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause


class LostHoldError(Exception):
    """Another poster holds the message now."""


class DoubtedError(Exception):
    """Discord refuses, and nobody knows whether for good. It is asked again for some minutes."""


class WordsError(Exception):
    """Discord objects to the words.

    Attributes:
        why: who does, and why.
    """

    def __init__(self, why: Cause) -> None:
        super().__init__(str(why))
        self.why = why


class NobodyError(Exception):
    """There is no way left to this message where it is or is to be.

    Attributes:
        why: more exactly; None where the place is the owner's alone, and can be left without a word.
        gone: somebody deleted the message, so nothing is handed out anywhere else.
        closed: nothing at all can be posted in its channel.
        unseen: nobody has seen anything of it yet.
        restricted: Discord objects to the pictures themselves.
    """

    def __init__(
        self, why: Cause | None = None, *, gone: bool = False, closed: bool = False, unseen: bool = False,
        restricted: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(str(causes.message_deleted() if gone else why or "the interaction has ended"))
        self.why, self.gone, self.closed, self.unseen, self.restricted = why, gone, closed, unseen, restricted
