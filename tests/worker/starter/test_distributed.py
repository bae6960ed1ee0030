"""Two processes train one model: as one would with both their batches."""

import copy
import os
import socket

import pytest
import torch
from torch import multiprocessing

from worker.starter import checkpoints, distributed, loop
from worker.starter.loop import Length, Pace
from worker.starter.progress import read_losses

pytestmark = pytest.mark.engine

STEPS = 4


def train(folder, batches):
    """`batches(step)`: the inputs of a step."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Linear(5, 1))
    pace = Pace(0.1, matrices=lambda each: [one for one in each.parameters() if one.ndim > 1])
    loop.fit("line", folder, model, lambda step: (model(batches(step)) - 1).square().mean(), Length(STEPS), pace)
    return model


def batch(number):
    return torch.randn(4, 3, generator=torch.Generator().manual_seed(number))


def one_of_two(rank, port, folder):
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    torch.set_num_threads(1)
    distributed.join()
    try:
        train(folder, batch)
    finally:
        torch.distributed.destroy_process_group()


def test_two_processes_train_as_one_with_both_batches(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    multiprocessing.spawn(  # type: ignore[attr-defined] # torch's own
        one_of_two, (port, tmp_path / "two"), nprocs=2
    )
    alone = train(tmp_path / "one", lambda step: torch.cat([batch(2 * step), batch(2 * step + 1)]))
    together = copy.deepcopy(alone)
    checkpoints.restore_model(tmp_path / "two", together)
    # Muon divides in bfloat16, where gradients that differ in their last bit may round apart.
    torch.testing.assert_close(together[0].bias, alone[0].bias, rtol=0.01, atol=0.001)
    torch.testing.assert_close(together[0].weight, alone[0].weight, rtol=0.05, atol=0.01)
    assert [step for step, _ in read_losses(tmp_path / "two" / "line-loss.csv")] == list(range(STEPS))


def test_alone_nothing_is_waited_for():
    assert (distributed.rank(), distributed.size()) == (0, 1)
    assert distributed.agree([], 3.0, stop=True) == (3.0, True)
    assert distributed.shared_out(torch.neg, [torch.ones(2)])[0].tolist() == [-1, -1]
