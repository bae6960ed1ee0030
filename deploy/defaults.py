"""Settings that differ where one machine does everything."""

import os
from pathlib import Path

from dotenv import dotenv_values

from worker.contract.private_files import ENV_FILE


def defaults(data: Path) -> dict[str, str]:
    """What suits one machine that does everything: one core stays free, so that the bot answers while it draws.

    What the engine measured is kept in `data`: its socket's folder goes with each run, and takes along what lies there.
    The parts read `.env` after their environment, so what is written there is left out here.
    """
    threads = max(1, (os.cpu_count() or 2) - 1)
    ours = {"EASEL_THREADS": str(threads), "EASEL_ENGINE_NICE": "10", "EASEL_MEASURED": str(data / "measured.json")}
    written = dotenv_values(ENV_FILE)
    return {name: value for name, value in ours.items() if not written.get(name)}
