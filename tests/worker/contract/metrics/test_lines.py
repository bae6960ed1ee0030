"""What forked processes count reaches the one that stays: once, whole, and never at the price of a wait."""

import os
import select
import signal
from collections.abc import Iterator

import pytest

from worker.contract.metrics.board import Board
from worker.contract.metrics.counts import NO_METRICS
from worker.contract.metrics.lines import PIPE, MetricsPipe, metrics_of, take
from worker.contract.metrics.table import LOST, WORKER

ATTEMPTS = "easel_slot_attempts_total"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    for file in (read, write):
        os.close(file)


def _taken(read: int, board: Board) -> str:
    os.set_blocking(read, False)
    data = b""
    while select.select([read], [], [], 0)[0] and (part := os.read(read, 1 << 20)):
        data += part
    for line in data.splitlines():
        take(board, line)
    return board.text()


def test_each_of_many_forked_processes_is_counted_once_whatever_its_end(pipe: tuple[int, int]) -> None:
    """As attempts do: forked from a slot that has counted as well, and some of them killed at once after it."""
    read, write = pipe
    metrics, board = MetricsPipe(write), Board(WORKER)
    metrics.count(ATTEMPTS, outcome="unwanted")
    for number in range(40):
        child = os.fork()
        if child == 0:
            metrics.count(ATTEMPTS, outcome="rendered")
            metrics.observe("easel_slot_wait_seconds", 2.0, model="sdxl")
            if number % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(0)
        os.waitpid(child, 0)
    text = _taken(read, board)
    assert f'{ATTEMPTS}{{outcome="rendered"}} 40.0' in text
    assert f'{ATTEMPTS}{{outcome="unwanted"}} 1.0' in text
    assert 'easel_slot_wait_seconds_sum{model="sdxl"} 80.0' in text


def test_a_full_pipe_holds_nobody_up_and_is_told_of(pipe: tuple[int, int]) -> None:
    read, write = pipe
    metrics, board = MetricsPipe(write), Board(WORKER)
    for _ in range(20_000):
        metrics.count(ATTEMPTS, outcome="failed")
    _taken(read, board)
    for _ in range(2):  # the loss is told with the first of them alone
        metrics.count(ATTEMPTS, outcome="failed")
    text = _taken(read, board)
    counted = float(text.split(f'{ATTEMPTS}{{outcome="failed"}} ')[1].split()[0])
    lost = float(text.split(f"\n{LOST} ")[1].split()[0])
    assert 0 < lost < 20_000
    assert counted + lost == 20_002


def test_a_reader_that_has_gone_is_nobodys_trouble() -> None:
    read, write = os.pipe()
    os.close(read)
    MetricsPipe(write).count(ATTEMPTS, outcome="failed")
    os.close(write)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{}", b"[1]", b"\xff", b'["count"]', b'["fall","a",1,{},0]',
        b'["count","easel_worker_reaped_total","x",{},0]',
        b'["count","easel_worker_reaped_total",1,[],0]', b'["count","unknown",1,{},0]',
    ],
)  # fmt: skip
def test_a_line_that_is_none_counts_nothing(line: bytes) -> None:
    board = Board(WORKER)
    take(board, line)
    assert "easel_worker_reaped_total 0.0" in board.text()


def test_a_part_without_a_supervisor_counts_nowhere() -> None:
    assert metrics_of({}) is NO_METRICS
    assert metrics_of({PIPE: "many"}) is NO_METRICS
    assert metrics_of({PIPE: "999"}) is NO_METRICS
