"""The real configurations have as many parameters as was published, and each has a tiny one of the same kind."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from tests.bench.card.__main__ import options  # noqa: E402
from tests.bench.card.models import ARCHS, built, network  # noqa: E402
from worker.engine.step.families import family_of  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore")]
RANDOM = [name for name in ARCHS if name != "starter"]


@pytest.mark.parametrize("arch", RANDOM)
def test_its_shapes_are_the_real_ones(arch: str, tmp_path: Path) -> None:
    sampler = ARCHS[arch].sampler()
    with torch.device("meta"):  # no numbers, only shapes
        made = ARCHS[arch].full(tmp_path, sampler)
    sampler.set_timesteps(4, **({"mu": 1.0} if arch == "flux" else {}))  # its numbers are not where the network is
    assert sum(each.numel() for each in getattr(made, network(made)).parameters()) / 1e6 == pytest.approx(
        ARCHS[arch].millions, abs=0.1
    )
    assert family_of(made) is not None


@pytest.mark.parametrize("arch", RANDOM)
def test_a_tiny_one_of_its_kind_is_known_to_the_loop(arch: str, tmp_path: Path) -> None:
    small = built(arch, "cpu", torch.float32, tmp_path, small=True)
    assert family_of(small) is not None
    assert type(small).__name__ == type(ARCHS[arch].small(tmp_path)).__name__
    assert torch.get_default_dtype() == torch.float32


def test_all_are_tried_in_less_than_a_call_takes() -> None:
    usual = options([])
    assert usual.arch == RANDOM
    assert usual.seconds <= 480  # of 540, for a row that began just before
