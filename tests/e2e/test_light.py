"""Everything but the engine is light: no torch in it, and less than 150 MB of memory."""

import psutil
import pytest

from tests.e2e.person import Easel


@pytest.mark.parametrize("role", ["bot", "supervisor", "slot", "poster"])
async def test_only_the_engine_is_heavy(starter: Easel, role: str) -> None:
    await starter.once(await starter.ask("a red apple", steps=2))
    for pid in starter.local.pids(role):
        process = psutil.Process(pid)
        assert process.memory_info().rss < 150e6
        assert not [each.path for each in process.memory_maps() if "/torch/" in each.path]
    engine = psutil.Process(*starter.local.pids("engine"))
    assert [each.path for each in engine.memory_maps() if "/torch/" in each.path], "the check itself sees no torch"
