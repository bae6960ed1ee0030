"""Buttons, menus and forms that this Easel does not know: whoever uses them reads why nothing happens."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot import app, texts
from bot.controls import unknown
from bot.errors import UnknownControl
from deploy.sandbox.client import Interaction, Message
from tests.bot.harness import CALLBACK, Harness, until
from worker.contract.message.languages import ENGLISH

NEWER, OTHER = texts.refusal(UnknownControl(newer=True), ENGLISH), texts.refusal(UnknownControl(newer=False), ENGLISH)
CALLBACKS = "POST /interactions/{interaction}/{token}/callback"
MESSAGE, DEFERRED, MODAL = 4, 5, 9
STRING, PERSON, ROLE, MENTIONABLE, CHANNEL = 3, 5, 6, 7, 8

WAIT = unknown._let_newer_go_first


@pytest.fixture(autouse=True)
def may_answer(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Until this is set, the bot under test leaves a newer one beside it time to answer."""
    event = asyncio.Event()
    event.set()
    monkeypatch.setattr(unknown, "_let_newer_go_first", event.wait)
    return event


def button(custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Inpaint", "custom_id": custom_id}


def menu(custom_id: str, kind: int) -> dict[str, Any]:
    options = {"options": [{"label": "one", "value": "one"}]} if kind == STRING else {}
    return {"type": kind, "custom_id": custom_id, **options}


async def call(harness: Harness, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What another process with the same bot's token does."""
    info = harness.discord.info
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {info.token}"}) as http,
        http.post(info.api + path, json=body) as response,
    ):
        assert response.ok, await response.text()
        return await response.json() if response.status != 204 else {}


async def posted(harness: Harness, *components: dict[str, Any]) -> Message:
    """A message of Easel's with these components, as another version may have made it."""
    channel = (await harness.discord.say("gallery", "bea", "hi")).channel_id
    body = {"content": "a picture", "components": [{"type": 1, "components": [each]} for each in components]}
    return await harness.discord.message(int((await call(harness, f"/channels/{channel}/messages", body))["id"]))


async def said(harness: Harness, used: Interaction) -> str:
    """What only the one who used it reads."""
    assert used.answer_type == MESSAGE
    message = await harness.answer(used)
    assert message.ephemeral
    return message.content


@pytest.mark.parametrize(
    ("custom_id", "sentence"),
    [
        ("2:inpaint:1:0", NEWER),
        ("2:rerun:1:0", NEWER),
        ("23:", NEWER),
        ("1:inpaint:1:0", NEWER),
        ("1:rerun:no such job:0", OTHER),
        ("1:rerun:1:0:0", OTHER),
        ("0:rerun:1:0", OTHER),
    ],
)
async def test_a_button_of_another_version_is_answered_in_words(
    harness: Harness, custom_id: str, sentence: str
) -> None:
    message = await posted(harness, button(custom_id))
    assert await said(harness, await harness.discord.press(message, custom_id, "cem")) == sentence
    assert (await harness.discord.message(message)).revisions == message.revisions


@pytest.mark.parametrize("kind", [STRING, PERSON, ROLE, MENTIONABLE, CHANNEL])
@pytest.mark.parametrize(("custom_id", "sentence"), [("2:style:1:0", NEWER), ("1:rerun:1:0", OTHER)])
async def test_so_is_a_menu_of_every_kind(harness: Harness, kind: int, custom_id: str, sentence: str) -> None:
    """Even one with an id that a button might have: what is chosen there would be lost."""
    message = await posted(harness, menu(custom_id, kind))
    world = await harness.discord.world()
    ids = {
        STRING: "one",
        PERSON: world["people"][0]["id"],
        MENTIONABLE: world["people"][0]["id"],
        ROLE: world["guilds"][0]["roles"][-1]["id"],
        CHANNEL: str(message.channel_id),
    }
    chosen = await harness.discord.select(message, custom_id, [ids[kind]], "cem")
    assert await said(harness, chosen) == sentence
    assert await harness.all_jobs() == []


async def test_so_is_a_form(harness: Harness, may_answer: asyncio.Event) -> None:
    message = await posted(harness, button("2:remix:1:0"))
    may_answer.clear()
    pressed = await harness.discord.press(message, "2:remix", "cem", wait=False)
    field = {"type": 4, "custom_id": "prompt", "label": "Prompt", "style": 1}
    form = {"custom_id": "2:remix:1:0", "title": "Remix", "components": [{"type": 1, "components": [field]}]}
    await call(harness, f"/interactions/{pressed.id}/{pressed.token}/callback", {"type": MODAL, "data": form})
    opened = await harness.discord.wait_interaction(pressed)
    may_answer.set()
    assert await said(harness, await harness.discord.submit(opened, {"prompt": "a cat"}, "cem")) == NEWER


async def test_a_reaction_to_a_message_that_only_a_newer_easel_can_read_is_told_by_direct_message(
    harness: Harness,
) -> None:
    message = await posted(harness, menu("2:style:1:0", STRING), button("2:rerun:1:0"))
    await harness.discord.react(message, "🔁", "cem")
    told = await harness.discord.wait_message("dm:cem", lambda shown: shown.from_bot)
    assert told.content.splitlines()[0] == NEWER


async def test_a_reaction_goes_by_the_controls_that_are_known(harness: Harness) -> None:
    job, _ = await harness.waiting("bea")
    message = await posted(harness, button("2:pause:1:0"), button(f"1:cancel:{job.id}:0"))
    await harness.discord.react(message, "❌", "bea")
    await until(lambda: harness.state(job.id), lambda state: state.terminal)


@pytest.mark.parametrize("custom_id", ["vote:yes", "d41d8cd98f00b204e9800998ecf8427e", "17"])
async def test_what_cannot_be_easels_is_left_to_whoever_it_belongs_to(harness: Harness, custom_id: str) -> None:
    message = await posted(harness, button(custom_id), button("2:x"))
    theirs = await harness.discord.press(message, custom_id, "cem", wait=False)
    assert await said(harness, await harness.discord.press(message, "2:x", "cem")) == NEWER  # heard later
    assert not (await harness.discord.interaction(theirs)).answered
    assert (await harness.discord.counts())[CALLBACKS] == 1


@pytest.mark.parametrize(("kind", "data"), [(MESSAGE, {"content": "inpainting"}), (DEFERRED, {})])
async def test_a_newer_bot_beside_this_one_answers_alone(
    harness: Harness, may_answer: asyncio.Event, caplog: pytest.LogCaptureFixture, kind: int, data: dict[str, Any]
) -> None:
    message = await posted(harness, button("2:inpaint:1:0"))
    may_answer.clear()
    pressed = await harness.discord.press(message, "2:inpaint", "cem", wait=False)
    await call(harness, f"/interactions/{pressed.id}/{pressed.token}/callback", {"type": kind, "data": data})
    answered = await harness.discord.wait_interaction(pressed)
    before = await harness.discord.messages("gallery")
    may_answer.set()
    await until(lambda: _asked_for_the_original(harness))
    later = await harness.answer(await harness.discord.press(message, "2:inpaint", "dua"))
    shown = await harness.answer(answered)
    assert (shown.content, shown.thinking, shown.revisions) == (data.get("content", ""), kind == DEFERRED, 1)
    now = [each.id for each in await harness.discord.messages("gallery") if each.id != later.id]
    assert now == [each.id for each in before]
    assert [each for each in caplog.records if each.levelname != "INFO"] == []


async def test_a_newer_bot_is_left_time_to_answer(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "_let_newer_go_first", WAIT)
    monkeypatch.setattr(unknown, "_NEWER_FIRST", 3600.0)
    monkeypatch.setattr(app, "FINISH", 0.01)  # when the bot is stopped, after this test
    job, _ = await harness.waiting("bea")
    message = await posted(harness, button("2:inpaint:1:0"), button(f"1:cancel:{job.id}:0"))
    pressed = await harness.discord.press(message, "2:inpaint", "bea", wait=False)
    assert (await harness.discord.press(message, "1:cancel", "bea")).answered  # heard later
    assert not (await harness.discord.interaction(pressed)).answered


async def test_an_answer_that_discord_does_not_take_is_logged(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    message = await posted(harness, button("2:inpaint:1:0"))
    await harness.discord.fault("POST", CALLBACK, status=404, code=10062)
    await harness.discord.press(message, "2:inpaint", "cem", wait=False)
    await until(lambda: _logged(caplog, "could not say that an id is unknown"))


async def _asked_for_the_original(harness: Harness) -> bool:
    """What the bot does last when another one was first."""
    return any(name.startswith("GET /webhooks/") for name in await harness.discord.counts())


async def _logged(caplog: pytest.LogCaptureFixture, text: str) -> bool:
    return text in caplog.text
