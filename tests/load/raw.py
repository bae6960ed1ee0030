"""A bot and a person with as little around them as possible, so that a load measures the sandbox and not its client."""

import asyncio
import json
import re
import zlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

BOUNDARY = "load"
EVENT = re.compile(r'"t":"INTERACTION_CREATE"')
ID, TOKEN = re.compile(r'"d":\{"id": ?"(\d+)"'), re.compile(r'"token": ?"([^"]+)"')


class RefusedError(Exception):
    """The sandbox did not do it."""


class Http:
    """HTTP/1.1 over kept connections: writes bytes that are ready, reads a status and a body."""

    def __init__(self, base: str, authorization: str = "") -> None:
        where = urlsplit(base)
        self._host, self._port, self._prefix = where.hostname, where.port, where.path.rstrip("/")
        self._head = f"Host: {where.netloc}\r\n" + (f"Authorization: {authorization}\r\n" if authorization else "")
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def __call__(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> bytes:
        """The answer's body. Raises RefusedError."""
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection(self._host, self._port)
        head = f"{method} {self._prefix}{path} HTTP/1.1\r\n{self._head}"
        writer.write(f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", answer)
        found = await reader.readexactly(int(length[1])) if length else b""
        self._idle.append((reader, writer))
        status = int(answer[9:12])
        if status >= 300:
            raise RefusedError(f"{method} …/{path.rpartition('/')[2]}: {status} {found[:200].decode()}")
        return found

    async def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
            await writer.wait_closed()


@dataclass(frozen=True, slots=True)
class Heard:
    """An interaction as the gateway tells of it."""

    id: int
    token: str


class RawBot:
    """A session for each shard; `on_interaction` is called with every interaction as soon as it comes."""

    def __init__(self, info: dict[str, str], shards: int, on_interaction: Callable[[Heard], None]) -> None:
        self.api = Http(info["api"], f"Bot {info['token']}")
        self._info = info
        self._shards = shards
        self._on_interaction = on_interaction
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        http = await self._stack.enter_async_context(aiohttp.ClientSession())
        url = self._info["gateway"] + "?v=10&encoding=json&compress=zlib-stream"
        for shard in range(self._shards):
            socket = await self._stack.enter_async_context(http.ws_connect(url, max_msg_size=0))
            identity = {"token": self._info["token"], "intents": 1, "properties": {}, "shard": [shard, self._shards]}
            await socket.send_json({"op": 2, "d": identity})
            ready = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._listen(socket, ready)))
            await ready.wait()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.api.close()
        await self._stack.aclose()

    async def defer(self, heard: Heard) -> None:
        await self.api("POST", f"/interactions/{heard.id}/{heard.token}/callback", b'{"type":5}')

    async def edit(self, heard: Heard, body: bytes) -> None:
        path = f"/webhooks/{self._info['application_id']}/{heard.token}/messages/@original"
        await self.api("PATCH", path, body, f"multipart/form-data; boundary={BOUNDARY}")

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, ready: asyncio.Event) -> None:
        inflate = zlib.decompressobj()
        async for message in socket:
            text = inflate.decompress(message.data).decode()
            if '"t":"READY"' in text[:40]:
                ready.set()
            elif EVENT.search(text, 0, 60):
                number, token = ID.search(text), TOKEN.search(text)
                assert number is not None
                assert token is not None
                self._on_interaction(Heard(int(number[1]), token[1]))


class RawPerson:
    """Sends slash commands as somebody."""

    def __init__(self, page: str) -> None:
        self.http = Http(page.rstrip("/") + "/sandbox")

    async def slash(self, channel: str, person: str, command: str, prompt: str) -> int:
        body = {"channel": channel, "person": person, "command": command, "options": {"prompt": prompt}}
        answer = await self.http("POST", "/slash", json.dumps(body).encode())
        return int(answer[8:40].partition(b'"')[0])


def multipart(payload: dict[str, Any], filename: str, content: bytes) -> bytes:
    pieces = (
        ('name="payload_json"', "application/json", json.dumps(payload).encode()),
        (f'name="files[0]"; filename="{filename}"', "image/png", content),
    )
    heads = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\nContent-Type: {kind}\r\n\r\n"
        for name, kind, _ in pieces
    )
    parts = (head.encode() + body for head, (_, _, body) in zip(heads, pieces, strict=True))
    return b"\r\n".join(parts) + f"\r\n--{BOUNDARY}--\r\n".encode()
