"""Each verb's button does the same wherever its message is, however old that is, and whatever Redis has forgotten."""

from collections.abc import Sequence

import pytest

from deploy.sandbox.client import Message
from tests.bot.harness import STARTER, UPSCALER, Harness, until
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.languages import ENGLISH
from worker.contract.message.layout import UNDER_MORE, button
from worker.contract.message.verbs import VERBS, Shows, Verb
from worker.contract.types.job import Job, State

ABLE = STARTER.model_copy(update={"operations": ("img2img", "outpaint", "moments")})
# Delete ends it, and what turns to noise is a picture that was begun with (test_forward.py).
POSTED = tuple(
    verb for verb, row in VERBS.items() if State.POSTED in row.states and verb not in {Verb.DELETE, Verb.FORWARD}
)


async def live(harness: Harness) -> None:
    await harness.jobs.heartbeat("w", [ABLE], 1, upscaler=UPSCALER, capabilities=(*ABLE.capabilities, UPSCALER.id))
    harness.bot.intake.live_models._read = float("-inf")  # not what was known a moment ago


async def a_draft(harness: Harness, place: str) -> tuple[Job, Message]:
    await live(harness)
    asked = await harness.imagine("bea", place, prompt="an owl --draft")
    job = await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    message = await harness.answer(asked)
    job = await harness.finish(job, message)
    return job, await harness.discord.message(message)


async def press(harness: Harness, message: Message, verb: Verb) -> None:
    """Press its button, and see that what comes of it is what the row of the verb says."""
    if verb in UNDER_MORE:
        more = await harness.answer(await harness.discord.press(message.id, f"1:{Verb.MORE}:", "bea"))
        pressed = await harness.discord.press(more, f"2:{verb}:", "bea")
    else:
        pressed = await harness.discord.press(message.id, f"1:{verb}:", "bea")
    match VERBS[verb].shows:
        case Shows.FORM:
            assert pressed.modal is not None, verb
        case Shows.JOB:
            assert not (await harness.answer(pressed)).ephemeral, verb
            made = await harness.job(pressed.id)
            assert (made.verb, made.request.prompt) == (verb, "an owl")
            await harness.jobs.cancel(made.id)  # so that no limit is met
        case _:
            answer = await harness.answer(pressed)
            assert answer.ephemeral, verb
            said = {Verb.KEEP: "Kept.", Verb.SEND: "It is in your direct", Verb.MORE: "**To draw it again"}
            assert answer.content.startswith(said[verb])


async def each(harness: Harness, message: Message, verbs: Sequence[Verb] = POSTED) -> None:
    for verb in verbs:
        await press(harness, message, verb)


async def delete_under_more(harness: Harness, job: Job, message: Message) -> None:
    more = await harness.answer(await harness.discord.press(message.id, f"1:{Verb.MORE}:", "bea"))
    asks = await harness.answer(await harness.discord.press(more, "Delete…", "bea"))
    await harness.discord.press(asks, "Delete", "bea")
    await until(lambda: harness.forgotten(job))


async def test_in_a_thread(harness: Harness) -> None:
    thread = str(await harness.discord.thread("bea", "owls", channel="gallery"))
    job, message = await a_draft(harness, thread)
    await each(harness, message)
    await delete_under_more(harness, job, message)


async def test_in_a_direct_message(harness: Harness) -> None:
    job, message = await a_draft(harness, "dm:bea")
    await each(harness, message)
    await delete_under_more(harness, job, message)


async def test_where_the_bot_is_no_member_any_more(harness: Harness) -> None:
    job, message = await a_draft(harness, "gallery")
    server = job.destination.server or 0
    await harness.discord.install("Studio", installed=False)

    async def left() -> bool:
        return harness.bot.get_guild(server) is None

    await until(left)
    await each(harness, message, [verb for verb in POSTED if not VERBS[verb].asks])
    asking = (verb for verb in POSTED if VERBS[verb].asks and verb not in UNDER_MORE)
    for verb in asking:  # nothing could be posted
        refused = await harness.answer(await harness.discord.press(message.id, f"1:{verb}:", "bea"))
        assert (refused.ephemeral, "can't post pictures" in refused.content) == (True, True)


async def test_after_redis_was_emptied(harness: Harness) -> None:
    _, message = await a_draft(harness, "gallery")
    await harness.redis.flushall()
    await live(harness)
    await each(harness, message)


REACTED = tuple(verb for verb in POSTED if VERBS[verb].reactions)


async def react(harness: Harness, message: Message, verb: Verb) -> None:
    """React with its sign, and see that what comes of it is what the row of the verb says."""
    known = set(await harness.all_jobs())
    await harness.discord.react(message, VERBS[verb].reactions[0], "bea")
    match VERBS[verb].shows:
        case Shows.JOB:
            found = await until(harness.all_jobs, lambda jobs: len(set(jobs) - known) == 1)
            made = await harness.job((set(found) - known).pop())
            assert (made.verb, made.request.prompt, made.destination.reply_to) == (verb, "an owl", message.id)
            await harness.jobs.cancel(made.id)  # so that no limit is met
        case Shows.FORM:
            reply = await harness.discord.wait_message(str(message.channel_id), lambda each: "a form" in each.content)
            assert reply.reply_to == message.id
        case _ if verb is Verb.SEND:
            await harness.discord.wait_message("dm:bea", lambda each: each.content.startswith("-# Seed "))
        case _:
            assert verb is Verb.KEEP
            await until(lambda: harness.redis.keys("easel:favourites:*"))


@pytest.mark.parametrize(("place", "emptied"), [("thread", False), ("dm:bea", False), ("gallery", True)])
async def test_reactions_do_the_same_everywhere(harness: Harness, place: str, emptied: bool) -> None:
    place = str(await harness.discord.thread("bea", "owls", channel="gallery")) if place == "thread" else place
    job, message = await a_draft(harness, place)
    if emptied:
        await harness.redis.flushall()
        await live(harness)
    for verb in REACTED:
        await react(harness, message, verb)
    (cross,) = VERBS[Verb.DELETE].reactions
    await harness.discord.react(message, cross, "bea")
    await until(lambda: harness.discord.message(message), lambda each: each.deleted)
    await until(lambda: harness.forgotten(job))


OLD = (Verb.UPSCALE, Verb.RERUN, Verb.DELETE)  # as earlier versions of Easel put them, all green or red


async def test_of_the_old_layout(harness: Harness) -> None:
    job, message = await harness.posted(old=True)
    await live(harness)
    assert [each["custom_id"] for each in message.buttons] == [
        button(CustomId(verb, job.id), ENGLISH)["custom_id"] for verb in OLD
    ]
    for verb in (Verb.UPSCALE, Verb.RERUN):
        pressed = await harness.discord.press(message.id, f"1:{verb}:", "bea")
        assert (await harness.job(pressed.id)).verb == verb
    asks = await harness.answer(await harness.discord.press(message.id, f"1:{Verb.DELETE}:", "bea"))
    await harness.discord.press(asks, "Delete", "bea")
    await until(lambda: harness.forgotten(job))


@pytest.mark.parametrize("place", ["thread", "dm:bea"])
async def test_what_waits_is_cancelled_and_told_of_there_too(harness: Harness, place: str) -> None:
    place = str(await harness.discord.thread("bea", "owls", channel="gallery")) if place == "thread" else place
    asked = await harness.imagine("bea", place)
    message = await harness.answer(asked)
    await until(lambda: harness.job(asked.id), lambda found: found.destination.message is not None)
    await harness.discord.press(message.id, f"1:{Verb.TELL}:", "bea")
    assert (await harness.job(asked.id)).tell == "asked"
    await harness.discord.press(message.id, f"1:{Verb.CANCEL}:", "bea")
    assert await harness.state(str(asked.id)) is State.CANCELLED
