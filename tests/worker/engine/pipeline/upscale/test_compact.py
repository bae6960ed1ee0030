import pytest
import torch

from worker.engine.pipeline.upscale.compact import Compact

pytestmark = pytest.mark.engine


def test_it_enlarges_and_starts_from_nearest_neighbour():
    model = Compact(features=8, convs=2, scale=4).requires_grad_(requires_grad=False)
    pictures = torch.rand(1, 3, 6, 5)
    assert model(pictures).shape == (1, 3, 24, 20)
    last = model.body[-1]
    assert isinstance(last, torch.nn.Conv2d)
    assert last.bias is not None
    torch.nn.init.zeros_(last.weight)
    torch.nn.init.zeros_(last.bias)
    torch.testing.assert_close(model(pictures), pictures.repeat_interleave(4, 2).repeat_interleave(4, 3))


@pytest.mark.parametrize(("features", "convs", "scale"), [(8, 2, 4), (12, 3, 2), (4, 1, 1)])
def test_its_sizes_are_read_from_the_weights(features, convs, scale):
    model = Compact(features, convs, scale)
    again = Compact.of(model.state_dict())
    assert again is not None
    pictures = torch.rand(1, 3, 4, 4)
    assert torch.equal(again(pictures), model(pictures))


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("body.0.weight"),
        lambda state: state.pop("body.1.weight"),
        lambda state: state.update({"conv_first.weight": torch.zeros(1)}),
        lambda state: state.update({"body.0.weight": torch.zeros(8, 4, 3, 3)}),
        lambda state: state.update({"body.200000.weight": torch.zeros(48, 8, 3, 3)}),
    ],
)
def test_another_architecture_is_none_of_its_business(change):
    state = Compact(8, 2).state_dict()
    change(state)
    assert Compact.of(state) is None
