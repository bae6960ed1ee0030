"""Muon: what it moves matrices by, what it leaves to AdamW, and trainings that go on."""

import copy

import pytest
import torch

from worker.starter import checkpoints, loop, muon
from worker.starter.denoiser import Denoiser, DenoiserShape, hidden_matrices
from worker.starter.loop import Length, Pace

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(("rows", "columns"), [(4, 4), (6, 40), (40, 6), (1, 9), (32, 288)])
def test_all_directions_of_a_step_are_alike_long(rows, columns):
    generator = torch.Generator().manual_seed(rows)
    matrix = torch.randn(rows, columns, generator=generator) * torch.logspace(0, -1, columns)
    made = muon.orthogonal(matrix).float()
    assert made.shape == matrix.shape
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    lengths = torch.diagonal(left.T @ made @ right.T)
    assert lengths.min() > 0.4
    assert lengths.max() < 1.3


def test_no_gradient_at_all_moves_nothing():
    assert torch.equal(muon.orthogonal(torch.zeros(3, 5)).float(), torch.zeros(3, 5))


def layers():
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3), torch.nn.SiLU(), torch.nn.Conv2d(4, 1, 3))


def hidden(model):
    return [model[2].weight]


def test_what_is_no_matrix_moves_as_with_adamw():
    model = layers()
    other = copy.deepcopy(model)
    ours = muon.Muon(model.parameters(), hidden(model), lr=0.01, weight_decay=0.1)
    adamw = torch.optim.AdamW(other.parameters(), lr=0.01, weight_decay=0.1)
    for each, optimiser in ((model, ours), (other, adamw)):
        each(torch.ones(1, 2, 6, 6)).square().sum().backward()
        optimiser.step()
    torch.testing.assert_close(model[0].weight, other[0].weight)
    torch.testing.assert_close(model[2].bias, other[2].bias)
    assert not torch.allclose(model[2].weight, other[2].weight)


def test_a_step_is_as_long_as_adamws_usually_is():
    model = layers()
    optimiser = muon.Muon(model.parameters(), hidden(model), lr=0.01, weight_decay=0.0)
    before = model[2].weight.detach().clone()
    model(torch.ones(1, 2, 6, 6)).square().sum().backward()
    optimiser.step()
    root_mean_square = (model[2].weight - before).square().mean().sqrt().item()
    assert 0.2 * 0.01 * 0.5 < root_mean_square < 0.2 * 0.01 * 1.3


def fit(folder, steps, matrices=hidden):
    model = layers()

    def loss(step):
        seen = torch.randn(4, 2, 6, 6, generator=torch.Generator().manual_seed(step))
        return (model(seen) - seen[:, :1, 2:4, 2:4]).square().mean()

    loop.fit("layers", folder, model, loss, Length(steps), Pace(0.01, warmup=1, matrices=matrices))
    return model


def test_a_training_that_was_stopped_goes_on_with_its_momentum(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "ramp", lambda *_: 1.0)
    whole = fit(tmp_path / "whole", 6)
    fit(tmp_path / "stopped", 3)
    torch.testing.assert_close(fit(tmp_path / "stopped", 6)[2].weight, whole[2].weight)


def test_a_training_that_adamw_began_goes_on_along_its_momentum(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "ramp", lambda *_: 1.0)
    fit(tmp_path, 3, loop.no_matrices)
    fit(tmp_path, 4)
    model = layers()
    optimiser = muon.Muon(model.parameters(), hidden(model))
    assert checkpoints.restore(tmp_path, model, optimiser).step == 4
    assert set(optimiser.state[model[2].weight]) == {"step", "momentum_buffer"}
    assert set(optimiser.state[model[0].weight]) == {"step", "exp_avg", "exp_avg_sq"}


def test_what_meets_the_outside_is_no_hidden_matrix(tokenizer):
    shape = DenoiserShape(channels=(16, 32), text_width=16, text_layers=1, time_width=16, latent_size=8, norm_groups=8)
    model = Denoiser(tokenizer, shape)
    moved = {id(one) for one in hidden_matrices(model)}
    names = [name for name, one in model.named_parameters() if id(one) in moved]
    assert any("resnets" in name for name in names)
    assert any(name.startswith("text.") and "mlp" in name for name in names)
    outer = ("conv_in", "conv_out", "token_embedding", "position_embedding", "time_embedding")
    assert not [name for name in names if any(each in name for each in outer)]
    assert all(one.ndim > 1 for one in hidden_matrices(model))
