"""How long things last and how many there may be. Settings make these; tests make them short."""

from dataclasses import dataclass


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
class Caps:
    """How much may be asked for.

    Attributes:
        person, server, total: jobs that may be waiting or running at once: of a person, of a server, of all.
        rate_person, rate_server: jobs that may be started a minute, whatever becomes of them: of a person, of a server.
            All of a minute's may come at once. 0: no limit.
    """

    person: int = 3
    server: int = 20
    total: int = 500
    rate_person: int = 20
    rate_server: int = 120
