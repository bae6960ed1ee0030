"""`/quota`: each limit with what is left of it and who has set it, as admission counts it."""

from bot.commands.quota import page
from bot.commands.server.values import Known
from bot.policy.ceilings import Bounds, Ceilings
from bot.policy.resolve import resolve
from tests.bot.commands.server.hands import Admins
from tests.bot.harness import Harness
from tests.marks import Translated, unmarked
from worker.contract.discord_limits import CONTENT_MAX
from worker.contract.message.languages import ENGLISH
from worker.contract.store.quota import Quota
from worker.contract.types.server_settings import (
    Block,
    ChannelSettings,
    Grant,
    Limits,
    ServerSettings,
    Together,
    UsedUp,
)

TAKEN = Quota(2, 3, 7, 9, 12, 61_000, 90, 3_600_000, 15_000, 30_000, 0, 1_800_000_000)
SETTINGS = ServerSettings(
    each=Limits(at_once=3, day_pictures=50, day_gpu_seconds=120, per_minute=6, models=("starter",)),
    together=Together(at_once=9, day_pictures=100, day_gpu_seconds=7200, per_minute=60),
    used_up=UsedUp.LAST,
    roles={7: Limits(at_once=5)},
    grants={1: Grant(pictures=20, until=2)},
)
CEILINGS = Ceilings(Bounds(each=Limits(at_once=8, steps=40)), everywhere=10, per_minute=20)


def said(settings: ServerSettings = SETTINGS, language=ENGLISH) -> str:
    channel = ChannelSettings(limits=Limits(steps=9))
    policy = resolve(CEILINGS, settings, channel, settings.roles, 1, place=2, now=1)
    return page(policy, TAKEN, Known(language, {"starter": "Starter"}))


def test_each_limit_has_its_rest_and_its_layer() -> None:
    lines = said().splitlines()
    assert "- Requests at once: **5**, 3 left (from <@&7>)" in lines
    assert "- Pictures a day: **70**, 58 left, more <t:1800000000:R> (granted to you here)" in lines
    assert "- GPU time a day: **2 min**, 59 s left, more <t:1800000000:R> (from this server)" in lines
    assert "- Requests a minute: **6**, 3 left (from this server)" in lines
    assert "- Requests at once in all servers: **10**, 7 left" in lines
    assert "- Requests a minute in all servers: **20**, 15 left" in lines
    assert "- Requests at once, all people here together: **9**, 2 left (from this server)" in lines
    assert "- Steps: **9** (from this channel)" in lines
    assert "- Models that may be used: **Starter** (from this server)" in lines
    assert lines[-2].endswith("drawn after everybody else's.")
    assert lines[-1] == "-# What names nobody is from whoever runs Easel."  # most are, so it is said once


def test_another_day_brings_no_more_of_nothing() -> None:
    none = said(ServerSettings(each=Limits(day_pictures=0, day_gpu_seconds=0), together=Together(day_pictures=0)))
    assert "- Pictures a day: **0**, 0 left (from this server)" in none.splitlines()
    assert "<t:" not in none


def test_who_is_blocked_reads_that_first() -> None:
    assert said(SETTINGS.model_copy(update={"blocked": {1: Block(why="spam")}})).splitlines()[1].startswith("> Admins")


def test_all_of_it_is_translated_and_fits_a_message() -> None:
    for language in (ENGLISH, Translated()):
        assert len(said(language=language)) <= CONTENT_MAX
    assert unmarked(said(language=Translated()), ["Starter", "t", "R", "s", "min", "h"]) == []


async def test_more_than_a_message_holds_is_told_all_the_same(harness: Harness, monkeypatch) -> None:
    monkeypatch.setattr("bot.commands.quota.CONTENT_MAX", 100)
    shown = await harness.answer(await harness.discord.slash("gallery", "bea", "quota"))
    shown = await harness.discord.wait_edit(shown, lambda each: not each.thinking)
    assert shown.content == ""
    assert "- Requests at once: **3**" in shown.raw["embeds"][0]["description"]


async def test_what_is_said_is_what_admission_counts(harness: Harness) -> None:
    admins = Admins(harness)
    await admins.type("limit set", limit="each.at_once", value="2")
    await admins.type("limit set", limit="each.day_pictures", value="9")
    await harness.imagine("bea", count=4)
    shown = await harness.answer(await harness.discord.slash("gallery", "bea", "quota"))
    assert shown.ephemeral
    assert "- Requests at once: **2**, 1 left (from this server)" in shown.content
    assert "- Pictures a day: **9**, 5 left, more <t:" in shown.content
    await harness.imagine("bea", count=4)
    refused = await harness.answer(await harness.imagine("bea", count=1))
    assert "You have 2 requests waiting or running; this server allows at most 2." in refused.content


async def test_in_direct_messages_nobody_else_is_told_of(harness: Harness) -> None:
    asked = await harness.discord.slash(str(await harness.discord.open_dm("bea")), "bea", "quota")
    told = (await harness.answer(asked)).content
    assert "Requests at once: **3**" in told
    assert "all people here together" not in told
