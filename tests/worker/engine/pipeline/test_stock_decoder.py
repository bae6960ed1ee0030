"""A stock pipeline's decoder that is lifted to another format: in the room made, and as ever afterwards."""

import contextlib
from types import SimpleNamespace
from typing import Any, cast

import pytest

torch = pytest.importorskip("torch")

from tests.worker.contract.factories import request  # noqa: E402
from worker.engine.errors import OutOfMemoryError  # noqa: E402
from worker.engine.pipeline.ladder import Ladder  # noqa: E402
from worker.engine.pipeline.stock_decoder import in_parts  # noqa: E402
from worker.engine.step.fitted import Fitted  # noqa: E402

pytestmark = pytest.mark.engine

TASK = cast("Any", SimpleNamespace(request=request(), check=lambda: None))


class Decoder(torch.nn.Module):  # type: ignore[name-defined] # importorskip hides it
    """Its first part is lifted, then there is too little memory, so many times."""

    def __init__(self, fails: int, error: Exception) -> None:
        super().__init__()
        self.one, self.two = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
        self.fails, self.error = fails, error

    def decode(self, latents: Any) -> tuple[Any]:
        return (latents.to(self.two.weight.dtype),)

    def to(self, *args: Any, **kwargs: Any) -> Any:
        self.one.to(*args, **kwargs)
        if self.fails:
            self.fails -= 1
            raise self.error
        return super().to(*args, **kwargs)


def lifted(fails: int, error: Exception) -> tuple[Decoder, int]:
    """The decoder after it was lifted, and how often room was made."""
    decoder, freed = Decoder(fails, error), list[None]()
    ladder = Ladder("pictures decoded", Fitted(), lambda: freed.append(None), sparing=True)
    try:
        with in_parts(decoder, ladder, TASK, lambda _: contextlib.nullcontext()):
            assert decoder.to(dtype=torch.float64) is decoder
            assert decoder.decode(torch.zeros(1, 1))[0].dtype == torch.float64
    finally:
        assert not {"to", "decode"} & vars(decoder).keys()
    return decoder, len(freed)


FULL = torch.OutOfMemoryError("CUDA out of memory")


@pytest.mark.parametrize("fails", [0, 1, 2])
def test_it_is_lifted_in_the_room_made(fails: int) -> None:
    decoder, freed = lifted(fails, FULL)
    assert freed == fails
    assert {each.dtype for each in decoder.parameters()} == {torch.float64}


def test_no_room_at_all_is_told() -> None:
    with pytest.raises(OutOfMemoryError):
        lifted(9, FULL)


def test_other_errors_are_themselves_and_are_not_tried_again() -> None:
    with pytest.raises(KeyError):
        lifted(1, KeyError("x"))
