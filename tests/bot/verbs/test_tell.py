"""Whoever waits asks to be mentioned when it is done, or for all that they ask for from then on."""

import pytest

from bot import texts
from bot.errors import TooLate
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import Harness, until
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import Verb
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.job import Job
from worker.contract.types.server_settings import Change, ServerSettings
from worker.contract.types.telling import Telling


async def press(harness: Harness, message: Message, person: str = "bea") -> Interaction:
    return await harness.discord.press(message.id, f"1:{Verb.TELL}:", person)


def bell(job: Job) -> tuple[str, int]:
    """Label and style of its button."""
    (found,) = [
        each
        for row in card(job, ENGLISH)["components"]
        for each in row["components"]
        if each["custom_id"] == str(CustomId(Verb.TELL, job.id))
    ]
    return found["label"], found["style"]


async def test_a_press_asks_for_it_and_another_takes_it_back(harness: Harness):
    job, message = await harness.waiting()
    assert bell(job) == ("Tell me when done", 2)
    said = await harness.answer(await press(harness, message))
    assert (said.ephemeral, said.content) == (True, "You will be mentioned here when this is done.")
    job = await harness.job(job.id)
    assert (job.tell, bell(job)) == (Telling.ASKED, ("Told when done ✓", 1))
    said = await harness.answer(await press(harness, message))
    assert said.content == "You will not be mentioned for this one."
    assert (await harness.job(job.id)).tell is None


async def test_a_reaction_asks_for_it_too(harness: Harness):
    job, message = await harness.waiting()
    await harness.discord.react(message, "🔔", "bea")
    await until(lambda: harness.job(job.id), lambda found: found.tell is Telling.ASKED)


async def test_nobody_asks_for_another(harness: Harness):
    job, message = await harness.waiting()
    for person in ("cem", "max"):  # a stranger, a moderator
        said = await harness.answer(await press(harness, message, person))
        assert said.content == f"Only the person who asked for it (<@{job.owner}>) can be told when it is done."
    assert (await harness.job(job.id)).tell is None


async def test_what_is_done_has_nothing_to_tell(harness: Harness):
    job, message = await harness.waiting()
    await harness.jobs.cancel(job.id)
    said = await harness.answer(await press(harness, message))
    assert said.content == texts.refusal(TooLate(), ENGLISH)


@pytest.mark.parametrize(
    ("label", "server", "told"),
    [
        ("Always, after a minute's wait", None, Telling.LATE),
        ("Only when I ask", Telling.LATE, None),
        ("", Telling.LATE, Telling.LATE),
        ("", Telling.ASKED, None),
        ("", None, None),
    ],
)
async def test_a_person_decides_for_all_that_comes_else_the_server(
    harness: Harness, label: str, server: Telling | None, told: Telling | None
):
    job, message = await harness.waiting()
    if server:
        assert job.destination.server is not None
        change = Change(number=1, by=1, key="tell", new=server, at=1)
        store = ServerSettingsStore(harness.redis)
        await store.change(job.destination.server, 0, ServerSettings(tell=server), [change])
    if label:
        asked = await harness.answer(await press(harness, message))
        await harness.discord.press(asked, label, "bea")
        said = await harness.discord.message(asked)
        assert said.content.startswith("From now on you are mentioned")
        assert said.buttons == []
    later = await harness.imagine()
    assert (await harness.job(later.id)).tell is told
