"""A storm, drawn from its seed before it begins: who asks for what and when, and what is broken when."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from . import rules
from .deeds import DEEDS, Then
from .rules import Order


class Blow(StrEnum):
    """What is done to Easel, to Discord or to the world."""

    KILL = "kill"
    PAUSE = "pause"
    RESTART = "restart"  # SIGTERM, as a new release does
    CUT = "cut"  # the gateway
    FAULT = "fault"  # of the HTTP API, for a few calls
    OUTAGE = "outage"  # of all messages' routes, for a while
    EXPIRE = "expire"  # tokens of interactions
    DELETE_MESSAGE = "delete message"
    DELETE_CHANNEL = "delete channel"
    CLOSE_DMS = "close DMs"
    DENY_FILES = "deny files"
    ARCHIVE = "archive thread"  # until somebody writes in it
    FILL = "fill"  # the store's disk or memory, for a while
    CRAWL = "crawl"  # all messages' routes answer after ten seconds, for a while
    CLOCK = "clock"  # the store's, by so many seconds and back again


@dataclass(frozen=True)
class Ask:
    """One /imagine. `at`: seconds from the beginning; `after`: seconds until `then`, from when it can be done."""

    number: int
    at: float
    person: str
    place: str
    prompt: str
    count: int
    steps: int
    seed: int
    then: Then
    by: str
    after: float
    begins: bool = False  # with a picture
    follows: str = ""  # the option with a picture that is followed

    @property
    def edited(self) -> str:
        """The prompt as somebody changes it in a form: a request of its own, with a number of its own."""
        return self.prompt.replace(f"-{self.number:04d}", f"-{self.number + EDITED:04d}", 1)


@dataclass(frozen=True)
class Strike:
    """One blow: `target` is a role, a route, a kind of cut or a place; `seconds` is how long it lasts."""

    at: float
    blow: Blow
    target: str = ""
    host: str = ""
    seconds: float = 0.0
    how: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        more = " ".join(f"{name}={value}" for name, value in self.how)
        lasts = f"for {self.seconds:.1f} s" if self.seconds else ""
        words = (f"{self.at:6.1f} s", str(self.blow), self.target, f"on {self.host}" if self.host else "", more, lasts)
        return " ".join(word for word in words if word)


@dataclass(frozen=True)
class Plan:
    """Everything that a round does on purpose."""

    seed: int
    seconds: float
    every: float
    asks: tuple[Ask, ...]
    strikes: tuple[Strike, ...]
    orders: tuple[Order, ...] = ()


ABILITIES = ("refusals", "clock", "pictures")  # see `abilities`
EDITED = 5000  # added to the number of a request; a storm has fewer
BEGIN = 0.2  # share of requests that begin with a picture
FOLLOWED = ("guide", "style", *[""] * 6)  # what a request follows, one as often as another
CRAWL = 10.0  # seconds that each answer takes
THREAD = "Sketches"  # a place like others, until it is archived
ROLES_OF_HOST = ("engine", "slot", "horse", "poster", "supervisor")
ROUTES = {
    "first answer": ("POST", "/interactions/*"),
    "edit by token": ("PATCH", "/webhooks/*"),
    "edit in channel": ("PATCH", "/channels/*"),
    "new message": ("POST", "/channels/*/messages"),
    "DM channel": ("POST", "/users/@me/channels"),
}
CDN = {"CDN": ("GET", "/cdn/*")}
FAULTS: dict[str, dict[str, object]] = {
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
    "truncated": {"truncate": True},
    "slow": {"delay": 1.2},
    "500": {"status": 500},
    "503": {"status": 503},
    "429 of a person": {"status": 429, "scope": "user"},
    "429 of all": {"status": 429, "scope": "global"},
    "429 shared": {"status": 429, "scope": "shared"},
    "429 of the address": {"status": 429, "via": False},
    "ten seconds": {"delay": 10.0},
    "outage page": {"status": 502, "html": True},
}
# What an Easel that believes every refusal would throw pictures away for: see `abilities`.
REFUSALS: dict[str, dict[str, object]] = {
    "HTML 403": {"status": 403, "html": True},
    "403 in trouble": {"status": 403, "body": {"message": "internal network error", "code": 40333}},
    "400 overload": {"status": 400, "code": 130000},
    "bare 404": {"status": 404, "body": {"message": "404: Not Found", "code": 0}},
    "unknown 4xx": {"status": 422},
}
# What the fake engine does with a request: the process dies, memory runs out, it breaks, no codec makes it smaller.
_ODD = {"": 94, " [crash]": 1, " [oom]": 1, " [fail]": 1, " [noise]": 3}
_SUBJECTS = ("red apple", "blue whale", "fox in snow", "sailboat", "castle", "violin", "owl", "umbrella")


def draw(
    seed: int, seconds: float, requests: int, *, people: Sequence[str], places: Sequence[str], doomed: str,
    hosts: Sequence[str], lease: float, every: float = 2.0, able: Collection[str] = ABILITIES,
    admins: float = rules.EVERY,
) -> Plan:  # fmt: skip
    """Draw a storm.

    Args:
        places: channels where people ask; `dm` stands for their own direct messages.
        doomed: the channel that is deleted in the middle.
        lease: seconds of a job's lease; pauses outlast it.
        every: mean seconds between two blows.
        admins: mean seconds between two things that admins set.
        able: what this Easel can bear; blows that need more are left out.
    """
    dice, blows = random.Random(seed), random.Random(f"{seed} blows")
    asks = tuple(_ask(dice, seed, number, seconds, people, [*places, doomed]) for number in range(requests))

    def bagful() -> list[Strike]:
        more = (each for ability in ABILITIES if ability in able for each in _NEEDS[ability](blows))
        return [*_kinds(blows, people, places, hosts, lease), *more]

    strikes = _strikes(blows, seconds, doomed, every, bagful)
    orders = rules.draw(random.Random(f"{seed} rules"), seconds, people, places, admins)
    return Plan(seed, seconds, every, tuple(sorted(asks, key=lambda each: each.at)), strikes, orders)


def _ask(
    dice: random.Random, seed: int, number: int, seconds: float, people: Sequence[str], places: Sequence[str]
) -> Ask:
    person = dice.choice(people)
    place = dice.choice(places)
    steps = dice.choice((4, 8, 12, 20))
    slow = dice.choice(("", "", " [slow=0.05]", " [slow=0.05]", " [slow=0.15]"))
    odd = dice.choices(list(_ODD), weights=list(_ODD.values()))[0]
    after = random.Random(f"{seed}-{number} then")  # so that a new deed changes nothing but deeds
    then = after.choices(list(DEEDS), weights=[way.often for way in DEEDS.values()])[0]
    own = not DEEDS[then].anybody or place == "dm"
    return Ask(
        number, at=dice.uniform(0, seconds), person=person, place=f"dm:{person}" if place == "dm" else place,
        prompt=f"{dice.choice(_SUBJECTS)} {seed}-{number:04d}{slow}{odd}", count=dice.choice((1, 1, 1, 2, 4)),
        steps=steps, seed=dice.randrange(2**31), then=then, by=person if own else after.choice(people),
        after=after.uniform(0, 2), begins=random.Random(f"{seed}-{number}").random() < BEGIN,
        follows=random.Random(f"{seed}-{number} follows").choice(FOLLOWED),
    )  # fmt: skip


def _strikes(
    dice: random.Random, seconds: float, doomed: str, every: float, bagful: Callable[[], list[Strike]]
) -> tuple[Strike, ...]:
    """Blows at random moments; each kind once before any comes again."""
    at = every
    bag: list[Strike] = []
    found: list[Strike] = []
    while True:
        at += dice.uniform(0.3 * every, 1.7 * every)
        if at >= seconds:
            break
        if not bag:
            bag = bagful()
            dice.shuffle(bag)
        found.append(_moved(bag.pop(), at))
    found.append(Strike(seconds * dice.uniform(0.4, 0.7), Blow.DELETE_CHANNEL, doomed))
    return tuple(sorted(found, key=lambda each: each.at))


def _moved(strike: Strike, at: float) -> Strike:
    return Strike(at, strike.blow, strike.target, strike.host, strike.seconds, strike.how)


def _kinds(
    dice: random.Random, people: Sequence[str], places: Sequence[str], hosts: Sequence[str], lease: float
) -> list[Strike]:
    past = lease * dice.uniform(1.3, 1.8) + 1

    def on(blow: Blow, target: str, seconds: float = 0.0) -> Strike:
        return Strike(0, blow, target, dice.choice(hosts), seconds)

    kinds = [on(Blow.KILL, role) for role in ROLES_OF_HOST] + [on(Blow.KILL, "horse"), on(Blow.KILL, "engine")]
    kinds += [Strike(0, Blow.KILL, "bot"), Strike(0, Blow.KILL, "valkey")]
    kinds += [on(Blow.PAUSE, role, past) for role in (*ROLES_OF_HOST, "host")]
    kinds += [
        Strike(0, Blow.PAUSE, "bot", seconds=4.0),
        Strike(0, Blow.PAUSE, "valkey", seconds=dice.choice((3.0, past))),
    ]
    kinds += [on(Blow.RESTART, "supervisor"), Strike(0, Blow.RESTART, "bot")]
    kinds += [Strike(0, Blow.CUT, how) for how in ("op 7", "op 9", "op 9 resumable", "close", "abort")]
    kinds += [_fault(dice, name) for name in FAULTS]
    kinds.append(_fault(dice, "dropped after", "new message"))  # the one that makes a second message, without a nonce
    kinds.append(Strike(0, Blow.OUTAGE, seconds=dice.uniform(4, 10)))
    kinds += [Strike(0, Blow.EXPIRE, how=(("count", dice.randint(2, 8)),)) for _ in range(2)]
    kinds += [Strike(0, Blow.DELETE_MESSAGE) for _ in range(2)]
    kinds.append(Strike(0, Blow.CLOSE_DMS, dice.choice(people), seconds=dice.uniform(5, 10)))
    kinds += [Strike(0, Blow.FILL, what, seconds=dice.uniform(3, 8)) for what in ("disk", "memory")]
    kinds.append(Strike(0, Blow.CRAWL, seconds=dice.uniform(8, 12)))
    rooms = [place for place in places if place not in {"dm", THREAD}]
    kinds.append(Strike(0, Blow.DENY_FILES, dice.choice(rooms), seconds=dice.uniform(3, 6)))
    return kinds


def _refused(dice: random.Random) -> list[Strike]:
    """Answers that may not be believed, on the ways of results and of first answers; and threads that are archived."""
    ways = [route for route in ROUTES if route != "first answer"]
    kinds = [_fault(dice, name, dice.choice(ways)) for name in REFUSALS]
    kinds.append(_fault(dice, dice.choice(list(REFUSALS)), "first answer"))
    return [*kinds, *(Strike(0, Blow.ARCHIVE, THREAD) for _ in range(2))]


def _clocks(dice: random.Random) -> list[Strike]:
    return [
        Strike(0, Blow.CLOCK, target, seconds=dice.uniform(3, 10), how=(("by", by),))
        for target, by in (("back", -600), ("forward", 600), dice.choice((("back", -25200), ("forward", 25200))))
    ]  # fmt: skip


def _handed_out(dice: random.Random) -> list[Strike]:
    """Troubles of the CDN that a slot outlasts: fewer than it tries in all of its attempts."""
    return [_fault(dice, name, "CDN") for name in ("500", "503", "dropped before", "dropped after", "truncated")]


_NEEDS: dict[str, Callable[[random.Random], list[Strike]]] = {
    "refusals": _refused,
    "clock": _clocks,
    "pictures": _handed_out,
}


def abilities() -> frozenset[str]:
    """What this Easel can bear: telling refusals apart, a store whose clock is set, pictures to begin with."""
    modules = {
        "refusals": "worker.poster.refusals",
        "clock": "tests.redis_clock",
        "pictures": "worker.contract.types.source_place",
    }
    return frozenset(name for name, module in modules.items() if find_spec(module) is not None)


def _fault(dice: random.Random, name: str, route: str = "") -> Strike:
    route = route or dice.choice(list(ROUTES))
    how: dict[str, object] = {"times": dice.randint(10, 40) if name == "slow" else dice.randint(1, 3)}
    if name.startswith("429"):
        how["retry_after"] = round(dice.uniform(0.2, 2.0), 2)
    return Strike(0, Blow.FAULT, route, how=(("kind", name), *how.items()))
