"""Send: the pictures by direct message, each alone, with its seed and the command that draws it again."""

import asyncio
from dataclasses import dataclass

import discord

from bot import texts
from bot.discord_io.interactions import File
from bot.errors import NoRecipe
from bot.flags.command import attached, typed
from bot.intake.admission import Intake
from bot.result_errors import AlreadySent, NothingToSend
from worker.contract.discord_limits import FILE_MAX
from worker.contract.message.job_message import alt_text, picture_index
from worker.contract.message.languages import Language
from worker.contract.message.markdown import message_link
from worker.contract.store import keys
from worker.contract.types import recipe
from worker.contract.types.request import Request

from . import pictures
from .action import Action, Aside

AGAIN = 60  # seconds in which the same is not sent twice to one person


@dataclass(frozen=True)
class _Sent:
    """One picture as it is sent."""

    request: Request
    file: File


async def send(intake: Intake, action: Action) -> Aside:
    """Send them. Raises Refusal (ClosedDms, NotYet, NothingToSend, NoRecipe), MessageGone or RedisError."""
    (await intake.policies.of(action.origin)).check_open()
    action.check_ended()
    message = await action.look(intake.messages)
    there = [each for each in message.attachments if picture_index(each.filename) is not None]
    shown = [each for each in there if each.size <= FILE_MAX]
    if not shown:
        raise NothingToSend(large=bool(there))
    once = keys.event(action.origin.event)
    if not await intake.jobs.redis.set(once, action.job, nx=True, ex=AGAIN):
        raise AlreadySent
    link = message_link(action.origin.destination.server, action.channel, action.message_id)
    try:
        for attachment in shown:
            async with intake.reading:  # one at a time in memory, of each of a few people
                sent = await _picture(attachment, action, intake.language)
                text = texts.sent(typed(sent.request), sent.request.seed, link, intake.language, attached(sent.request))
                await intake.direct.send(action.person, text, [sent.file])
    except Exception:  # it did not arrive, or nobody knows, and whoever was told so asks again
        await intake.jobs.redis.delete(once)
        raise
    return Aside({"content": texts.sent_all(len(shown), len(message.attachments), intake.language)})


async def _picture(attachment: discord.Attachment, action: Action, language: Language) -> _Sent:
    """The picture with what it says of itself; the job's record serves where it says nothing."""
    data = await pictures.read(attachment)
    found = await asyncio.to_thread(recipe.read, data)
    index = picture_index(attachment.filename) or 0
    if found is not None:
        request = found.again
    elif action.record is not None:
        request = action.record.request.only(index)
    else:
        raise NoRecipe
    kind = attachment.content_type or "application/octet-stream"
    noise = action.record.result.noise if action.record and action.record.result else ()
    return _Sent(request, File(attachment.filename, data, kind, alt_text(request, index, 1, language, noise)))
