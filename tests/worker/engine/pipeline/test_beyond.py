"""A picture that goes on beyond its edges: what its windows are drawn from."""

from itertools import pairwise

import pytest

torch = pytest.importorskip("torch")

from worker.contract.types.request import COUNT_MAX, SEED_MAX  # noqa: E402
from worker.engine.pipeline.beyond import seed_of_turn  # noqa: E402

pytestmark = pytest.mark.engine

TURNS = 20


@pytest.mark.parametrize("seed", [0, 5, SEED_MAX])
def test_each_window_is_drawn_from_noise_of_its_own(seed: int) -> None:
    noise = [torch.randn(4, generator=torch.Generator().manual_seed(seed_of_turn(seed, turn))) for turn in range(TURNS)]
    assert torch.equal(noise[0], torch.randn(4, generator=torch.Generator().manual_seed(seed)))
    assert not any(torch.equal(one, other) for one, other in pairwise(noise))


def test_no_window_of_a_picture_is_drawn_from_the_noise_of_another_ones() -> None:
    seeds = [seed_of_turn(7 + index, turn) for index in range(COUNT_MAX) for turn in range(TURNS)]
    assert len({*seeds}) == len(seeds)
    assert all(0 <= seed <= SEED_MAX for seed in seeds)
