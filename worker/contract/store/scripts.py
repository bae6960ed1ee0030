"""The Lua scripts of `lua/`, each with the names of all keys, the shared settings and the shared functions in front."""

import hashlib
from functools import cache
from importlib import resources
from typing import Any

from worker.contract.shared_settings import SharedSettings

from . import failpoints, keys

_NAMES = {
    "line": keys.LINE,
    "fair": keys.FAIR,
    "weights": keys.WEIGHTS,
    "sequence": keys.SEQUENCE,
    "leases": keys.LEASES,
    "outbox": keys.OUTBOX,
    "cosmetic": keys.COSMETIC,
    "bell": keys.BELL,
    "outbox_bell": keys.OUTBOX_BELL,
    "unposted": keys.UNPOSTED,
    "refused": keys.REFUSED,
    "workers": keys.WORKERS,
    "models": keys.MODELS,
    "settings": keys.SETTINGS,
    "catalogue": keys.CATALOGUE,
    "upscalers": keys.UPSCALERS,
    "pace": keys.PACE,
    "charges": keys.CHARGES,
    "tokens": keys.TOKENS,
    "quarantine": keys.QUARANTINE,
    "rate_slot": keys.RATE_SLOT,
    "announcer": keys.ANNOUNCER,
    "reaper": keys.REAPER,
    "clock": keys.CLOCK,
    "operator": keys.OPERATOR,
    "counted": keys.COUNTED,
    "active": keys.ACTIVE,
    "cancel_channel": keys.CANCEL_CHANNEL,
    "job": keys.job(""),
    "event": keys.event(""),
    "claimed": keys.claimed(""),
    "person": keys.PREFIX + "person:",
    "server": keys.server(""),
    "member": keys.PREFIX + "member:",
    "rate_member": keys.PREFIX + "rate:member:",
    "usage": keys.PREFIX + "usage:",
    "server_settings": keys.PREFIX + "server-settings:",
    "rate_person": keys.PREFIX + "rate:person:",
    "rate_server": keys.rate_server(""),
    "ended": keys.PREFIX + "ended:",
    "tell": keys.PREFIX + "tell:",
    "message": keys.PREFIX + "message:",
    "preview": keys.preview(""),
    "picture": keys.PREFIX + "picture:",
}
_SHARED = (
    "clock", "record", "charge", "counts", "levels", "line", "prelude", "pick", "order", "crowd", "ahead", "estimate",
    "limits",
)  # fmt: skip

# Only a process that was started for a test (see `failpoints`) has scripts whose clock can be set by a key. In all
# others the key is nowhere in the text: who can write to Redis can do much, but not this.
_PLAIN_CLOCK = "local CLOCK_SHIFT = 0\n"
_SHIFTED_CLOCK = f"local CLOCK_SHIFT = tonumber(redis.call('GET', '{keys.TEST_CLOCK}') or 0)\n"


@cache
def source(name: str) -> str:
    """The whole text of a script as Redis runs it."""
    names = "local K = {\n" + "".join(f"  {key} = '{value}',\n" for key, value in _NAMES.items()) + "}\n"
    clock = _SHIFTED_CLOCK if failpoints.armed() else _PLAIN_CLOCK
    return names + _settings() + clock + "\n".join(_read(part) for part in (*_SHARED, name))


def registered(client: Any, name: str) -> Any:
    """What `client.register_script` makes of a script, without hashing its whole text at each call."""
    script = client.register_script("")
    script.script = source(name)
    script.sha = _digest(script.script)
    return script


@cache
def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _settings() -> str:
    rows = (
        f"  {name} = {{ unit = {unit}, most = {most:.0f} }},\n"
        for name, (unit, most) in SharedSettings.script_units().items()
    )
    return "local SHARED = {\n" + "".join(rows) + "}\n"


def _read(name: str) -> str:
    return resources.files(__package__).joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
