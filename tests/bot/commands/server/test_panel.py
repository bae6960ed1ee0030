"""The panel of a server's settings, in the hands of its admins."""

import asyncio
import re

import pytest

from deploy.sandbox.client import Message
from tests.bot.commands.server.hands import Admins, fields, hints, said
from tests.bot.harness import CALLBACK, Harness, until
from worker.contract.store import keys
from worker.contract.types.job import State
from worker.contract.types.server_changes import changes_between
from worker.contract.types.server_settings import Block, ChannelSettings, Grant, Limits, ServerSettings, UsedUp
from worker.contract.types.telling import Telling


@pytest.fixture
def admins(harness: Harness) -> Admins:
    return Admins(harness)


async def test_what_an_admin_sets_is_set_told_and_taken_back(admins: Admins) -> None:
    panel = await admins.panel()
    assert "**Each person**\n3 requests at once" in said(panel)
    form = await admins.open(panel, "form:person")
    assert hints(form)["each.at_once"].startswith("Waiting or being drawn. 1 to 10. Empty: 3")
    await admins.fill(form, each__at_once="2", each__day_pictures="50", used_up="last")
    told = await admins.said_last("pictures a day, not set → 50")
    assert "**Each person**\n2 requests at once · 50 pictures a day" in said(await admins.discord.message(panel))
    held = await admins.held()
    assert (held.settings.each.at_once, held.settings.used_up, held.version) == (2, UsedUp.LAST, 3)
    await admins.press(told, "Undo")
    assert (await admins.held()).settings.each.at_once is None
    told = await admins.said_last("at once, 2 → not set")
    await admins.press(told, "Undo")  # and undo that
    held = await admins.held()
    assert (held.settings.each.at_once, held.settings.each.day_pictures, held.version) == (2, 50, 9)
    changes = await admins.store.changes(await admins.server())
    assert [(each.number, each.by_name, each.how) for each in changes[:4]] == [
        (9, "Ada", "undo"), (8, "Ada", "undo"), (7, "Ada", "undo"), (6, "Ada", "undo"),
    ]  # fmt: skip


async def test_what_cannot_be_comes_back_with_all_that_was_typed(admins: Admins) -> None:
    form = await admins.open(await admins.panel(), "form:person")
    await admins.fill(form, each__at_once="12", each__day_pictures="many", each__per_minute="5", used_up="last")
    refused = await admins.said_last("Requests at once: 12 is more than the 10 that whoever runs Easel allows.")
    assert "Pictures a day: “many” is not a number.\nNothing was changed." in refused.content
    assert (await admins.held()).version == 0
    form = await admins.open(refused, "Try again")
    found = fields(form)
    assert (found["each.at_once"]["value"], found["each.per_minute"]["value"]) == ("12", "5")
    assert "value" not in found["each.day_gpu_seconds"]
    assert [each["value"] for each in found["used_up"]["options"] if each.get("default")] == ["last"]
    await admins.fill(form, each__at_once="2", each__day_pictures="")
    assert (await admins.discord.message(refused)).content.startswith("Changed:\n- at once, not set → 2")
    assert (await admins.held()).settings.each.per_minute == 5


async def test_whoever_was_slower_is_told_what_others_have_set(admins: Admins) -> None:
    await admins.discord.command_permissions("Studio", "server", allow=["max"])
    mine, theirs = await admins.panel(), await admins.panel("max")
    form = await admins.open(mine, "form:person")
    await admins.fill(await admins.open(theirs, "form:person", "max"), "max", each__day_pictures="30")
    await admins.fill(form, each__at_once="2", each__day_pictures="50")
    told = await admins.said_last("has changed this meanwhile: pictures a day, not set → 30.")
    assert f"<@{await admins.person('max')}>" in told.content
    assert (await admins.held()).settings.each.at_once is None
    form = await admins.open(told, "Try again")
    assert fields(form)["each.day_pictures"]["value"] == "50"
    await admins.fill(form)
    held = (await admins.held()).settings.each
    assert (held.at_once, held.day_pictures) == (2, 50)


async def test_two_who_set_different_things_are_in_nobodys_way(admins: Admins) -> None:
    form = await admins.open(await admins.panel(), "form:person")
    await admins.type("limit set", limit="together.at_once", value="7")
    await admins.fill(form, each__at_once="2")
    await admins.said_last("at once, not set → 2")
    held = (await admins.held()).settings
    assert (held.each.at_once, held.together.at_once) == (2, 7)


async def test_undo_takes_back_nothing_that_others_have_set_since(admins: Admins) -> None:
    told = await admins.type("limit set", limit="each.at_once", value="2")
    await admins.type("limit set", limit="each.at_once", value="1")
    await admins.press(told, "Undo")
    assert (
        "has changed this meanwhile: at once, 2 → 1. Nothing was changed now."
        in (await admins.discord.message(told)).content
    )
    assert (await admins.held()).settings.each.at_once == 1


async def test_who_may_is_asked_at_every_press(admins: Admins) -> None:
    await admins.discord.command_permissions("Studio", "server", allow=["max"])
    panel = await admins.panel("max")
    form = await admins.open(panel, "form:person", "max")
    await admins.discord.command_permissions("Studio", "server")
    await admins.press(panel, "form:person", "max")
    assert "permission **Manage Server**" in (await admins.newest("max")).content
    await admins.fill(form, "max", each__at_once="1")
    assert "permission **Manage Server**" in (await admins.newest("max")).content
    assert (await admins.held()).version == 0


async def test_panel_form_and_undo_work_for_a_bot_that_was_started_later(admins: Admins, start_bot) -> None:
    panel = await admins.panel()
    told = await admins.type("limit set", limit="each.steps", value="30")
    await admins.harness.bot.close()
    await start_bot()
    form = await admins.open(panel, "form:request")
    assert fields(form)["each.steps"]["value"] == "30"
    await admins.fill(form, each__megapixels="0,5")
    await admins.press(told, "Undo")
    held = (await admins.held()).settings.each
    assert (held.steps, held.megapixels) == (None, 0.5)


async def test_a_role_gets_more_and_loses_it_again(admins: Admins) -> None:
    role, panel = await admins.role("Moderator"), await admins.panel()
    await admins.press(panel, "show:roles")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [role], "ada")
    form = await admins.open(panel, f"form:person:r{role}")
    await admins.fill(form, **{f"roles__{role}__at_once": "3", f"roles__{role}__day_pictures": "500"})
    await admins.said_last("500")
    assert "3 requests at once · 500 pictures a day" in said(await admins.discord.message(panel))
    assert (await admins.held()).settings.roles[int(role)].day_pictures == 500
    await admins.press(panel, "clear")
    await admins.said_last(f"<@&{role}>: at once, 3 → not set")
    assert (await admins.held()).settings.roles == {}
    await admins.press(panel, "← Roles with more")
    await admins.press(panel, "← Settings")
    assert "**Roles with more**\nnone" in said(await admins.discord.message(panel))


async def test_a_channel_gets_less_and_another_place_for_its_results(admins: Admins) -> None:
    channel, target = await admins.channel("general"), await admins.channel("gallery")
    panel = await admins.panel()
    await admins.press(panel, "show:where")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [channel], "ada")
    await admins.fill(await admins.open(panel, "form:person"), **{f"channels__{channel}__limits__at_once": "1"})
    await admins.fill(await admins.open(panel, "form:where"), **{f"channels__{channel}__results_to": [target]})
    await until(admins.held, lambda held: held.version == 2)
    found = (await admins.held()).settings.channels[int(channel)]
    assert (found.limits.at_once, found.results_to) == (1, int(target))


async def test_a_blocked_person_loses_what_they_have_waiting(admins: Admins) -> None:
    mine, theirs = [(await admins.harness.waiting(person))[0] for person in ("bea", "cem")]
    bea, panel = await admins.person("bea"), await admins.panel()
    await admins.press(panel, "show:people")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [bea], "ada")
    await admins.fill(await admins.open(panel, "form:block"), why="the same\n400 times")
    told = await admins.said_last("blocked: “the same 400 times”. 1 request is cancelled.")
    assert await admins.harness.state(mine.id) is State.CANCELLED
    assert await admins.harness.state(theirs.id) is State.QUEUED
    assert (await admins.held()).settings.blocked[int(bea)].by == int(await admins.person("ada"))
    await admins.press(told, "Undo")
    assert (await admins.held()).settings.blocked == {}


async def test_nobody_blocks_a_bot_or_themselves(admins: Admins) -> None:
    itself, ada = (await admins.discord.world())["bot"]["id"], await admins.person("ada")
    assert "That is a bot" in (await admins.type("block", person=itself)).content
    assert "That is a bot" in (await admins.type("grant", person=itself, pictures=5)).content
    assert "That is you" in (await admins.type("block", person=ada)).content
    panel = await admins.panel()
    await admins.press(panel, "show:people")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [itself], "ada")
    await admins.said_last("That is a bot")
    await admins.discord.select(page, page.selects[0]["custom_id"], [ada], "ada")
    await admins.press(panel, "form:block")
    await admins.said_last("That is you")
    assert (await admins.held()).version == 0


async def test_what_a_bot_was_given_before_can_be_taken_from_it(admins: Admins) -> None:
    itself = (await admins.discord.world())["bot"]["id"]
    server = await admins.server()
    block, grant = Block(by=1, at=0), Grant(pictures=5, until=2**45)
    settings = ServerSettings(blocked={int(itself): block}, grants={int(itself): grant})
    lines = changes_between(ServerSettings(), settings, by=1, by_name="Ada", at=0)
    await admins.store.change(server, 0, settings, lines)
    panel = await admins.panel()
    await admins.press(panel, "show:people")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [itself], "ada")
    await admins.press(panel, "unblock")
    assert (await admins.held()).settings.blocked == {}
    await admins.type("grant", person=itself, pictures=0)
    assert (await admins.held()).settings.grants == {}


async def test_more_pictures_for_a_person_until_a_day(admins: Admins) -> None:
    bea, panel = int(await admins.person("bea")), await admins.panel()
    await admins.press(panel, "show:people")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [str(bea)], "ada")
    form = await admins.open(panel, "form:grant")
    await admins.fill(form, pictures="0", days="400")
    refused = await admins.said_last("For how many days?: 400 is more than 366")
    assert "How many more pictures a day?: 0 is less than 1" in refused.content
    form = await admins.open(refused, "Try again")
    assert (fields(form)["pictures"]["value"], fields(form)["days"]["value"]) == ("0", "400")
    await admins.fill(form, pictures="20", days="2")
    await admins.press(panel, "← People")
    await admins.discord.select(page, page.selects[0]["custom_id"], [str(bea)], "ada")
    assert (await until(admins.held, lambda held: bool(held.settings.grants))).settings.grants[bea].pictures == 20
    await admins.press(panel, "ungrant")
    assert (await until(admins.held, lambda held: held.version == 2)).settings.grants == {}


async def test_everything_can_be_reset_and_brought_back(admins: Admins) -> None:
    await admins.type("limit set", limit="each.steps", value="30")
    await admins.type("pause", sentence="Back at noon")
    panel = await admins.panel()
    assert "People are told: “Back at noon”" in said(panel)
    await admins.press(panel, "show:reset")
    await admins.type("limit set", limit="each.pictures", value="3")
    await admins.press(panel, "Reset everything")
    await admins.said_last("has changed this meanwhile: pictures in one request, not set → 3")
    assert (await admins.held()).settings.each.steps == 30
    await admins.press(panel, "Reset everything")
    told = await admins.said_last("pause, “Back at noon” → not set")
    assert (await admins.held()).settings.paused is None
    await admins.press(told, "Undo")
    held = (await admins.held()).settings
    assert (held.each.steps, held.paused) == (30, "Back at noon")


async def test_the_audit_is_read_page_by_page(admins: Admins) -> None:
    for steps in range(1, 25):
        await admins.type("limit set", limit="each.steps", value=str(steps))
    page = await admins.type("changes")
    assert "`24`" in said(page)
    assert "steps, 23 → 24" in said(page)
    for shown in ("`14`", "`4`"):
        await admins.press(page, "Older")
        assert shown in said(await admins.discord.message(page))
    await admins.press(page, "Newer")
    assert "`14`" in said(await admins.discord.message(page))


async def test_usage_is_a_picture_that_is_said_in_words_too(admins: Admins) -> None:
    panel = await admins.panel()
    await admins.press(panel, "show:usage")
    shown = await admins.newest()
    (picture,) = shown.attachments
    assert shown.ephemeral
    assert (picture.filename, shown.raw["attachments"][0]["content_type"]) == ("usage.png", "image/png")
    assert "Bars with the pictures of each day." in shown.raw["attachments"][0]["description"]
    assert "Pictures in Studio in the last 14 days" in shown.content


async def test_a_channel_hears_of_changes(admins: Admins) -> None:
    general = await admins.channel("general")
    await admins.type("limit set", limit="log_channel", value=f"<#{general}>")
    heard = await admins.discord.wait_message("general", lambda shown: "changes are told in" in shown.content)
    assert f"<@{await admins.person('ada')}> (Ada)" in heard.content


async def test_admins_see_that_a_channel_does_not_hear_of_changes(admins: Admins) -> None:
    general = await admins.channel("general")
    await admins.type("limit set", limit="log_channel", value=f"<#{general}>")
    await admins.discord.wait_message("general", lambda shown: "changes are told in" in shown.content)
    await admins.discord.fault("POST", f"/channels/{general}/messages", status=403, times=1)
    await admins.type("limit set", limit="each.steps", value="9")
    told = f"⚠️ **Changes could not be told in <#{general}>**, first <t:"
    await until(admins.held, lambda held: held.untold is not None)
    for shown in (await admins.panel(), await admins.type("changes")):
        assert told in said(shown)
    await admins.type("limit set", limit="each.steps", value="8")
    await until(admins.held, lambda held: held.untold is None)
    assert told not in said(await admins.panel())


async def test_admins_see_that_easel_may_no_longer_write_where_it_should(admins: Admins) -> None:
    general = await admins.channel("general")
    for limit in ("log_channel", "results_to"):
        await admins.type("limit set", limit=limit, value=f"<#{general}>")
    await admins.discord.delete_channel("general")
    await until(lambda: asyncio.sleep(0, admins.harness.bot.get_channel(int(general))), lambda found: found is None)
    panel = said(await admins.panel())
    assert f"⚠️ **Easel can't write in <#{general}>**, which should hear of changes." in panel
    assert f"results in <#{general}> (⚠️ not now: Easel can't post there)" in panel


async def test_what_is_set_for_a_channel_that_is_gone_can_be_taken_away(admins: Admins) -> None:
    general, gallery = await admins.channel("general"), await admins.channel("gallery")
    for channel in (general, gallery):
        await admins.type("channel set", channel=channel, limit="limits.steps", value="9")
    await admins.discord.delete_channel("general")
    await until(lambda: asyncio.sleep(0, admins.harness.bot.get_channel(int(general))), lambda found: found is None)
    panel = await admins.panel()
    await admins.press(panel, "show:where")
    assert "⚠️ 1 of these is no longer in this server." in said(await admins.discord.message(panel))
    await admins.press(panel, "Take away what is gone")
    await admins.said_last(f"<#{general}>: steps, 9 → not set")
    assert [*(await admins.held()).settings.channels] == [int(gallery)]
    assert "no longer in this server" not in said(await admins.discord.message(panel))


async def test_nothing_is_gone_of_a_server_that_easel_has_not_heard_of_yet(
    admins: Admins, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery, general, booster = (
        int(each)
        for each in (await admins.channel("gallery"), await admins.channel("general"), await admins.role("Booster"))
    )
    few = Limits(steps=9)
    wanted = ServerSettings(
        log_channel=general, roles={booster: few}, channels={each: ChannelSettings(limits=few) for each in (gallery, 7)}
    )
    lines = changes_between(ServerSettings(), wanted, by=1, by_name="", at=0)
    await admins.store.change(await admins.server(), 0, wanted, lines)
    page = await admins.panel()
    await admins.press(page, "show:where")
    assert "1 of these is no longer in this server" in said(await admins.discord.message(page))
    monkeypatch.setattr(admins.harness.bot._connection, "_guilds", {})  # as just after a start
    await admins.press(page, "Take away what is gone")
    assert (await admins.held()).settings == wanted
    form = await admins.open(page, "form:where")
    await admins.fill(form, tell="late")
    told = await admins.type("limit set", limit="log_channel", value="<#77>")  # which may be of another server
    assert "is no channel of this server where Easel can write" in told.content
    held = (await admins.held()).settings
    assert (held.log_channel, held.tell) == (general, Telling.LATE)


async def test_the_panel_tells_how_long_people_wait(admins: Admins) -> None:
    assert "median wait" not in said(await admins.panel())
    await admins.harness.waiting("bea")
    assert admins.harness.claim() is not None
    assert re.search(
        r"Today\*\* 4 pictures by 1 person · 1 waiting or being drawn · median wait \d", said(await admins.panel())
    )


async def test_a_slow_redis_costs_no_form_its_answer(admins: Admins) -> None:
    panel = await admins.panel()
    await admins.harness.redis.client_pause(3000, all=True)
    pressed = await admins.press(panel, "form:person")
    assert pressed.answer_type != 9
    assert "queue does not answer right now" in (await admins.said_last("queue")).content


async def test_a_lost_connection_sets_nothing_twice(admins: Admins) -> None:
    form = await admins.open(await admins.panel(), "form:request")
    await admins.discord.fault("POST", CALLBACK, drop="after", times=1)
    await admins.fill(form, each__steps="20")
    assert (await until(admins.held, lambda held: held.version > 0)).version == 1


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('{"each": {"at_once": "x", "steps": 9}}', "and does not count:** `each.at_once`. Please set it anew."),
        ("{", "**What was set here cannot be read any more.** Please look through all of it."),
    ],
)
async def test_admins_are_told_of_damage_and_put_it_right(admins: Admins, document: str, told: str) -> None:
    store, server = admins.store, await admins.server()
    await store.redis.hset(keys.server_settings(server), mapping={"version": 5, "doc": document})
    panel = await admins.panel()
    assert told in said(panel)
    await admins.fill(await admins.open(panel, "form:person"), each__at_once="2")
    assert told not in said(await admins.panel())
    assert (await admins.held()).settings.each.at_once == 2


async def test_a_page_whose_buttons_are_old_is_shown_anew(admins: Admins) -> None:
    role, cem = await admins.role("Moderator"), await admins.person("cem")
    await admins.type("role set", role=role, limit="at_once", value="2")
    await admins.type("block", person=cem)
    await admins.discord.command_permissions("Studio", "server", allow=["max"])

    async def page(part: str, pick: str) -> Message:
        panel = await admins.panel()
        await admins.press(panel, part)
        shown = await admins.discord.message(panel)
        if pick:
            await admins.discord.select(shown, shown.selects[0]["custom_id"], [pick], "ada")
        return panel

    pages = [
        (await page("show:roles", role), "clear:", "role set", {"role": role, "limit": "at_once", "value": "3"}),
        (await page("show:people", cem), "unblock:", "block", {"person": cem, "why": "spam"}),
        (await page("show:reset", ""), "reset:", "limit set", {"limit": "each.steps", "value": "9"}),
    ]
    for shown, does, command, options in pages:
        await admins.type(command, "max", **options)
        await admins.press(shown, does)
        await admins.said_last("has changed this meanwhile")
        await admins.press(shown, does)  # of the page as it is now
        await admins.said_last("Changed:")
    held = await admins.held()
    assert (held.settings.roles, held.settings.blocked, held.settings.each.steps) == ({}, {}, None)


async def test_only_channels_that_easel_can_write_in_are_taken(admins: Admins) -> None:
    closed, open_ = await admins.channel("admins"), await admins.channel("general")
    for name in ("admins", "lounge"):
        told = await admins.type("limit set", limit="log_channel", value=f"<#{await admins.channel(name)}>")
        assert "is no channel of this server where Easel can write" in told.content
    await admins.type("limit set", limit="results_to", value=f"<#{open_}>")
    panel = await admins.panel()
    await admins.press(panel, "show:where")
    form = await admins.open(panel, "form:where")
    assert fields(form)["results_to"]["default_values"] == [{"id": open_, "type": "channel"}]
    await admins.fill(form, log_channel=[closed])
    await admins.said_last("is no channel of this server where Easel can write")
    await admins.discord.delete_channel("general")
    await until(lambda: asyncio.sleep(0, admins.harness.bot.get_channel(int(open_))), lambda found: found is None)
    form = await admins.open(panel, "form:where")
    assert "default_values" not in fields(form)["results_to"]
    await admins.fill(form)
    await admins.said_last("→ not set")
    assert (await admins.held()).settings.results_to is None
