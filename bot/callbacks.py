"""Answers to interactions, as plain HTTP: component dicts as they are, and the message id in return.

discord.py wants state for every button that is sent, sleeps through rate limits without an upper bound and
gives up when a connection drops. An interaction has three seconds and its buttons need no state, so this is ours.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from .errors import AnswerError, DeadInteractionError

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE = 4, 5, 6, 7
_DEAD = {10008, 10015, 10062, 50027}  # message, webhook or interaction is gone; token has run out
_TWICE = 40060  # the first try did arrive
_PAUSES = (0.05, 0.2, 0.5, 1.0)  # seconds between tries
_USER_AGENT = "DiscordBot (https://github.com/easel-bot/easel, 0.1)"


class Callbacks:
    """Discord's interaction endpoints. They take no bot token: the interaction's own is in the path."""

    def __init__(self, api: str, session: aiohttp.ClientSession) -> None:
        self._api = api.rstrip("/")
        self._session = session

    @staticmethod
    def session() -> aiohttp.ClientSession:
        """A session as this class needs it; its caller closes it."""
        return aiohttp.ClientSession(
            headers={"User-Agent": _USER_AGENT}, timeout=aiohttp.ClientTimeout(total=10, sock_connect=2)
        )

    async def respond(self, application: int, interaction: int, token: str, body: Body) -> int | None:
        """Give the first answer; returns the id of the message, if the answer is one.

        Raises DeadInteractionError when it came too late, AnswerError when Discord would not have it.
        """
        path = f"/interactions/{interaction}/{token}/callback?with_response=true"
        try:
            reply = await self._send("POST", path, body)
        except AnswerError as failed:
            if failed.code != _TWICE:
                raise
            log.info("interaction %s had been answered already", interaction)
            reply = {"resource": {"message": await self._send("GET", _original(application, token))}}
        message = (reply.get("resource") or {}).get("message") or {}
        return int(message["id"]) if "id" in message else None

    async def edit_original(self, application: int, token: str, body: Body) -> int:
        """Edit the first answer, or the message whose button was pressed; returns its id."""
        return int((await self._send("PATCH", _original(application, token), body))["id"])

    async def delete_original(self, application: int, token: str) -> None:
        """Delete the first answer, or the message whose button was pressed; gone already is as good."""
        try:
            await self._send("DELETE", _original(application, token))
        except DeadInteractionError as error:
            if not error.removed:
                raise

    async def follow_up(self, application: int, token: str, body: Body) -> None:
        await self._send("POST", f"/webhooks/{application}/{token}", body)

    async def _send(self, method: str, path: str, body: Body | None = None) -> dict[str, Any]:
        """One request, tried again while that can still help."""
        started = time.monotonic()
        for pause in (*_PAUSES, None):
            again: float | None = pause
            try:
                async with self._session.request(method, self._api + path, json=body) as response:
                    data = await _json(response)
                    if response.status < 300:
                        return data
                    failed = AnswerError(response.status, int(data.get("code") or 0))
                    if response.status == 429:
                        again = _wait(data, started)
                    elif response.status < 500:
                        break
            except (aiohttp.ClientConnectionError, TimeoutError) as error:
                log.warning("Discord's connection failed (%s %s)", method, type(error).__name__)
                failed = AnswerError(0, 0)
            if again is None:
                break
            await asyncio.sleep(again)
        if failed.code in _DEAD:
            raise DeadInteractionError(failed.code) from failed
        raise failed


def _original(application: int, token: str) -> str:
    return f"/webhooks/{application}/{token}/messages/@original"


def _wait(data: Mapping[str, Any], started: float) -> float | None:
    """How long a 429 wants us to wait; None when the interaction would be over by then."""
    seconds = float(data.get("retry_after") or 1.0)
    return seconds if time.monotonic() - started + seconds < 2.5 else None


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    if response.status == 204:
        return {}
    try:
        data = await response.json(content_type=None)
    except ValueError:
        return {}  # an error page of something between Discord and us
    return data if isinstance(data, dict) else {}
