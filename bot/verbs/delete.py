"""Delete: remove a job's message and its record; a job that still waits or runs is cancelled instead."""

import logging

from redis.exceptions import RedisError

from bot.errors import TooLate
from bot.intake.admission import Intake
from worker.contract.types.job import Job, State

from .action import Action
from .cancel import cancel

log = logging.getLogger(__name__)


async def delete(intake: Intake, action: Action) -> Job | None:
    """Decide: a Job was cancelled and its message stays, None: remove the message. Raises Refusal or RedisError."""
    record = action.record
    if record is None or record.state.terminal:
        return None
    if record.state is State.RENDERED:
        raise TooLate  # the poster is at it; a moment later it can be deleted
    return await cancel(intake, action)


async def removed(intake: Intake, job: str, channel: int, message: int) -> None:
    """The message is gone: what was asked for is forgotten, too. Not before, for until then its controls need it."""
    intake.messages.gone(channel, message)
    try:
        await intake.jobs.bury(job)
    except RedisError:  # the message is what the person saw; the record goes when its time is over
        log.warning("%s: its message was deleted, its record could not be", job)
