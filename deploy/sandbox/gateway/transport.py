"""The way out to one client: payloads in their order, compressed as the client asked."""

import asyncio
import contextlib
import zlib
from collections.abc import Callable

from aiohttp import web

from .codes import REASONS, Close
from .gateway_faults import GatewayFaults

try:
    import zstandard
except ImportError:  # an optional package; a client that asks for zstd-stream then gets plain text
    zstandard = None  # type: ignore[assignment]

BACKLOG = 20_000
WORTH_PACKING = 1_024  # bytes; smaller payloads go out plain even when a client takes packed ones

Pack = Callable[[str], str | bytes]


class Transport:
    """Sends in the background: no one waits for a slow client, and one that falls too far behind is cut off."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, gateway_faults: GatewayFaults) -> None:
        self.closed_with: int | None = None
        self._socket = socket
        self._request = request
        self._gateway_faults = gateway_faults
        self._pack = packer(request.query.get("compress"))
        self._held_until = 0.0
        self._queue: asyncio.Queue[tuple[float, str | int, str]] = asyncio.Queue()

    @property
    def compressed(self) -> bool:
        """Whether payloads are compressed before they are sent."""
        return self._pack is not plain

    def pack_payloads(self) -> None:
        """From here on compress each larger payload by itself, unless the transport does already."""
        if not self.compressed:
            self._pack = each_by_itself

    def send(self, text: str) -> None:
        """Queue a payload; a client that is too far behind is cut off."""
        if self.closed_with is not None:
            return
        if self._queue.qsize() >= BACKLOG:
            self.close(Close.UNKNOWN, abort=True)
        else:
            self._queue.put_nowait((self._due(), text, ""))

    def close(self, code: int, reason: str | None = None, *, abort: bool = False) -> None:
        """Close with a code once what was sent before is out, or cut the TCP connection at once."""
        if self.closed_with is None:
            self.closed_with = 1006 if abort else code
        if abort:
            self.cut()
        self._queue.put_nowait((0.0, code, reason or REASONS.get(code, "")))

    def cut(self) -> None:
        """End the TCP connection now."""
        if self._request.transport is not None:
            self._request.transport.abort()

    def hold(self, seconds: float) -> None:
        """Let nothing out for so long; not even what still waits to go."""
        self._held_until = asyncio.get_running_loop().time() + seconds

    async def run(self) -> None:
        """Send until the connection is closed."""
        with contextlib.suppress(ConnectionError):
            while True:
                due, item, reason = await self._queue.get()
                await self._wait(max(due, self._held_until))
                if isinstance(item, int):
                    await self._socket.close(code=item, message=reason.encode())
                    return
                packed = self._pack(item)
                if isinstance(packed, str):
                    await self._socket.send_str(packed)
                else:
                    await self._socket.send_bytes(packed)

    def _due(self) -> float:
        late = self._gateway_faults.late
        return asyncio.get_running_loop().time() + late if late else 0.0

    @staticmethod
    async def _wait(due: float) -> None:
        if due:
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))


def packer(wanted: str | None) -> Pack:
    """What turns the payloads of one connection into messages."""
    if wanted == "zlib-stream":
        return _zlib_stream()
    if wanted == "zstd-stream" and zstandard is not None:
        return _zstd_stream()
    return plain


def plain(text: str) -> str:
    """No compression."""
    return text


def each_by_itself(text: str) -> str | bytes:
    """Zlib for each payload that is large enough, as `"compress": true` in IDENTIFY asks for."""
    return zlib.compress(text.encode()) if len(text) >= WORTH_PACKING else text


def _zlib_stream() -> Pack:
    stream = zlib.compressobj(1)  # the least: loopback is fast
    return lambda text: stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> Pack:
    stream, block = zstandard.ZstdCompressor().compressobj(), zstandard.COMPRESSOBJ_FLUSH_BLOCK
    return lambda text: stream.compress(text.encode()) + stream.flush(block)
