"""A day in a server: an admin, a moderator, two members and a booster, and every limit that they meet."""

from typing import Any

import pytest

from deploy.sandbox.client import Message
from tests.bot.commands.server.hands import Admins, fields, said
from tests.bot.controls.test_buttons import press, told
from tests.bot.harness import Harness, until
from worker.contract.message.verbs import Verb
from worker.contract.types.job import State

ADMIN, MODERATOR, ONE, OTHER, BOOSTER = "ada", "max", "bea", "cem", "dua"


@pytest.fixture
def admins(harness: Harness) -> Admins:
    return Admins(harness)


class Day:
    """What happens in it, a part after another."""

    def __init__(self, admins: Admins) -> None:
        self.admins = admins
        self.harness = admins.harness

    async def asks(self, person: str, **options: Any) -> Message:
        return await self.harness.answer(await self.harness.imagine(person, **({"count": 1} | options)))

    async def refused(self, person: str, *parts: str, **options: Any) -> Message:
        message = await self.asks(person, **options)
        assert message.ephemeral, message.content
        for part in parts:
            assert part in message.content
        return message

    async def accepted(self, person: str, **options: Any) -> str:
        asked = await self.harness.imagine(person, **({"count": 1} | options))
        assert not (await self.harness.answer(asked)).ephemeral
        return str(asked.id)

    async def quota(self, person: str) -> str:
        return (await self.harness.answer(await self.harness.discord.slash("gallery", person, "quota"))).content

    async def limits_are_set_and_met(self) -> None:
        form = await self.admins.open(await self.admins.panel(), "form:person")
        await self.admins.fill(form, each__at_once="1", each__day_pictures="3")
        await self.admins.said_last("pictures a day, not set → 3")
        await self.accepted(ONE)
        refusal = "You have 1 request waiting or running; this server allows at most 1."
        message = await self.refused(ONE, refusal, prompt="a poem of a prompt", steps=7)
        shown = await self.harness.discord.press(message, "Change and try again", ONE)
        kept = {name: each.get("value") for name, each in fields(shown).items()}
        assert (kept["prompt"], kept["flags"]) == ("a poem of a prompt", "--steps 7")
        await self.accepted(OTHER)  # which keeps nobody else out
        assert not (await self.asks(ONE, channel="Atelier/gallery")).ephemeral  # nor her, elsewhere

    async def a_booster_has_more(self) -> None:
        role, panel = await self.admins.role("Booster"), await self.admins.panel()
        await self.admins.press(panel, "show:roles")
        page = await self.admins.discord.message(panel)
        await self.admins.discord.select(page, page.selects[0]["custom_id"], [role], ADMIN)
        form = await self.admins.open(panel, f"form:person:r{role}")
        await self.admins.fill(form, **{f"roles__{role}__at_once": "2", f"roles__{role}__day_pictures": "500"})
        await self.admins.said_last("not set → 500")
        for _ in range(2):
            await self.accepted(BOOSTER)
        await self.refused(BOOSTER, "You have 2 requests waiting or running; your roles here allow at most 2.")
        assert f"Requests at once: **2**, 0 left (from <@&{role}>)" in await self.quota(BOOSTER)

    async def someone_is_blocked(self) -> None:
        await self.admins.discord.command_permissions("Studio", "server", allow=[MODERATOR])
        stale = await self.admins.open(await self.admins.panel(MODERATOR), "form:person", MODERATOR)
        await self.admins.type("limit set", limit="each.at_once", value="2")
        await self.admins.fill(stale, MODERATOR, each__at_once="9")
        late = await self.admins.said_last("has changed this meanwhile: at once, 1 → 2.", MODERATOR)
        again = await self.admins.open(late, "Try again", MODERATOR)
        assert fields(again)["each.at_once"]["value"] == "9"
        cem = await self.admins.person(OTHER)
        done = await self.admins.type("block", MODERATOR, person=cem, why="the same 400 times")
        assert "1 request is cancelled." in done.content
        await self.refused(OTHER, "Admins of this server do not let you use Easel. “the same 400 times”")
        await self.admins.press(done, "Undo", MODERATOR)
        await self.accepted(OTHER)

    async def a_day_is_used_up_and_more_is_granted(self) -> None:
        left = await self.refused(ONE, "You have drawn 1 picture today; this server allows at most 3.", count=3)
        assert "You can ask for 2 pictures more. More <t:" in left.content
        bea = await self.admins.person(ONE)
        granted = await self.admins.type("grant", person=bea, pictures=2, days=1)
        assert "⚠️" not in granted.content
        assert "Pictures a day: **5**, 4 left, more <t:" in await self.quota(ONE)
        await self.accepted(ONE, count=4)
        for job in await self.admins.harness.all_jobs():
            await self.harness.jobs.cancel(job)
        await self.accepted(ONE, count=4)  # what was not drawn came back
        await self.refused(
            ONE, "You have drawn 4 pictures today; with what admins granted you it is at most 5", count=2
        )

    async def under_a_picture_admins_say_who(self, message: Message) -> None:
        for job in await self.admins.harness.all_jobs():
            await self.harness.jobs.cancel(job)
        await self.admins.type("limit set", limit="each.day_pictures", value="50")
        await self.admins.type("limit set", limit="buttons.rerun", value="owner")
        words = "In this server, only the person who asked for it"
        assert words in await told(self.harness, await press(self.harness, message, Verb.RERUN, OTHER))
        pressed = await press(self.harness, message, Verb.RERUN, MODERATOR)
        assert await self.harness.state(str(pressed.id)) is State.QUEUED

    async def it_is_paused_told_and_taken_back(self) -> None:
        paused = await self.admins.type("pause", sentence="Back at noon")
        await self.refused(BOOSTER, "Admins have paused Easel in this server; please try again later. “Back at noon”")
        await self.admins.press(paused, "Undo")
        panel = await self.admins.panel()
        before = (await self.admins.held()).settings
        await self.admins.press(panel, "show:reset")
        await self.admins.press(panel, "Reset everything")
        gone = await self.admins.said_last("Changed:")
        await until(self.admins.held, lambda held: held.settings.each.at_once is None)
        await self.admins.press(gone, "Undo")
        assert (await self.admins.held()).settings == before
        usage = await self.admins.type("usage")
        assert f"<@{await self.admins.person(BOOSTER)}>: " in usage.content
        audit = said(await self.admins.type("changes"))
        assert "(undo)" in audit
        assert f"`{(await self.admins.held()).version}`" in audit


async def test_a_day_of_an_admin_a_moderator_two_members_and_a_booster(admins: Admins) -> None:
    day = Day(admins)
    _, drawn = await admins.harness.posted(BOOSTER)
    await day.limits_are_set_and_met()
    await day.a_booster_has_more()
    await day.someone_is_blocked()
    await day.a_day_is_used_up_and_more_is_granted()
    await day.under_a_picture_admins_say_who(drawn)
    await day.it_is_paused_told_and_taken_back()
