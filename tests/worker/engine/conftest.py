import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.worker.engine.engines import EngineProcess, running


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short private folder: pytest's own are too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="easel-") as path:
        yield Path(path)


@pytest.fixture
async def fake(folder: Path) -> AsyncIterator[EngineProcess]:
    """A fake engine in its own process, 1 ms a step."""
    async with running(folder, "--fake", EASEL_FAKE_STEP_MS="1") as engine:
        yield engine
