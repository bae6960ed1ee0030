import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.worker.engine.engines import EngineProcess, running
from worker.engine.step.probe import Probe

AT_ONCE = {"rows": 16, "decoded": 2}


@pytest.fixture(autouse=True, scope="module")
def quickly_measured() -> Iterator[None]:
    """What is measured is done once, and said to be best at a usual size.

    It takes half of the time of an engine on tiny models, and must not depend on how busy a machine is.
    """

    def best(probe: Probe, about: Sequence[str], sizes: Sequence[int], do: Callable[[int], None], *_: object) -> int:
        key = " · ".join(about)
        if key not in probe._known:
            do(sizes[0])
            probe._known[key] = AT_ONCE[about[0]]
        return probe._known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Probe, "best", best)
        yield


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
