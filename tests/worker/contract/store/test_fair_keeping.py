"""What the line keeps in Redis: nothing is lost or drawn twice, nothing stays behind, and what was lost is mended."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio

from deploy.valkey import EmbeddedValkey
from tests.worker.contract.store.fair_play import UNIT, Play
from worker.contract.store import keys, scripts
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.types.operator_settings import OfServer, OperatorSettings

ANY = ("a", "b", "c")


@pytest.fixture
def play(redis_sync: redis.Redis) -> Play:
    return Play(redis_sync, {"w": ("a", "b"), "x": ("c",)})


def drain(play: Play) -> list[str]:
    found = []
    while (job := play.claim(*ANY)) is not None:
        found.append(job)
    return found


def fill(play: Play) -> list[str]:
    """Twelve jobs of six people in three servers and three lanes."""
    return [play.ask(str(n % 3), str(n % 6), ANY[n % 3 if n < 6 else n % 2], 1 + n % 4).id for n in range(12)]


def test_direct_messages_are_one_server(play: Play) -> None:
    for person in ("1", "2", "3"):
        for _ in range(2):
            play.ask(f"dm-{person}", person, "a")
    for _ in range(3):
        play.ask("10", "9", "a")
    servers = [play.redis.hget(keys.job(play.claim("a") or ""), "server") for _ in range(6)]
    assert servers.count(b"10") == 3


async def test_the_operators_weights_hold_from_the_next_claim_on(play: Play, valkey_url: str) -> None:
    for server in ("1", "dm-7"):
        for _ in range(40):
            play.ask(server, "7", "a")

    def shares() -> list[int]:
        taken = [play.redis.hget(keys.job(play.claim("a") or ""), "server") for _ in range(16)]
        return [taken.count(b"1"), taken.count(b"dm-7")]

    assert shares() == [8, 8]
    async with redis.asyncio.Redis.from_url(valkey_url) as client:
        settings = OperatorSettings(servers={"1": OfServer(weight=1.5), "dm": OfServer(weight=0.5)})
        assert await OperatorStore(client).change(0, settings)
    assert shares() == [12, 4]
    for weight in ("", "x", "-1", "0", "nan", "inf", "1e9"):
        play.redis.hset(keys.WEIGHTS, mapping={"1": weight, "dm": weight})
        play.claim("a")
    assert shares() == pytest.approx([8, 8], abs=2)


def test_what_is_late_is_drawn_when_nothing_else_waits(play: Play) -> None:
    late = play.ask("1", "1", "a", late="1").id
    other_late = play.ask("1", "1", "c", late="1").id
    usual = [play.ask("2", "2", "a").id, play.ask("2", "2", "b").id]
    assert play.claim("c") == other_late  # what waits in other workers' lanes does not hold it up
    assert [play.claim("a", "b") for _ in range(4)] == [*usual, late, None]


def test_nobody_is_held_up_by_what_nobody_can_draw(play: Play) -> None:
    for _ in range(300):
        play.ask("1", "1", "c")
    play.redis.config_resetstat()
    mine = play.ask("1", "1", "a").id
    assert play.claim("a") == mine


def test_a_loaded_model_goes_first_among_one_persons_next_jobs_alone(play: Play) -> None:
    cold, warm, other = (play.ask(who, who, lane).id for who, lane in ("1a", "1b", "2b"))
    assert [play.claim("a", "b", warm=("b",)) for _ in range(4)] == [warm, other, cold, None]
    cold = play.ask("1", "1", "a").id
    for _ in range(5):
        play.ask("3", "3", "c")
    far = play.ask("1", "1", "b").id
    assert [play.claim("a", "b", warm=("b",)) for _ in range(2)] == [cold, far]


def test_what_comes_back_goes_before_what_its_person_asked_for_later(play: Play) -> None:
    first, second = play.ask("1", "1", "a").id, play.ask("1", "1", "a").id
    assert play.claim("a") == first
    play.give_back(first)
    assert [play.claim("a"), play.claim("a")] == [first, second]


def test_what_comes_back_goes_before_all_who_wait(play: Play) -> None:
    """It was charged already, and somebody has waited for it since: it is drawn again at once, by whoever can."""
    taken = [play.ask("1", "1", "a").id, play.ask("1", "2", "b").id]
    assert [play.claim("a"), play.claim("b")] == taken
    others = [play.ask(server, server, lane).id for server in "345678" for lane in "ab"]
    for job in reversed(taken):
        play.give_back(job)
    assert play.redis.hget(keys.job(taken[0]), "place") == b"1"
    assert play.claim("a", "b") == taken[0]
    play.give_back(taken[0])
    assert play.claim("b") == taken[1]
    play.cancel(taken[0])
    assert play.claim("a", "b") == others[0]


def test_it_is_charged_once_whatever_its_attempts(play: Play) -> None:
    """Else it would be behind by one job for each worker that dies."""
    mine = play.ask("1", "1", "a").id
    for _ in range(2):
        assert play.claim("a") == mine
        play.give_back(mine)
    assert play.claim("a") == mine
    play.done(mine)
    play.ask("1", "1", "a")
    (key,) = play.redis.scan_iter(f"{keys.FAIR}waits::*")
    found: Any = play.redis.zrange(key, 0, -1, withscores=True)
    assert found[0][1] <= 2 * UNIT


@pytest.mark.parametrize("end", ["drawn", "cancelled", "waited", "closed"])
def test_nothing_stays_behind_but_clocks_that_end(play: Play, end: str) -> None:
    jobs = fill(play)
    assert play.waiting() == len(jobs)
    if end == "drawn":
        assert sorted(drain(play)) == sorted(jobs)
    for job in jobs:
        if end == "drawn":
            play.done(job)
        elif end == "cancelled":
            play.cancel(job)
    if end == "waited":
        play.reap(wait_max=-1)
    if end == "closed":
        found = play.redis.eval(scripts.source("close_channel"), 0, "77", "closed", "", 60_000, "")
        assert [each.decode() for each in found] == jobs  # the oldest first
    assert play.left() == set()
    assert play.claim(*ANY) is None


def test_a_channel_that_is_closed_takes_no_others_with_it(play: Play) -> None:
    here, there = play.ask("1", "1", "a").id, play.ask("1", "1", "a").id
    place = json.loads(play.redis.hget(keys.job(there), "destination") or "")
    play.redis.hset(keys.job(there), "destination", json.dumps(place | {"channel": 78}))
    play.redis.delete(keys.WAITING)
    play.redis.hdel(keys.FAIR + "where", there)
    play.redis.zadd(keys.WAITING, {here: 1, there: 2})
    play.reap()  # which puts it in anew
    assert play.redis.eval(scripts.source("close_channel"), 0, "78", "closed", "", 60_000, "") == [there.encode()]
    assert drain(play) == [here]


@pytest.mark.parametrize("lost", ["waits", "rests", "held", "jobs", "crowd", "lanes", "where", "all", "channel"])
def test_a_part_of_the_line_that_is_lost_is_mended(play: Play, lost: str) -> None:
    jobs = fill(play)
    play.redis.delete(*play.redis.scan_iter(f"{keys.FAIR}{lost}*"))
    found = drain(play)
    for _ in range(len(jobs)):
        play.reap()
        found += drain(play)
    assert sorted(found) == sorted(jobs)
    assert {key for key in play.left() if ":channel:" not in key} == set()


def test_records_that_are_gone_hold_nobody_up(play: Play) -> None:
    jobs = fill(play)
    for job in jobs[::2]:
        play.redis.delete(keys.job(job))
    assert sorted(drain(play)) == sorted(jobs[1::2])
    assert play.left() == set()


def test_the_reaper_drops_what_has_ended_elsewhere(play: Play) -> None:
    jobs = fill(play)
    play.redis.delete(keys.job(jobs[0]))
    play.redis.hset(keys.job(jobs[1]), "state", "failed")
    play.reap()
    assert play.waiting() == len(jobs) - 2


def test_damage_is_set_aside_sixteen_at_a_time(play: Play) -> None:
    for _ in range(20):
        play.redis.hset(keys.job(play.ask("1", "1", "a").id), "attempt", "x")
    whole = play.ask("1", "1", "a").id
    assert play.claim("a") is None
    assert play.redis.llen(keys.QUARANTINE) == 16
    assert play.claim("a") == whole


def test_the_order_survives_a_restart(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    server.start()
    try:
        expected = []
        for restart in (False, True):
            with redis.Redis.from_url(server.url) as client:
                play = Play(client, {"w": ("a", "b"), "x": ("c",)})
                fill(play)
                expected.append([play.claim(*ANY) for _ in range(4)])
                play.give_back(expected[-1][0] or "")
                if restart:
                    server.kill()
                    server.start()
            with redis.Redis.from_url(server.url) as client:
                play.redis = client
                expected[-1] += drain(play)
        assert expected[0] == expected[1]
        assert len(expected[0]) == 13
    finally:
        server.stop()


def test_a_full_redis_draws_nothing_and_lets_go(play: Play) -> None:
    first, second, third = (play.ask("1", str(n), "a").id for n in range(3))
    assert play.claim("a") == first
    play.redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            play.claim("a")
        play.cancel(first)
        play.cancel(second)
    finally:
        play.redis.config_set("maxmemory", 0)
    assert drain(play) == [third]
    assert play.left() == set()


def test_what_came_back_is_found_behind_much_that_others_have_to_draw(play: Play) -> None:
    """A host that drew many at once has gone, and the others cannot draw what it drew."""
    gone = [play.ask("1", "1", "c").id for _ in range(20)]
    assert [play.claim("c") for _ in gone] == gone
    mine, waiting = play.ask("2", "2", "a").id, play.ask("3", "3", "a").id
    assert play.claim("a") == mine
    for job in [*gone, mine]:
        play.give_back(job)
    assert [play.claim("a", "b") for _ in range(3)] == [mine, waiting, None]
