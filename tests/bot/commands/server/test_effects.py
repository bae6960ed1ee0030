"""What is set and does nothing, or less than it says, is said to be so: for each kind of setting, and in every way."""

import json
import time
from typing import Any

import pytest

from bot.commands.server import answers, effects
from bot.commands.server.desk import COMMAND
from bot.commands.server.keys import ceiling_key, place
from bot.commands.server.table import LIMITS, TOGETHER
from bot.commands.server.values import Known
from tests.bot.commands.server.hands import Admins, said
from tests.bot.harness import Harness
from tests.marks import Translated, unmarked
from worker.contract.discord_limits import CONTENT_MAX
from worker.contract.message.languages import ENGLISH
from worker.contract.types.job import State
from worker.contract.types.server_changes import changes_between, with_values
from worker.contract.types.server_settings import ServerSettings

DAY = 86_400_000
SOON, PAST = time.time_ns() // 1_000_000 + DAY, 1000
KNOWN = Known(
    ENGLISH,
    {"starter": "Starter"},
    ceilings={"each.day_pictures": 100, "each.at_once": 10, "together.at_once": 20},
    unset={"each.at_once": 3},
)


def grant(pictures: int, until: int = SOON) -> dict[str, int]:
    return {"pictures": pictures, "until": until}


def told(before: dict[str, Any], then: dict[str, Any], known: Known = KNOWN) -> list[str]:
    """What is said when `then` is set where `before` was."""
    old = with_values(ServerSettings(), before)
    new = with_values(old, then)
    return effects.warnings(changes_between(old, new, by=1, by_name="Max", at=0), new, known, None)


@pytest.mark.parametrize(
    ("before", "then", "part"),
    [
        ({}, {"grants.7": grant(20)}, "For <@7> this changes nothing: this server sets no number of pictures a day"),
        ({"each.day_pictures": 90}, {"grants.7": grant(20)}, "allows at most 100 pictures a day, so for <@7> it is 10"),
        ({"each.day_pictures": 100}, {"grants.7": grant(1)}, "so for <@7> it is 0 more"),
        ({"each.day_pictures": 50}, {"grants.7": grant(20)}, ""),
        ({"each.day_pictures": 50}, {"grants.7": grant(20, PAST)}, "that day is over"),
        ({"each.day_pictures": 50}, {"grants.7": None}, ""),
        ({}, {"each.at_once": 50}, "at once: whoever runs Easel allows 10, so that holds."),
        ({}, {"together.at_once": 50}, "at once of all together: whoever runs Easel allows 20"),
        ({}, {"roles.5.at_once": 50}, "<@&5>: at once: whoever runs Easel allows 10"),
        ({}, {"channels.6.limits.at_once": 50}, "<#6>: at once: whoever runs Easel allows 10"),
        ({}, {"each.at_once": 10}, ""),
        ({}, {"roles.5.at_once": 3}, "<@&5>: at once: this changes nothing, for everybody has 3"),
        ({"each.at_once": 1}, {"roles.5.at_once": 3}, ""),
        ({}, {"roles.5.steps": 30}, "while the server sets none for everybody"),
        ({}, {"roles.5.models": ["starter"]}, "while the server sets none for everybody"),
        ({"each.models": ["starter"]}, {"roles.5.models": ["flux"]}, "nothing that runs here has “flux”"),
        ({}, {"each.samplers": ["euler", "magic"]}, "samplers: nothing that runs here has “magic”"),
        ({}, {"usual.model": "flux", "channels.6.usual.sampler": "m"}, "<#6>: the usual sampler: nothing that runs"),
        ({"each.steps": 9}, {"usual.steps": 12}, "usual steps: more than may be asked for here, so it is 9"),
        ({"each.models": ["starter"]}, {"channels.6.usual.model": "flux"}, "one that may be is taken"),
        ({"each.steps": 9}, {"usual.steps": 9, "paused": "x", "used_up": "last"}, ""),
        ({}, {"usual.width": 512}, "usual width: this changes nothing by itself"),
        ({}, {"channels.6.usual.height": 512}, "<#6>: usual height: this changes nothing by itself"),
        ({}, {"usual.width": 512, "usual.height": 768}, ""),
        ({"usual.width": 512}, {"channels.6.usual.height": 512}, ""),
        ({"channels.6.usual.width": 512}, {"channels.6.usual.height": 512}, ""),
    ],
)  # fmt: skip
def test_what_does_less_than_it_says_is_said_to(before: dict[str, Any], then: dict[str, Any], part: str) -> None:
    found = told(before, then)
    assert any(part in each for each in found) if part else found == []
    assert unmarked("\n".join(told(before, then, Known(Translated(), KNOWN.models, KNOWN.ceilings, KNOWN.unset))),
                    ["flux", "magic", "m"]) == []  # fmt: skip


@pytest.mark.parametrize("name", [*LIMITS])
@pytest.mark.parametrize("table", ["each", "roles.5", "channels.6.limits", "together"])
def test_every_number_above_its_ceiling_is_told(table: str, name: str) -> None:
    key = f"{table}.{name}"
    found = place(key)
    if found is None or not found.row.limit:
        return
    assert table != "together" or name in TOGETHER
    known = Known(ENGLISH, ceilings={ceiling_key(key): found.row.least + 1}, unset={f"each.{name}": found.row.least})
    assert any("whoever runs Easel allows" in each for each in told({}, {key: found.row.least + 2}, known))


def test_there_is_room_for_them_in_an_answer() -> None:
    then = {f"roles.{10**18 + number}.{name}": 9 for number in range(60) for name in ("steps", "pictures", "at_once")}
    new = with_values(ServerSettings(), then)
    made = changes_between(ServerSettings(), new, by=1, by_name="Max", at=0)
    more = "\n".join(["100 requests are cancelled.", *effects.warnings(made, new, KNOWN, None)])
    assert "more" in more.splitlines()[-1]
    assert len(answers.changed(made, KNOWN, more)["content"]) <= CONTENT_MAX


async def test_it_is_said_in_the_panel_to_those_who_type_and_before_an_import(harness: Harness) -> None:
    admins = Admins(harness)
    bea, role = await admins.person("bea"), await admins.role("Moderator")
    assert "For <@" in (await admins.type("grant", person=bea, pictures=5)).content
    assert "roles only give more" in (await admins.type("role set", role=role, limit="at_once", value="2")).content
    panel = await admins.panel()
    await admins.press(panel, "show:people")
    page = await admins.discord.message(panel)
    await admins.discord.select(page, page.selects[0]["custom_id"], [bea], "ada")
    await admins.fill(await admins.open(panel, "form:grant"), pictures="7", days="2")
    await admins.said_last("no number of pictures a day")
    assert "no number of pictures a day" in said(await admins.discord.message(panel))

    exported = (await admins.type("export")).attachments[0]
    document = await admins.settings_in(exported)
    document["settings"]["each"] = {"at_once": 50, "samplers": ["magic"]}
    file = admins.upload("x.json", json.dumps(document).encode())
    asked = await admins.discord.slash("gallery", "ada", f"{COMMAND} import", {"file": file})
    question = await harness.answer(asked)
    assert "at once: whoever runs Easel allows 10, so that holds." in question.content
    assert "samplers: nothing that runs here has “magic”." in question.content
    assert (await admins.held()).settings.each.at_once is None


async def test_whoever_is_blocked_in_any_way_has_nothing_waiting(harness: Harness) -> None:
    admins = Admins(harness)
    cem = await admins.person("cem")
    await admins.type("block", person=cem)
    unblocked = await admins.type("unblock", person=cem)
    job, _ = await harness.waiting("cem")
    await admins.press(unblocked, "Undo")
    await admins.discord.wait_edit(unblocked, lambda each: "1 request is cancelled." in each.content)
    assert await harness.state(job.id) is State.CANCELLED


async def test_results_that_stay_for_another_channel_is_more_open_are_told(harness: Harness) -> None:
    admins = Admins(harness)
    await admins.discord.command_permissions("Studio", "server")
    hidden, open_ = await admins.channel("admins"), await admins.channel("general")
    told_ = await admins.type("channel set", channel=hidden, limit="results_to", value=f"<#{open_}>")
    assert f"Results of <#{hidden}> stay there" in said(told_)
    told_ = await admins.type(
        "channel set", channel=open_, limit="results_to", value=f"<#{await admins.channel('gallery')}>"
    )
    assert "stay there" not in said(told_)
