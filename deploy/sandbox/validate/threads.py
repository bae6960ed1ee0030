"""Threads: the forms that start and change them."""

from deploy.sandbox.errors import Form
from deploy.sandbox.state.model import PRIVATE_THREAD, THREADS, Json

ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
SLOWEST = 21_600


def check(payload: Json, *, new: bool = True) -> Json:
    """What is asked for, with Discord's defaults for a new thread. Refuses 50035."""
    form = Form()
    asked = {key: value for key, value in payload.items() if value is not None}
    if new or "name" in asked:
        form.text("name", asked.get("name"), 1, 100)
    if "auto_archive_duration" in asked:
        form.choice("auto_archive_duration", asked["auto_archive_duration"], ARCHIVE_MINUTES)
    if "rate_limit_per_user" in asked:
        form.number("rate_limit_per_user", asked["rate_limit_per_user"], 0, SLOWEST)
    for key in ("archived", "locked", "invitable"):
        if key in asked:
            form.flag(key, asked[key], default=False)
    if new:
        form.choice("type", asked.setdefault("type", PRIVATE_THREAD), sorted(THREADS))
    form.check()
    return asked
