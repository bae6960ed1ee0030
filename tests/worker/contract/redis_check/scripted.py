"""A server that speaks Redis's protocol and answers what a test says: old versions, other brands, lost minds."""

import asyncio
from collections.abc import Callable
from typing import Self

from worker.tasks import end

Answer = bytes
UNKNOWN = "ERR unknown command `{}`, with args beginning with: "


def error(text: str) -> Answer:
    return f"-{text}\r\n".encode()


def bulk(text: str) -> Answer:
    return f"${len(text.encode())}\r\n{text}\r\n".encode()


def array(*texts: str) -> Answer:
    return f"*{len(texts)}\r\n".encode() + b"".join(map(bulk, texts))


def info(**fields: object) -> Answer:
    return bulk("# Server\r\n" + "".join(f"{name}:{value}\r\n" for name, value in fields.items()))


class Scripted:
    """Answers each command by its name, or with `otherwise` for its name.

    Args:
        answers: by command in capitals; a subcommand counts as its command.
        otherwise: makes an answer to any other command; by default it is unknown.
    """

    def __init__(
        self, answers: dict[str, Answer], otherwise: Callable[[str], Answer] = lambda name: error(UNKNOWN.format(name))
    ) -> None:
        self._answers = {"CLIENT": b"+OK\r\n", "PING": b"+PONG\r\n", "SELECT": b"+OK\r\n"} | answers
        self._otherwise = otherwise
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        # Version 2 of the protocol, as servers of that age speak it.
        self.url = f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/0?protocol=2"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await end(*self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while head := await reader.readline():
                words = [await self._word(reader) for _ in range(int(head[1:]))]
                name = words[0].decode().upper()
                writer.write(self._answers.get(name) or self._otherwise(name))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _word(self, reader: asyncio.StreamReader) -> bytes:
        size = int((await reader.readline())[1:])
        return (await reader.readexactly(size + 2))[:-2]
