"""Fetches pictures that a job begins with from Discord's CDN: nothing else is ever fetched, and no more than its cap.

Errors:
    SourceError
    ├── SourceGoneError    Discord no longer has it, or what is there is none of our business; for good
    └── SourceAwayError    not now: no answer, an error of Discord's, a connection that broke
"""

import asyncio
import logging

import aiohttp
from yarl import URL

from worker.contract.discord_limits import MEBIBYTE
from worker.contract.message.cause_texts import logged
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason
from worker.engine.protocol import SOURCE_MAX

log = logging.getLogger("slot")

_FOLDERS = ("/attachments/", "/ephemeral-attachments/")
_TIMEOUT = aiohttp.ClientTimeout(total=12, sock_connect=3, sock_read=4)
_PATIENCE = 15.0  # seconds in all: a turn at the engine is held meanwhile
_PAUSES = (0.3, 1.0)  # seconds between tries
_AS_IT_IS = {"Accept-Encoding": "identity"}  # nothing that grows when it is unpacked
_GONE = {401, 403, 404, 410}


class SourceFetchError(Exception):
    """It cannot be had. `cause` says why, for the person who asked; `why` is for the log, if it knows more."""

    reason = Reason.SOURCE

    def __init__(self, cause: Cause, why: str = "") -> None:
        super().__init__(why or logged(cause))
        self.cause = cause


class SourceGoneError(SourceFetchError):
    """It will never be had."""


class SourceAwayError(SourceFetchError):
    """It cannot be had now; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(causes.picture_away(), why)


def address(link: str, cdn: str) -> URL | None:
    """The address of an attachment on that very CDN, as it will be asked for; None for any other link."""
    try:
        asked, base = URL(link), URL(cdn)
    except ValueError:  # a port that is none, and the like
        return None
    same = (asked.scheme, asked.host, asked.port) == (base.scheme, base.host, base.port)
    named = asked.user is not None or asked.password is not None
    within = asked.path.startswith(tuple(base.path.rstrip("/") + folder for folder in _FOLDERS))
    return asked if same and within and not named and ".." not in asked.path else None


async def fetch(link: str, cdn: str) -> bytes:
    """The file behind a link. Raises SourceGoneError or SourceAwayError."""
    where = address(link, cdn)
    if where is None:
        log.error("a link to a picture does not lead to %s (EASEL_DISCORD_CDN) and is not followed", cdn)
        raise SourceGoneError(causes.picture_elsewhere())
    try:
        async with asyncio.timeout(_PATIENCE), aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            for pause in _PAUSES:
                try:
                    return await _get(session, where)
                except SourceAwayError as away:
                    log.info("%s; again in %.1f s", away, pause)
                await asyncio.sleep(pause)
            return await _get(session, where)
    except TimeoutError as error:
        raise SourceAwayError(f"the picture did not come within {_PATIENCE:.0f} s") from error


async def _get(session: aiohttp.ClientSession, where: URL) -> bytes:
    try:
        async with session.get(where, allow_redirects=False, headers=_AS_IT_IS) as answer:
            if answer.status in _GONE:
                raise SourceGoneError(causes.picture_gone())
            if answer.status != 200:
                raise SourceAwayError(f"the picture's address answered with HTTP {answer.status}")
            return await _capped(answer)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SourceAwayError(f"the picture did not come ({type(error).__name__})") from error


async def _capped(answer: aiohttp.ClientResponse) -> bytes:
    found = bytearray()
    async for part in answer.content.iter_any():
        found += part
        if len(found) > SOURCE_MAX:
            raise SourceGoneError(causes.picture_file_too_large(SOURCE_MAX // MEBIBYTE))
    return bytes(found)
