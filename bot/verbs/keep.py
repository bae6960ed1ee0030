"""Keep: the message is in the person's `/favourites` from now on."""

import time

from bot import texts
from bot.intake.admission import Intake
from bot.result_errors import TooManyKept
from worker.contract.store.favourites import KEPT_MAX, Favourites, Kept

from .action import Action, Aside


async def keep(intake: Intake, action: Action) -> Aside:
    """Keep it. Raises Refusal (NotYet, TooManyKept) or RedisError."""
    (await intake.policies.of(action.origin)).check_open()
    action.check_ended()
    place = action.origin.destination
    kept = Kept(place.server, action.channel, action.message_id, action.job)
    if not await Favourites(intake.jobs.redis).add(action.person, kept, time.time()):
        raise TooManyKept(KEPT_MAX)
    return Aside({"content": texts.kept(intake.language)})
