"""Everything that people get to read is translated: whole stories in a language that marks what went through it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.commands.imagine import Imagine
from bot.texts import EXAMPLE, EXAMPLE_FLAGS
from deploy.sandbox.client import Message
from tests.e2e.conftest import shared
from tests.e2e.local import DEADLINE, Local, running
from tests.e2e.person import CHANNEL, Easel, job_of
from tests.marks import read_texts, unmarked
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Reason, State
from worker.contract.types.request import Scheduler
from worker.engine.service.fake_backend import FAKE, STARTER

CREATE = "/channels/*/messages"
PROMPTS = ["a red apple", "behind it [slow=0.3]", "never [slow=0.5]", "too much [oom]", "green", "absent"]
OPTIONS = [option.name for option in Imagine.imagine.parameters]


@pytest.fixture(scope="module")
def pseudo_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running(tmp_path_factory.mktemp("e2e-language"), "fake", {"EASEL_LANGUAGE": "qps"}) as local:
        yield local


@pytest.fixture
async def easel(pseudo_local: Local) -> AsyncIterator[Easel]:
    """What bot and poster sent to Discord in the test, and before, says nothing without marks."""
    async with shared(pseudo_local) as easel:
        yield easel
        assert await said_past_the_catalogues(easel) == {}


async def said_past_the_catalogues(easel: Easel) -> dict[str, list[str]]:
    """All texts that came to Discord with words that are neither a sentence's nor a name, with those words."""
    names = [*PROMPTS, *OPTIONS, EXAMPLE, EXAMPLE_FLAGS, *Scheduler, "sandbox fault"]
    for model in await easel.jobs.models():
        names += [model.id, model.title, model.description, model.licence, model.example]
        names += [guide.id for guide in model.guides]
        names += [name for lora in model.loras for name in (lora.id, lora.title, *lora.triggers)]
    found = {}
    for call in await easel.sandbox.log(0):
        if call["kind"] == "http":
            for path, text in read_texts(call["request"]):
                if words := unmarked(text, names):
                    found[f"{call['method']} {call['path']} {path}: {text}"] = words
    return found


async def press(easel: Easel, message: Message, verb: Verb, person: str) -> Message:
    """What the bot answers to a press, whatever the button is called."""
    done = await easel.sandbox.press(message, f"1:{verb}", person, timeout=DEADLINE)
    return await easel.sandbox.message(done.message_id or message.id)


async def refused(easel: Easel, options: dict[str, object], channel: str = CHANNEL) -> None:
    done = await easel.sandbox.slash(channel, "Dua", "imagine", options, timeout=DEADLINE)
    assert done.message_id is not None
    assert (await easel.sandbox.message(done.message_id)).ephemeral


async def test_commands_and_their_choices(easel: Easel) -> None:
    (call,) = [each for each in await easel.sandbox.log(0) if each.get("method") == "PUT"]
    imagine = next(each for each in call["request"] if each["name"] == "imagine")
    assert imagine["description"] == "⟦Draw pictures from words⟧"
    names = {each["name"]: each for each in imagine["options"]}
    assert names["seed"]["description"].startswith("⟦The same seed")
    assert {each["name"] for each in names["aspect_ratio"]["choices"]} >= {"1:1", "16:9"}
    offered = await easel.sandbox.autocomplete(CHANNEL, "Bea", "imagine", "scheduler")
    assert {each["name"] for each in offered} >= {"⟦Euler⟧", "⟦UniPC⟧"}


async def test_pictures_and_an_upscale_that_fails(easel: Easel) -> None:
    asked = await easel.ask("a red apple", count=2, negative_prompt="green", scheduler="euler", seed=7, steps=30)
    message = await easel.once(asked, pictures=2)
    assert "⟦without ⟪green⟫⟧" in message.content
    assert [each["label"] for each in message.buttons if "label" in each] == ["⟦U1⟧", "⟦U2⟧", "⟦V1⟧", "⟦V2⟧", "⟦More⟧"]
    larger = await press(easel, message, Verb.UPSCALE, "Cem")
    await easel.reaches(job_of(larger), State.POSTED)
    await easel.sandbox.fault("GET", "/cdn/attachments/*", status=404, times=None)
    other = await easel.sandbox.press(message, f"1:{Verb.UPSCALE}:{asked.job}:1", "Bea", timeout=DEADLINE)
    gone = await easel.sandbox.message(other.message_id or message.id)
    assert (await easel.reaches(job_of(gone), State.FAILED)).reason is Reason.SOURCE
    await easel.sandbox.wait_edit(gone, lambda it: "⟦It is gone; its message was deleted" in it.content, DEADLINE)


async def test_what_is_cancelled_refused_to_strangers_and_deleted(easel: Easel) -> None:
    running = await easel.ask("never [slow=0.5]", person="Cem", steps=60)
    await easel.drawing(running.job)
    waiting = await easel.ask("behind it [slow=0.3]")
    assert (await press(easel, waiting.message, Verb.CANCEL, "Dua")).ephemeral
    await easel.sandbox.react(waiting.message, "❌", "Dua")
    await easel.sandbox.wait_message("dm:Dua", lambda it: "⟦About your reaction to " in it.content, DEADLINE)
    await press(easel, waiting.message, Verb.CANCEL, "Bea")
    await easel.reaches(waiting.job, State.CANCELLED)
    await press(easel, running.message, Verb.CANCEL, "Max")
    assert (await easel.reaches(running.job, State.CANCELLED)).reason is Reason.MODERATOR
    said = "⟦Cancelled by a moderator.⟧"
    ended = await easel.sandbox.wait_edit(running.message, lambda it: said in it.content, DEADLINE)
    await press(easel, ended, Verb.DELETE, "Cem")
    await easel.sandbox.wait_edit(ended, lambda it: it.deleted, DEADLINE)


async def test_refusals(easel: Easel) -> None:
    await refused(easel, {"prompt": "<@1> <@&2>"})
    await refused(easel, {"prompt": "green", "model": "absent"})
    await refused(easel, {"prompt": "green", "aspect_ratio": "16:9", "steps": 150, "model": "starter"}, "no-files")
    running = [await easel.ask("behind it [slow=0.3]", person="Dua", steps=90) for _ in range(3)]
    await refused(easel, {"prompt": "green"})
    for asked in reversed(running):
        await press(easel, asked.message, Verb.CANCEL, "Dua")
        await easel.reaches(asked.job, State.CANCELLED)


async def test_a_failure(easel: Easel) -> None:
    asked = await easel.ask("too much [oom]")
    record = await easel.reaches(asked.job, State.FAILED)
    assert (record.reason, record.detail) == (Reason.MEMORY, ""), "a sentence crossed a process"
    said = "⟦128 × 128 does not fit even one picture at a time"
    await easel.sandbox.wait_edit(asked.message, lambda it: said in it.content, DEADLINE)


async def test_help_and_models(easel: Easel) -> None:
    for command, options in (("help", {}), ("models", {}), ("models", {"model": "starter"})):
        done = await easel.sandbox.slash(CHANNEL, "Bea", command, options, timeout=DEADLINE)
        assert done.message_id is not None
    choices = await easel.sandbox.autocomplete(CHANNEL, "Bea", "imagine", "model", "", timeout=DEADLINE)
    assert {each["name"] for each in choices} == {STARTER.title, FAKE.title}


async def test_a_direct_message_of_the_poster(easel: Easel) -> None:
    message = await easel.once(await easel.ask("green"))
    await easel.sandbox.fault("POST", CREATE, status=403, code=50013, times=1)
    await easel.sandbox.react(message, "🔁", "Cem")
    await easel.sandbox.wait_message("dm:Cem", lambda it: "⟦I can't post in " in it.content, DEADLINE)
