"""When more is tried at once again, after it had not fitted."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.engine.step.fitted import PATIENCE, PATIENCE_MAX, Fitted

SHAPE, OTHER = (4, 8, 8), (4, 4, 4)


def tries(fitted: Fitted, holds: int, most: int) -> list[int]:
    """What is tried one after the other where so much fits."""
    more, start = fitted.more(SHAPE, most), fitted.start(SHAPE, most)
    tried = [*([more] if more else []), start]
    while tried[-1] > holds and tried[-1]:
        tried.append(tried[-1] // 2)
    done = next(each for each in tried if each <= holds)
    fitted.did(SHAPE, tried[0], done)
    return tried[: tried.index(done) + 1]


def test_each_try_in_vain_makes_the_next_one_rarer_but_never_the_last() -> None:
    fitted = Fitted()
    assert tries(fitted, 4, 12) == [12, 6, 3]
    when = [number for number in range(30_000) if tries(fitted, 3, 12)[0] > 3]
    gaps = [later - earlier for earlier, later in pairwise([-1, *when])]
    assert gaps[:3] == [PATIENCE + 1, 2 * PATIENCE + 1, 4 * PATIENCE + 1]
    assert max(gaps) == gaps[-1] == PATIENCE_MAX + 1


def test_fewer_than_fit_say_nothing_of_more() -> None:
    fitted = Fitted()
    tries(fitted, 4, 8)
    for _ in range(2 * PATIENCE):
        assert tries(fitted, 4, 2) == [2]
    assert fitted.more(SHAPE, 8) == 0
    assert fitted.more(OTHER, 8) == 0
    assert fitted.start(OTHER, 8) == 8


def test_a_shortage_in_between_begins_the_count_again() -> None:
    fitted = Fitted()
    tries(fitted, 4, 8)
    for _ in range(PATIENCE):
        tries(fitted, 4, 8)
    fitted.did(SHAPE, 4, 0)  # in tiles alone
    assert fitted == {SHAPE: 4}
    assert fitted.more(SHAPE, 8) == 0


@settings(max_examples=25)
@given(st.integers(1, 40), st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_however_memory_comes_and_goes_all_is_done_and_what_fits_comes_back(most: int, memory: list[int]) -> None:
    fitted = Fitted()
    for holds in memory:
        for _ in range(PATIENCE // 8):
            tried = tries(fitted, holds, most)
            assert 1 <= tried[-1] <= holds
    for _ in range(6 * 8 * PATIENCE):  # as many rungs, and what a few tries in vain have made of the patience
        tries(fitted, most, most)
    assert fitted.start(SHAPE, most) == most
