"""The request behind a message: by the job's record, else by what a picture in it says of itself."""

import asyncio

import discord

from bot.errors import NoRecipe, Refusal
from bot.intake.admission import Intake
from bot.policy.limits import Policy
from worker.contract.types.job import Job
from worker.contract.types.picture_place import PicturePlace
from worker.contract.types.recipe import Recipe
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlaces

from . import pictures
from .action import Action


async def request_of(intake: Intake, action: Action) -> Request:
    """What was drawn, without how it was made larger. Raises Refusal (NoRecipe, PictureUnread) or MessageGone."""
    if action.record is not None:
        return action.record.request.drawing
    return (await recipe_of(await action.look(intake.messages), intake.reading)).request.drawing


def several(action: Action) -> bool:
    """Whether the message shows more than one picture, as far as that is known."""
    record, message = action.record, action.message
    if record is None:
        return message is not None and len(message.attachments) > 1
    return len(record.result.pictures) > 1 if record.result else record.request.count > 1


async def accept(
    intake: Intake, action: Action, asked: Request, verb: str, places: SourcePlaces | None,
    policy: Policy | None = None, tells_of: PicturePlace | None = None,
) -> Job:  # fmt: skip
    """The job. A Refusal holds what its form is to show."""
    try:
        return await intake.accept(action.origin, asked, verb, policy, places, tells_of)
    except Refusal as refused:
        refused.request = asked
        raise


async def recipe_of(message: discord.Message, turns: asyncio.Semaphore) -> Recipe:
    """The recipe inside the first attached picture that has one. Raises NoRecipe or PictureUnread."""
    for attachment in message.attachments:
        found = await pictures.recipe_in(attachment, turns)
        if found is not None:
            return found
    raise NoRecipe
