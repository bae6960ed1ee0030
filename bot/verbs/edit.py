"""Edit: what was asked for comes back in a form, to be changed and asked for anew."""

from bot.intake.admission import Intake
from bot.source_errors import BeginningGone

from . import sources
from .action import Action, Prefilled
from .drawn import request_of


async def edit(intake: Intake, action: Action) -> Prefilled:
    """What the form holds at first. Raises Refusal or RedisError."""
    request = await request_of(intake, action)
    if not request.pictures or not request.typable:
        return Prefilled(request.without_sources)
    try:
        return Prefilled(request, await sources.fresh(intake, action.record))
    except BeginningGone:  # the words are still worth it
        return Prefilled(request.without_sources)
