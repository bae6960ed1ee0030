"""A few message routes of Discord's API on loopback, with faults to order. The sandbox is the full thing."""

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import BodyPartReader, web

DEAD_TOKEN = (401, {"code": 50027, "message": "Invalid Webhook Token"})
NEVER_ANSWERED = (404, {"code": 10015, "message": "Unknown Webhook"})
NO_MESSAGE = (404, {"code": 10008, "message": "Unknown Message"})
NO_CHANNEL = (404, {"code": 10003, "message": "Unknown Channel"})
NO_ACCESS = (403, {"code": 50001, "message": "Missing Access"})
NO_PERMISSION = (403, {"code": 50013, "message": "Missing Permissions"})
CLOSED_DMS = (403, {"code": 50007, "message": "Cannot send messages to this user"})
TOO_LARGE = (413, {"code": 40005, "message": "Request entity too large"})
BROKEN = (502, {})
DROP = (0, {})  # the connection is cut before the change is made
DROP_AFTER = (-1, {})  # … after it


@dataclass
class Message:
    id: int
    channel: int
    payload: dict[str, Any]
    files: list[tuple[str, bytes]]
    nonce: str | None = None
    edits: int = 0
    flags: int = 0

    @property
    def content(self) -> str:
        return str(self.payload.get("content", ""))


@dataclass
class Seen:
    """A request as it came in."""

    line: str
    authorization: str | None
    payload: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, bytes]] = field(default_factory=list)


class Standin:
    """`messages` by id; `seen` in order; `fault` orders the next answers of the routes that match."""

    def __init__(self) -> None:
        self.messages: dict[int, Message] = {}
        self.originals: dict[str, int] = {}
        self.seen: list[Seen] = []
        self._faults: list[tuple[re.Pattern[str], deque[tuple[int, dict[str, Any], dict[str, str]]]]] = []
        self._next = 1000
        self.rule: Callable[[Seen], tuple[int, dict[str, Any]] | None] = lambda _: None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def fault(self, line: str, answer: tuple[int, dict[str, Any]], times: int = 1, **headers: str) -> None:
        """The next `times` requests whose `METHOD /path` matches get this answer."""
        self._faults.append((re.compile(line), deque([(*answer, headers)] * times)))

    def message(self, channel: int = 77, token: str | None = None, original: bool = False) -> int:
        """A message that is there already; reached by `token` too, also as @original."""
        self._next += 1
        self.messages[self._next] = Message(self._next, channel, {}, [])
        if token and original:
            self.originals[token] = self._next
        return self._next

    def asked(self, line: str) -> list[Seen]:
        return [seen for seen in self.seen if re.search(line, seen.line)]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        seen = Seen(f"{request.method} {request.path}", request.headers.get("Authorization"))
        seen.payload, seen.files = await _body(request)
        self.seen.append(seen)
        fault = self._fault(seen)
        if fault and fault[0] not in {0, -1}:
            status, refusal, headers = fault
            return web.json_response(refusal, status=status, headers={"Via": "1.1 test"} | headers)
        if fault and fault[0] == 0:
            return _cut(request)
        answer = self._do(seen)
        return _cut(request) if fault else answer

    def _fault(self, seen: Seen) -> tuple[int, dict[str, Any], dict[str, str]] | None:
        ruled = self.rule(seen)
        if ruled:
            return (*ruled, {})
        for pattern, answers in self._faults:
            if answers and pattern.search(seen.line):
                return answers.popleft()
        return None

    def _do(self, seen: Seen) -> web.Response:
        line = seen.line
        if found := re.fullmatch(r"PATCH /webhooks/\d+/(\w+)/messages/(@original|\d+)", line):
            number = self.originals.get(found[1], 0) if found[2] == "@original" else int(found[2])
            return self._edit(number, seen)
        if found := re.fullmatch(r"PATCH /channels/\d+/messages/(\d+)", line):
            return self._edit(int(found[1]), seen)
        if found := re.fullmatch(r"POST /channels/(\d+)/messages", line):
            return self._create(int(found[1]), seen)
        if re.fullmatch(r"POST /webhooks/\d+/\w+", line):
            return self._create(77, seen)
        if line == "POST /users/@me/channels":
            return web.json_response({"id": str(int(seen.payload["recipient_id"]) + 5000), "type": 1})
        return web.json_response({"message": "404: Not Found", "code": 0}, status=404)

    def _edit(self, number: int, seen: Seen) -> web.Response:
        message = self.messages.get(number)
        if message is None:
            status, answer = NO_MESSAGE
            return web.json_response(answer, status=status)
        message.payload |= seen.payload
        if "attachments" in seen.payload:
            message.files = seen.files
        message.edits += 1
        return self._answer(message)

    def _create(self, channel: int, seen: Seen) -> web.Response:
        nonce = seen.payload.get("nonce")
        if nonce:
            assert len(nonce) <= 25
            for message in self.messages.values():
                if message.nonce == nonce and message.channel == channel:
                    return self._answer(message)
        number = self.message(channel)
        message = self.messages[number]
        message.payload, message.files, message.nonce = seen.payload, seen.files, nonce
        return self._answer(message)

    def _answer(self, message: Message) -> web.Response:
        about = {"id": str(message.id), "channel_id": str(message.channel), "flags": message.flags}
        files = [{"filename": name} for name, _ in message.files]
        return web.json_response({**about, "content": message.content, "attachments": files})


async def _body(request: web.Request) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    if request.content_type == "application/json":
        return await request.json(), []
    payload: dict[str, Any] = {}
    files: list[tuple[str, bytes]] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            payload = json.loads(await part.text())
        else:
            files.append((part.filename or "", bytes(await part.read())))
    return payload, files


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
