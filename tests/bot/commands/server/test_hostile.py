"""Admins who mean harm, and members who send what no client of Discord's would."""

import json
from typing import Any

import pytest

from bot.commands.server import forms, summary
from bot.commands.server.keys import Held
from bot.commands.server.table import SAMPLERS
from bot.commands.server.values import Known
from deploy.sandbox.client import Message
from tests.bot.commands.server.hands import Admins, said
from tests.bot.controls.test_unknown import button, call
from tests.bot.harness import Harness
from worker.contract.discord_limits import CHOICES_MAX, CONTENT_MAX
from worker.contract.message.languages import ENGLISH
from worker.contract.types.server_changes import changes_between, with_values
from worker.contract.types.server_settings import ServerSettings

MANY = {f"model-{number}": "*" * 60 + str(number) for number in range(300)}
BAD = "@everyone <@1> **x** `y`\n# z"


@pytest.fixture
def admins(harness: Harness) -> Admins:
    return Admins(harness)


def test_lists_of_any_length_fit_wherever_they_are_shown() -> None:
    known = Known(ENGLISH, MANY)
    values = {f"{where}.{name}": list(each) for where in ("each", "roles.5", "channels.6.limits")
              for name, each in {"models": MANY, "samplers": [f"s{n}" * 12 for n in range(300)]}.items()}  # fmt: skip
    new = with_values(ServerSettings(), values)
    for change in changes_between(ServerSettings(), new, by=1, by_name="Max", at=0):
        assert len(summary.changed(change, known)) < CONTENT_MAX / 2
    for lines in (
        summary.models(Held(new), known),
        summary.roles(Held(new), known),
        summary.channels(Held(new), known),
    ):
        assert sum(map(len, lines)) < CONTENT_MAX


def test_saving_a_form_that_has_no_room_for_all_takes_nothing_away_that_was_set() -> None:
    held = with_values(ServerSettings(), {"each.models": ["model-299", "gone"], "usual.model": "model-250"})
    shown = forms.form("models", "", 1, held, Known(ENGLISH, MANY), {})
    parts = {row["component"]["custom_id"]: row["component"] for row in shown["components"]}
    for key, wanted in (("each.models", {"model-299", "gone"}), ("usual.model", {"model-250"})):
        assert len(parts[key]["options"]) == CHOICES_MAX
        assert {each["value"] for each in parts[key]["options"] if each.get("default")} == wanted
    assert [each["value"] for each in parts["each.samplers"]["options"]] == list(SAMPLERS)


CRAFTED = [
    "3:server:form:block::0:0", "3:server:form:grant:r5:0:0", "3:server:form:person:u5:0:0", "3:server:stop:::0:0",
    "3:server:form:nothing::0:0", "3:server:form:together:c5:0:0", "3:server:save:block::0:0", "3:server:unblock:::0:0",
    "3:server:save:person:u5:0:0", "3:server:undo:::7:9", "3:server:undo:::9:7", "3:server:show:nothing::0:0",
    "3:server:show:changes::99:0", "3:server:import:::0:0", "3:server:clear::u5:0:0", "3:server:pick:nothing::0:0",
    "3:server:reset:::5:0", "3:server:ungrant::c7:3:0",
]  # fmt: skip


async def test_controls_that_nobody_gave_out_do_nothing_and_are_answered(admins: Admins, caplog) -> None:
    await admins.discord.rate_limits(False)
    path = f"/channels/{await admins.channel('gallery')}/messages"
    for custom_id in CRAFTED:
        body = {"flags": 1 << 15, "components": [{"type": 1, "components": [button(custom_id)]}]}
        message = await call(admins.harness, path, body)
        used = await admins.discord.press(int(message["id"]), custom_id, "ada")
        assert used.answer_type is not None, custom_id
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
    assert (await admins.held()).version == 0


VALUES = ("NaN", "1e9", "-1", BAD, "\u0663 pictures", "9" * 400, "<#1>", ",", "\u202e3")


async def test_whatever_an_admin_types_is_refused_in_words(admins: Admins, caplog) -> None:
    for limit in ("each.at_once", "each.day_gpu_seconds", "each.models", "results_to", "used_up", BAD):
        for value in VALUES:
            told = await admins.type("limit set", limit=limit, value=value)
            assert len(told.content) <= CONTENT_MAX
            assert "@everyone" not in said(told)
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
    assert (await admins.held()).version == 0


def document(**settings: Any) -> bytes:
    told = {"kind": "easel server settings", "format": 1, "server": {}, "roles": {"5": BAD}, "channels": {"6": BAD}}
    return json.dumps(told | {"settings": settings}).encode()


FILES = [
    document(each={"samplers": ["s" * 70]}),
    document(usual={"sampler": "s" * 70}),
    document(each={"samplers": [f"{BAD}{number}" for number in range(500)]}),
    document(each={"models": [f"m{number}" for number in range(500)]}, usual={"model": "m1", "sampler": BAD}),
    document(blocked={str(number): {"why": BAD * 9} for number in range(1, 500)}),
    document(grants={str(number): {"pictures": 9, "until": 10**17} for number in range(1, 99)}),
    document(paused=BAD * 10, log_channel=6, results_to=6, roles={"5": {"at_once": 9}}),
    document(each={"at_once": True, "steps": 9.0}, x={"y": BAD}),
    b"[" * 5000,
]


async def test_whatever_a_file_holds_panel_and_forms_go_on(admins: Admins, caplog) -> None:
    for file in FILES:
        options = {"file": admins.upload("x.json", file)}
        question = await admins.harness.answer(await admins.discord.slash("gallery", "ada", "server import", options))
        assert len(question.content) <= CONTENT_MAX
        assert "@everyone" not in said(question)
        for each in question.buttons:
            await admins.discord.press(question, each["custom_id"], "ada")
        panel = await admins.panel()
        assert "@everyone" not in said(panel)
        for part in ("form:models", "form:usual", "form:pause"):
            await admins.open(panel if part != "form:pause" else await people_page(admins), part)
        for command in ("limit show", "changes", "export"):
            await admins.type(command)
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []


async def people_page(admins: Admins) -> Message:
    panel = await admins.panel()
    await admins.press(panel, "show:people")
    return panel
