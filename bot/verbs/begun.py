"""One picture of a message that a new job begins with: what it was drawn from, what it is, and where it lies."""

from dataclasses import dataclass

import discord

from bot.errors import NoRecipe
from bot.intake.admission import Intake
from bot.result_errors import ShowsMoments
from worker.contract.types.operation import SourcePicture
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlace, SourcePlaces

from . import pictures
from .action import Action


@dataclass(frozen=True)
class Begun:
    """What a verb needs to know of that picture.

    Attributes:
        drawn: what the pictures came from, before one was made larger.
        index: which of them it is, from 0.
        seen: its size.
        places: where it is.
    """

    drawn: Request
    index: int
    seen: SourcePicture
    places: SourcePlaces


async def picture_of(intake: Intake, action: Action) -> Begun:
    """The picture that an action is about. Raises Refusal, MessageGone or RedisError."""
    action.check_ended()
    message = await action.look(intake.messages)
    attachment = pictures.find(message, action.index)
    drawn = await _drawn(intake, action, attachment)
    if drawn.moments:
        raise ShowsMoments
    seen = SourcePicture(width=attachment.width or drawn.width, height=attachment.height or drawn.height)
    place = _place(action, message, attachment, None if drawn.count == 1 else action.index)
    return Begun(drawn, action.index, seen, SourcePlaces(pictures=(place,)))


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
