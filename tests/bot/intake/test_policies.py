"""What admins set holds for whoever asks, wherever and in whatever way, at the next request, whichever bot takes it."""

import asyncio
import operator
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from bot.app import Easel
from deploy.sandbox.client import Message
from tests.bot.controls.test_buttons import press, told
from tests.bot.controls.test_reactions import told as told_by_dm
from tests.bot.harness import STARTER, UPSCALER, Harness, until
from worker.contract.message.layout import UNDER_MORE
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.store import keys
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.types.job import State
from worker.contract.types.server_changes import changes_between, with_values

GUILD = "Studio"
ASKING = [verb for verb, row in VERBS.items() if row.asks]


@pytest.fixture
async def drawing(harness: Harness) -> Harness:
    able = STARTER.model_copy(update={"operations": ("img2img", "outpaint", "moments")})
    await harness.jobs.heartbeat("w", [able], 1, upscaler=UPSCALER, capabilities=[*able.capabilities, UPSCALER.id])
    harness.bot.intake.live_models._read = float("-inf")  # not what was known a moment ago
    return harness


async def ids(harness: Harness) -> dict[str, int]:
    """Of the server, its channels and its roles, by name."""
    world = await harness.discord.world()
    (guild,) = (each for each in world["guilds"] if each["name"] == GUILD)
    named = [guild, *guild["roles"], *guild["channels"]]
    return {each["name"]: int(each["id"]) for each in named}


async def set_(harness: Harness, **values: Any) -> None:
    """Set these, with `__` for dots, and names in place of ids."""
    names, store = await ids(harness), ServerSettingsStore(harness.redis)
    paths = {".".join(str(names.get(part, part)) for part in key.split("__")): value for key, value in values.items()}
    held = await store.read(names[GUILD])
    new = with_values(held.settings, paths)
    changes = changes_between(held.settings, new, by=1, by_name="Max", at=0)
    assert isinstance(await store.change(names[GUILD], held.version, new, changes), int)


async def said(harness: Harness, person: str = "bea", channel: str = "gallery", **options: object) -> str:
    return (await harness.answer(await harness.imagine(person, channel, **options))).content


async def react(harness: Harness, message: Message, verb: Verb) -> str:
    await harness.discord.react(message, VERBS[verb].reactions[0], "cem")
    return await told_by_dm(harness, "cem")


async def push(harness: Harness, message: Message, verb: Verb) -> str:
    if verb is Verb.FORWARD:  # whose button is there where something began with a picture
        return await react(harness, message, verb)
    if verb in UNDER_MORE:
        panel = await harness.answer(await press(harness, message, Verb.MORE, "cem"))
        return await told(harness, await harness.discord.press(panel, f"2:{verb}:", "cem"))
    return await told(harness, await press(harness, message, verb, "cem"))


Way = Callable[[Harness, Message, Verb], Awaitable[str]]


@pytest.mark.parametrize("way", [push, react])
@pytest.mark.parametrize("verb", ASKING)
@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("paused", "Back at 8.", "Admins have paused Easel in this server; please try again later. “Back at 8.”"),
        ("each__day_pictures", 0, "You have drawn 0 pictures today, as many as this server allows."),
    ],
)
async def test_every_verb_goes_through_the_same_door(
    drawing: Harness, way: Way, verb: Verb, key: str, value: object, sentence: str
) -> None:
    first, message = await drawing.posted("bea", prompt="an owl --draft")  # under which all of them stand
    await set_(drawing, **{key: value})
    assert sentence in await way(drawing, message, verb)
    assert await drawing.all_jobs() == [first.id]


async def test_who_presses_pays_and_an_upscale_is_one_picture(drawing: Harness) -> None:
    await drawing.posted("bea")
    _, message = await drawing.posted("bea")
    await press(drawing, message, Verb.RERUN, "cem")
    await press(drawing, message, Verb.UPSCALE, "cem")
    (used,) = await ServerSettingsStore(drawing.redis).usage((await ids(drawing))[GUILD])
    assert sorted(each.pictures for each in used.people.values()) == [5, 8]


async def test_a_larger_picture_than_is_allowed_is_refused(drawing: Harness) -> None:
    _, message = await drawing.posted("bea")
    await set_(drawing, each__upscale_megapixels=0.2)
    assert "have 0.25 megapixels; this server allows at most 0.2." in await push(drawing, message, Verb.UPSCALE)


async def test_a_role_raises_and_a_channel_lowers_for_threads_too(drawing: Harness) -> None:
    thread = str(await drawing.discord.thread("bea", "apples", channel="gallery"))
    await set_(drawing, each__steps=20, roles__Moderator__steps=30, channels__gallery__limits__steps=10)
    for channel in ("gallery", thread):
        for person in ("bea", "max"):
            assert "You asked for 11 steps; this channel allows at most 10." in await said(
                drawing, person, channel, steps=11
            )
    assert "this server allows at most 20." in await said(drawing, "bea", "general", steps=21)
    assert "your roles here allow at most 30." in await said(drawing, "max", "general", steps=31)
    assert "allow" not in await said(drawing, "max", "general", steps=30)


async def test_what_is_usual_in_a_channel_is_drawn_where_nothing_is_typed(drawing: Harness) -> None:
    await set_(drawing, usual__pictures=1, channels__gallery__usual__steps=7)
    asked = await drawing.imagine("bea", "gallery")
    assert ((await drawing.job(asked.id)).request.count, (await drawing.job(asked.id)).request.steps) == (1, 7)


async def test_only_what_may_be_used_is_suggested_and_drawn_with(drawing: Harness) -> None:
    other = STARTER.model_copy(update={"id": "sdxl", "title": "SDXL"})
    await drawing.jobs.heartbeat("w", [STARTER, other], 1)
    await set_(drawing, each__models=["sdxl"])
    suggested = await drawing.discord.autocomplete("gallery", "bea", "imagine", "model", "")
    assert [each["value"] for each in suggested] == ["sdxl"]
    assert "**Starter** can't be used here: this server allows only **SDXL**." in await said(drawing, model="starter")
    assert (await drawing.job((await drawing.imagine("bea")).id)).request.model == "sdxl"


async def test_samplers_complete_themselves_from_what_may_be_used_and_suits_the_model(drawing: Harness) -> None:
    other = STARTER.model_copy(update={"id": "sdxl", "title": "SDXL", "samplers": ("ddim", "unipc")})
    await drawing.jobs.heartbeat("w", [STARTER, other], 1)
    await set_(drawing, each__samplers=["euler", "euler_a", "ddim"], channels__general__usual__model="sdxl")

    async def offered(typed: str, channel: str = "gallery", **options: object) -> list[str]:
        told = await drawing.discord.autocomplete(channel, "bea", "imagine", "scheduler", typed, options)
        return [each["name"] for each in told]

    assert await offered("") == ["Euler", "Euler ancestral", "DDIM"]
    assert await offered("anc") == ["Euler ancestral"]
    assert await offered("", model="sdxl") == await offered("", "general") == ["DDIM"]
    assert await offered("", "dm:bea", model="sdxl") == ["DDIM", "UniPC"]


async def test_what_is_refused_for_a_list_comes_back_with_what_may_be_chosen(drawing: Harness) -> None:
    other = STARTER.model_copy(update={"id": "sdxl", "title": "SDXL"})
    await drawing.jobs.heartbeat("w", [STARTER, other], 1)
    await set_(drawing, each__samplers=["ddim", "lcm"], each__models=["starter"], each__pictures=2, each__steps=9)

    async def form(**options: Any) -> dict[str, Any]:
        refused = await drawing.answer(await drawing.imagine("bea", **options))
        shown = await drawing.discord.press(refused, "Change and try again", "bea")
        assert shown.modal is not None
        rows = {row["component"]["custom_id"]: row for row in shown.modal["components"]}
        assert rows["flags"]["description"] == "At most --steps 9 here."
        return rows

    def choices(row: dict[str, Any]) -> list[str]:
        return [each["label"] for each in row["component"]["options"]]

    assert choices((await form(model="SDXL"))["model"]) == ["Starter"]
    assert choices((await form(scheduler="euler"))["scheduler"]) == ["DDIM", "LCM"]
    assert choices((await form(count=4))["count"]) == ["1", "2"]


async def test_a_refusal_keeps_what_was_typed_and_offers_a_form(drawing: Harness) -> None:
    await set_(drawing, each__day_pictures=3)
    answer = await drawing.answer(await drawing.imagine("bea", steps=7, count=4))
    assert answer.content.startswith(
        "You have drawn 0 pictures today; this server allows at most 3. You can ask for 3 pictures more. More <t:"
    )
    assert answer.ephemeral
    assert [field["value"] for embed in answer.embeds for field in embed["fields"]][-2:] == ["7", "4"]
    assert answer.components


@pytest.mark.parametrize("table", ["each", "together"])
async def test_nobody_is_refused_for_a_number_of_pictures_that_they_did_not_type(drawing: Harness, table: str) -> None:
    await set_(drawing, **{f"{table}__day_pictures": 6})
    drawn = [(await drawing.job((await drawing.imagine("bea")).id)).request.count for _ in range(2)]
    assert drawn == [4, 2]
    assert "drawn 6 pictures today, as many as this server allows." in await said(drawing)


async def test_a_variation_takes_what_the_day_has_left(drawing: Harness) -> None:
    _, message = await drawing.posted("bea")
    await set_(drawing, each__day_pictures=3)
    pressed = await press(drawing, message, Verb.VARY_LITTLE, "cem")
    assert (await drawing.job(pressed.id)).request.count == 3


async def test_a_refused_rerun_can_be_changed_in_the_form(drawing: Harness) -> None:
    job, message = await drawing.posted("bea")
    await set_(drawing, each__steps=9)
    answer = await drawing.answer(await press(drawing, message, Verb.RERUN, "cem"))
    assert answer.content == "You asked for 20 steps; this server allows at most 9."
    shown = await drawing.discord.press(answer, "Change and try again", "cem")
    asked = await drawing.discord.submit(shown, {"flags": "--steps 9"}, "cem")
    again = (await drawing.job(asked.id)).request
    assert again == job.request.model_copy(update={"steps": 9, "seed": again.seed})
    assert again.seed != job.request.seed


async def test_admins_say_who_presses_under_anothers_picture(drawing: Harness) -> None:
    _, message = await drawing.posted("bea")
    await set_(drawing, buttons__rerun="owner", buttons__delete="anyone")
    assert "only the person who asked for it" in await push(drawing, message, Verb.RERUN)
    assert "only the person who asked for it" in await react(drawing, message, Verb.RERUN)
    job, waiting = await drawing.waiting("bea")
    await set_(drawing, buttons__cancel="anyone")
    await press(drawing, waiting, Verb.CANCEL, "cem")
    assert await drawing.state(job.id) is State.CANCELLED


async def test_what_is_set_holds_for_the_other_bot_at_its_next_request(
    drawing: Harness, start_bot: Callable[..., Awaitable[Easel]]
) -> None:
    other = await start_bot()
    place = await ids(drawing)
    for most in (2, 1, 3):
        await set_(drawing, each__at_once=most)
        for bot in (drawing.bot, other):
            policy = await bot.intake.policies.at(place[GUILD], place["gallery"], frozenset(), 1)
            assert policy.caps.person == most


async def hide(harness: Harness, *channels: str) -> None:
    """From all but moderators and Easel."""
    for channel in channels:
        await harness.discord.overwrite(channel, "@everyone", deny=["VIEW_CHANNEL"])
        for role in ("Moderator", "Easel"):
            await harness.discord.overwrite(channel, role, allow=["VIEW_CHANNEL"])


async def keep_out(harness: Harness, *channels: str) -> None:
    """One role alone."""
    for channel in channels:
        await harness.discord.overwrite(channel, "Booster", deny=["VIEW_CHANNEL"])


async def for_adults(harness: Harness, *channels: str) -> None:
    for channel in channels:
        await harness.discord.change_channel(channel, nsfw=True)


@pytest.mark.parametrize(
    ("change", "channels", "target", "goes"),
    [
        (None, (), "general", True),
        (None, (), "gallery", False),
        (None, (), "no-files", False),
        (for_adults, ("gallery",), "general", False),
        (for_adults, ("gallery", "general"), "general", True),
        (for_adults, ("general",), "general", True),
        (hide, ("gallery",), "general", False),
        (hide, ("gallery", "general"), "general", True),
        (hide, ("general",), "general", True),
        (keep_out, ("gallery",), "general", False),
        (keep_out, ("gallery", "general"), "general", True),
        (keep_out, ("general",), "general", True),
    ],
)
async def test_results_go_elsewhere_but_never_to_a_more_open_place(
    drawing: Harness, change: Any, channels: tuple[str, ...], target: str, goes: bool
) -> None:
    if change:
        await change(drawing, *channels)
    place = await ids(drawing)
    await set_(drawing, results_to=place[target])
    asked = await drawing.imagine("max", "gallery")
    assert (await drawing.job(asked.id)).results_to == (place[target] if goes else None)


@pytest.mark.parametrize("private", [False, True])
async def test_out_of_a_private_thread_nothing_goes(drawing: Harness, private: bool) -> None:
    place = await ids(drawing)
    thread = str(await drawing.discord.thread("bea", "apples", channel="gallery", private=private))
    if private:
        await drawing.discord.join_thread(thread, "bea", "easel")
    await set_(drawing, channels__gallery__results_to=place["general"])
    asked = await drawing.imagine("bea", thread)
    assert (await drawing.job(asked.id)).results_to == (None if private else place["general"])


async def test_an_outage_of_discords_is_no_removal(drawing: Harness) -> None:
    await set_(drawing, paused="x")
    key = keys.server_settings((await ids(drawing))[GUILD])
    guild = next(each for each in drawing.bot.guilds if each.name == GUILD)
    for there in (False, True):
        await drawing.discord.install(GUILD, there, outage=True)
        await until(lambda: asyncio.sleep(0, not guild.unavailable), partial(operator.is_, there))
        assert (await drawing.redis.hexists(key, "left"), await drawing.redis.ttl(key)) == (False, -1)
    assert "paused" in await said(drawing)


async def test_what_was_set_outlives_the_bots_removal(drawing: Harness) -> None:
    await set_(drawing, paused="x")
    key = keys.server_settings((await ids(drawing))[GUILD])
    await drawing.discord.install(GUILD, False)
    await until(lambda: drawing.redis.hexists(key, "left"))
    assert 0 < await drawing.redis.ttl(key) <= 30 * 86400
    await drawing.discord.install(GUILD, True)
    await until(lambda: drawing.redis.ttl(key), lambda left: left == -1)
    assert not await drawing.redis.hexists(key, "left")
    assert "paused" in await said(drawing)
