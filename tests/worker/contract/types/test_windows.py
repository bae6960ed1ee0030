"""Windows around a picture: all of the rest is drawn, each goes on from what is there, nothing is drawn for nothing."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worker.contract.types.windows import Box, windows

sides = st.integers(8, 40).map(lambda each: each * 8)


def cells(box: Box) -> set[tuple[int, int]]:
    left, top, right, bottom = (each // 8 for each in box.edges)
    return {(x, y) for x in range(left, right) for y in range(top, bottom)}


@given(st.tuples(sides, sides), st.tuples(sides, sides), st.tuples(sides, sides), st.data())
def test_windows_cover_the_rest_and_go_on_from_what_is_there(
    picture: tuple[int, int], more: tuple[int, int], window: tuple[int, int], data: st.DataObject
) -> None:
    whole = picture[0] + more[0], picture[1] + more[1]
    assume(window[0] <= picture[0] and window[1] <= picture[1])
    left, top = (data.draw(st.integers(0, each // 8)) * 8 for each in more)
    kept = Box(left, top, *picture)
    known = cells(kept)
    for each in windows(whole, kept, window):
        assert (each.width, each.height) == window
        assert known & cells(each)
        known |= cells(each)
    assert known == cells(Box(0, 0, *whole))


@pytest.mark.parametrize(
    ("whole", "found"),
    [
        ((768, 768), [(0, 0), (256, 0), (0, 256), (256, 256)]),
        ((1024, 1024), [(256, 0), (0, 256), (512, 256), (256, 512), (0, 0), (512, 0), (0, 512), (512, 512)]),
        ((768, 512), [(0, 0), (256, 0)]),
        ((512, 1024), [(0, 0), (0, 512)]),
    ],
)
def test_around_a_square_each_window_shows_half_of_what_is_there(
    whole: tuple[int, int], found: list[tuple[int, int]]
) -> None:
    kept = Box((whole[0] - 512) // 2, (whole[1] - 512) // 2, 512, 512)
    every = windows(whole, kept, (512, 512))
    assert [(each.left, each.top) for each in every] == found
    known = cells(kept)
    for each in every:
        assert len(known & cells(each)) >= len(cells(each)) / 2
        known |= cells(each)


def test_windows_overlap_each_other_by_half_at_least() -> None:
    along = [each.left for each in windows((1152, 512), Box(0, 0, 512, 512), (512, 512))]
    assert along == [208, 424, 640]
