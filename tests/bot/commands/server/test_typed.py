"""`/server` for those who type: the same settings, the same words."""

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.ext import commands

from bot.commands.server.table import LIMITS
from bot.commands.server.typed import Server
from tests.bot.commands.server.hands import Admins, said
from tests.bot.harness import Harness
from worker.contract.store import keys
from worker.contract.store.server_settings import ServerSettingsStore, Versioned
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.server_changes import changes_between, with_values
from worker.contract.types.server_settings import Limits, ServerSettings

GUIDE = Path(__file__).parents[4] / "docs" / "admins.md"


def registered() -> dict[str, Any]:
    """The command as Discord is told of it."""

    async def tell() -> dict[str, Any]:
        bot = commands.Bot("!", intents=discord.Intents.none())
        nothing: Any = None  # is asked of it
        await bot.add_cog(Server(nothing))
        (command,) = bot.tree.get_commands()
        found: dict[str, Any] = command.to_dict(bot.tree)
        return found

    return asyncio.run(tell())


def characters(node: Any) -> int:
    if isinstance(node, dict):
        own = sum(len(node[key]) for key in ("name", "description", "value") if isinstance(node.get(key), str))
        return own + sum(characters(node.get(key)) for key in ("options", "choices"))
    return sum(map(characters, node)) if isinstance(node, list) else 0


def test_the_command_fits_discord_and_is_for_those_who_manage_the_server() -> None:
    command = registered()
    assert command["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    assert (command["contexts"], command["integration_types"]) == ([0], [0])
    assert len(command["options"]) <= 25
    assert characters(command) <= 4000  # of 8,000, for translations are longer


def test_the_guide_for_admins_tells_of_every_subcommand_and_limit() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for one in registered()["options"]:
        inner = [each["name"] for each in one.get("options", ()) if each["type"] == 1]
        for name in [f"{one['name']} {each}" for each in inner] or [one["name"]]:
            assert f"`/server {name}`" in guide
    for row in LIMITS.values():
        assert f"\n| {row.label} |" in guide


@pytest.fixture
def admins(harness: Harness) -> Admins:
    return Admins(harness)


async def test_what_is_set_shows_and_goes_again(admins: Admins) -> None:
    assert (await admins.type("limit set", limit="Steps: each person", value="40")).content == (
        "Changed: steps, not set → 40."
    )
    role, channel = await admins.role("Moderator"), await admins.channel("general")
    await admins.type("limit set", limit="each.day_pictures", value="50")
    told = await admins.type("role set", role=role, limit="day_pictures", value="1,000")
    assert told.content == f"Changed: <@&{role}>: pictures a day, not set → 1,000."
    told = await admins.type("channel set", channel=channel, limit="usual.model", value="Starter")
    assert told.content == f"Changed: <#{channel}>: the usual model, not set → Starter."
    text = said(await admins.type("limit show"))
    assert "40 steps" in text
    assert f"<@&{role}>: 1,000 pictures a day" in text
    await admins.type("role reset", role=role)
    await admins.type("channel reset", channel=channel, limit="usual.model")
    assert (await admins.type("limit reset", limit="each.steps")).content == "Changed: steps, 40 → not set."
    held = await admins.held()
    assert (held.settings.roles, held.settings.channels, held.settings.each.steps) == ({}, {}, None)
    assert "Nothing has changed" in (await admins.type("limit reset", limit="each.steps")).content


async def test_what_is_typed_wrong_is_said_and_can_be_changed_in_the_form(admins: Admins) -> None:
    refused = await admins.type("limit set", limit="each.at_once", value="12")
    assert refused.content.startswith("Requests at once: 12 is more than the 10 that whoever runs Easel allows.")
    form = await admins.open(refused, "Try again")
    assert form.modal is not None
    assert form.modal["components"][0]["component"]["value"] == "12"
    assert "There is no setting “colour”." in (await admins.type("limit set", limit="colour", value="1")).content
    elsewhere = await admins.type("limit set", limit="results_to", value="<#123>")
    assert "no channel of this server" in elsewhere.content


async def test_limits_are_suggested_by_their_labels(admins: Admins) -> None:
    for command, typed, first in (
        ("limit set", "requests a", "each.at_once"), ("role set", "samp", "samplers"),
        ("channel reset", "results", "results_to"),
    ):  # fmt: skip
        found = await admins.discord.autocomplete("gallery", "ada", f"server {command}", "limit", typed)
        assert found is not None
        assert len(found) <= 25
        assert found[0]["value"] == first


async def test_models_are_allowed_and_forbidden_but_never_all(admins: Admins) -> None:
    refused = await admins.type("model forbid", model="starter")
    assert "the last model that may be used here" in refused.content
    assert "Nothing has changed" in (await admins.type("model allow", model="starter")).content
    await admins.type("limit set", limit="each.models", value="Starter")
    assert (await admins.held()).settings.each.models == ("starter",)
    assert "the last model" in (await admins.type("model forbid", model="Starter")).content
    for command in ("usual", "allow", "forbid"):
        assert "none of these: Starter" in (await admins.type(f"model {command}", model="flux")).content


async def test_people_are_blocked_stopped_and_given_more(admins: Admins) -> None:
    job, _ = await admins.harness.waiting("bea")
    bea = await admins.person("bea")
    assert (await admins.type("stop", person=bea)).content == "1 request is cancelled."
    assert (await admins.harness.job(job.id)).state.terminal
    assert "has nothing waiting here" in (await admins.type("stop", person=bea)).content
    assert "blocked: “spam”" in (await admins.type("block", person=bea, why="spam")).content
    assert "no longer blocked: “spam”" in (await admins.type("unblock", person=bea)).content
    assert "20 more pictures a day until" in (await admins.type("grant", person=bea, pictures=20, days=3)).content
    assert "no longer 20 more pictures" in (await admins.type("grant", person=bea, pictures=0)).content


async def test_a_pause_and_its_end(admins: Admins) -> None:
    assert "“Back at noon”" in (await admins.type("pause", sentence="Back at noon")).content
    assert (await admins.held()).settings.paused == "Back at noon"
    await admins.type("resume")
    assert (await admins.held()).settings.paused is None


async def test_who_used_how_much(admins: Admins) -> None:
    server, bea = await admins.server(), await admins.person("bea")
    day = (await admins.store.usage(server))[0].day.strftime("%Y%m%d")
    account: dict[Any, Any] = {"pictures": 12, "ms": 90_000, f"pictures:{bea}": 12, f"ms:{bea}": 90_000}
    await admins.harness.redis.hset(keys.usage(str(server), day), mapping=account)
    shown = await admins.type("usage", days=2)
    assert shown.content.endswith(f"12 pictures, 90 s of GPU time\n- <@{bea}>: 12 pictures, 90 s of GPU time")
    assert shown.raw["attachments"][0]["description"].endswith(": 12")
    assert "12 pictures by 1 person" in said(await admins.panel())


async def test_a_model_is_allowed_or_forbidden_by_one_name_alone(harness: Harness) -> None:
    admins = Admins(harness)
    for name in ("starter,Starter", "-", "none", ","):
        for verb in ("allow", "forbid"):
            told = await admins.type(f"model {verb}", model=name)
            assert told.content.startswith(f"Models that may be used: “{name}” is none of these: Starter."), (
                told.content
            )
    assert (await admins.held()).version == 0


async def test_a_model_that_no_worker_has_any_more_can_be_forbidden(harness: Harness) -> None:
    admins = Admins(harness)
    wanted = ServerSettings(each=Limits(models=("gone", "starter")))
    lines = changes_between(ServerSettings(), wanted, by=1, by_name="", at=0)
    await admins.store.change(await admins.server(), 0, wanted, lines)
    told = await admins.type("model forbid", model="gone")
    assert told.content == "Changed: models, gone and Starter → Starter."


@pytest.mark.parametrize("sentence", ["-", "none"])
async def test_a_pause_is_one_whatever_people_are_told(harness: Harness, sentence: str) -> None:
    admins = Admins(harness)
    await admins.type("pause", sentence=sentence)
    assert (await admins.held()).settings.paused == sentence


async def test_two_who_forbid_a_model_at_once_do_not_undo_each_other(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    admins = Admins(harness)
    await harness.jobs.heartbeat("w", [ModelInfo(id=each, title=each.upper()) for each in ("a", "b", "c")], 1)
    server, real = await admins.server(), ServerSettingsStore.read
    wanted = with_values(ServerSettings(), {"each.models": ["b", "c", "starter"]})
    lines = changes_between(ServerSettings(), wanted, by=1, by_name="", at=0)

    async def read_before_the_other(store: ServerSettingsStore, of: int) -> Versioned:
        found = await real(store, of)
        if found.version == 0:  # the other forbids `a` after this one has looked
            await admins.store.change(server, 0, wanted, lines)
        return found

    monkeypatch.setattr(ServerSettingsStore, "read", read_before_the_other)
    told = await admins.type("model forbid", model="b")
    assert "changed" in told.content.lower()
    assert "a" not in ((await admins.held()).settings.each.models or ())
