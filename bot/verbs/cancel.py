"""Cancel: take a waiting job out of the line, or stop its render."""

from bot.errors import Forgotten, TooLate
from bot.intake.admission import Intake
from worker.contract.store.failpoints import failpoint
from worker.contract.store.jobs import Cancelled
from worker.contract.types.job import Job, Reason, State

from . import records
from .action import Action


async def cancel(intake: Intake, action: Action) -> Job:
    """Cancel; returns the job as it is now. Raises Refusal or RedisError."""
    mine = action.person == action.owner
    outcome = await intake.jobs.cancel(action.job, Reason.OWNER if mine else Reason.MODERATOR)
    failpoint("cancel-after")
    after = await records.find(intake.jobs, action.job)
    if outcome is Cancelled.UNKNOWN or after is None:
        raise Forgotten
    if after.state is not State.CANCELLED:
        raise TooLate
    return after
