"""`/show`: only what this person can see."""

import pytest

from deploy.sandbox.client import Message
from tests.bot.harness import PROMPT, STARTER, Harness, until
from worker.contract.message.verbs import Verb

NOTHING = "There is no result of Easel's there that you can see."


async def shown(harness: Harness, text: str, channel: str = "general", person: str = "cem") -> Message:
    answer = await harness.answer(await harness.discord.slash(channel, person, "show", {"message": text}))
    assert answer.ephemeral
    return await harness.discord.wait_edit(answer, lambda each: not each.thinking)


def is_shown(message: Message) -> bool:
    return PROMPT in message.content and bool(message.raw["embeds"])


@pytest.mark.parametrize("forgets", [False, True])
async def test_a_result_is_shown_by_its_link_or_here_by_its_id(harness: Harness, forgets: bool):
    job, message = await harness.posted()
    if forgets:
        await harness.redis.flushall()
        await harness.jobs.heartbeat("w", [STARTER], 1)
    link = f"https://discord.com/channels/{job.destination.server}/{message.channel_id}/{message.id}"
    for text, place in ((link, "general"), (f"<{link}>", "dm:cem"), (str(message.id), "gallery")):
        found = await shown(harness, text, place)
        assert is_shown(found)
        assert found.raw["embeds"][0]["image"]["url"]
        assert found.raw["embeds"][0]["image"]["description"] == message.attachments[0].description == PROMPT
        assert found.raw["embeds"][0]["description"].endswith(f"\n{link}")  # not one to a direct message
        assert found.buttons == []


@pytest.mark.parametrize(
    ("place", "denied"),
    [
        ("general", "VIEW_CHANNEL"),
        ("general", "READ_MESSAGE_HISTORY"),
        ("dm:cem", "VIEW_CHANNEL"),
        ("dm:cem", "READ_MESSAGE_HISTORY"),
        ("gallery", "READ_MESSAGE_HISTORY"),
    ],
)
async def test_nothing_of_a_private_channel_is_shown(harness: Harness, denied: str, place: str):
    job, message = await harness.posted()
    await harness.discord.overwrite("gallery", "cem", deny=[denied])
    link = f"https://discord.com/channels/{job.destination.server}/{message.channel_id}/{message.id}"
    for text in (link, str(message.id)):
        found = await shown(harness, text, place)
        assert not is_shown(found)
        assert found.content.startswith(NOTHING)


async def test_what_is_for_adults_is_shown_in_such_channels_alone(harness: Harness):
    job, message = await harness.posted()
    await harness.discord.change_channel("gallery", nsfw=True)
    link = f"https://discord.com/channels/{job.destination.server}/{message.channel_id}/{message.id}"
    for place in ("general", "dm:cem"):
        found = await shown(harness, link, place)
        assert not is_shown(found)
        assert "is age-restricted, so its pictures are shown in age-restricted channels alone" in found.content
    await harness.discord.change_channel("general", nsfw=True)
    for place in ("general", "gallery"):
        assert is_shown(await shown(harness, link, place))


async def test_nor_of_direct_messages_other_servers_or_what_is_none_of_ours(harness: Harness):
    job, message = await harness.posted()
    said = await harness.discord.say("general", "bea", "hello")
    server, channel = job.destination.server, message.channel_id
    for link in (f"@me/{channel}/{message.id}", f"7/{channel}/{message.id}", f"{server}/{said.channel_id}/{said.id}"):
        assert (await shown(harness, f"https://discord.com/channels/{link}")).content.startswith(NOTHING)
    for text in ("nonsense", "9" * 30, str(message.id)):  # an id is one of this channel
        assert (await shown(harness, text)).content.startswith(NOTHING)
    assert is_shown(await shown(harness, str(message.id), "gallery"))  # although it was named where it is not


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_what_was_deleted_is_shown_to_nobody_from_that_moment(harness: Harness, *, elsewhere: bool):
    """`elsewhere`: by another process of the bot, so that this one hears of it from Redis alone."""
    job, message = await harness.posted()
    assert is_shown(await shown(harness, str(message.id), "gallery"))  # and is now known as it was
    if elsewhere:
        await harness.discord.delete(message, "max")
        await harness.jobs.bury(job.id)
    else:
        panel = await harness.answer(await harness.discord.press(message.id, f"1:{Verb.MORE}:", "bea"))
        asked = await harness.answer(await harness.discord.press(panel, "Delete…", "bea"))
        await harness.discord.press(asked, "Delete", "bea")
        await until(lambda: harness.forgotten(job))
    found = await shown(harness, str(message.id), "gallery")
    assert not is_shown(found)
    assert found.content.startswith(NOTHING)
