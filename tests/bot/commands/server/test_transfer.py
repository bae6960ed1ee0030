"""Settings as a file: whole in it, and fitted to the server that takes it in."""

import json
from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.commands.server.transfer import _safe_here, exported, fitted, settings_of
from bot.setting_errors import BadImport
from bot.texts.server import transfer as said
from tests.bot.commands.server.hands import Admins
from tests.bot.harness import Harness
from tests.marks import Translated, unmarked
from worker.contract.message.languages import ENGLISH
from worker.contract.types.server_settings import Block, ChannelSettings, Limits, ServerSettings

ROLES, CHANNELS = {1: "@everyone", 5: "Booster", 6: "Staff"}, {10: "general", 11: "gallery", 12: "log"}
SETTINGS = ServerSettings(
    each=Limits(at_once=3, models=("starter",)),
    roles={5: Limits(at_once=9)},
    channels={10: ChannelSettings(limits=Limits(steps=9), results_to=11)},
    results_to=11,
    blocked={77: Block(why="spam")},
    log_channel=12,
)


def file_of(**changes: Any) -> bytes:
    return json.dumps(exported(SETTINGS, 1, "Studio", ROLES, CHANNELS) | changes).encode()


def test_what_goes_out_comes_in_again() -> None:
    found = fitted(file_of(), ROLES, CHANNELS)
    assert (settings_of(found.document), found.renamed, found.lost) == (SETTINGS, [], [])


def test_another_server_has_other_ids_for_the_same_names() -> None:
    found = fitted(file_of(), {50: "Booster", 60: "Staff"}, {100: "general", 110: "gallery", 120: "log"})
    settings = settings_of(found.document)
    assert (settings.roles, settings.results_to, settings.log_channel) == ({50: Limits(at_once=9)}, 110, 120)
    assert settings.channels == {100: ChannelSettings(limits=Limits(steps=9), results_to=110)}
    assert settings.blocked == SETTINGS.blocked  # people are the same everywhere
    assert (found.renamed, found.lost) == (["@Booster", "#general", "#gallery", "#log"], [])


def test_nothing_is_missing_where_nobody_knows_yet_what_there_is() -> None:
    found = fitted(file_of(), None, None)
    assert (settings_of(found.document), found.renamed, found.lost) == (SETTINGS, [], [])


@pytest.mark.parametrize(("role", "told_in"), [(object(), 12), (None, 3)])
def test_a_server_that_nobody_knows_yet_tells_of_changes_where_it_did(role: object, told_in: int) -> None:
    guild = create_autospec(discord.Guild, instance=True)
    guild.get_role.return_value = role
    assert _safe_here(SETTINGS, ServerSettings(log_channel=3), guild).log_channel == told_in


def test_what_is_missing_or_not_clear_is_left_out_and_named() -> None:
    found = fitted(file_of(), {50: "Booster", 51: "Booster"}, {100: "general"})
    settings = settings_of(found.document)
    assert (settings.roles, settings.results_to, settings.log_channel) == ({}, None, None)
    assert settings.channels[100].results_to is None
    assert (found.renamed, found.lost) == (["#general"], ["@Booster", "#gallery", "#log"])
    text = said.would_change(["at once, 1 → 3"], found.renamed, found.lost, [], ENGLISH)
    assert "Left out, for there is none of that name here: @\u200bBooster, \\#gallery and \\#log." in text
    marked = said.would_change(["x"] * 30, found.renamed, found.lost, [], Translated())
    assert unmarked(marked, ["x", "Booster", "general", "gallery", "log"]) == []
    assert said.would_change([], [], [], [], ENGLISH).startswith("This file would change nothing")


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff\xfe", b"[]", b"{}", b'"x"', b'{"kind": "easel server settings"}',
        file_of(kind="other"), file_of(settings=[]),
        file_of(settings={"each": {"models": []}}),
        *(file_of(settings={name: 1}) for name in ("a.b", "a..b")), file_of(settings={"buttons": {"a.b": "anyone"}}),
        file_of(settings={"x": float("nan")}),
        file_of(settings="here").replace(b'"here"', b'{"x": ' * 900 + b"1" + b"}" * 900),
        file_of(settings="here").replace(b'"here"', b"[" * 100_000 + b"]" * 100_000),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(text: bytes) -> None:
    with pytest.raises(BadImport) as refused:
        settings_of(fitted(text, ROLES, CHANNELS).document)
    assert "`/server export`" in texts.refusal(refused.value, ENGLISH)


@pytest.mark.parametrize("number", ["²", "٥", "05", "", "5.0"])
def test_what_is_no_id_is_left_out(number: str) -> None:
    found = fitted(file_of(settings={"roles": {number: {"at_once": 3}}}, roles={number: "x"}), ROLES, CHANNELS)
    assert (settings_of(found.document), found.lost) == (ServerSettings(), ["@x"])


def test_a_newer_format_is_said_to_be_one() -> None:
    with pytest.raises(BadImport) as refused:
        fitted(file_of(format=2), ROLES, CHANNELS)
    assert "newer Easel" in texts.refusal(refused.value, ENGLISH)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["5", "each", "roles", "x"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["each", "roles", "channels", "results_to", "blocked", "paused"]), JSON), JSON)
def test_nothing_in_a_file_is_more_than_refused(settings: dict[str, Any], names: Any) -> None:
    try:
        found = settings_of(fitted(file_of(settings=settings, roles=names, channels=names), ROLES, CHANNELS).document)
    except BadImport:
        return
    assert isinstance(found, ServerSettings)


async def test_an_import_shows_first_sets_then_and_can_be_undone(harness: Harness) -> None:
    admins = Admins(harness)
    await admins.type("limit set", limit="each.steps", value="30")
    await admins.type("role set", role=await admins.role("Moderator"), limit="at_once", value="3")
    out = await admins.type("export")
    (attachment,) = out.attachments
    told = await admins.settings_in(attachment)
    assert (attachment.filename, told["server"]["name"]) == ("easel-settings.json", "Studio")
    told["settings"]["each"]["steps"] = 40
    asked = await admins.type("import", file=admins.upload("mine.json", json.dumps(told).encode()))
    assert asked.content == "This file would change:\n- steps, 30 → 40\nNothing has been changed yet."
    assert (await admins.held()).settings.each.steps == 30
    await admins.press(asked, "Set all of this")
    assert (await admins.held()).settings.each.steps == 40
    done = await admins.discord.message(asked)
    assert (done.content, done.attachments) == ("Changed: steps, 30 → 40.", [])
    await admins.press(done, "Undo")
    assert (await admins.held()).settings.each.steps == 30
    bad = await admins.type("import", file=admins.upload("cat.png", b"\x89PNG"))
    assert "holds no settings of Easel" in bad.content


async def test_an_import_that_others_have_overtaken_sets_nothing(harness: Harness) -> None:
    admins = Admins(harness)
    asked = await admins.type("import", file=admins.upload("a.json", file_of()))
    await admins.type("limit set", limit="each.steps", value="30")
    await admins.press(asked, "Set all of this")
    assert "has changed this meanwhile" in (await admins.newest()).content
    assert (await admins.held()).version == 1
    assert "- steps, 30 → not set" in (await admins.discord.message(asked)).content  # as it would be now
    await admins.press(asked, "Set all of this")
    assert (await admins.held()).settings.each.models == ("starter",)
