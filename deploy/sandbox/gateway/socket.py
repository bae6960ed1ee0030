"""One connection to the gateway: what comes in, heartbeats, and the codes that end it."""

import asyncio
import json
import time
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from deploy.sandbox import background, serialise
from deploy.sandbox.state.model import Json
from deploy.sandbox.state.world import World

from . import guilds, identify, requests
from .codes import CLIENT_LEAVING, SESSION_ENDING, Close, CloseError, Op
from .hub import Hub
from .intents import Intent
from .session import Session, payload
from .transport import Transport

# As on the internet, and not at once: discord.py notes the time of a heartbeat in another thread, after sending it. An
# answer that comes before that is measured against the heartbeat before, and warned of as 41 seconds of delay.
ACK_SECONDS = 0.1
OVERDUE = 1.5  # heartbeat intervals after which a silent client is cut off
REMINDED = 1.25  # after which it is asked for a heartbeat
COMMANDS_PER_MINUTE = 120
LARGEST = 4_096  # bytes of one payload from a client
VERSIONS = ("9", "10")


class Socket:
    """Speaks the gateway protocol with one client."""

    def __init__(self, request: web.Request, world: World, hub: Hub, token: str, resume_url: str) -> None:
        self._request = request
        self._world = world
        self._hub = hub
        self._token = token
        self._resume_url = resume_url
        self._heartbeat_seconds = hub.gateway_faults.heartbeat_seconds
        self._ws = web.WebSocketResponse(compress=False, max_msg_size=1 << 20)
        self._out = Transport(self._ws, request, hub.gateway_faults)
        self._session: Session | None = None
        self._received: deque[float] = deque(maxlen=COMMANDS_PER_MINUTE)
        self._timers: list[asyncio.TimerHandle] = []

    async def run(self) -> web.WebSocketResponse:
        """Serve the connection until it ends."""
        await self._ws.prepare(self._request)
        writer = background.start("A connection to the gateway ended", self._out.run, then=self._out.cut)
        hello = asyncio.get_running_loop().call_later(self._hub.gateway_faults.hello_delay, self._send_hello)
        code: int = Close.DONE
        try:
            self._check_address()
            self._restart_heartbeat_timers()
            code = await self._read()
        except CloseError as closed:
            code = closed.code
            self._out.close(code, closed.reason)
        finally:
            hello.cancel()
            self._part(code)
            await self._finish(writer)
        return self._ws

    def send(self, text: str) -> None:
        """See `Link`."""
        self._out.send(text)

    def close(self, code: int, *, abort: bool = False) -> None:
        """See `Link`."""
        self._out.close(code, abort=abort)

    def hold(self, seconds: float) -> None:
        """See `Link`."""
        self._out.hold(seconds)

    def forget(self) -> None:
        """See `Link`."""
        self._session = None

    def _check_address(self) -> None:
        query = self._request.query
        if query.get("v", "10") not in VERSIONS:
            raise CloseError(Close.BAD_VERSION)
        if query.get("encoding", "json") != "json":
            raise CloseError(Close.NOT_DECODED, "The sandbox speaks encoding=json only.")

    def _send_hello(self) -> None:
        if self._hub.gateway_faults.hello:
            self._op(Op.HELLO, {"heartbeat_interval": round(self._heartbeat_seconds * 1000), "_trace": []})

    def _op(self, code: Op, data: object) -> None:
        self._out.send(payload(code, data))

    async def _finish(self, writer: asyncio.Task[None]) -> None:
        for timer in self._timers:
            timer.cancel()
        self._out.close(Close.DONE)
        _, late = await asyncio.wait({writer}, timeout=5)
        for each in late:
            each.cancel()

    async def _read(self) -> int:
        """Handle what the client sends until the connection ends; returns the code that it ended with."""
        while True:
            message = await self._ws.receive()
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                # What a client answers to our own close says nothing.
                return self._out.closed_with or self._client_code()
            self._count()
            data = message.data.encode() if isinstance(message.data, str) else message.data
            if len(data) > LARGEST:
                raise CloseError(Close.NOT_DECODED)
            try:
                packet = json.loads(data)
            except ValueError:
                raise CloseError(Close.NOT_DECODED) from None
            if not isinstance(packet, dict) or type(packet.get("op")) is not int:
                raise CloseError(Close.NOT_DECODED)
            self._handle(packet["op"], packet.get("d"))

    def _client_code(self) -> int:
        """How the client left. One that leaves with 1000 or 1001 ends its session."""
        code = self._ws.close_code or 1006
        if code in CLIENT_LEAVING and self._session is not None:
            self._hub.end(self._session)
        return code

    def _count(self) -> None:
        now = time.monotonic()
        if len(self._received) == COMMANDS_PER_MINUTE and now - self._received[0] < 60:
            raise CloseError(Close.TOO_FAST)
        self._received.append(now)

    def _handle(self, code: int, data: Any) -> None:
        if code == Op.HEARTBEAT:
            self._restart_heartbeat_timers()
            if self._hub.gateway_faults.ack:
                asyncio.get_running_loop().call_later(ACK_SECONDS, self._op, Op.ACK, None)
        elif code == Op.IDENTIFY:
            self._identify(identify.check_token(data, self._token))
        elif code == Op.RESUME:
            self._resume(identify.check_token(data, self._token))
        elif code not in (Op.PRESENCE, Op.VOICE, Op.MEMBERS, Op.SOUNDS, Op.CHANNEL_INFO):
            raise CloseError(Close.UNKNOWN_OP)
        elif self._session is None:
            raise CloseError(Close.NOT_IDENTIFIED)
        else:
            self._serve(self._session, code, data)

    def _serve(self, session: Session, code: int, data: Any) -> None:
        if code == Op.PRESENCE:
            session.presence = identify.presence(data)
            self._hub.changed(session)
        elif code == Op.MEMBERS:
            requests.members(session, self._world, data)
        elif code == Op.SOUNDS:
            requests.sounds(session, data)
        elif code == Op.CHANNEL_INFO:
            requests.channel_info(session, data)
        # Op 4 is not answered: there are no voice channels here.

    def _restart_heartbeat_timers(self) -> None:
        """A heartbeat came, or the connection begins: the client has time for the next one."""
        for timer in self._timers:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers = [
            loop.call_later(self._heartbeat_seconds * REMINDED, self._op, Op.HEARTBEAT, None),
            loop.call_later(
                self._heartbeat_seconds * OVERDUE, self._out.close, Close.UNKNOWN, "No heartbeat came in time."
            ),
        ]

    def _identify(self, data: Json) -> None:
        if self._session is not None:
            raise CloseError(Close.ALREADY_IDENTIFIED)
        identity = identify.read(data, self._world)
        if self._hub.session_limits.remaining == 0:
            self._hub.end_all(Close.BAD_TOKEN)  # Discord resets the token of a bot that starts too often
            raise CloseError(Close.BAD_TOKEN, "All session starts of the day are used.")
        if not self._hub.session_limits.try_start(identity.shard):
            self._op(Op.INVALID, False)
            return
        if identity.compress:
            self._out.pack_payloads()
        session = self._session = self._hub.open(identity.shard, identity.shards, identity.intents)
        session.link, session.presence = self, identity.presence
        self._ready(session)
        self._hub.changed(session)

    def _ready(self, session: Session) -> None:
        held = [g for g in self._world.guilds.values() if g.bot_installed and session.takes(g.id, None)]
        body: Json = {
            "v": int(self._request.query.get("v", "10")), "user": serialise.me(self._world.bot),
            "session_id": session.id, "session_type": "normal",
            "resume_gateway_url": self._resume_url, "shard": [session.shard, session.shards],
            "application": {"id": str(self._world.app_id), "flags": serialise.application_flags(self._world)},
            "guilds": [{"id": str(each.id), "unavailable": True} for each in held],
            "private_channels": [], "relationships": [], "presences": [], "user_settings": {}, "_trace": [],
        }  # fmt: skip
        session.dispatch("READY", json.dumps(body))
        if session.intents & Intent.GUILDS:
            for guild in held:
                session.dispatch("GUILD_CREATE", guilds.create(guild, self._world, session))

    def _resume(self, data: Json) -> None:
        if self._session is not None:
            raise CloseError(Close.ALREADY_IDENTIFIED)
        session, seq = self._hub.resumable(data.get("session_id")), data.get("seq")
        if session is None:
            self._op(Op.INVALID, False)
            return
        if type(seq) is not int or not 0 <= seq <= session.seq:
            self._hub.end(session)
            raise CloseError(Close.BAD_SEQ)
        if not session.can_replay(seq):
            self._hub.end(session)
            self._op(Op.INVALID, False)
            return
        if session.link is not None:
            session.link.forget()
            session.link.close(Close.UNKNOWN)
        self._session, session.link, session.lost_at = session, self, None
        session.replay(seq)
        session.dispatch("RESUMED", '{"_trace":[]}')
        self._hub.changed(session)

    def _part(self, code: int) -> None:
        session = self._session
        if session is not None and session.link is self:
            self._hub.lost(session, resumable=code not in SESSION_ENDING)
