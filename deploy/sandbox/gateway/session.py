"""A bot's session: what it asked for, what it was sent, and what it can be sent again after a cut."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from deploy.sandbox.state.model import Json

from .codes import Op

REPLAYED = 4_000


class Link(Protocol):
    """The open connection of a session."""

    def send(self, text: str) -> None:
        """Queue a payload, which is JSON already."""

    def close(self, code: int, *, abort: bool = False) -> None:
        """Close with this code once everything queued is out, or with `abort` cut the TCP connection at once."""

    def hold(self, seconds: float) -> None:
        """Nothing goes out for so long; then everything does, in its order."""

    def forget(self) -> None:
        """The session has ended; what comes next has to be IDENTIFY or RESUME."""


@dataclass(slots=True)
class Session:
    """One session; `seq` is the number of its last event, `link` is None while it has no connection."""

    id: str
    shard: int
    shards: int
    intents: int
    seq: int = 0
    link: Link | None = None
    lost_at: float | None = None
    presence: Json | None = None
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAYED))
    listed: dict[int, float] = field(default_factory=dict)  # when it asked for all members of a server

    def takes(self, guild_id: int | None, intent: int | None) -> bool:
        """Whether an event of this server, asked for by this intent, belongs to this session."""
        if intent is not None and not self.intents & intent:
            return False
        shard = 0 if guild_id is None else (guild_id >> 22) % self.shards
        return shard == self.shard

    def dispatch(self, event: str, body: str) -> None:
        """Send an event; `body` is JSON already, so that many sessions can share it."""
        self.seq += 1
        text = f'{{"op":0,"t":"{event}","s":{self.seq},"d":{body}}}'
        self.sent.append((self.seq, text))
        if self.link is not None:
            self.link.send(text)

    def op(self, code: Op, data: object) -> None:
        """Send a payload that is no event; nothing happens without a connection."""
        if self.link is not None:
            self.link.send(payload(code, data))

    def can_replay(self, seq: int) -> bool:
        """Whether everything after `seq` is still there."""
        return seq == self.seq or (bool(self.sent) and self.sent[0][0] <= seq + 1)

    def replay(self, seq: int) -> None:
        """Send everything after `seq` again."""
        if self.link is not None:
            for number, text in self.sent:
                if number > seq:
                    self.link.send(text)

    def facts(self) -> Json:
        """How it stands, as JSON."""
        return {
            "session_id": self.id, "shard": self.shard, "shards": self.shards, "intents": self.intents,
            "seq": self.seq, "connected": self.link is not None, "presence": self.presence,
        }  # fmt: skip


def payload(code: Op, data: object) -> str:
    """A payload that is no event."""
    return json.dumps({"t": None, "s": None, "op": int(code), "d": data})
