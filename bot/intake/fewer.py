"""Requests whose number of pictures nobody typed: of what the day has left, where that is fewer than are usual."""

from bot.errors import OverCap
from bot.policy.limits import Policy
from worker.contract.store.jobs import AdmissionLimit
from worker.contract.types.job import Job
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlaces

from .admission import Intake
from .origin import Origin

OF_PICTURES = {AdmissionLimit.DAY_PICTURES, AdmissionLimit.SERVER_DAY_PICTURES}  # of which fewer may be asked for


async def accept_fewer(
    intake: Intake, origin: Origin, request: Request, verb: str, policy: Policy, sources: SourcePlaces | None = None
) -> Job:
    """The job; of as many pictures as the day has left. Raises as `Intake.accept`."""
    try:
        return await intake.accept(origin, request, verb, policy, sources)
    except OverCap as error:
        left = error.refused.limit - error.refused.count
        if error.refused.why not in OF_PICTURES or not 0 < left < request.count:
            raise
    return await intake.accept(origin, request.first(left), verb, None, sources)
