"""What is tried when memory does not suffice."""

import pytest

torch = pytest.importorskip("torch")

from tests.worker.engine.engines import asked  # noqa: E402
from worker.engine.errors import OutOfMemoryError  # noqa: E402
from worker.engine.pipeline.ladder import Ladder, steps  # noqa: E402
from worker.engine.step.fitted import PATIENCE, Fitted  # noqa: E402

pytestmark = pytest.mark.engine

SHAPE = (4, 8, 8)


@pytest.mark.parametrize(
    ("most", "sparing", "tried"),
    [
        (8, False, [8, 8, 4, 2, 1]),
        (3, True, [3, 3, 1, 0]),
        (1, True, [1, 1, 0]),
        (1, False, [1, 1]),
    ],
)
def test_the_same_again_then_half_then_one(most: int, sparing: bool, tried: list[int]) -> None:
    assert list(steps(most, sparing=sparing)) == tried


class Memory:
    """Holds so many at once; notes what was tried, and when room was made."""

    def __init__(self, holds: int) -> None:
        self.holds, self.tried, self.freed = holds, list[int](), 0

    def free(self) -> None:
        self.freed += 1

    def do(self, at_once: int) -> None:
        self.tried.append(at_once)
        if at_once > self.holds:
            raise torch.OutOfMemoryError("CUDA out of memory")


def test_what_fitted_is_tried_first_the_next_time() -> None:
    memory, known = Memory(3), Fitted()
    for _ in range(2):
        Ladder("rows", known, memory.free).climb(asked(), SHAPE, 8, memory.do)
    assert memory.tried == [8, 8, 4, 2, 2]
    assert memory.freed == 3
    Ladder("rows", known, memory.free).climb(asked(), (4, 4, 4), 3, memory.do)
    assert memory.tried[5:] == [3]  # another size knows nothing of it


def test_the_sparing_way_is_not_for_ever() -> None:
    memory, known = Memory(0), Fitted()
    for _ in range(2):
        Ladder("decoded", known, memory.free, sparing=True).climb(asked(), SHAPE, 2, memory.do)
    assert memory.tried == [2, 2, 1, 0] * 2


def test_what_does_not_fit_at_all_is_told_with_its_size() -> None:
    with pytest.raises(OutOfMemoryError, match="64 × 64"):
        Ladder("rows", Fitted(), lambda: None).climb(asked(), SHAPE, 2, Memory(0).do)


def test_any_other_trouble_is_not_met_by_fewer() -> None:
    def odd(_: int) -> None:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        Ladder("rows", Fitted(), lambda: None).climb(asked(), SHAPE, 2, odd)


def test_after_a_passing_shortage_more_is_tried_again_and_nothing_is_lost_where_it_does_not_fit() -> None:
    memory, known = Memory(3), Fitted()
    ladder = Ladder("rows", known, memory.free)

    def climbs(times: int) -> list[int]:
        memory.tried.clear()
        for _ in range(times):
            ladder.climb(asked(), SHAPE, 8, memory.do)
        return memory.tried

    assert climbs(1) == [8, 8, 4, 2]
    assert climbs(PATIENCE) == [2] * PATIENCE
    memory.freed = 0
    assert climbs(1) == [4, 2]  # in vain, and no other model was let go for it
    assert memory.freed == 0
    assert climbs(2 * PATIENCE + 1) == [2] * (2 * PATIENCE) + [4, 2]
    memory.holds = 8
    assert climbs(4 * PATIENCE + 1)[-2:] == [2, 4]
    assert climbs(PATIENCE + 1) == [4] * PATIENCE + [8]
    assert climbs(2) == [8, 8]
