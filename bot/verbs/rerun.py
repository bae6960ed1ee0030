"""Rerun: the same request with a new seed, for anyone, as long as the message exists."""

import random

from bot.intake.admission import Intake
from worker.contract.types.job import Job, State
from worker.contract.types.request import SEED_MAX

from . import sources, upscale
from .action import Action
from .drawn import accept, request_of


async def rerun(intake: Intake, action: Action) -> Job:
    """Ask again with a new seed; the caps are those of whoever asks. Raises Refusal or RedisError.

    An upscale that came to nothing is tried again. One that succeeded would only come out the same, so what is drawn
    again then is the picture that it began with. What began with a picture of somebody's begins with it again.
    """
    record = action.record
    if record is not None and record.source and record.state in {State.FAILED, State.CANCELLED}:
        return await upscale.again(intake, action, record, record.source)
    if record is not None:
        request = record.request
    else:
        request = await request_of(intake, action)
    again = request.drawing.model_copy(update={"seed": random.randint(0, SEED_MAX)})
    if action.without:
        again = again.without_sources
    places = await sources.of_request(intake, record, again)
    return await accept(intake, action, again, "rerun", places)
