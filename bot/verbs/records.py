"""A job's record where there is a readable one."""

import logging

from worker.contract.store.jobs import Jobs
from worker.contract.store.record import DamagedRecordError
from worker.contract.types.job import Job

log = logging.getLogger(__name__)


async def find(jobs: Jobs, job: str) -> Job | None:
    """The record; None when it is unknown or damaged, for then the message itself has to serve. Raises RedisError."""
    try:
        return await jobs.get(job)
    except DamagedRecordError as error:
        log.warning("%s; going by its message", error)
        return None
