"""The place and the time that people are told, against what then happens."""

import random

import pytest
import redis

from tests.worker.contract.store.fair_play import UNIT, Play
from worker.contract.store import keys, scripts

ALIVE = 3_600_000  # a busy machine takes its time


@pytest.fixture
def play(redis_sync: redis.Redis) -> Play:
    return Play(redis_sync, {"w": ("a", "b")})


def standing(play: Play, job: str) -> tuple[int, float]:
    place, eta = play.redis.eval(scripts.source("standing"), 0, job, ALIVE)
    return place, eta


def crowd(play: Play, seed: int, charges: tuple[int, ...], lanes: str) -> list[str]:
    """People of five servers who ask, and are drawn for now and then; those that wait in the end."""
    chance, waiting = random.Random(seed), []
    play.weigh(s1=2, s2=1, s3=0.5)
    for _ in range(120):
        server = chance.choice("11123456")
        person = server + chance.choice("112345")
        waiting.append(play.ask(server, person, chance.choice(lanes), chance.choice(charges)).id)
        if chance.random() < 0.3:
            drawn = play.claim("a", "b")
            waiting.remove(drawn or "")
            play.done(drawn or "")
    play.redis.delete(keys.CHARGES)  # nobody has really waited: what was learnt of that is nothing
    return waiting


def drain(play: Play) -> list[str]:
    found = []
    while (job := play.claim("a", "b")) is not None:
        found.append(job)
        play.done(job)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_it_is_right_where_all_jobs_are_alike(play: Play, seed: int) -> None:
    waiting = crowd(play, seed, (2,), "a")
    told = {job: standing(play, job)[0] for job in waiting}
    drawn = drain(play)
    wrong = [abs(told[job] - place) for place, job in enumerate(drawn, 1)]
    assert sorted(waiting) == sorted(drawn)
    assert max(wrong) <= 2, [(told[job], place) for place, job in enumerate(drawn, 1)]
    assert sum(wrong) / len(wrong) < 0.5


@pytest.mark.parametrize("seed", range(3))
def test_it_is_near_where_they_are_not(play: Play, seed: int) -> None:
    waiting = crowd(play, seed, (1, 2, 5, 9), "aab")
    told = {job: standing(play, job) for job in waiting}
    passed, wrong = 0.0, []
    for job in drain(play):
        passed += float(play.redis.hget(keys.job(job), "charge") or 0)
        wrong.append(abs(told[job][1] - passed) / passed)
    wrong.sort()
    assert wrong[len(wrong) // 2] < 0.25
    assert wrong[len(wrong) * 9 // 10] < 0.6


def test_who_comes_to_a_flood_is_told_to_be_near_the_front(play: Play) -> None:
    for _ in range(300):
        play.ask("1", "11", "a")
    assert play.claim("a")
    same, other = play.ask("1", "12", "a").id, play.ask("2", "21", "a").id
    assert standing(play, same)[0] <= 3
    assert standing(play, other)[0] <= 2


def test_what_is_late_comes_after_all_else(play: Play) -> None:
    play.ask("1", "11", "a", late="1")
    late = play.ask("1", "11", "a", late="1").id
    for _ in range(5):
        play.ask("2", "21", "b")
    place, eta = standing(play, late)
    assert place == 7
    assert eta == 7 * 2 * UNIT


def test_what_others_draw_does_not_count(play: Play) -> None:
    play.beat("x", ("c",))
    for _ in range(5):
        play.ask("1", "11", "c")
    mine = play.ask("1", "11", "a").id
    assert standing(play, mine) == (1, 2 * UNIT)


@pytest.mark.parametrize("people", [250, 600])
def test_beyond_two_hundred_it_is_estimated_by_their_mean(play: Play, people: int) -> None:
    names = [play.ask("1", str(person), "a").id for person in range(people)]
    for place in (1, 150, people - 40):
        assert standing(play, names[place - 1])[0] == pytest.approx(place, abs=0.01 * people + 1)


def flooded(play: Play, servers: int) -> list[str]:
    """One person with a third of all jobs, many servers with one or two, some with more."""
    chance = random.Random(servers)
    waiting = [play.ask("7", "71", "a", chance.choice((1, 2, 5))).id for _ in range(servers // 2)]
    for server in range(100, 100 + servers):
        waiting += [
            play.ask(str(server), str(server), chance.choice("aab"), chance.choice((1, 2, 5))).id
            for _ in range(min(20, int(chance.paretovariate(1))))
        ]
    for _ in range(servers // 2):
        drawn = play.claim("a", "b") or ""
        waiting.remove(drawn)
        play.done(drawn)
    play.redis.delete(keys.CHARGES)
    return waiting


def calls(play: Play, job: str) -> int:
    """How many commands an estimate takes."""
    play.redis.config_resetstat()
    standing(play, job)
    return sum(each["calls"] for each in play.redis.info("commandstats").values())


def test_a_few_stand_for_a_crowd(play: Play) -> None:
    """Also where an older process keeps no list of who has the most in line, less exactly."""
    waiting = flooded(play, 120)
    assert calls(play, waiting[-1]) < 150
    chosen = random.Random(1).sample(waiting, 60)
    told = {job: standing(play, job)[0] for job in chosen}
    play.redis.delete(*play.redis.scan_iter(f"{keys.FAIR}most:*"))
    roughly = {job: standing(play, job)[0] for job in chosen}
    places = {job: place for place, job in enumerate(drain(play), 1)}
    for found, half, most in ((told, 0.12, 0.5), (roughly, 0.6, 1.5)):
        wrong = sorted(abs(found[job] - places[job]) / places[job] for job in chosen)
        assert wrong[30] < half, wrong
        assert wrong[54] < most, wrong
