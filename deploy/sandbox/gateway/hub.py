"""All sessions of the bot, and the way events find theirs."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Iterator

from deploy.sandbox.recording.exchanges import Exchanges
from deploy.sandbox.recording.stream import Stream
from deploy.sandbox.state.model import Json

from .codes import Close, Op
from .gateway_faults import GatewayFaults
from .intents import Intent
from .session import Session
from .session_limits import SessionLimits

RESUMABLE_SECONDS = 90.0
CLOSED_AFTER_RECONNECT = 5.0  # seconds that a client has to leave by itself


class Hub:
    """Keeps the sessions, sends them their events, and ends them."""

    def __init__(self, stream: Stream, log: Exchanges, session_limits: SessionLimits) -> None:
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.session_limits = session_limits
        self.gateway_faults = GatewayFaults()
        self.after_send: Callable[[Hub, Session], None] | None = None  # asked after each event that was sent
        self._stream = stream
        self._log = log

    def open(self, shard: int, shards: int, intents: int) -> Session:
        """A new session after IDENTIFY; `shards` is how many the client runs, `intents` what it asked for."""
        session = Session(secrets.token_hex(16), shard, shards, intents)
        self.sessions[session.id] = session
        self.identifies += 1
        return session

    def dispatch(
        self, event: str, body: Json, *, guild_id: int | None = None, intent: Intent | None = None,
        hidden: Json | None = None,
    ) -> None:  # fmt: skip
        """Send an event to the sessions that want it; it is serialised once for all of them.

        Those without the message-content intent get `hidden` in its place, when there is one.
        """
        texts: dict[bool, str] = {}
        for session in self.wanting(guild_id, intent):
            hide = hidden is not None and hidden is not body and not session.intents & Intent.MESSAGE_CONTENT
            if hide not in texts:
                texts[hide] = json.dumps(hidden if hide else body)
            self.send(session, event, texts[hide])

    def wanting(self, guild_id: int | None, intent: Intent | None) -> Iterator[Session]:
        """The sessions that take an event of this server, asked for by this intent."""
        return (each for each in list(self.sessions.values()) if each.takes(guild_id, intent))

    def send(self, session: Session, event: str, text: str) -> None:
        """Send an event to one session; `text` is its body as JSON."""
        session.dispatch(event, text)
        self._log.dispatched(event, text, shard=session.shard, seq=session.seq, sent=session.link is not None)
        if self.after_send is not None:
            self.after_send(self, session)

    def changed(self, session: Session) -> None:
        """Tell the page and clients how a session stands."""
        self._stream.publish("gateway", session=session.facts())

    def lost(self, session: Session, *, resumable: bool) -> None:
        """The connection is gone; the session stays for a while when it may be resumed."""
        if not resumable:
            self.end(session)
            return
        session.link, session.lost_at = None, time.monotonic()
        asyncio.get_running_loop().call_later(RESUMABLE_SECONDS, self._end_if_lost, session, session.lost_at)
        self.changed(session)

    def end(self, session: Session) -> None:
        """The session is over: nothing more is sent, and it cannot be resumed."""
        self.sessions.pop(session.id, None)
        if session.link is not None:
            session.link.forget()
            session.link = None
        self.changed(session)

    def end_all(self, code: Close) -> None:
        """Close all connections with this code and end their sessions."""
        for session in list(self.sessions.values()):
            if session.link is not None:
                session.link.close(code)
            self.end(session)

    def reconnect(self, session: Session) -> None:
        """Op 7; a client that does not follow it is cut off a little later."""
        session.op(Op.RECONNECT, None)
        if session.link is not None:
            asyncio.get_running_loop().call_later(CLOSED_AFTER_RECONNECT, session.link.close, Close.UNKNOWN)

    def invalidate(self, session: Session, *, resumable: bool) -> None:
        """Op 9."""
        session.op(Op.INVALID, resumable)
        if not resumable:
            self.end(session)

    def resumable(self, session_id: object) -> Session | None:
        """The session that RESUME names, if it still exists."""
        return self.sessions.get(str(session_id))

    def of_shard(self, shard: int | None) -> list[Session]:
        """The sessions of one shard, or all."""
        return [each for each in self.sessions.values() if shard is None or each.shard == shard]

    def _end_if_lost(self, session: Session, at: float) -> None:
        if session.lost_at == at:
            self.end(session)
