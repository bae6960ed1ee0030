"""How long the poster waits: buckets, global pauses, bans and the budget of invalid requests."""

import pytest

from worker.contract.types.destination import Destination
from worker.poster import limits as limiting
from worker.poster.limits import ADDRESS_PAUSE, INVALID_MANY, INVALID_WINDOW, TOGETHER, RateLimits, Route
from worker.poster.routes import create_message, edit_message, edit_reply

HEADERS = {"X-RateLimit-Bucket": "abc", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "2.5"}
REPLY = edit_reply(Destination(channel=1, application=5, token="t", message=9))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> RateLimits:
    return RateLimits(clock)


def test_an_unknown_route_may_go(limits: RateLimits) -> None:
    assert limits.wait(edit_message(1, 2)) == 0


def test_an_empty_bucket_waits_for_its_end(limits: RateLimits, clock: Clock) -> None:
    limits.learn(edit_message(1, 2), HEADERS)
    assert limits.wait(edit_message(1, 3)) == 2.5
    assert limits.wait(edit_message(2, 3)) == 0  # another channel, another count
    clock.now += 2.5
    assert limits.wait(edit_message(1, 3)) == 0


def test_routes_of_one_bucket_share_it(limits: RateLimits) -> None:
    limits.learn(create_message(1), HEADERS | {"X-RateLimit-Remaining": "3"})
    limits.learn(edit_message(1, 2), HEADERS)
    assert limits.wait(create_message(1)) == 2.5


def test_requests_under_way_count(limits: RateLimits) -> None:
    limits.learn(edit_message(1, 2), HEADERS | {"X-RateLimit-Remaining": "1"})
    limits.sent(edit_message(1, 2))
    assert limits.wait(edit_message(1, 2)) == 2.5


def turned_away(limits: RateLimits, route: Route, seconds: float = 3600) -> None:
    """Cloudflare answers 429: that has no `Via`."""
    limits.sent(route)
    limits.answered(route)
    limits.refused(route, seconds, everywhere=False, outside=True)


def test_a_global_429_stops_the_bot_but_not_interactions(limits: RateLimits) -> None:
    limits.refused(edit_message(1, 2), 4, everywhere=True, outside=False)
    assert limits.wait(create_message(7)) == 4
    assert limits.wait(REPLY) == 0


def test_what_stands_before_discord_stops_one_route(limits: RateLimits, clock: Clock) -> None:
    """Often for an hour, and however often it says so again."""
    for _ in range(3):
        turned_away(limits, REPLY)
        clock.now += 3600
    turned_away(limits, REPLY)
    assert limits.wait(REPLY) == 3600
    assert limits.wait(create_message(7)) == limits.wait(edit_message(7, 1)) == 0


@pytest.mark.parametrize("seconds", [20, 3600])
def test_two_majors_turned_away_at_once_mean_our_address(limits: RateLimits, clock: Clock, seconds: float) -> None:
    turned_away(limits, REPLY, seconds)
    clock.now += TOGETHER - 1
    turned_away(limits, create_message(7), seconds)
    assert limits.wait(create_message(8)) == min(seconds, ADDRESS_PAUSE)


@pytest.mark.parametrize("between", ["success", "time", "the same major"])
def test_but_not_with_a_success_or_some_time_between_them(limits: RateLimits, clock: Clock, between: str) -> None:
    turned_away(limits, REPLY if between != "the same major" else edit_message(7, 1))
    if between == "success":
        limits.succeeded()
    elif between == "time":
        clock.now += TOGETHER + 0.1
    turned_away(limits, create_message(7))
    assert limits.wait(create_message(8)) == 0


def test_after_the_pause_one_request_finds_out(limits: RateLimits, clock: Clock) -> None:
    turned_away(limits, create_message(6))
    turned_away(limits, create_message(7))
    clock.now += ADDRESS_PAUSE
    assert limits.wait(create_message(8)) == 0
    limits.sent(create_message(8))
    assert limits.wait(create_message(9)) > 0
    limits.answered(create_message(8))
    limits.refused(create_message(8), 3600, everywhere=False, outside=True)
    assert limits.wait(create_message(9)) == ADDRESS_PAUSE
    clock.now += ADDRESS_PAUSE
    limits.sent(create_message(9))
    limits.answered(create_message(9))
    limits.succeeded()
    assert limits.wait(create_message(10)) == 0
    assert limits.wait(create_message(8)) > 0  # its own route is still told to wait


def test_a_probe_that_ends_in_nothing_leaves_its_place_to_another(limits: RateLimits, clock: Clock) -> None:
    turned_away(limits, create_message(6))
    turned_away(limits, create_message(7))
    clock.now += ADDRESS_PAUSE
    limits.sent(create_message(8))
    limits.answered(create_message(8))
    assert limits.wait(create_message(9)) == 0


def test_many_invalid_requests_slow_everything_down_far_below_the_ban(limits: RateLimits, clock: Clock) -> None:
    """Whoever has eight requests under way and is always refused stays below a third of what Discord bans for."""
    refused: list[float] = []
    begun = clock.now
    while clock.now < begun + INVALID_WINDOW:
        if wait := limits.wait(REPLY):
            clock.now += wait
            continue
        for _ in range(8):
            limits.invalid()
            refused.append(clock.now)
        clock.now += 0.1
    assert INVALID_MANY < len(refused) < 3000
    clock.now += INVALID_WINDOW
    assert limits.wait(REPLY) == 0


@pytest.mark.parametrize("headers", [{}, {"X-RateLimit-Remaining": "many", "X-RateLimit-Reset-After": "soon"}])
def test_headers_that_say_nothing_change_nothing(limits: RateLimits, headers: dict[str, str]) -> None:
    limits.learn(REPLY, headers)
    assert limits.wait(REPLY) == 0


def test_a_token_is_in_no_name_that_is_logged() -> None:
    assert "/t/" in REPLY.path
    assert "/t/" not in REPLY.family


@pytest.mark.parametrize("whose", ["the bot's", "the route's", "the address's"])
def test_of_two_pauses_the_longer_one_holds(limits: RateLimits, whose: str) -> None:
    if whose == "the address's":
        turned_away(limits, REPLY)
    for seconds in (60, 5):
        limits.refused(create_message(7), seconds, everywhere=whose == "the bot's", outside=whose == "the address's")
    assert limits.wait(create_message(7 if whose == "the route's" else 8)) == 60


def test_of_too_many_windows_those_that_ended_are_forgotten(
    limits: RateLimits, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "_WINDOWS_KEPT", 2)
    limits.learn(create_message(1), HEADERS)
    clock.now += 1
    limits.learn(create_message(2), HEADERS)
    clock.now += 2
    limits.learn(create_message(3), HEADERS)
    assert [limits.wait(create_message(channel)) for channel in (1, 2, 3)] == [0, 0.5, 2.5]
    assert len(limits._windows) == 2


def test_a_429_of_one_bucket_stops_that_alone(limits: RateLimits, clock: Clock) -> None:
    limits.refused(create_message(7), 4, everywhere=False, outside=False)
    assert [limits.wait(route) for route in (create_message(7), create_message(8), REPLY)] == [4, 0, 0]
    clock.now += 4
    assert limits.wait(create_message(7)) == 0


def test_refusals_of_long_ago_slow_nothing_down(limits: RateLimits, clock: Clock) -> None:
    for _ in range(INVALID_MANY):
        limits.invalid()
    assert limits.wait(REPLY) > 0
    clock.now += INVALID_WINDOW
    limits.invalid()
    assert limits.wait(REPLY) == 0
