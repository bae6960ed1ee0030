"""Answers to interactions, as plain HTTP: component dicts as they are, and the message id in return.

discord.py wants state for every button that is sent, sleeps through rate limits without an upper bound and
gives up when a connection drops. An interaction has three seconds and its buttons need no state, so this is ours.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.errors import AnswerError, DeadInteractionError, DeferredError
from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.metrics.table import status

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, FORM = 4, 5, 6, 7, 9
_DEAD = {10008, 10015, 10062, 50027}  # message, webhook or interaction is gone; token has run out
REQUESTS = "easel_bot_discord_requests_total"
_TWICE = 40060  # the first try did arrive
_PAUSES = (0.05, 0.2, 0.5, 1.0)  # seconds between tries
_LONGER = (*_PAUSES, 2.0, 5.0, 10.0, 20.0, 30.0)  # where nobody else would ever do it
_IN_TIME = 2.5  # seconds in which a first answer still makes sense
_LOADING = 1 << 7  # the flag of a message that only says that the bot is thinking
_USER_AGENT = "DiscordBot (https://github.com/easel-bot/easel, 0.1)"


@dataclass(frozen=True)
class File:
    """A file that goes with a message; `description` is what screen readers say of it."""

    name: str
    data: bytes
    content_type: str
    description: str = ""


class Interactions:
    """Discord's interaction endpoints. They take no bot token: the interaction's own is in the path.

    Args:
        token: the bot's, for messages whose interaction has ended, and for what no interaction may read.
        metrics: where requests and answers are counted.
    """

    def __init__(
        self, api: str, session: aiohttp.ClientSession, token: SecretStr, metrics: Metrics = NO_METRICS
    ) -> None:
        self._api = api.rstrip("/")
        self._session = session
        self._token = token
        self.metrics = metrics

    @staticmethod
    def session() -> aiohttp.ClientSession:
        """A session as this class needs it; its caller closes it."""
        return aiohttp.ClientSession(
            headers={"User-Agent": _USER_AGENT}, timeout=aiohttp.ClientTimeout(total=10, sock_connect=2)
        )

    async def respond(
        self, application: int, interaction: int, token: str, body: Body, files: Sequence[File] = ()
    ) -> int | None:
        """Give the first answer; returns the id of its message, if it has one: a deferral has, where it is known.

        Raises DeadInteractionError when it came too late, DeferredError when another try had put it off, AnswerError
        when Discord would not have it.
        """
        path = f"/interactions/{interaction}/{token}/callback?with_response=true"
        try:
            receipt = await self._send("POST", path, body, files=files)
        except AnswerError as failed:
            if failed.code != _TWICE:
                raise
            log.info("interaction %s had been answered already", interaction)
            return await self._again(application, token, body)
        found = (receipt.get("resource") or {}).get("message") or {}
        found = found.get("id") or (receipt.get("interaction") or {}).get("response_message_id")
        if found is None and body["type"] == DEFERRED_MESSAGE:
            return await self._again(application, token, body)
        return int(found) if found else None

    async def edit_original(
        self, application: int, token: str, body: Body, *, patient: bool = False, files: Sequence[File] = ()
    ) -> int | None:
        """Edit the first answer, or the message whose button was pressed; returns its id.

        `patient` goes on for a minute: a deferral leaves 15.
        """
        path = _original(application, token)
        return _id(await self._send("PATCH", path, body, pauses=_LONGER if patient else _PAUSES, files=files))

    async def edit_message(self, channel: int, message: int, body: Body) -> None:
        """Edit one of the bot's own messages, with the bot's token: that of its interaction may have ended."""
        path = f"/channels/{channel}/messages/{message}"
        await self._send("PATCH", path, body, headers=self._as_bot(), pauses=_LONGER)

    async def delete_original(self, application: int, token: str) -> None:
        """Delete the first answer, or the message whose button was pressed; gone is as good. Goes on for a minute."""
        try:
            await self._send("DELETE", _original(application, token), pauses=_LONGER)
        except DeadInteractionError as error:
            if not error.removed:
                raise

    async def follow_up(self, application: int, token: str, body: Body, files: Sequence[File] = ()) -> None:
        """Say something besides the first answer; goes on for a minute."""
        await self._send("POST", f"/webhooks/{application}/{token}", body, pauses=_LONGER, files=files)

    async def command_permissions(self, application: int, server: int, command: int) -> list[Any]:
        """Who may use a command in a server, as its admins set it; of all commands by the application's own id.

        Raises AnswerError, with code 10066 where nothing is set.
        """
        path = f"/applications/{application}/guilds/{server}/commands/{command}/permissions"
        found = await self._send("GET", path, headers=self._as_bot(), pauses=_PAUSES[:2])
        rows: list[Any] = found.get("permissions") or []
        return rows

    def _as_bot(self) -> dict[str, str]:
        return {"Authorization": f"Bot {self._token.get_secret_value()}"}

    async def _again(self, application: int, token: str, body: Body) -> int | None:
        """The message of an answer whose receipt was lost."""
        try:
            there = await self._send("GET", _original(application, token))
        except (AnswerError, DeadInteractionError):
            if body["type"] == DEFERRED_MESSAGE:
                return None  # deferred it is, wherever that may be
            raise
        if body["type"] == MESSAGE and int(there.get("flags") or 0) & _LOADING:
            raise DeferredError(_id(there))
        return _id(there)

    async def _send(
        self, method: str, path: str, body: Body | None = None, *, headers: Mapping[str, str] | None = None,
        pauses: Sequence[float] = _PAUSES, files: Sequence[File] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """One request, tried again while that can still help."""
        started = time.monotonic()
        for pause in (*pauses, None):
            again: float | None = pause
            try:
                given = {"data": _multipart(body or {}, files)} if files else {"json": body}
                async with self._session.request(method, self._api + path, headers=headers, **given) as response:
                    self.metrics.count(REQUESTS, status=status(response.status))
                    data = await _json(response)
                    if response.status < 300:
                        return data or {}
                    failed = AnswerError(response.status, _code(data), readable=data is not None)
                    if response.status == 429:
                        again = _wait(data or {}, started + max(_IN_TIME, sum(pauses)))
                    elif not failed.passing:
                        break
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError) as error:
                log.warning("Discord's connection failed (%s %s)", method, type(error).__name__)
                self.metrics.count(REQUESTS, status=status(0))
                failed = AnswerError(0, 0)
            if again is None:
                break
            await asyncio.sleep(again)
        if failed.code in _DEAD:
            raise DeadInteractionError(failed.code) from failed
        raise failed


def _multipart(body: Body, files: Sequence[File]) -> aiohttp.FormData:
    """A body with its files, made anew for each try."""
    told = [{"id": number, "filename": each.name, "description": each.description} for number, each in enumerate(files)]
    message = "data" in body  # of an answer to an interaction
    whole = {**body, "data": {**body["data"], "attachments": told}} if message else {**body, "attachments": told}
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(whole), content_type="application/json")
    for number, each in enumerate(files):
        form.add_field(f"files[{number}]", each.data, filename=each.name, content_type=each.content_type)
    return form


def _original(application: int, token: str) -> str:
    return f"/webhooks/{application}/{token}/messages/@original"


def _id(message: Mapping[str, Any]) -> int | None:
    return int(message["id"]) if "id" in message else None


def _wait(data: Mapping[str, Any], until: float) -> float | None:
    """How long a 429 wants us to wait; None when that is too long."""
    seconds = float(data.get("retry_after") or 1.0)
    return seconds if time.monotonic() + seconds < until else None


def _code(data: Mapping[str, Any] | None) -> int:
    code = (data or {}).get("code")
    return code if isinstance(code, int) else 0


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any] | None:
    """What an answer holds; None for an error page of something between Discord and us."""
    if response.status == 204:
        return {}
    try:
        data = await response.json(content_type=None)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
