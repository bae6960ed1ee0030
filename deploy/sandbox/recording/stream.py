"""Live events for the page and for clients: what changed, in order, as JSON."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deploy.sandbox.state.model import Json

BACKLOG = 20_000


class Stream:
    """Fans events out; a subscriber that falls too far behind is cut off rather than held in memory."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._number = 0
        self.on_change: Callable[[], None] | None = None  # called for each event, whether or not anyone listens

    def publish(self, event: str, **facts: object) -> None:
        """Send an event to all subscribers. A fact that is a function is called only when there are any."""
        if self.on_change is not None:
            self.on_change()
        if not self._queues:
            return
        self._number += 1
        values = {name: fact() if callable(fact) else fact for name, fact in facts.items()}
        body: Json = {"n": self._number, "event": event, **values}
        text = json.dumps(body, separators=(",", ":"))
        for queue in list(self._queues):
            if queue.qsize() >= BACKLOG:
                self._queues.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(text)

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[str | None]]:
        """A queue of all events as JSON texts from here on; None means that the stream has ended."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """End the stream for all subscribers."""
        for queue in self._queues:
            queue.put_nowait(None)
