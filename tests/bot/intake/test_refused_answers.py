"""First answers that Discord refuses: what passes is tried again, and what is final ends the job at once, in words."""

from typing import Any

import pytest

from tests.bot.harness import CALLBACK, PROMPT, Harness, until
from worker.contract.store import keys
from worker.contract.types.job import Job, Reason, State


async def asked(harness: Harness) -> Job:
    """The job of a request whose answer may not come."""
    interaction = await harness.discord.slash("gallery", "bea", "imagine", {"prompt": PROMPT}, wait=False)
    await until(lambda: harness.jobs.get(str(interaction.id)))
    return await harness.job(interaction.id)


async def cancelled(harness: Harness, job: str) -> Job:
    return await until(lambda: harness.job(job), lambda found: found.state is State.CANCELLED)


@pytest.mark.parametrize(
    "passing",
    [{"status": 403, "html": True}, {"status": 400, "code": 130000}, {"status": 403, "code": 40333}, {"status": 408}],
)
async def test_what_passes_is_tried_again_in_time(harness: Harness, passing: dict[str, Any]):
    await harness.discord.fault("POST", CALLBACK, times=2, **passing)
    job, message = await harness.waiting()
    assert PROMPT in message.content
    assert job.state is State.QUEUED


@pytest.mark.parametrize("code", [200000, 240000])
async def test_words_that_discord_objects_to_are_not_drawn_and_the_answer_says_so(harness: Harness, code):
    await harness.discord.fault("POST", CALLBACK, status=400, code=code)
    job = await cancelled(harness, (await asked(harness)).id)
    assert (job.reason, job.wordless) == (Reason.CLOSED, True)
    (shown,) = await until(lambda: harness.discord.messages("gallery"))
    assert not shown.ephemeral
    assert PROMPT not in str(shown.raw)
    assert "may not be shown here" in shown.content
    assert "Cancelled before it was drawn" in shown.content
    assert not await harness.redis.exists(keys.person(job.owner))


@pytest.mark.parametrize(
    ("code", "said"), [(160005, "locked by a moderator"), (10003, "deleted"), (50013, "permission")]
)
async def test_where_nothing_can_be_posted_it_is_cancelled_and_whoever_asked_hears_why(harness: Harness, code, said):
    await harness.discord.fault("POST", CALLBACK, status=403, code=code)
    interaction = await harness.imagine()
    job = await cancelled(harness, str(interaction.id))
    assert job.reason is Reason.CLOSED
    shown = await harness.answer(interaction)
    assert shown.ephemeral
    assert said in shown.content
    assert job.gathered == job.id  # so that the poster does not tell them again


async def test_where_not_even_that_can_be_said_the_poster_goes_on_with_it(harness: Harness):
    await harness.discord.fault("POST", CALLBACK, status=403, code=160005, times=None)
    job = await cancelled(harness, (await asked(harness)).id)
    assert await harness.redis.zscore(keys.OUTBOX, job.id) is not None
    assert not job.gathered
    assert job.cause is not None
    assert job.cause.code == "thread_locked"


async def test_what_nobody_knows_is_left_to_the_poster(harness: Harness, caplog):
    await harness.discord.fault("POST", CALLBACK, status=400, code=999999)
    job = await asked(harness)
    await until(lambda: _logged(caplog, "was accepted but not answered"))
    assert (await harness.job(job.id)).state is State.QUEUED


async def _logged(caplog: pytest.LogCaptureFixture, text: str) -> bool:
    return text in caplog.text


@pytest.mark.parametrize("place", ["gallery", "lounge", "stage"])
async def test_requests_are_taken_where_there_is_text(harness: Harness, place: str):
    assert PROMPT in (await harness.answer(await harness.imagine(channel=place))).content


@pytest.mark.parametrize("place", ["lounge", "stage"])
async def test_where_people_speak_the_bot_has_to_be_let_in(harness: Harness, place: str):
    await harness.discord.overwrite(place, harness.discord.info.application_id, deny=["CONNECT"])
    shown = await harness.answer(await harness.imagine(channel=place))
    assert shown.ephemeral
    assert "Connect" in shown.content
    assert await harness.all_jobs() == []


@pytest.mark.parametrize("place", ["gallery", "thread"])
@pytest.mark.parametrize("nsfw", [False, True])
@pytest.mark.parametrize("by", ["command", "reaction"])
async def test_a_job_knows_whether_its_place_is_for_adults(harness: Harness, place: str, nsfw: bool, by: str):
    where: int | str = place
    await harness.discord.change_channel("gallery", nsfw=nsfw)
    if place == "thread":
        where = await harness.discord.thread("Bea", "Below", channel="gallery")
    interaction = await harness.discord.slash(where, "bea", "imagine", {"prompt": PROMPT})
    job = await harness.job(interaction.id)
    if by == "reaction":
        await harness.discord.react(await harness.answer(interaction), "🔁", "max")
        jobs = await until(harness.all_jobs, lambda jobs: len(jobs) == 2)
        job = await harness.job(next(each for each in jobs if each != job.id))
    assert job.age_restricted is nsfw
