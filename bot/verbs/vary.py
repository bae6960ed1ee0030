"""Vary: four more of one picture, drawn anew from itself, for anyone, as long as the message exists."""

import random

import discord

from bot.errors import NoRecipe, NotYet
from bot.intake.admission import Intake
from bot.intake.fewer import accept_fewer
from bot.result_errors import CannotVary
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job
from worker.contract.types.operation import Operation, SourcePicture
from worker.contract.types.request import SEED_MAX, Request
from worker.contract.types.source_place import SourcePlace, SourcePlaces
from worker.contract.types.variation import PICTURES, STRENGTHS, Variation

from . import pictures
from .action import Action


async def vary_little(intake: Intake, action: Action) -> Job:
    """Ask for the same picture in other versions. Raises Refusal, MessageGone or RedisError."""
    return await _vary(intake, action, Verb.VARY_LITTLE, Variation.LITTLE)


async def vary_lot(intake: Intake, action: Action) -> Job:
    """Ask for other pictures that begin with it. Raises likewise."""
    return await _vary(intake, action, Verb.VARY_LOT, Variation.LOT)


async def _vary(intake: Intake, action: Action, verb: Verb, how: Variation) -> Job:
    """The caps are those of whoever asks; the words, the model and the size are the picture's own."""
    policy = await intake.policies.of(action.origin)
    policy.check_open()
    if action.record is not None and not action.record.state.terminal:
        raise NotYet
    message = await action.look(intake.messages)
    attachment = pictures.find(message, action.index)
    drawn = await _drawn(intake, action, attachment)
    model = await intake.live_models.need(drawn.model)
    if not model.does(Operation.IMG2IMG):
        raise CannotVary(model.title)
    seen = SourcePicture(width=attachment.width or drawn.width, height=attachment.height or drawn.height)
    asked = drawn.model_copy(
        update={
            "operation": Operation.IMG2IMG, "sources": (seen,), "strength": STRENGTHS[how], "guides": (),
            "prompt": drawn.prompt_of(action.index), "prompts": (),
            "seed": random.randint(0, SEED_MAX), "count": policy.at_most("pictures", PICTURES),
        }
    )  # fmt: skip
    places = SourcePlaces(pictures=(_place(action, message, attachment, None if drawn.count == 1 else action.index),))
    return await accept_fewer(intake, action.origin, asked, verb, policy, places)


async def _drawn(intake: Intake, action: Action, attachment: discord.Attachment) -> Request:
    """What the pictures came from, before one was made larger. Raises NoRecipe or PictureUnread."""
    if action.record is not None:
        return action.record.request.drawing
    found = await pictures.recipe_in(attachment, intake.reading)
    if found is None:
        raise NoRecipe
    return found.request.drawing


def _place(action: Action, message: discord.Message, file: discord.Attachment, picture: int | None) -> SourcePlace:
    """Where the picture is; in a message that the bot can look at again only if others see it, too."""
    if message.flags.ephemeral or not action.origin.destination.installed:
        return SourcePlace(attachment=file.id, link=file.url)
    return SourcePlace(
        attachment=file.id, link=file.url, channel=message.channel.id, message=message.id, picture=picture
    )
