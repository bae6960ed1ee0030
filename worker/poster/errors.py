"""Why a message is not delivered, besides what Discord answers (`discord.py`)."""

from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason


class LostHoldError(Exception):
    """Another poster holds the message now."""


class NobodyError(Exception):
    """There is no way left to this message.

    Attributes:
        why: more exactly; None when somebody deleted the message.
        tell: a direct message may still reach the owner.
        vain: nobody would ever see what is drawn: the message or its channel was deleted, or none can be made.
    """

    def __init__(self, why: Cause | None = None, *, tell: bool = True, vain: bool = False) -> None:
        super().__init__(str(why or causes.message_deleted()))
        self.why, self.tell, self.vain = why, tell and why is not None, vain

    @property
    def reason(self) -> Reason:
        """Why a job that is not drawn yet ends."""
        return Reason.UNPOSTED if self.why else Reason.MODERATOR
