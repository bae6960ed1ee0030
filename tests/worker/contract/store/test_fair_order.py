"""Places that people are told while nobody asks for more are the order in which claims hand out what waits.

Whatever waits, runs or came back: in a line of up to SHORT jobs whose workers are alike, exactly. In a longer one the
place of what came back is exact, and all others are told a place behind it, about theirs (test_fair_place.py). With one
device the time told is that until then. A worker that has a model loaded may take another job of the same person first.
"""

import random
from itertools import accumulate

import pytest
import redis

from tests.worker.contract.store.fair_play import UNIT, Play
from tests.worker.contract.store.test_fair_place import ALIVE, drain, standing
from worker.contract.store import keys, scripts

LANES = ("a", "b")
SHORT = 32


@pytest.fixture
def play(redis_sync: redis.Redis) -> Play:
    return Play(redis_sync, {"w": LANES})


def mixed(play: Play, chance: random.Random, asked: int, back: int, lanes: str = "aab") -> tuple[list[str], list[str]]:
    """People of several servers ask for small and large things and some are drawn; then so many come back.

    Returns what waits beside it, and what came back.
    """
    play.weigh(s1=2, s2=1, s3=0.5)
    waiting: list[str] = []
    for _ in range(asked):
        server = chance.choice("111234")
        late = {"late": "1"} if chance.random() < 0.15 else {}
        waiting.append(
            play.ask(
                server, server + chance.choice("1123"), chance.choice(lanes), chance.choice((1, 2, 5, 9)), **late
            ).id
        )
        if chance.random() < 0.2:
            waiting.remove(drawn := play.claim(*LANES) or "")
            play.done(drawn)
    runs = [job for _ in range(back + 2) if (job := play.claim(*LANES))]  # the last two go on
    chance.shuffle(returned := runs[:back])
    for job in returned:
        play.give_back(job)
    play.redis.delete(keys.CHARGES)  # nobody has really waited: what was learnt of that is nothing
    return [job for job in waiting if job not in runs], returned


@pytest.mark.parametrize("seed", range(12))
def test_places_are_the_order_in_which_jobs_are_claimed(play: Play, seed: int) -> None:
    chance = random.Random(seed)
    waiting, back = mixed(play, chance, chance.randint(1, SHORT), seed % 4)
    told = {job: standing(play, job)[0] for job in (*waiting, *back)}
    assert sorted(told, key=lambda job: told[job]) == drain(play)
    assert sorted(told.values()) == list(range(1, len(told) + 1))


@pytest.mark.parametrize("seed", range(3))
def test_in_a_long_line_what_came_back_is_first_as_well(play: Play, seed: int) -> None:
    """And is counted once: the places of all the others are near theirs."""
    waiting, back = mixed(play, random.Random(seed), 90, 12, "a")
    assert len(waiting) > SHORT
    told = {job: standing(play, job)[0] for job in (*waiting, *back)}
    drawn = drain(play)
    assert [told[job] for job in drawn[: len(back)]] == list(range(1, len(back) + 1))
    assert min(told[job] for job in waiting) == len(back) + 1
    wrong = sum(told[job] - place for place, job in enumerate(drawn, 1)) / len(drawn)
    assert abs(wrong) < 1, wrong


def test_one_of_a_crowd_is_behind_what_came_back(play: Play) -> None:
    """Where some stand for all, and those of whom something came back for themselves."""
    waiting = [play.ask("1", str(person), "a").id for person in range(100)]
    back = [play.claim("a") or "" for _ in range(20)]
    mine = play.ask("1", "3", "a").id  # who waits for nothing but this and what came back
    for job in back:
        play.give_back(job)
    assert [standing(play, job)[0] for job in back] == list(range(1, 21))
    told = {job: standing(play, job)[0] for job in (*waiting[20:], mine)}
    for place, job in enumerate(drain(play), 1):
        if job in told:
            assert told[job] == pytest.approx(place, abs=3)


def test_what_came_back_and_others_draw_goes_before_nobody(play: Play) -> None:
    play.beat("x", ("c",))
    theirs = play.ask("1", "11", "c").id
    own = play.ask("2", "21", "a").id
    assert (play.claim("c"), play.claim("a")) == (theirs, own)
    waits = play.ask("3", "31", "a").id
    for job in (theirs, own):
        play.give_back(job)
    assert [standing(play, job)[0] for job in (theirs, own, waits)] == [1, 1, 2]


def test_four_of_whom_two_came_back_are_told_four_places(play: Play) -> None:
    """An engine died that drew two; in their messages each reads another place."""
    names = [play.ask("1", person, "a").id for person in ("1", "2", "3", "4")]
    for job in [play.claim("a") or "" for _ in range(2)]:
        play.give_back(job)
    play.redis.eval(scripts.source("announce"), 0, ALIVE, 0, 30_000)
    assert [int(play.redis.hget(keys.job(job), "place") or 0) for job in names] == [1, 2, 3, 4]


def test_who_falls_behind_the_first_five_is_told_so_at_once(play: Play) -> None:
    """Else two read of themselves that they are the fourth."""
    back = [play.ask("1", str(person), "a").id for person in range(4)]
    for _ in back:
        play.claim("a")
    names = [play.ask("1", str(person), "a").id for person in range(10, 14)]
    for job in back:
        play.give_back(job)
    play.redis.eval(scripts.source("announce"), 0, ALIVE, 0, 30_000)
    assert [int(play.redis.hget(keys.job(job), "place") or 0) for job in names] == [5, 6, 7, 8]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("back", [0, 3])
def test_the_time_told_is_that_until_it_is_done(play: Play, seed: int, back: int) -> None:
    """One device that draws nothing now, and then one job after another."""
    waiting, returned = mixed(play, random.Random(seed), 24, back)
    for job in play.redis.zrange(keys.LEASES, 0, -1):
        play.done(job.decode())
    play.redis.delete(keys.CHARGES)
    told = {job: standing(play, job)[1] for job in (*waiting, *returned)}
    drawn = drain(play)
    charges = [float(play.redis.hget(keys.job(job), "charge") or 0) for job in drawn]
    late = {job for job in drawn if play.redis.hget(keys.job(job), "late")}
    for job, done in zip(drawn, accumulate(charges), strict=True):
        assert told[job] == pytest.approx(done, abs=UNIT / 10), (job, job in late)
