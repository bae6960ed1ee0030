"""Emoji reactions on a job's message: the same verbs, and refusals by direct message."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest

from bot import texts
from bot.controls import reactions
from bot.discord_io import messages
from bot.errors import TooLate
from deploy.sandbox.client import Message
from tests.bot.harness import STARTER, Harness, until
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.types.job import Job, Reason, State


async def told(harness: Harness, person: str) -> str:
    """What the newest direct message of the bot says, without the line that leads to the message reacted to."""
    shown = await harness.discord.wait_message(f"dm:{person}", lambda shown: shown.from_bot)
    said, _, where = shown.content.partition("\n")
    assert re.fullmatch(r"-# About your reaction to https://discord\.com/channels/(\d+|@me)/\d+/\d+", where)
    return said


async def unmapped(harness: Harness) -> tuple[Job, Message]:
    """A waiting job whose message Redis does not know, as those of older releases: it has to be looked at."""
    job, message = await harness.waiting("bea")
    await harness.redis.delete(keys.message(message.id))
    return job, message


async def looks(harness: Harness) -> int:
    """How often Discord was asked for a message."""
    return len(await harness.discord.exchanges("GET /channels/{channel}/messages/{message}"))


async def react(harness: Harness, message: Message, emoji: str, people: Iterable[int]) -> None:
    """All of these people react at once, as the gateway tells it."""
    cog: Any = harness.bot.get_cog("Reactions")
    events = []
    for person in people:
        place: Any = {
            "user_id": person, "channel_id": message.channel_id, "message_id": message.id, "type": 0,
            "message_author_id": harness.bot.application_id,
        }  # fmt: skip
        partial = discord.PartialEmoji(name=emoji)
        events.append(cog.on_raw_reaction_add(discord.RawReactionActionEvent(place, partial, "REACTION_ADD")))
    await asyncio.gather(*events)


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
    monkeypatch.setattr(messages, "_PAUSES", (0.01, 0.01))
    job, message = await unmapped(harness)
    await harness.discord.fault("GET", "/channels/*/messages/*", status=503)
    await harness.discord.fault("GET", "/channels/*/messages/*", drop="before")
    await harness.discord.react(message, "❌", "bea")
    await until(lambda: harness.job(job.id), lambda found: found.state is State.CANCELLED)
    assert "error" not in caplog.text


async def test_trouble_of_discords_that_lasts_is_told_as_such(harness: Harness, monkeypatch, caplog):
    monkeypatch.setattr(messages, "_PAUSES", ())
    _, message = await unmapped(harness)
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
    job, other = await harness.waiting("bea")
    for one in (message, message, message, other):
        await harness.discord.react(one, "❌", "cem")
        await harness.discord.unreact(one, "❌", "cem")
    await harness.discord.react(other, "❌", "bea")  # heard last
    await until(lambda: harness.job(job.id), lambda found: found.state is State.CANCELLED)
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
    job, message = await harness.posted("bea")
    if emptied:
        await harness.redis.flushall()
    await harness.discord.react(message, "❌", person)
    await harness.discord.wait_edit(message, lambda shown: shown.deleted)
    await until(lambda: harness.forgotten(job))


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


@pytest.mark.parametrize(
    ("denied", "said"),
    [("SEND_MESSAGES", "**Send Messages**"), ("READ_MESSAGE_HISTORY", "Cannot reply without permission")],
)
async def test_a_form_that_cannot_be_offered_is_told_by_direct_message(harness: Harness, caplog, denied, said):
    _, message = await harness.posted("bea")
    await harness.discord.overwrite("gallery", harness.discord.info.application_id, deny=[denied])
    await harness.discord.react(message, "✏️", "cem")
    assert said in await told(harness, "cem")
    assert "Traceback" not in caplog.text


async def test_a_form_that_discord_does_not_take_is_no_error_of_easels_and_is_offered_again(harness: Harness, caplog):
    _, message = await harness.posted("bea")
    await harness.discord.fault("POST", "/channels/*/messages", status=400, times=1)
    await harness.discord.react(message, "✏️", "cem")
    assert await told(harness, "cem") == texts.discord_away(ENGLISH)
    await harness.discord.unreact(message, "✏️", "cem")
    await harness.discord.react(message, "✏️", "cem")
    await harness.discord.wait_message("gallery", lambda each: "opens it as a form" in each.content)
    assert "reference" not in caplog.text


async def test_the_reply_that_opens_a_form_is_not_the_result(harness: Harness):
    job, message = await harness.posted("bea")
    await harness.discord.react(message, "✏️", "cem")
    reply = await harness.discord.wait_message("gallery", lambda each: "opens it as a form" in each.content)
    said = await harness.answer(await harness.discord.context_menu("bea", "Recipe", message=reply.id))
    await harness.discord.wait_edit(said, lambda each: "no result of Easel's" in each.content)
    for emoji in ("❌", "🔁"):
        await harness.discord.react(reply, emoji, "bea")
    await harness.discord.react(message, "❌", "cem")  # heard last; that a form was offered hides no refusal
    assert "Only the person who asked for it" in await told(harness, "cem")
    assert await harness.all_jobs() == [job.id]
    assert not await harness.forgotten(job)


async def test_a_history_that_the_bot_may_not_read_is_told_too(harness: Harness):
    _, message = await harness.posted("bea")
    await harness.redis.delete(keys.message(message.id))
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
    assert await looks(harness) == 0


CROWD = range(1001, 1061)  # sixty people


async def test_a_crowd_on_one_message_costs_discord_one_request(harness: Harness):
    """Sixty of them used the channel's whole budget: what somebody else asked for there took 73 s."""
    _, message = await harness.posted("bea")
    await harness.redis.delete(keys.message(message.id))
    await react(harness, message, "🔁", CROWD)
    assert await looks(harness) == 1
    assert len(await harness.all_jobs()) == 1 + len(CROWD)


@pytest.mark.parametrize("emoji", ["🔁", "❌"])
async def test_what_redis_knows_is_not_asked_of_discord(harness: Harness, emoji: str):
    _, message = await harness.posted("bea")
    await react(harness, message, emoji, CROWD[:5])
    assert await looks(harness) == 0
    await harness.discord.react(message, "❌", "bea")
    await harness.discord.wait_edit(message, lambda shown: shown.deleted)
    assert await looks(harness) == 0


async def test_a_message_that_is_gone_is_asked_for_once(harness: Harness):
    _, message = await unmapped(harness)
    await harness.bot.http.delete_message(message.channel_id, message.id)
    for emoji in ("❌", "🔁", "1️⃣"):
        await react(harness, message, emoji, CROWD)
    assert await looks(harness) == 1
    assert await harness.discord.messages("dm:cem") == []


async def test_who_asked_already_or_too_often_is_known_before_the_message_is(harness: Harness):
    _, message = await harness.posted("bea")
    quick, _ = await harness.waiting("cem")
    await react(harness, message, "🔁", [1001])
    await harness.redis.delete(keys.message(message.id))
    await react(harness, message, "🔁", [1001])
    seconds, _ = await harness.redis.time()
    await harness.redis.set(keys.rate_person(quick.owner), (seconds + 600) * 1000)
    await harness.discord.react(message, "🔁", "cem")
    assert "whoever runs Easel allows at most 20 requests a minute. Please try again in about 5 seconds." in await told(
        harness, "cem"
    )
    assert await looks(harness) == 0
    assert len(await harness.all_jobs()) == 3


async def test_a_button_says_as_well_that_it_was_quick(harness: Harness):
    first, message = await harness.posted("bea")
    seconds, _ = await harness.redis.time()
    await harness.redis.set(keys.rate_server(first.server), (seconds + 600) * 1000)
    pressed = await harness.discord.press(message.id, "1:rerun:", "cem")
    answer = await harness.answer(pressed)
    assert "This server is asking quickly: whoever runs Easel allows at most 120 requests a minute" in answer.content
    assert answer.ephemeral


async def test_a_crowd_that_is_refused_is_not_told_all_at_once(harness: Harness, monkeypatch):
    _, message = await harness.waiting("bea")
    opened: list[int] = []
    go = asyncio.Event()

    async def create_dm(person: discord.Object) -> Any:
        opened.append(person.id)
        await go.wait()
        raise discord.NotFound(MagicMock(status=404), "closed")

    monkeypatch.setattr(harness.bot, "create_dm", create_dm)
    crowd = [asyncio.create_task(react(harness, message, "❌", [person])) for person in CROWD]
    rest = len(crowd) - reactions.TELLING
    await until(lambda: asyncio.sleep(0, sum(each.done() for each in crowd)), lambda done: done == rest)
    assert len(opened) == reactions.TELLING
    go.set()
    await asyncio.gather(*crowd)


async def _counts(harness: Harness, route: str) -> int:
    return (await harness.discord.counts()).get(route, 0)
