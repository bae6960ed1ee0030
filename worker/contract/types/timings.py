"""How long things last and how many there may be. Settings make these; tests make them short."""

import json
from dataclasses import dataclass

from .server_settings import UsedUp


@dataclass(frozen=True)
class Timings:
    """Seconds, unless said otherwise.

    Attributes:
        lease, attempts (a number), keep, wait_max, answer_grace: see `worker.contract.shared_settings`.
        renew: between two signs of life of an attempt.
        pictures: for which unposted pictures stay in Redis.
        capability: for which a model counts as available after its last worker was heard.
        token: life of an interaction's token.
        edit_every: between two cosmetic edits of one message.
        retell: after which a waiting person is told their place again even if it is the same.
        unposted_max: bytes of unposted pictures beyond which nothing is claimed.
    """

    lease: float = 10.0
    renew: float = 1.0
    attempts: int = 3
    keep: float = 30 * 86400
    pictures: float = 86400
    capability: float = 180
    wait_max: float = 6 * 3600
    token: float = 900
    answer_grace: float = 3.5
    edit_every: float = 3.0
    retell: float = 30.0
    unposted_max: int = 512 * 1024 * 1024


def ms(seconds: float) -> int:
    """Whole milliseconds, as the scripts want them."""
    return round(seconds * 1000)


@dataclass(frozen=True)
class DayLimits:
    """What may be used on one day (UTC); None: any amount.

    Attributes:
        pictures, ms: of a person in a server: pictures (an upscale is one), and reference GPU time.
        server_pictures, server_ms: of all people of a server.
    """

    pictures: int | None = None
    ms: int | None = None
    server_pictures: int | None = None
    server_ms: int | None = None


@dataclass(frozen=True)
class Versions:
    """Of the settings from which limits were made: the server's, and the operator's."""

    server: int = 0
    operator: int = 0


@dataclass(frozen=True)
class Caps:
    """How much may be asked for. Whatever is counted, 0 is no limit, except `total`.

    Attributes:
        person, server, total: jobs that may wait or run at once: of a person in a server, of a server, of all.
        everywhere: likewise of a person over all servers.
        rate_person, rate_member, rate_server: jobs that may be started a minute, whatever becomes of them: of a person
            over all servers and in this one, of a server. All of a minute's may come at once.
        day: what a day holds; `ceiling`: what it holds even where more is drawn after everybody else.
        used_up: what happens beyond `day`.
        versions: what the settings must still be; None: whatever they are.
    """

    person: int = 3
    server: int = 20
    total: int = 500
    everywhere: int = 0
    rate_person: int = 20
    rate_member: int = 0
    rate_server: int = 120
    day: DayLimits = DayLimits()
    ceiling: DayLimits = DayLimits()
    used_up: UsedUp = UsedUp.REFUSE
    versions: Versions | None = None

    def json(self) -> str:
        """As `limits_of` in lua/limits.lua reads it; what has no limit is missing."""
        versions = {"versions": vars(self.versions)} if self.versions else {}
        return json.dumps(
            versions
            | {
                "at_once": self.person, "server_at_once": self.server, "everywhere": self.everywhere,
                "total": self.total,
                "everywhere_per_minute": self.rate_person, "per_minute": self.rate_member,
                "server_per_minute": self.rate_server,
                "used_up": self.used_up, "day": _known(self.day), "ceiling": _known(self.ceiling),
            }
        )  # fmt: skip


def _known(limits: DayLimits) -> dict[str, int]:
    return {name: value for name, value in vars(limits).items() if value is not None}
