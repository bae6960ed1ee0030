"""What people do with a result besides asking for more: edit it, keep it, have it sent, look at how it was made."""

import threading
from typing import Any

import aiohttp
import pytest

from bot import texts
from bot.discord_io import direct
from bot.flags.read import read
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import PROMPT, STARTER, Harness, until
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import Verb
from worker.contract.store.favourites import KEPT_MAX, Favourites, Kept
from worker.contract.types import recipe


async def press(harness: Harness, message: Message, verb: Verb, person: str = "cem") -> Interaction:
    return await harness.discord.press(message.id, f"1:{verb}:", person)


async def told(harness: Harness, pressed: Interaction) -> Message:
    message = await harness.answer(pressed)
    assert message.ephemeral
    return message


def values(shown: Interaction) -> dict[str, Any]:
    assert shown.modal is not None
    parts = [row["component"] for row in shown.modal["components"]]
    chosen = {
        each["custom_id"]: [o["value"] for o in each["options"] if o.get("default")]
        for each in parts
        if "options" in each
    }
    return {each["custom_id"]: each.get("value", "") for each in parts} | chosen


async def emptied(harness: Harness) -> None:
    """Redis has forgotten everything; a worker says again that it is there."""
    await harness.redis.flushall()
    await harness.jobs.heartbeat("w", [STARTER], 1)


@pytest.mark.parametrize("forgets", [False, True])
async def test_edit_opens_all_that_was_asked_for_and_one_change_draws_it(harness: Harness, forgets: bool):
    job, message = await harness.posted()
    if forgets:
        await emptied(harness)
    shown = await press(harness, message, Verb.EDIT)
    assert shown.answer_type == 9
    assert shown.modal is not None
    assert shown.modal["title"] == "Edit"  # nothing was refused
    found, asked = values(shown), job.request
    assert (found["prompt"], found["aspect_ratio"], found["count"]) == (PROMPT, ["1:1"], [str(asked.count)])
    assert read(found["flags"]).options == {
        "seed": str(asked.seed), "steps": "20", "guidance": "5", "model": "starter", **sampler(asked.scheduler),
    }  # fmt: skip
    again = await harness.discord.submit(shown, {"prompt": "a pear --ar 3:2"}, "cem")
    made = (await harness.job(again.id)).request
    assert (made.prompt, made.seed, made.steps, made.width > made.height) == ("a pear", asked.seed, 20, True)


def sampler(scheduler: Any) -> dict[str, str]:
    return {"scheduler": str(scheduler)} if scheduler else {}


async def test_edit_after_a_failure_too(harness: Harness):
    _, message = await harness.waiting()
    await press(harness, message, Verb.CANCEL, "bea")
    assert values(await press(harness, message, Verb.EDIT))["prompt"] == PROMPT


async def test_a_form_that_comes_too_late_is_a_button(harness: Harness, monkeypatch: pytest.MonkeyPatch):
    _, message = await harness.posted()
    await emptied(harness)
    monkeypatch.setattr("bot.commands.change.FORM_LATEST", 0.05)
    deferred, real = threading.Event(), recipe.read

    def late(data: bytes) -> recipe.Recipe | None:
        deferred.wait(10)
        return real(data)

    monkeypatch.setattr(recipe, "read", late)
    shown = await press(harness, message, Verb.EDIT)
    assert shown.answer_type == 5
    deferred.set()
    assert shown.message_id is not None
    said = await harness.discord.wait_edit(shown.message_id, lambda each: not each.thinking)
    assert said.content.startswith("Here is what it was made of.")
    opened = await harness.discord.press(said, "Change and try again", "cem")
    assert values(opened)["prompt"] == PROMPT


@pytest.mark.parametrize("forgets", [False, True])
async def test_more_shows_the_command_and_the_seeds(harness: Harness, forgets: bool):
    job, message = await harness.posted()
    if forgets:
        await emptied(harness)
    said = await told(harness, await press(harness, message, Verb.MORE))
    asked = job.request
    assert f"/imagine prompt:{PROMPT} --ar 1:1 --seed {asked.seed} --steps 20 --cfg 5" in said.content
    assert f"Seed: {asked.seed}" in said.content or f"Seeds: {asked.seed}" in said.content
    assert said.buttons == []  # a stranger deletes nothing


async def test_more_has_the_whole_prompt_and_a_long_command_as_files(harness: Harness):
    _, message = await harness.posted(prompt="*@" * 500)
    assert len(message.content) < 1000
    said = await told(harness, await press(harness, message, Verb.MORE))
    assert [each.filename for each in said.attachments] == ["prompt.txt"]


@pytest.mark.parametrize("person", ["bea", "max"])
async def test_delete_under_more_asks_and_deletes(harness: Harness, person: str):
    job, message = await harness.posted()
    panel = await told(harness, await press(harness, message, Verb.MORE, person))
    assert [each["label"] for each in panel.buttons] == ["Delete…"]
    asked = await told(harness, await harness.discord.press(panel, "Delete…", person))
    assert asked.content.startswith("Delete these pictures?")
    assert not (await harness.discord.message(message)).deleted
    await harness.discord.press(asked, "Delete", person)
    assert (await harness.discord.message(message)).deleted
    await until(lambda: harness.forgotten(job))


@pytest.mark.parametrize("forgets", [False, True])
async def test_pictures_are_sent_with_seed_and_command(harness: Harness, forgets: bool):
    job, message = await harness.posted()
    if forgets:
        await emptied(harness)
    said = await told(harness, await press(harness, message, Verb.SEND))
    assert said.content == "It is in your direct messages."
    (sent,) = await harness.discord.messages("dm:cem")
    assert f"Seed {job.request.seed}, from https://discord.com/channels/" in sent.content
    assert f"--seed {job.request.seed}" in sent.content
    assert [each.filename for each in sent.attachments] == [each.filename for each in message.attachments]
    assert sent.attachments[0].description == PROMPT
    again = await told(harness, await press(harness, message, Verb.SEND))
    assert again.content == "That is in your direct messages already."


async def test_what_discord_did_not_take_is_sent_when_asked_again(harness: Harness):
    _, message = await harness.posted()
    await harness.discord.fault("POST", "/channels/*/messages", status=404, times=1)
    said = await told(harness, await press(harness, message, Verb.SEND))
    assert said.content == texts.discord_away(ENGLISH)
    said = await told(harness, await press(harness, message, Verb.SEND))
    assert said.content == "It is in your direct messages."
    assert len(await harness.discord.messages("dm:cem")) == 1


async def test_closed_direct_messages_are_said(harness: Harness, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(direct, "GOES_AFTER", 0.01)
    _, message = await harness.posted()
    await harness.discord.change_person("cem", dms_open=False)
    said = await told(harness, await press(harness, message, Verb.SEND))
    assert "Your direct messages are closed to Easel." in said.content
    await harness.discord.react(message, "✉️", "cem")
    reply = await harness.discord.wait_message(
        "gallery", lambda each: "closed to Easel" in each.content and not each.ephemeral
    )
    await until(lambda: harness.discord.message(reply), lambda each: each.deleted)


async def test_where_there_is_no_picture_none_is_sent(harness: Harness):
    _, message = await harness.posted()
    info = harness.discord.info
    url = f"{info.api}/channels/{message.channel_id}/messages/{message.id}"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {info.token}"}) as http,
        http.patch(url, json={"attachments": []}) as response,
    ):
        assert response.status == 200
    said = await told(harness, await press(harness, message, Verb.SEND))
    assert said.content == "There is no picture here to send. 🔁 draws it."


async def test_a_pencil_leads_to_the_form_of_whoever_drew_it(harness: Harness):
    job, message = await harness.posted()
    await harness.discord.react(message, "✏️", "cem")
    reply = await harness.discord.wait_message("gallery", lambda each: "opens it as a form" in each.content)
    assert [each["custom_id"] for each in reply.buttons] == [str(CustomId(Verb.EDIT, job.id, 0, message.id))]
    shown = await harness.discord.press(reply, "Edit", "cem")
    assert values(shown)["prompt"] == PROMPT


@pytest.mark.parametrize("way", ["button", "reaction"])
async def test_what_is_kept_is_kept_once_for_that_person(harness: Harness, way: str):
    job, message = await harness.posted()
    place = Kept(job.destination.server, message.channel_id, message.id, job.id)
    for _ in range(2):
        if way == "button":
            said = await told(harness, await press(harness, message, Verb.KEEP))
            assert said.content == "Kept. `/favourites` shows what you keep."
        else:
            await harness.discord.react(message, "⭐", "cem")
    key = (await until(lambda: harness.redis.keys("easel:favourites:*")))[0]
    owner = int(key.decode().rpartition(":")[2])
    assert await Favourites(harness.redis).page(owner, 0, 5) == ([place], 1)


async def test_as_many_as_may_be_are_kept_and_no_more(harness: Harness):
    store = Favourites(harness.redis)
    kept = [Kept(1, 2, number, "x") for number in range(1, KEPT_MAX + 1)]
    for each in kept:
        assert await store.add(5, each, each.message)
    assert not await store.add(5, Kept(1, 2, 999, "x"), 0)
    assert await store.add(5, kept[0], 0)  # is there already
    assert (await store.page(5, 0, 2))[0] == kept[:-3:-1]
    await store.remove(5, kept[-1])
    assert (await store.page(5, 0, 1)) == ([kept[-2]], KEPT_MAX - 1)
    assert Kept.parse("nonsense") is None
