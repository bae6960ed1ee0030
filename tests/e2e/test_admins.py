"""Admins set limits in Discord, and people meet them at once: an admin, a moderator, two members, one with a role."""

from typing import Any

from deploy.sandbox.client import Interaction, Message
from tests.e2e.local import DEADLINE
from tests.e2e.person import Easel, eventually
from worker.contract.store import keys

HERE = "Night Lab/gallery"  # other tests are in Studio


class Lab:
    """People in that server."""

    def __init__(self, easel: Easel) -> None:
        self.easel = easel
        self.discord = easel.sandbox

    async def type(self, person: str, command: str, channel: str = HERE, /, **options: object) -> Message:
        done = await self.discord.slash(channel, person, command, options, timeout=DEADLINE)
        assert done.message_id is not None
        return await self.discord.message(done.message_id)

    async def imagine(self, person: str, prompt: str, channel: str = HERE, **options: object) -> Message:
        return await self.type(
            person, "imagine", channel, **({"prompt": prompt, "model": "starter", "count": 1, "steps": 4} | options)
        )

    async def open(self, panel: Message, form: str, person: str) -> Interaction:
        found = await self.discord.press(await self.discord.message(panel), f"3:server:form:{form}:", person)
        assert found.answer_type == 9
        return found

    async def fill(self, form: Interaction, person: str, values: dict[str, Any], says: str) -> Message:
        """Send a form, and wait for an answer that says this."""
        await self.discord.submit(form, values, person, timeout=DEADLINE)
        found: list[Message] = []

        async def told() -> bool:
            found[:] = [each for each in await self.discord.messages(HERE, person) if says in each.content]
            return bool(found)

        await eventually(told, f"{person} to read “{says}”")
        return found[-1]

    async def role(self, name: str) -> str:
        lab = next(each for each in (await self.discord.world())["guilds"] if each["name"] == "Night Lab")
        found: str = next(each["id"] for each in lab["roles"] if each["name"] == name)
        return found


async def test_what_an_admin_sets_holds_at_the_next_request(easel: Easel) -> None:
    lab = Lab(easel)
    await lab.discord.command_permissions("Night Lab", "server", allow=["Max"])
    panel, moderators = await lab.type("Cem", "server settings"), await lab.type("Max", "server settings")
    stale = await lab.open(moderators, "person", "Max")

    form = await lab.open(panel, "person", "Cem")
    set_ = await lab.fill(form, "Cem", {"each.at_once": "1", "each.day_pictures": "3"}, "at once, not set → 1")
    told = await lab.fill(stale, "Max", {"each.at_once": "3"}, "has changed this meanwhile")
    assert told.embeds[0]["fields"][0]["value"] == "3"  # what was typed is kept

    first = await lab.imagine("Dua", "one [slow=0.3]", steps=40)
    assert not first.ephemeral
    refused = await lab.imagine("Dua", "one more")
    assert refused.ephemeral
    assert refused.content.startswith("You have 1 request waiting or running; this server allows at most 1.")
    assert not (await lab.imagine("Dua", "elsewhere", "gallery")).ephemeral  # it is this server's limit alone

    role = await lab.role("Moderator")
    await lab.type("Ada", "server role set", role=role, limit="at_once", value="2")
    both = [await lab.imagine("Max", f"a role has more {number} [slow=0.1]", steps=30) for number in range(2)]
    assert not any(each.ephemeral for each in both)
    quota = await lab.type("Max", "quota")
    assert f"Requests at once: **2**, 0 left (from <@&{role}>)" in quota.content

    for each in ("dua", "max"):
        await lab.type("Cem", "server stop", person=await person(easel, each))
    refused = await lab.imagine("Dua", "more than are left", count=4)
    assert "this server allows at most 3" in refused.content
    await lab.discord.press(set_, "Undo", "Cem", timeout=DEADLINE)
    for number in range(2):
        assert not (await lab.imagine("Dua", f"after the undo {number}")).ephemeral
    await lab.type("Cem", "server block", person=await person(easel, "dua"), why="enough for today")
    blocked = await lab.imagine("Dua", "and again")
    assert blocked.content.startswith("Admins of this server do not let you use Easel.")
    assert "enough for today" in blocked.content
    await nothing_set(lab)


async def person(easel: Easel, name: str) -> str:
    found: str = next(each["id"] for each in (await easel.sandbox.world())["people"] if each["username"] == name)
    return found


async def nothing_set(lab: Lab) -> None:
    """Leave the server as it was, for the next test."""
    panel = await lab.type("Cem", "server settings")
    await lab.discord.press(panel, "3:server:show:reset", "Cem", timeout=DEADLINE)
    await lab.discord.press(await lab.discord.message(panel), "Reset everything", "Cem", timeout=DEADLINE)
    await lab.easel.redis.delete(*[key async for key in lab.easel.redis.scan_iter(f"{keys.PREFIX}usage:*")])
