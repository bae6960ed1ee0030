"""A client's connection: questions to the control API, and the stream of events that waits follow."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp

from deploy.sandbox import background

from .entities import Json, SandboxError

Event = Json


class Connection:
    """Calls of the control API, and the event stream."""

    def __init__(self, base_url: str, http: aiohttp.ClientSession) -> None:
        self._base = base_url.rstrip("/")
        self._http = http
        self._listeners: set[asyncio.Queue[Event | None]] = set()

    async def get(self, path: str, /, **query: object) -> Any:
        """A GET with a query string (None is left out); returns the JSON of the answer."""
        return await self.call("GET", path, params={k: str(v) for k, v in query.items() if v is not None})

    async def post(self, path: str, /, **body: object) -> Any:
        """A POST with a JSON body (None is left out); returns the JSON of the answer."""
        return await self.call("POST", path, json={k: v for k, v in body.items() if v is not None})

    async def call(self, method: str, path: str, **more: Any) -> Any:
        """One question. Raises SandboxError when the sandbox refuses."""
        async with self._http.request(method, f"{self._base}/sandbox{path}", **more) as answer:
            payload = await answer.json()
            if answer.status != 200:
                raise SandboxError(answer.status, payload)
            return payload

    async def fetch(self, url: str) -> bytes:
        """The bytes behind a link of the CDN."""
        async with self._http.get(url) as answer:
            if answer.status != 200:
                raise SandboxError(answer.status, {"message": await answer.text()})
            return await answer.read()

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Receive events while the block lasts; nothing that happens in it is missed."""
        async with self._http.ws_connect(f"{self._base}/sandbox/events", max_msg_size=0) as events:
            await events.receive()  # the server's "hello"
            pump = background.start("The sandbox's stream of events ended", lambda: self._pump(events))
            try:
                yield
            finally:
                pump.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await pump

    @contextlib.contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event | None]]:
        """A queue of the events from here on; None means that the sandbox went away."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    @staticmethod
    async def next_event(
        queue: asyncio.Queue[Event | None], timeout: float, what: str, wanted: Callable[[Event], bool]
    ) -> Event:
        """The first event that is as wanted. Raises TimeoutError that names `what` was waited for."""
        try:
            async with asyncio.timeout(timeout):
                while (event := await queue.get()) is not None:
                    if wanted(event):
                        return event
        except TimeoutError:
            raise TimeoutError(f"waited {timeout} s for {what}") from None
        raise ConnectionError("the sandbox went away")

    async def _pump(self, events: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in events:
                for event in json.loads(message.data):
                    for queue in self._listeners:
                        queue.put_nowait(event)
        finally:
            for queue in self._listeners:
                queue.put_nowait(None)
