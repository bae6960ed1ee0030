"""Emoji reactions on a job's message: the same verbs, and refusals by direct message."""

import re
from typing import Any

import discord
import pytest

from bot import texts
from bot.controls import reactions
from bot.errors import TooLate
from tests.bot.harness import STARTER, Harness, until
from worker.contract.message.languages import ENGLISH
from worker.contract.types.job import Reason, State


async def told(harness: Harness, person: str) -> str:
    """What the newest direct message of the bot says, without the line that leads to the message reacted to."""
    shown = await harness.discord.wait_message(f"dm:{person}", lambda shown: shown.from_bot)
    said, _, where = shown.content.partition("\n")
    assert re.fullmatch(r"-# About your reaction to https://discord\.com/channels/(\d+|@me)/\d+/\d+", where)
    return said


async def other_job(harness: Harness, known: str) -> str:
    """The id of the one job beside `known`, as soon as there is one."""
    found = await until(harness.all_jobs, lambda jobs: len(jobs) == 2)
    return next(each for each in found if each != known)


async def test_the_owner_cancels_a_waiting_job(harness: Harness):
    job, message = await harness.waiting("bea")
    await harness.discord.react(message, "❌", "bea")
    cancelled = await until(lambda: harness.job(job.id), lambda found: found.state is State.CANCELLED)
    assert cancelled.reason is Reason.OWNER
    assert not (await harness.discord.message(message)).deleted


async def test_an_emoji_of_a_servers_own_that_was_deleted_means_nothing(harness: Harness):
    job, message = await harness.waiting("bea")
    place: Any = {"user_id": job.owner, "channel_id": message.channel_id, "message_id": message.id, "type": 0}
    nameless = discord.PartialEmoji(name=None, id=5)  # type: ignore[arg-type] # as Discord then sends it
    cog = harness.bot.get_cog("Reactions")
    await cog.on_raw_reaction_add(discord.RawReactionActionEvent(place, nameless, "REACTION_ADD"))
    assert (await harness.job(job.id)).state is State.QUEUED


async def test_a_reaction_counts_although_discord_has_trouble_just_then(harness: Harness, monkeypatch, caplog):
    monkeypatch.setattr(reactions, "_PAUSES", (0.01, 0.01))
    job, message = await harness.waiting("bea")
    await harness.discord.fault("GET", "/channels/*/messages/*", status=503)
    await harness.discord.fault("GET", "/channels/*/messages/*", drop="before")
    await harness.discord.react(message, "❌", "bea")
    await until(lambda: harness.job(job.id), lambda found: found.state is State.CANCELLED)
    assert "error" not in caplog.text


async def test_trouble_of_discords_that_lasts_is_told_as_such(harness: Harness, monkeypatch, caplog):
    monkeypatch.setattr(reactions, "_PAUSES", ())
    _, message = await harness.waiting("bea")
    await harness.discord.fault("GET", "/channels/*/messages/*", status=503)
    await harness.discord.react(message, "❌", "bea")
    assert await told(harness, "bea") == texts.discord_away(ENGLISH)
    assert "Traceback" not in caplog.text


async def test_a_moderator_cancels_too(harness: Harness):
    job, message = await harness.waiting("bea")
    await harness.discord.react(message, "❌", "max")
    cancelled = await until(lambda: harness.job(job.id), lambda found: found.state is State.CANCELLED)
    assert cancelled.reason is Reason.MODERATOR


async def test_a_stranger_is_told_why_not_by_direct_message(harness: Harness):
    job, message = await harness.waiting("bea")
    await harness.discord.react(message, "❌", "cem")
    said = await told(harness, "cem")
    assert said.startswith("Only the person who asked for it")
    assert said.endswith("can cancel this.")
    notice = await harness.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert notice.content.endswith(f"/{message.channel_id}/{message.id}")
    assert await harness.state(job.id) is State.QUEUED


async def test_a_stranger_who_keeps_reacting_is_told_once(harness: Harness):
    _, message = await harness.waiting("bea")
    _, other = await harness.waiting("bea")
    for one in (message, message, message, other):
        await harness.discord.react(one, "❌", "cem")
        await harness.discord.unreact(one, "❌", "cem")
    await until(
        lambda: harness.discord.exchanges("GET /channels/{channel}/messages/{message}"), lambda all_: len(all_) == 4
    )
    assert len(await until(lambda: harness.discord.messages("dm:cem"), lambda shown: len(shown) >= 2)) == 2


def test_what_was_told_is_remembered_for_a_while_and_in_bounds(monkeypatch):
    told_lately = reactions.Told()
    assert [told_lately.first(1, 5), told_lately.first(1, 5), told_lately.first(2, 5)] == [True, False, True]
    for message in range(reactions.TOLD_KEPT):
        told_lately.first(3, message)
    assert len(told_lately._until) == reactions.TOLD_KEPT
    monkeypatch.setattr(reactions, "TOLD_AGAIN", -1.0)
    told_lately = reactions.Told()
    assert [told_lately.first(4, 1), told_lately.first(4, 1)] == [True, True]


async def test_closed_direct_messages_are_respected(harness: Harness, caplog):
    job, message = await harness.waiting("bea")
    with caplog.at_level("INFO"):
        await harness.discord.react(message, "❌", "eli")
        await until(lambda: _counts(harness, "POST /channels/{channel}/messages"))
    assert await harness.state(job.id) is State.QUEUED


@pytest.mark.parametrize("person", ["bea", "max"])
@pytest.mark.parametrize("emptied", [False, True])
async def test_owner_and_moderator_delete_a_result(harness: Harness, person, emptied):
    _, message = await harness.posted("bea")
    if emptied:
        await harness.redis.flushall()
    await harness.discord.react(message, "❌", person)
    await harness.discord.wait_edit(message, lambda shown: shown.deleted)


async def test_a_stranger_deletes_nothing(harness: Harness):
    _, message = await harness.posted("bea")
    await harness.discord.react(message, "❌", "cem")
    assert "delete this" in await told(harness, "cem")
    assert not (await harness.discord.message(message)).deleted


async def test_in_the_moment_of_posting_it_is_too_late(harness: Harness):
    job, message = await harness.waiting("bea")
    await harness.render(job, b"picture")
    await harness.discord.react(message, "❌", "bea")
    assert await told(harness, "bea") == texts.refusal(TooLate(), ENGLISH)


@pytest.mark.parametrize("emptied", [False, True])
async def test_rerun_becomes_a_job_that_replies_to_the_message(harness: Harness, emptied):
    first, message = await harness.posted("bea")
    if emptied:
        await harness.redis.flushall()
        await harness.jobs.heartbeat("w", [STARTER], 1)
    await harness.discord.react(message, "🔁", "cem")
    found = await until(harness.all_jobs, lambda jobs: any(each != first.id for each in jobs))
    again = await harness.job(next(each for each in found if each != first.id))
    assert again.request.prompt == first.request.prompt
    assert again.request.seed != first.request.seed
    place = again.destination
    assert (place.reply_to, place.channel, place.message) == (message.id, message.channel_id, None)
    assert (place.token, place.application) == (None, None)


async def test_the_same_reaction_again_within_a_minute_counts_once(harness: Harness):
    first, message = await harness.posted("bea")
    await harness.discord.react(message, "🔁", "cem")
    again = await other_job(harness, first.id)
    await harness.discord.unreact(message, "🔁", "cem")
    await harness.discord.react(message, "🔁", "cem")
    await harness.discord.react(message, "🔁", "dua")  # heard later, and counts
    found = await until(harness.all_jobs, lambda jobs: len(jobs) == 3)
    owners = [(await harness.job(each)).owner for each in found if each not in {first.id, again}]
    assert owners != [(await harness.job(again)).owner]


async def test_a_missing_permission_is_told_by_direct_message(harness: Harness):
    _, message = await harness.posted("bea")
    await harness.discord.overwrite("gallery", harness.discord.info.application_id, deny=["ATTACH_FILES"])
    await harness.discord.react(message, "🔁", "cem")
    assert "**Attach Files**" in await told(harness, "cem")


async def test_a_history_that_the_bot_may_not_read_is_told_too(harness: Harness):
    _, message = await harness.posted("bea")
    await harness.discord.overwrite("gallery", harness.discord.info.application_id, deny=["READ_MESSAGE_HISTORY"])
    await harness.discord.react(message, "🔁", "cem")
    assert "**Read Message History**" in await told(harness, "cem")


async def test_in_a_direct_message_reactions_work_alike(harness: Harness):
    asked = await harness.imagine("bea", "dm:bea")
    assert asked.message_id is not None
    await harness.discord.react(asked.message_id, "❌", "bea")
    await until(lambda: harness.job(asked.id), lambda found: found.state is State.CANCELLED)


async def test_what_is_none_of_ours_is_left_alone(harness: Harness):
    job, message = await harness.waiting("bea")
    theirs = await harness.discord.say("gallery", "bea", "look at this")
    for one, emoji in ((theirs, "❌"), (theirs, "🔁"), (message, "👍")):
        await harness.discord.react(one, emoji, "bea")
    await harness.discord.react(message, "❌", "bea")  # heard last
    await until(lambda: harness.job(job.id), lambda found: found.state is State.CANCELLED)
    assert await harness.all_jobs() == [job.id]
    assert not (await harness.discord.message(theirs)).deleted
    assert len(await harness.discord.exchanges("GET /channels/{channel}/messages/{message}")) == 1


async def _counts(harness: Harness, route: str) -> int:
    return (await harness.discord.counts()).get(route, 0)
