"""Whoever may manage a server is told once that its settings are theirs."""

from tests.bot.harness import Harness, until
from worker.contract.store import keys


async def test_it_is_told_once_and_to_those_alone_who_can_use_it(harness: Harness) -> None:
    async def hints(person: str) -> int:
        shown = await harness.discord.messages("gallery", person)
        return sum("`/server settings`" in each.content for each in shown)

    await harness.imagine("bea")
    await harness.imagine("ada")
    await until(lambda: hints("ada"))
    await harness.imagine("ada")
    await harness.imagine("cem")
    assert [await hints(person) for person in ("ada", "bea", "cem")] == [1, 0, 0]
    (key,) = [key async for key in harness.redis.scan_iter(keys.server_hints(0)[:-1] + "*")]
    assert 0 < await harness.redis.ttl(key) <= 400 * 86400
