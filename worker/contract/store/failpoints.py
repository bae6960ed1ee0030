"""Places where a test may kill or pause a process.

Armed by a file named after the point in the folder `EASEL_FAILPOINTS`; its first word is the action
(`kill`, `pause` or `exit`). The file is removed before acting, so each arming fires once, in one process.
Without the variable a failpoint costs one comparison. With it, tests may set Redis's clock as well (`scripts.py`).
"""

import os
import signal
from pathlib import Path

POINTS = (  # in the order of a job's life, each with the process that comes by
    "admit-after",  # bot: the job is accepted, nobody was answered
    "answer-after",  # bot: Discord has the answer, Redis does not know
    "cancel-after",  # bot: the job is cancelled, nobody was told
    "fork-before",  # slot: it has claimed a job, its work horse is not born
    "claim-after",  # horse: it holds a lease, the engine knows nothing yet
    "draw-during",  # engine: in the middle of the steps
    "render-during",  # horse: the engine has made its first step
    "store-after",  # horse: the pictures lie in Redis, the job does not say so
    "rendered-before",  # horse: just before the compare-and-set to rendered
    "rendered-after",  # horse: the job is rendered, the slot has not returned
    "post-before",  # poster: it holds the message, Discord knows nothing
    "post-after",  # poster: Discord has answered, Redis does not know
    "posted-after",  # poster: the job is posted, its pictures have left Redis
)
_FOLDER = os.environ.get("EASEL_FAILPOINTS")


def armed() -> bool:
    """Was this process started for a test that may arm failpoints?"""
    return _FOLDER is not None


def failpoint(name: str) -> None:
    """Do what the file that arms `name` says; nothing when it is not armed."""
    if _FOLDER is None:
        return
    if name not in POINTS:
        raise ValueError(f"no failpoint is called {name}")
    file = Path(_FOLDER) / name
    try:
        action = file.read_text().split()
        file.unlink()
    except FileNotFoundError:
        return
    _act(action[0] if action else "kill")


def _act(action: str) -> None:
    if action == "pause":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif action == "exit":
        os._exit(3)
    else:
        os.kill(os.getpid(), signal.SIGKILL)
