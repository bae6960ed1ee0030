"""Many admins at once, through two bots: what is set is what the audit tells, and nobody overwrites unseen."""

import asyncio
import random
from unittest.mock import AsyncMock, Mock, create_autospec

import discord
import pytest
from redis.asyncio import Redis

from bot.commands.server.desk import Desk
from bot.setting_errors import ChangedMeanwhile, NothingToUndo
from worker.contract.message.languages import ENGLISH
from worker.contract.store.server_settings import CHANGES_MAX, ServerSettingsStore
from worker.contract.types.server_changes import replayed, value_at, with_values
from worker.contract.types.server_settings import Change, ServerSettings

SERVER = 7
KEYS = (
    "each.at_once",
    "each.steps",
    "roles.5.at_once",
    "channels.6.usual.steps",
    "grants.8",
    "paused",
    "buttons.rerun",
)


def value(key: str, rolls: random.Random) -> object:
    if key == "grants.8":
        return {"pictures": rolls.randint(1, 9), "until": 2**42}
    if key == "paused":
        return str(rolls.random())
    return rolls.choice(["anyone", "owner", None]) if key.startswith("buttons") else rolls.choice([None, *range(1, 9)])


@pytest.fixture
def desks(redis_async: Redis) -> list[Desk]:
    intake = Mock(spec_set=["language", "live_models"], language=ENGLISH)
    intake.live_models.models = AsyncMock(return_value=[])
    bounds = AsyncMock(return_value=({}, {}))
    return [Desk(intake, ServerSettingsStore(redis_async), bounds, AsyncMock()) for _ in range(2)]


class Admin:
    """Does something again and again, as it is shown to them at that moment."""

    def __init__(self, number: int, desk: Desk) -> None:
        self.desk = desk
        self.rolls = random.Random(number)
        self.user = create_autospec(discord.User, instance=True)
        self.user.id, self.user.display_name = number, f"admin {number}"
        self.mine: list[Change] = []
        self.told = 0

    async def work(self, times: int) -> None:
        for _ in range(times):
            try:
                await self._one()
            except ChangedMeanwhile:
                self.told += 1
            except NothingToUndo:
                self.mine = []

    async def _one(self) -> None:
        version = (await self.desk.store.read(SERVER)).version
        await asyncio.sleep(0)
        what = self.rolls.choice(["set", "set", "set", "undo", "clear", "reset"])
        if what == "undo" and self.mine:
            self.mine = await self.desk.undo(SERVER, self.user, self.mine[0].number, self.mine[-1].number)
        elif what == "clear":
            await self.desk.clear(SERVER, self.user, version, "roles.5")
        elif what == "reset":
            await self.desk.change(SERVER, self.user, version, lambda _: ServerSettings(), None, "reset")
        else:
            wanted = {key: value(key, self.rolls) for key in self.rolls.sample(KEYS, 2)}
            self.mine = await self.desk.save(SERVER, self.user, version, wanted, wanted)


async def test_whatever_many_do_at_once_the_audit_tells_what_is_set(desks: list[Desk]) -> None:
    admins = [Admin(number, desks[number % 2]) for number in range(6)]
    await asyncio.gather(*(admin.work(25) for admin in admins))
    store = desks[0].store
    held, audit = await store.read(SERVER), list(reversed(await store.changes(SERVER, CHANGES_MAX)))
    assert [each.number for each in audit] == list(range(1, held.version + 1))
    assert replayed(audit) == held.settings
    now = ServerSettings()
    for each in audit:  # each line knew what was set before it
        assert value_at(now, each.key) == each.old, each
        now = with_values(now, {each.key: each.new})
    assert any(admin.told for admin in admins)
