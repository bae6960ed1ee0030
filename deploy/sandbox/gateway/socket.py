"""One connection to the gateway: opcodes, heartbeats, compression and close codes."""

import asyncio
import contextlib
import json
import time
import zlib
from typing import Any

from aiohttp import WSMsgType, web

from deploy.sandbox import wire
from deploy.sandbox.model import Json
from deploy.sandbox.world import World

from .hub import Hub
from .intents import KNOWN, PRIVILEGED, Intent
from .session import Session

HEARTBEAT_MS = 41_250
ACK_SECONDS = 0.02
COMMANDS_PER_MINUTE = 120
DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS = 0, 1, 2, 3, 4, 6, 7, 8
INVALID, HELLO, ACK = 9, 10, 11
QUIET = {PRESENCE, VOICE, MEMBERS, 31}

UNKNOWN_OP, NOT_JSON, NOT_IDENTIFIED, BAD_TOKEN, TWICE, BAD_SEQ, TOO_FAST, TIMED_OUT = (
    4001, 4002, 4003, 4004, 4005, 4007, 4008, 4009,
)  # fmt: skip
BAD_SHARD, BAD_VERSION, BAD_INTENTS, DENIED_INTENTS = 4010, 4012, 4013, 4014
# After these a client has to start a new session.
FINAL = {1000, 1001, BAD_TOKEN, BAD_SEQ, TIMED_OUT, BAD_SHARD, BAD_VERSION, BAD_INTENTS, DENIED_INTENTS}


class CloseError(Exception):
    """The connection ends with this close code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"close code {code}")
        self.code = code


class Socket:
    """Speaks the gateway protocol with one client."""

    def __init__(self, request: web.Request, world: World, hub: Hub, token: str, resume_url: str) -> None:
        self._request = request
        self._world = world
        self._hub = hub
        self._token = token
        self._resume_url = resume_url
        self._ws = web.WebSocketResponse(compress=False, max_msg_size=1 << 20)
        self._queue: asyncio.Queue[str | int] = asyncio.Queue()
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._session: Session | None = None
        self._received: list[float] = []
        self._closed_with: int | None = None

    async def run(self) -> web.WebSocketResponse:
        await self._ws.prepare(self._request)
        writer = asyncio.create_task(self._write())
        code = 1000
        try:
            self._greet()
            code = await self._read()
        except CloseError as closed:
            code = closed.code
            self.close(code)
        finally:
            self._part(code)
            await self._finish(writer)
        return self._ws

    def send_text(self, text: str) -> None:
        self._queue.put_nowait(text)

    def close(self, code: int, *, abort: bool = False) -> None:
        """Close with a code, or cut the TCP connection when `abort` is set."""
        self._closed_with = 1006 if abort else code
        if abort and self._request.transport is not None:
            self._request.transport.abort()
        self._queue.put_nowait(code)

    def _op(self, code: int, data: object) -> None:
        self.send_text(json.dumps({"op": code, "d": data, "s": None, "t": None}))

    def _greet(self) -> None:
        if self._request.query.get("v", "10") not in ("9", "10"):
            raise CloseError(BAD_VERSION)
        self._op(HELLO, {"heartbeat_interval": HEARTBEAT_MS, "_trace": []})

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                item = await self._queue.get()
                if isinstance(item, int):
                    await self._ws.close(code=item)
                    return
                if self._zlib is None:
                    await self._ws.send_str(item)
                else:
                    packed = self._zlib.compress(item.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self._ws.send_bytes(packed)

    async def _finish(self, writer: asyncio.Task[None]) -> None:
        self._queue.put_nowait(1000)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(writer, 5)

    async def _read(self) -> int:
        """Handle what the client sends until the connection ends; returns the code that it ended with."""
        while True:
            try:
                message = await self._ws.receive(timeout=HEARTBEAT_MS / 1000 * 1.6)
            except TimeoutError:
                raise CloseError(TIMED_OUT) from None
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                # What a client answers to our own close says nothing.
                return self._closed_with or self._ws.close_code or 1006
            self._count()
            try:
                packet = json.loads(message.data)
                code, data = int(packet["op"]), packet.get("d")
            except (ValueError, KeyError, TypeError):
                raise CloseError(NOT_JSON) from None
            self._handle(code, data)

    def _count(self) -> None:
        now = time.monotonic()
        self._received = [at for at in self._received if now - at < 60]
        self._received.append(now)
        if len(self._received) > COMMANDS_PER_MINUTE:
            raise CloseError(TOO_FAST)

    def _handle(self, code: int, data: Any) -> None:
        if code == HEARTBEAT:
            # Not at once: discord.py notes when it sent a heartbeat only after sending it.
            asyncio.get_running_loop().call_later(ACK_SECONDS, self._op, ACK, None)
        elif code == IDENTIFY:
            self._identify(data)
        elif code == RESUME:
            self._resume(data)
        elif code not in QUIET:
            raise CloseError(UNKNOWN_OP)
        elif self._session is None:
            raise CloseError(NOT_IDENTIFIED)

    def _check_token(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise CloseError(NOT_JSON)
        if str(data.get("token", "")).removeprefix("Bot ") != self._token:
            raise CloseError(BAD_TOKEN)

    def _identify(self, data: Any) -> None:
        if self._session is not None:
            raise CloseError(TWICE)
        self._check_token(data)
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            raise CloseError(BAD_SHARD)
        intents = data.get("intents")
        if not isinstance(intents, int) or not 0 <= intents <= KNOWN:
            raise CloseError(BAD_INTENTS)
        if intents & PRIVILEGED and not self._world.privileged_intents:
            raise CloseError(DENIED_INTENTS)
        session = self._session = self._hub.open(shard, shards, intents)
        session.link = self
        self._ready(session)
        self._hub.changed(session)

    def _ready(self, session: Session) -> None:
        guilds = [g for g in self._world.guilds.values() if g.bot_installed and session.takes(g.id, None)]
        body: Json = {
            "v": 10, "user": wire.me(self._world.bot), "session_id": session.id, "session_type": "normal",
            "resume_gateway_url": self._resume_url, "shard": [session.shard, session.shards],
            "application": {"id": str(self._world.app_id), "flags": wire.application_flags(self._world)},
            "guilds": [{"id": str(each.id), "unavailable": True} for each in guilds],
            "private_channels": [], "relationships": [], "presences": [], "user_settings": {}, "_trace": [],
        }  # fmt: skip
        session.dispatch("READY", json.dumps(body))
        if session.intents & Intent.GUILDS:
            every = bool(session.intents & Intent.GUILD_MEMBERS)
            for guild in guilds:
                session.dispatch("GUILD_CREATE", json.dumps(wire.guild_create(guild, self._world, all_members=every)))

    def _resume(self, data: Any) -> None:
        self._check_token(data)
        session, seq = self._hub.sessions.get(str(data.get("session_id"))), data.get("seq")
        if session is None or not isinstance(seq, int):
            self._op(INVALID, False)
            return
        if seq > session.seq:
            raise CloseError(BAD_SEQ)
        if not session.can_replay(seq):
            self._op(INVALID, False)
            return
        if session.link is not None:
            session.link.close(4000)
        self._session, session.link, session.lost_at = session, self, None
        session.replay(seq)
        session.dispatch("RESUMED", "{}")
        self._hub.changed(session)

    def _part(self, code: int) -> None:
        session = self._session
        if session is not None and session.link is self:
            self._hub.lost(session, resumable=code not in FINAL)
