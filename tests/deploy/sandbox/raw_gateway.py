"""A gateway connection by hand: what a client that no one wrote yet would send and get."""

import json
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import zstandard

from deploy.sandbox.server import Sandbox

PLAIN = "v=10&encoding=json"
ZLIB = f"{PLAIN}&compress=zlib-stream"
ZSTD = f"{PLAIN}&compress=zstd-stream"


class Wire:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse, query: str) -> None:
        self._socket = socket
        self._unpack = _unpacker(query)
        self.packed = 0  # how many payloads came compressed

    async def send(self, op: object, data: object = None) -> None:
        await self._socket.send_json({"op": op, "d": data})

    async def send_text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def receive(self) -> dict[str, Any]:
        message = await self._socket.receive(timeout=10)
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), (message, self._socket.close_code)
        self.packed += isinstance(message.data, bytes)
        text = self._unpack(message.data) if isinstance(message.data, bytes) else message.data
        return json.loads(text)

    async def until(self, event: str) -> dict[str, Any]:
        while (packet := await self.receive())["t"] != event:
            pass
        return packet

    async def until_op(self, op: int) -> dict[str, Any]:
        while (packet := await self.receive())["op"] != op:
            pass
        return packet

    async def start(self, box: Sandbox, **more: object) -> dict[str, Any]:
        """IDENTIFY; returns what READY says."""
        await self.send(2, identity(box, **more))
        ready: dict[str, Any] = (await self.until("READY"))["d"]
        return ready

    async def quiet(self) -> None:
        """Nothing waits to be received: a heartbeat is answered before anything else comes."""
        await self.send(1)
        packet = await self.receive()
        assert packet["op"] == 11, packet

    async def close_code(self) -> int | None:
        while (await self._socket.receive(timeout=10)).type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            pass
        return self._socket.close_code

    async def leave(self, code: int) -> None:
        await self._socket.close(code=code)


def _unpacker(query: str) -> Callable[[bytes], bytes]:
    if "zlib" in query:
        inflate = zlib.decompressobj()

        def unpack(data: bytes) -> bytes:
            assert data.endswith(b"\x00\x00\xff\xff")
            return inflate.decompress(data)

        return unpack
    return zstandard.ZstdDecompressor().decompressobj().decompress if "zstd" in query else zlib.decompress


@asynccontextmanager
async def dial(box: Sandbox, query: str = PLAIN, *, greeted: bool = True) -> AsyncIterator[Wire]:
    """Connect, and take HELLO unless none is expected."""
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{box.gateway_url}?{query}") as socket:
        wire = Wire(socket, query)
        if greeted:
            hello = await wire.receive()
            assert hello["op"] == 10
            assert hello["d"]["heartbeat_interval"] == round(box.hub.gateway_faults.heartbeat_seconds * 1000)
        yield wire


def identity(box: Sandbox, **more: object) -> dict[str, object]:
    return {"token": box.token, "intents": 1, "properties": {}, **more}
