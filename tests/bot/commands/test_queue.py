"""`/queue`: a person's own requests, and nobody else's."""

import pytest

from bot.commands import queue
from tests.bot.harness import PROMPT, Harness
from tests.marks import Translated, read_texts, unmarked
from worker.contract.message.custom_ids import QueueId, QueueStep, ServerId, ServerStep, elsewhere, from_easel
from worker.contract.message.languages import ENGLISH
from worker.contract.store.jobs import Standing
from worker.contract.types.job import State


def words(message) -> str:
    return "\n".join(text for path, text in read_texts(message.raw["components"]) if path.endswith("content"))


async def test_what_waits_is_listed_and_cancelled_one_by_one_or_all(harness: Harness):
    mine = [(await harness.waiting("bea"))[0] for _ in range(3)]
    theirs, _ = await harness.waiting("cem")
    asked = await harness.discord.slash("general", "bea", "queue")
    shown = await harness.answer(asked)
    assert shown.ephemeral
    assert "You have 3 requests waiting or being drawn" in words(shown)
    assert words(shown).count(PROMPT) == 3
    assert "place 1" in words(shown)
    await harness.discord.press(shown, f"3:queue:cancel:{mine[0].id}", "bea")
    shown = await harness.discord.message(shown)
    assert "1 request is cancelled." in words(shown)
    assert await harness.state(mine[0].id) is State.CANCELLED
    await harness.discord.press(shown, "Cancel all 2", "bea")
    shown = await harness.discord.message(shown)
    assert "2 requests are cancelled." in words(shown)
    assert "You have nothing waiting." in words(shown)
    assert await harness.state(theirs.id) is State.QUEUED


async def test_what_has_ended_meanwhile_is_said(harness: Harness):
    mine, _ = await harness.waiting("bea")
    shown = await harness.answer(await harness.discord.slash("general", "bea", "queue"))
    await harness.jobs.cancel(mine.id)
    await harness.discord.press(shown, "Cancel", "bea")
    assert "Nothing was cancelled: it is finished already." in words(await harness.discord.message(shown))


async def test_all_are_those_that_the_list_counted(harness: Harness):
    """Whoever finds the panel of this morning means what it shows, and not what they asked for since."""
    mine = [(await harness.waiting("bea"))[0] for _ in range(2)]
    old = await harness.answer(await harness.discord.slash("general", "bea", "queue"))
    since, _ = await harness.waiting("bea")
    await harness.discord.press(old, "Cancel all 2", "bea")
    shown = words(await harness.discord.message(old))
    assert [await harness.state(each.id) for each in mine] == [State.CANCELLED] * 2
    assert await harness.state(since.id) is State.QUEUED
    assert "You have 1 request waiting or being drawn" in shown
    assert "2 requests are cancelled." in shown
    assert "1 request that you asked for after this list was shown goes on." in shown


async def test_a_button_of_an_older_easel_still_cancels_all(harness: Harness, monkeypatch: pytest.MonkeyPatch):
    mine = [(await harness.waiting("bea"))[0] for _ in range(2)]
    with monkeypatch.context() as older:
        older.setattr(QueueId, "__str__", lambda made: f"3:queue:{made.step}:{made.job}")
        shown = await harness.answer(await harness.discord.slash("general", "bea", "queue"))
    await harness.discord.press(shown, "3:queue:all:", "bea")
    assert [await harness.state(each.id) for each in mine] == [State.CANCELLED] * 2


async def test_it_fits_a_message_in_every_language(harness: Harness):
    job, _ = await harness.waiting("bea")
    long = job.model_copy(update={"request": job.request.model_copy(update={"prompt": "7" * 1000})})
    for language in (ENGLISH, Translated()):
        for eta in (None, 7.0, 900.0):
            body = queue.listed([(long, Standing(4, eta))] * queue.SHOWN, 99, 10**12, queue.Pressed(3, 2), language)
            found = list(_inside(body["components"]))
            assert len(found) <= 40
            assert sum(len(each.get("content", "")) for each in found) <= 4000
    for _, text in read_texts(body):
        assert unmarked(text) == []


def _inside(parts):
    for each in parts:
        yield each
        yield from _inside([*each.get("components", ()), *([each["accessory"]] if "accessory" in each else [])])


@pytest.mark.parametrize("step", QueueStep)
def test_ids_of_the_queue_are_read_again(step):
    made = QueueId(step, "r123-ab")
    assert QueueId.parse(str(made)) == made
    assert elsewhere(str(made))


def test_the_id_for_all_up_to_a_moment_is_read_again_and_leads_to_no_job():
    made = QueueId(QueueStep.ALL, until=1_764_000_000_123)
    assert str(made) == "6:queue:all:1764000000123"
    assert QueueId.parse(str(made)) == made
    assert elsewhere(str(made))
    assert QueueId.parse("6:queue:cancel:1764000000123") is None


@pytest.mark.parametrize("step", ServerStep)
@pytest.mark.parametrize("subject", ["", "r1", f"u{2**64 - 1}"])
def test_ids_of_settings_are_read_again(step, subject):
    made = ServerId(step, "person", subject, 10**11, 10**11)
    assert ServerId.parse(str(made)) == made
    assert elsewhere(str(made))
    assert from_easel(str(made))
    assert ServerId.parse(str(made).replace("3:server", "3:other")) is None
