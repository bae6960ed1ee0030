"""Settings that differ where one machine does everything."""

import os

from dotenv import dotenv_values

from worker.contract.private_files import ENV_FILE


def defaults() -> dict[str, str]:
    """What suits one machine that does everything: one core stays free, so that the bot answers while it draws.

    The parts read `.env` after their environment, so what is written there is left out here.
    """
    threads = max(1, (os.cpu_count() or 2) - 1)
    ours = {"EASEL_THREADS": str(threads), "EASEL_ENGINE_NICE": "10"}
    written = dotenv_values(ENV_FILE)
    return {name: value for name, value in ours.items() if not written.get(name)}
