"""Pictures that are named by a link instead of attached: results of Easel's that whoever asks may see.

Only messages of the server in which they ask: what is said of a picture later is a link, and links lead nowhere from
another.
"""

from collections.abc import Mapping

import discord

from bot.flags.links import FileLink, MessageLink, read_link
from bot.intake.admission import Intake
from bot.result_errors import NotSeen
from bot.source_errors import LinkUnfit, PictureUnfit, WhichPicture
from bot.verbs import records
from worker.contract.message.job_message import picture_index
from worker.contract.types.job import Job

from .picture import OPTIONS, Attached, objection
from .seen import seen


def is_attached(text: str) -> bool:
    """Whether it stands for a file, as `picture.shown` writes it; else it was typed."""
    return text.startswith("[")


async def linked(intake: Intake, interaction: discord.Interaction, typed: Mapping[str, str]) -> dict[str, Attached]:
    """The pictures that were named by links, by their options. Raises LinkUnfit, WhichPicture or PictureUnfit."""
    found = {}
    for option in OPTIONS:
        text = typed.get(option, "")
        if text and not is_attached(text):
            try:
                found[option] = await _found(intake, interaction, option, text)
            except NotSeen:
                raise LinkUnfit(option, text) from None
    return found


async def _found(intake: Intake, interaction: discord.Interaction, option: str, text: str) -> Attached:
    link = read_link(text)
    if isinstance(link, FileLink):
        return await _of_file(intake, interaction, option, link)
    if link is None or link.server != interaction.guild_id:
        raise NotSeen
    pictures = _pictures(await seen(intake, interaction, link))
    if not pictures:
        raise NotSeen
    if link.number is None and len(pictures) > 1:
        raise WhichPicture(option, text, [index + 1 for index in pictures])
    index = next(iter(pictures)) if link.number is None else link.number - 1
    if index not in pictures:
        raise WhichPicture(option, text.partition("#")[0], [each + 1 for each in pictures])
    return _attached(pictures[index], option, link, index if len(pictures) > 1 else None)


async def _of_file(intake: Intake, interaction: discord.Interaction, option: str, link: FileLink) -> Attached:
    """The link itself is not followed: its name tells the job, and the job where its messages are."""
    job = await records.find(intake.jobs, link.job)
    for message in _messages(job) if job else ():
        if message.server != interaction.guild_id:
            break
        pictures = _pictures(await seen(intake, interaction, message))
        found = pictures.get(link.index)
        if found is not None and found.id == link.file:
            return _attached(found, option, message, link.index if len(pictures) > 1 else None)
    raise NotSeen


def _messages(job: Job) -> list[MessageLink]:
    """That of a job, and those with its further pictures."""
    place, parts = job.destination, job.posted_as.parts if job.posted_as else ()
    ids = [*([place.message] if place.message else []), *(part.message for part in parts)]
    return [MessageLink(place.server, place.channel, each) for each in ids]


def _pictures(message: discord.Message) -> dict[int, discord.Attachment]:
    """Its results, by their numbers from 0."""
    found = ((picture_index(each.filename), each) for each in message.attachments)
    return {index: each for index, each in found if index is not None}


def _attached(file: discord.Attachment, option: str, link: MessageLink, picture: int | None) -> Attached:
    if cause := objection(file):
        raise PictureUnfit(cause, option)
    return Attached(
        file.id, file.url, file.width or 1, file.height or 1,
        channel=link.channel, message=link.message, picture=picture,
    )  # fmt: skip
