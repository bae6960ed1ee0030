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
ARCHIVED = (400, {"code": 50083, "message": "Thread is archived"})
LOCKED = (403, {"code": 160005, "message": "Thread is locked"})
AUTOMOD = (400, {"code": 200000, "message": "Message was blocked by AutoMod"})
HARMFUL_LINK = (400, {"code": 240000, "message": "Message blocked by harmful links filter"})
EXPLICIT = (400, {"code": 20009, "message": "Explicit content cannot be sent to the desired recipient(s)"})
OVERLOADED = (400, {"code": 130000, "message": "API resource is currently overloaded. Try again a little later"})
BARE = (404, {"message": "404: Not Found", "code": 0})
HTML = (403, "<html><title>Attention Required! | Cloudflare</title></html>")
UNHEARD_OF = (400, {"code": 999999, "message": "Something of next year"})
CLOSED_DMS = (403, {"code": 50007, "message": "Cannot send messages to this user"})
TOO_LARGE = (413, {"code": 40005, "message": "Request entity too large"})
BROKEN = (502, {})
DROP = (0, {})  # the connection is cut before the change is made
DROP_AFTER = (-1, {})  # … after it


Refused = tuple[int, dict[str, Any] | str]  # a status with what Discord says, or a page of what stands before it
Fault = tuple[int, dict[str, Any] | str, dict[str, str]]


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
    """`messages` by id; `seen` in order; `fault` orders the next answers of the routes that match.

    `archived`: channels that are threads and answer to edits as archived ones do, until a message reopens them.
    """

    def __init__(self) -> None:
        self.messages: dict[int, Message] = {}
        self.originals: dict[str, int] = {}
        self.seen: list[Seen] = []
        self._faults: list[tuple[re.Pattern[str], deque[Fault]]] = []
        self._next = 1000
        self.archived: set[int] = set()
        self.rule: Callable[[Seen], Refused | None] = lambda _: None

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

    def fault(self, line: str, answer: Refused, times: int = 1, **headers: str) -> None:
        """The next `times` requests whose `METHOD /path` matches get this answer."""
        self._faults.append((re.compile(line), deque([(*answer, headers)] * times)))

    def message(self, channel: int = 77, token: str | None = None, original: bool = False) -> int:
        """A message that is there already; reached by `token` too, also as @original."""
        self._next += 1
        self.messages[self._next] = Message(self._next, channel, {}, [])
        if token and original:
            self.originals[token] = self._next
        return self._next

    def pictures(self, channel: int) -> list[int]:
        """How many files each message of a channel has."""
        return [len(each.files) for each in self.messages.values() if each.channel == channel]

    def told(self, person: int) -> list[str]:
        """What a person was told by direct message."""
        return [each.content for each in self.messages.values() if each.channel == 5000 + person]

    def asked(self, line: str) -> list[Seen]:
        return [seen for seen in self.seen if re.search(line, seen.line)]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        seen = Seen(f"{request.method} {request.path}", request.headers.get("Authorization"))
        seen.payload, seen.files = await _body(request)
        self.seen.append(seen)
        fault = self._fault(seen)
        if fault and fault[0] not in {0, -1}:
            status, refusal, headers = fault
            if isinstance(refusal, str):
                return web.Response(text=refusal, status=status, content_type="text/html", headers=headers)
            return web.json_response(refusal, status=status, headers={"Via": "1.1 test"} | headers)
        if fault and fault[0] == 0:
            return _cut(request)
        answer = self._do(seen)
        return _cut(request) if fault else answer

    def _fault(self, seen: Seen) -> Fault | None:
        ruled = self.rule(seen)
        if ruled:
            return (*ruled, {})
        for pattern, answers in self._faults:
            if answers and pattern.search(seen.line):
                return answers.popleft()
        return None

    def _do(self, seen: Seen) -> web.Response:
        for pattern, do in self._routes:
            if found := re.fullmatch(pattern, seen.line):
                return do(seen, *found.groups())
        return _refuse(BARE)

    @property
    def _routes(self) -> tuple[tuple[str, Callable[..., web.Response]], ...]:
        return (
            (r"PATCH /webhooks/\d+/(\w+)/messages/(@original|\d+)", self._edit_reply),
            (r"PATCH /channels/\d+/messages/(\d+)", lambda seen, number: self._edit(int(number), seen)),
            (r"POST /channels/(\d+)/messages", self._create_in),
            (r"GET /channels/\d+/messages/(\d+)", lambda _, number: self._show(int(number))),
            (r"GET /channels/(\d+)/messages", lambda _, channel: self._list(int(channel))),
            (r"POST /webhooks/\d+/\w+", lambda seen: self._create(77, seen)),
            (r"POST /users/@me/channels", lambda seen: self._open_dm(int(seen.payload["recipient_id"]))),
        )

    def _edit_reply(self, seen: Seen, token: str, message: str) -> web.Response:
        return self._edit(self.originals.get(token, 0) if message == "@original" else int(message), seen)

    def _create_in(self, seen: Seen, channel: str) -> web.Response:
        self.archived.discard(int(channel))
        return self._create(int(channel), seen)

    def _list(self, channel: int) -> web.Response:
        there = [each for each in self.messages.values() if each.channel == channel]
        return web.json_response([self._about(each) for each in reversed(there)])

    def _open_dm(self, person: int) -> web.Response:
        return web.json_response({"id": str(person + 5000), "type": 1})

    def forget_nonces(self) -> None:
        """As Discord does after some minutes."""
        for message in self.messages.values():
            message.nonce = None

    def _show(self, number: int) -> web.Response:
        message = self.messages.get(number)
        return _refuse(NO_MESSAGE) if message is None else self._answer(message)

    def _edit(self, number: int, seen: Seen) -> web.Response:
        message = self.messages.get(number)
        if message is None:
            return _refuse(NO_MESSAGE)
        if message.channel in self.archived:
            return _refuse(ARCHIVED)
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
        return web.json_response(self._about(message))

    def _about(self, message: Message) -> dict[str, Any]:
        about = {"id": str(message.id), "channel_id": str(message.channel), "flags": message.flags}
        files = [{"filename": name} for name, _ in message.files]
        shown = {"content": message.content, "components": message.payload.get("components", [])}
        if answers := message.payload.get("message_reference"):
            shown["message_reference"] = answers
        return {**about, **shown, "attachments": files, "author": {"id": "5", "bot": True}}


def _refuse(refused: tuple[int, dict[str, Any]]) -> web.Response:
    status, answer = refused
    return web.json_response(answer, status=status)


async def _body(request: web.Request) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    if not request.body_exists:
        return {}, []
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
