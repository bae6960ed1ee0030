"""What tests of attempts may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.worker.slot.scripted import ScriptedEngine


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[ScriptedEngine]:
    async with ScriptedEngine(folder) as engine:
        yield engine
