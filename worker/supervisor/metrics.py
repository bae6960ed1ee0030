"""What all parts of a worker count, in one place for Prometheus: theirs by a pipe, the engine's by its socket.

The same for the poster of several cards, which belongs to none of their workers.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from worker.contract.metrics.board import Board
from worker.contract.metrics.lines import PIPE, take
from worker.contract.metrics.serve import served
from worker.contract.metrics.table import WORKER, Metric
from worker.slot.client import EngineAwayError, EngineClient

log = logging.getLogger("worker")

OF_CARD = "gpu"  # before its number: the name of a card's worker
_LINE_MAX = 64 * 1024


class Gathered:
    """One worker's.

    Args:
        address: host and port to serve them at; empty: nothing is gathered.
        table: what is gathered.

    Attributes:
        board: where they are kept.
        environment: what a part has to be told besides.
    """

    def __init__(self, address: str, table: Iterable[Metric] = WORKER) -> None:
        self._address = address
        self.board = Board(table)
        self._read, self._write = os.pipe() if address else (-1, -1)
        self.environment = {PIPE: str(self._write)} if address else {}

    def inherits(self, env: Mapping[str, str]) -> tuple[int, ...]:
        """The open files of a part with this environment."""
        return (self._write,) if PIPE in env else ()

    def died(self, name: str) -> None:
        """A part ended by itself."""
        self.board.count("easel_worker_restarts_total", part=_part(name))

    @asynccontextmanager
    async def served(
        self, engine: EngineClient | None, pids: Callable[[], Mapping[str, int | None]]
    ) -> AsyncIterator[None]:
        """Gather and serve while the block runs. `pids`: of the parts, by their names."""
        if not self._address:
            yield
            return
        reader = asyncio.StreamReader(limit=_LINE_MAX)
        protocol = asyncio.StreamReaderProtocol(reader)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(self._read, "rb"))
        taking = asyncio.create_task(self._take(reader))

        async def text() -> str:
            self._weigh(pids())
            try:
                return self.board.text() + (await engine.metrics() if engine else "")
            except EngineAwayError:
                return self.board.text()

        try:
            async with served(self._address, text, log):
                yield
        finally:
            taking.cancel()
            pipe.close()
            os.close(self._write)

    async def _take(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            take(self.board, line)

    def _weigh(self, pids: Mapping[str, int | None]) -> None:
        sums = {"supervisor": _resident(os.getpid())}
        for name, pid in pids.items():
            sums[_part(name)] = sums.get(_part(name), 0) + (_resident(pid) if pid else 0)
        for part, size in sums.items():
            self.board.set("easel_worker_memory_bytes", size, part=part)


def _part(name: str) -> str:
    return {"slot-": "slot", OF_CARD: "worker"}.get(name.rstrip("0123456789"), name)


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the kernel does not tell (not Linux)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
