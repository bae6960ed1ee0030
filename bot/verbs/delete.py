"""Delete: remove a job's message; a job that still waits or runs is cancelled instead."""

from bot.errors import TooLate
from bot.intake.admission import Intake
from worker.contract.types.job import Job, State

from .action import Action
from .cancel import cancel


async def delete(intake: Intake, action: Action) -> Job | None:
    """Decide: a Job was cancelled and its message stays, None: remove the message. Raises Refusal or RedisError."""
    record = action.record
    if record is None or record.state.terminal:
        return None
    if record.state is State.RENDERED:
        raise TooLate  # the poster is at it; a moment later it can be deleted
    return await cancel(intake, action)
