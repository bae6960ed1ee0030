"""Delete: remove a job's message; a job that still waits or runs is cancelled instead."""

from bot.errors import TooLate
from bot.intake.admission import Intake
from worker.contract.message.custom_ids import Verb
from worker.contract.types.job import Job, State

from . import records
from .action import Action
from .cancel import cancel


async def delete(intake: Intake, action: Action) -> Job | None:
    """Decide for the owner or a moderator: a Job was cancelled and its message stays, None: remove the message.

    Raises Refusal or RedisError.
    """
    record = await records.find(intake.jobs, action.job)
    live = record is not None and record.state in {State.QUEUED, State.CLAIMED}
    action.require_owner(record, Verb.CANCEL if live else Verb.DELETE)
    if record is None or record.state.terminal:
        return None
    if record.state is State.RENDERED:
        raise TooLate  # the poster is at it; a moment later it can be deleted
    return await cancel(intake, action)
