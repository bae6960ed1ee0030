"""All sessions of the bot, and the way events find theirs."""

import json
import secrets
import time

from deploy.sandbox.exchanges import Exchanges
from deploy.sandbox.model import Json
from deploy.sandbox.stream import Stream

from .intents import Intent
from .session import Session

RESUMABLE_SECONDS = 90.0
HIDDEN = ("content", "embeds", "attachments", "components")


class Hub:
    def __init__(self, stream: Stream, log: Exchanges) -> None:
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self._stream = stream
        self._log = log

    def open(self, shard: int, shards: int, intents: int) -> Session:
        session = Session(secrets.token_hex(16), shard, shards, intents)
        self.sessions[session.id] = session
        self.identifies += 1
        self._forget_lost()
        return session

    def dispatch(
        self,
        event: str,
        body: Json,
        *,
        guild_id: int | None = None,
        intent: Intent | None = None,
        private: bool = False,
    ) -> None:
        """Send an event to the sessions that want it.

        `private` marks a message whose content only sessions with the message-content intent may read.
        """
        whole = blank = None
        for session in self.sessions.values():
            if not session.takes(guild_id, intent):
                continue
            if private and not session.intents & Intent.MESSAGE_CONTENT:
                blank = blank or json.dumps({**body, **{key: "" if key == "content" else [] for key in HIDDEN}})
                self._send(session, event, blank)
            else:
                whole = whole or json.dumps(body)
                self._send(session, event, whole)

    def _send(self, session: Session, event: str, text: str) -> None:
        session.dispatch(event, text)
        self._log.dispatched(event, text, shard=session.shard, seq=session.seq, sent=session.link is not None)

    def changed(self, session: Session) -> None:
        self._stream.publish("gateway", session=session.facts())

    def lost(self, session: Session, *, resumable: bool) -> None:
        """The connection is gone; the session stays for a while when it may be resumed."""
        session.link = None
        session.lost_at = time.monotonic()
        if not resumable:
            self.sessions.pop(session.id, None)
        self.changed(session)

    def of_shard(self, shard: int | None) -> list[Session]:
        return [each for each in self.sessions.values() if shard is None or each.shard == shard]

    def _forget_lost(self) -> None:
        now = time.monotonic()
        for session in list(self.sessions.values()):
            if session.lost_at is not None and now - session.lost_at > RESUMABLE_SECONDS:
                del self.sessions[session.id]
