"""The names of all settings, so that every process knows those that the others read, and tells one that nobody does."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from .private_files import ENV_FILE, ENV_FILE_CHECKED
from .setting_files import END

PREFIX = "EASEL_"
_OURS = """
    ANSWER_GRACE ATTEMPTS ATTEMPT_MAX BATCH BOT_METRICS BREAKER_AFTER BREAKER_REST BREAKER_REST_MAX BUDGET_DECODE
    BUDGET_ENCODE BUDGET_GRACE BUDGET_LOAD BUDGET_STEP CAP_PERSON CAP_PERSON_EVERYWHERE CAP_SERVER CAP_TOTAL
    CLIENT_STALL COUNT COUNT_MAX DAY_PERSON DAY_SERVER DEFER_AFTER DEVICE DISCORD_API DISCORD_CDN DISCORD_GATEWAY DRAIN
    DTYPE EDIT_EVERY ENGINE ENGINE_NICE ENGINE_PATIENCE ENGINE_SILENCE ENGINE_SOCKET ENGINE_WAITING EXACT FAKE_STEP_MS
    FAKE_TOGETHER IDLE_UNLOAD KEEP_DAYS LANGUAGE LEASE LIMITS LOG_FORMAT LOG_LEVEL MEASURED MEGAPIXELS_MAX MODEL MODELS
    MODELS_FOLDER MODELS_HELD POSTS POST_LEASE POST_TIMEOUT RATE_PERSON RATE_SERVER RECYCLE_MIB REDIS_TIMEOUT REDIS_URL
    RENEW RESTART_FIRST RESTART_MAX SHARD SLOTS STEPS_MAX STORE_PATIENCE THREADS UNPOSTED_MAX_MIB UPSCALER
    UPSCALE_MEGAPIXELS WAIT_MAX WORKER WORKER_METRICS
"""
SETTINGS = frozenset({"DISCORD_TOKEN", *(PREFIX + name for name in _OURS.split())})
# What processes tell the ones that they start, and what tests are told.
_OTHERS = "SUPERVISOR FAILPOINTS ENV_FILE_CHECKED METRICS_PIPE DISCORD_OPENAPI SCREENSHOTS TESTS_INSIDE"
_KNOWN = SETTINGS | {name + END for name in SETTINGS} | {PREFIX + name for name in _OTHERS.split()}
# Kubernetes and Docker's links tell every container about services, whose names may begin with ours.
_SERVICE = re.compile(r"\w+_(SERVICE_HOST|SERVICE_PORT\w*|PORT|PORT_\d+_(TCP|UDP|SCTP)\w*)")
_NEAR, _SURELY = 0.6, 0.9


def unknown(path: Path = ENV_FILE, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Names that look like settings of ours and that nothing reads, each with the nearest that there is, or "".

    `.env` is ours alone, so a name in it that is nearly one of ours counts as well: EASLE_LIMITS.
    """
    try:
        written = dotenv_values(path)
    except (OSError, UnicodeDecodeError):  # the settings complain about such a file
        written = {}
    strange = [name for name in dict.fromkeys((*written, *environment)) if not _is_known(name.upper())]
    ours = {name: _nearest(name) for name in strange if name.upper().startswith(PREFIX)}
    near = {name: difflib.get_close_matches(name.upper(), SETTINGS, 1, _SURELY) for name in strange if name in written}
    return ours | {name: found[0] for name, found in near.items() if found and name not in ours}


def unknown_warning(path: Path = ENV_FILE) -> str | None:
    """What to tell the operator about them, in a line; None when there are none or a starter of ours has told.

    Values are not shown: one may be a secret.
    """
    if os.environ.get(ENV_FILE_CHECKED):
        return None
    said = [name + (f" (did you mean {near}?)" if near else "") for name, near in unknown(path).items()]
    return f"nothing in Easel reads {', '.join(said)}; .env.example explains every setting" if said else None


def _is_known(name: str) -> bool:
    return name in _KNOWN or _SERVICE.fullmatch(name) is not None


def _nearest(name: str) -> str:
    """The setting that was meant by a name of ours, whatever the order of its words; "" where none is near."""
    asked = name.upper()
    bare = asked.removesuffix(END)
    near = max(sorted(SETTINGS), key=lambda each: _likeness(bare, each))
    if _likeness(bare, near) < _NEAR:
        return ""
    return near + (END if asked.endswith(END) else "")


def _likeness(one: str, other: str) -> float:
    """From 0 to 1, without what nearly all names have in common, which would make everything alike."""
    names = [each.removeprefix(PREFIX) for each in (one, other)]
    ordered = ["_".join(sorted(each.split("_"))) for each in names]
    return max(difflib.SequenceMatcher(a=asked, b=known).ratio() for asked, known in (names, ordered))
