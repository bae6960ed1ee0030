"""`/favourites`, and that a result is shown to nobody who cannot see it where it is."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.sandbox.client import Message
from tests.bot.harness import PROMPT, Harness, until
from worker.contract.message.custom_ids import KeptId, KeptStep
from worker.contract.store.favourites import Favourites, Kept


async def keeps(harness: Harness, person: str = "cem") -> Message:
    """A result that this person keeps."""
    _, message = await harness.posted()
    await harness.discord.press(message.id, "1:keep:", person)
    return message


async def listed(harness: Harness, channel: str = "gallery", person: str = "cem") -> Message:
    asked = await harness.discord.slash(channel, person, "favourites", {})
    answer = await harness.answer(asked)
    assert answer.ephemeral
    return await harness.discord.wait_edit(answer, lambda each: not each.thinking)


async def test_what_is_kept_is_shown_with_a_small_picture_and_taken_out(harness: Harness):
    assert (await listed(harness)).content == "You keep nothing yet. ⭐ under a result keeps it."
    message = await keeps(harness)
    shown = await listed(harness)
    assert shown.content == "You keep 1 result."
    (embed,) = shown.raw["embeds"]
    assert embed["description"].startswith(f"**{PROMPT}** — <@")
    assert embed["description"].endswith(f"/{message.channel_id}/{message.id}")
    assert embed["thumbnail"]["url"].startswith(message.attachments[0].url.partition("?")[0])
    assert embed["thumbnail"]["description"] == message.attachments[0].description == PROMPT
    (value,) = [each["value"] for row in shown.components for part in row["components"] for each in part["options"]]
    await harness.discord.select(shown, str(KeptId(KeptStep.REMOVE, 0)), [value], "cem")
    assert (await harness.discord.message(shown)).content.startswith("You keep nothing yet.")
    assert (await listed(harness, person="bea")).content.startswith("You keep nothing yet.")


async def test_many_are_on_pages(harness: Harness):
    message = await keeps(harness)
    (owner,) = [int(key.decode().rpartition(":")[2]) for key in await harness.redis.keys("easel:favourites:*")]
    for number in range(1, 8):
        await Favourites(harness.redis).add(owner, Kept(None, message.channel_id, number, "x"), number)
    shown = await listed(harness)
    assert (shown.content, len(shown.raw["embeds"])) == ("You keep 8 results. Page 1 of 2.", 5)
    assert "It is gone" in shown.raw["embeds"][1]["description"]
    await harness.discord.press(shown, "Older", "cem")
    after = await harness.discord.wait_edit(shown, lambda each: "Page 2" in each.content)
    assert (after.content, len(after.raw["embeds"])) == ("You keep 8 results. Page 2 of 2.", 3)
    assert [each["label"] for each in after.buttons if "label" in each] == ["Newer"]
    # Of what a newer version keeps in another way there is nothing to show; the page before it is shown.
    await harness.redis.zadd(f"easel:favourites:{owner}", {f"2:{number}": -number for number in range(5)})
    asked: Any = SimpleNamespace(
        user=SimpleNamespace(id=owner), client=harness.bot, guild_id=None, channel_id=1, channel=None
    )
    cog: Any = harness.bot.get_cog("FavouritesCommand")
    assert (await cog._page(asked, 2))["content"] == "You keep 13 results. Page 2 of 3."


@pytest.mark.parametrize(
    ("place", "overwrite", "sees"),
    [
        ("general", None, True),
        ("general", {"deny": ["VIEW_CHANNEL"]}, False),
        ("general", {"deny": ["READ_MESSAGE_HISTORY"]}, False),
        ("gallery", None, True),
        ("gallery", {"deny": ["READ_MESSAGE_HISTORY"]}, False),
        ("dm:cem", None, True),
        ("dm:cem", {"deny": ["VIEW_CHANNEL"]}, False),
    ],
)
async def test_only_what_this_person_can_see_is_shown(harness: Harness, place: str, overwrite, sees: bool):
    await keeps(harness)
    if overwrite:
        await harness.discord.overwrite("gallery", "cem", **overwrite)
    (embed,) = (await listed(harness, place)).raw["embeds"]
    assert ("thumbnail" in embed, PROMPT in embed["description"]) == (sees, sees)
    assert sees or embed["description"].startswith("It is where you cannot look now")


@pytest.mark.parametrize("sees", [True, False])
async def test_a_thread_that_was_archived_is_as_its_channel(harness: Harness, sees: bool):
    thread = await harness.discord.thread("bea", "owls", channel="gallery")
    asked = await harness.imagine("bea", str(thread))
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    await harness.finish(job, message := await harness.answer(asked))
    await harness.discord.press(message.id, "1:keep:", "cem")
    await harness.discord.change_thread(thread, "bea", archived=True)
    place: Any = harness.bot.get_guild(job.destination.server or 0)
    await until(lambda: asyncio.sleep(0, place.get_thread(thread) is None))
    if not sees:
        await harness.discord.overwrite("gallery", "cem", deny=["VIEW_CHANNEL"])
    (embed,) = (await listed(harness, "general")).raw["embeds"]
    assert ("thumbnail" in embed) is sees


async def test_what_is_for_adults_is_shown_in_such_channels_alone(harness: Harness):
    await keeps(harness)
    await harness.discord.change_channel("gallery", nsfw=True)
    (embed,) = (await listed(harness, "general")).raw["embeds"]
    assert "thumbnail" not in embed
    assert embed["description"].startswith("It is in an age-restricted channel")
    (embed,) = (await listed(harness, "gallery")).raw["embeds"]
    assert "thumbnail" in embed


async def test_direct_messages_and_other_servers_are_seen_from_within_alone(harness: Harness):
    message = await keeps(harness)
    (key,) = await harness.redis.keys("easel:favourites:*")
    await harness.redis.delete(key)
    owner = int(key.decode().rpartition(":")[2])
    store = Favourites(harness.redis)
    await store.add(owner, Kept(None, 5, message.id, "x"), 1)  # of somebody's direct messages
    await store.add(owner, Kept(7, message.channel_id, message.id, "x"), 2)  # said to be of a server without Easel
    for embed in (await listed(harness, "general")).raw["embeds"]:
        assert embed["description"].startswith("It is where you cannot look now")
