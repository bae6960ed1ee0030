"""A TCP proxy before Redis that tests switch: open, away, silent, or one that swallows answers."""

import asyncio
from contextlib import suppress
from typing import Literal, Self
from urllib.parse import urlsplit

from worker.tasks import end

Mode = Literal["open", "away", "silent"]


class Proxy:
    """`mode` may change at any time. With `lose` n, each n-th answer is dropped, and its connection with it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._upstream = parts.hostname or "127.0.0.1", parts.port or 6379
        self._credentials = "".join(parts.netloc.rpartition("@")[:2])
        self.mode: Mode = "open"
        self.lose = 0
        self.lost = 0
        self._answers = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"redis://{self._credentials}127.0.0.1:{self._server.sockets[0].getsockname()[1]}/0"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await end(*self._tasks)

    async def switch(self, mode: Mode) -> None:
        """Change the mode; going away cuts every connection."""
        self.mode = mode
        self._awake.set() if mode != "silent" else self._awake.clear()
        if mode == "away":
            await end(*self._tasks)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            if self.mode != "away":
                await self._serve(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            await _closed(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_redis, to_redis = await asyncio.open_connection(*self._upstream)
        try:
            ways = [
                asyncio.create_task(self._pass(reader, to_redis, answers=False)),
                asyncio.create_task(self._pass(from_redis, writer, answers=True)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await end(*ways)
        finally:
            await _closed(to_redis)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if self.mode == "silent":
                    await self._awake.wait()
                self._answers += answers
                if answers and self.lose and self._answers % self.lose == 0:
                    self.lost += 1
                    return
                sink.write(data)
                await sink.drain()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()
