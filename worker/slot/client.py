"""The engine's client: `EngineClient` for an attempt, `health` for the slot that looks for a free place.

Errors:
    EngineError
    ├── EngineAwayError    nobody listens, or the connection broke; another try may succeed
    ├── EngineTurnedError  it answers but takes no render now: busy, loading, draining, sick
    └── RenderFailedError  it tried, or will never try; carries a Reason and a Cause
"""

import http.client
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from pydantic import ValidationError

from worker.contract.message.cause_texts import logged
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason
from worker.engine.blame import died_over, suspected
from worker.engine.protocol import ALONE, FRAMES, Frame, FrameError, Health, RenderCall, RenderRefusal, read_frames

_TURNED = 503
_HEALTH_MAX = 16 * 1024 * 1024  # bytes: it names all that models with a vocabulary know


class EngineClientError(Exception):
    """Base of what can go wrong between a slot and its engine."""


class EngineAwayError(EngineClientError):
    """No engine behind the socket, or not any more."""


class EngineTurnedError(EngineClientError):
    """The engine takes no render at this moment; `reason` is its word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the engine is {reason}")
        self.reason = reason


class RenderFailedError(EngineClientError):
    """The engine's last word on this request; `detail` is for logs alone.

    An engine of an older Easel puts people's words into `detail`, so where a cause may hold some, it is said anew.
    """

    def __init__(self, reason: Reason, cause: Cause | None = None, detail: str = "") -> None:
        abridged = cause is not None and cause.for_logs != cause.data
        words = logged(cause) if cause and (abridged or not detail) else detail
        super().__init__(f"{reason}: {words}" if words else str(reason))
        self.reason, self.cause = reason, cause


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("engine", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def health(path: Path, timeout: float = 2.0) -> Health:
    """Ask the engine how it is, without an event loop. Raises EngineAwayError."""
    connection = _UnixConnection(path, timeout)
    try:
        connection.request("GET", "/health")
        return Health.read(connection.getresponse().read(_HEALTH_MAX))
    except (OSError, http.client.HTTPException, ValidationError) as error:
        raise EngineAwayError(str(error)) from error
    finally:
        connection.close()


class EngineClient:
    """Renders through the engine's socket. Use it as an async context manager.

    Args:
        path: of the socket.
        silence: seconds without a frame after which the engine counts as gone.
    """

    def __init__(self, path: Path, silence: float = 15.0) -> None:
        self._path = path
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=silence)

    async def __aenter__(self) -> Self:
        connector = aiohttp.UnixConnector(path=str(self._path))
        self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    @asynccontextmanager
    async def render(
        self, call: RenderCall, *pictures: bytes, alone: bool = False
    ) -> AsyncIterator[AsyncIterator[Frame]]:
        """Start a render, with the pictures that it begins with, and yield its frames; leaving the context cancels it.

        `alone`: it is to be drawn together with no other.

        Raises:
            EngineAwayError: the engine is gone, at the start or in the middle.
            EngineTurnedError: it takes no render now.
            RenderFailedError: it refuses this request for good.
        """
        begun = False
        try:
            body = call.encode(*pictures) if pictures else call.model_dump_json().encode()
            headers = {"Content-Type": FRAMES if pictures else "application/json"} | ({ALONE: "1"} if alone else {})
            async with self._session.post("http://engine/render", data=body, headers=headers) as answer:
                begun = answer.status == 200
                if answer.status != 200:
                    raise _refusal(answer.status, await answer.read())
                yield read_frames(answer.content)
        except (aiohttp.ClientError, TimeoutError, OSError, FrameError) as error:
            if begun and _cut(error):
                raise EngineAwayError("the engine went away in the middle of a render") from error
            if begun and isinstance(error, TimeoutError):
                raise EngineAwayError("the engine gave no sign of life in the middle of a render") from error
            raise EngineAwayError(str(error) or type(error).__name__) from error

    def died_over(self, job: str) -> bool:
        """Whether the engine, which is gone, died over this job and over no other; True where nothing is known."""
        return died_over(self._path, job)

    def suspected(self, job: str) -> bool:
        """Whether the engine lost its device while it drew this job among others."""
        return suspected(self._path, job)

    async def health(self) -> Health:
        """Ask the engine how it is. Raises EngineAwayError."""
        brief = aiohttp.ClientTimeout(total=3)
        try:
            async with self._session.get("http://engine/health", timeout=brief) as answer:
                return Health.read(await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValidationError) as error:
            raise EngineAwayError(str(error) or type(error).__name__) from error

    async def metrics(self) -> str:
        """What it counts, as Prometheus text. Raises EngineAwayError."""
        brief = aiohttp.ClientTimeout(total=3)
        try:
            async with self._session.get("http://engine/metrics", timeout=brief) as answer:
                return await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise EngineAwayError(str(error) or type(error).__name__) from error


def _cut(error: Exception) -> bool:
    """Did the connection break? A silence that was too long is told as such."""
    broke = (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, ConnectionError)
    return isinstance(error, broke) and not isinstance(error, TimeoutError)


def _refusal(status: int, body: bytes) -> EngineClientError:
    try:
        refusal = RenderRefusal.model_validate_json(body)
    except ValidationError:
        refusal = RenderRefusal(reason="", detail=f"HTTP {status}")
    if status == _TURNED:
        return EngineTurnedError(refusal.reason or "busy")
    known = refusal.reason in {reason.value for reason in Reason}
    return RenderFailedError(Reason(refusal.reason) if known else Reason.ENGINE, refusal.cause, refusal.detail)
