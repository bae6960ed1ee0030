"""The engine's side of the process in which people's pictures are decoded: starts it, asks it, and outlives it."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Sequence

from worker.contract.types import cause as causes
from worker.contract.types.model_info import UpscalerInfo
from worker.contract.types.request import Request
from worker.engine.errors import SourceError, TurnedAwayError
from worker.engine.protocol import LENGTHS, pack
from worker.environment import reduced

from .decoding import READY, Answer, Question
from .sources import Sources

log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "worker.engine.service.decoding")
_STARTS = 60.0  # seconds that it may take to start
_SECONDS = 60.0  # for the files of one call, which take one or two at most
_TRIES = 2  # a process that was already ill is no fault of the picture


class _DecoderDiedError(Exception):
    """Over what it was asked."""


class Decoder:
    """Decodes for one call at a time, since a large picture takes hundreds of megabytes meanwhile.

    Args:
        command: starts the process; our pid comes after it.
        seconds: that it may take for one call.
    """

    def __init__(self, command: Sequence[str] = _COMMAND, seconds: float = _SECONDS) -> None:
        self._command, self._seconds = command, seconds
        self._process: asyncio.subprocess.Process | None = None
        self._ended: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    async def read(
        self,
        files: Sequence[bytes],
        request: Request | None = None,
        upscaler: UpscalerInfo | None = None,
        kinds: tuple[str, ...] = (),
    ) -> Sources:
        """Decode the files that come with a request, of which the guides are of these kinds, or the one to upscale.

        Raises:
            SourceError: one cannot be used. So says also a decoder that dies of it, or takes too long.
            UnfitError: there are not as many as the request begins with.
            TurnedAwayError: no decoder can be started.
        """
        question = Question(sizes=tuple(map(len, files)), request=request, upscaler=upscaler, kinds=kinds)
        asked = pack(question.model_dump_json().encode(), b"".join(files))
        async with self._turn:
            for _ in range(_TRIES):
                with contextlib.suppress(_DecoderDiedError):
                    answer, body = await self._ask(asked)
                    return answer.read(body)
        raise SourceError(causes.picture_damaged())

    async def close(self) -> None:
        """End the process, if there is one."""
        self._let_go()
        await asyncio.gather(*self._ended)

    def _let_go(self) -> None:
        """End it, and have the next call start another."""
        process, self._process = self._process, None
        if process is not None:
            ended = asyncio.create_task(_ended(process))
            self._ended.add(ended)
            ended.add_done_callback(self._ended.discard)

    async def _ask(self, asked: bytes) -> tuple[Answer, bytes]:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._started()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        try:
            async with asyncio.timeout(self._seconds):
                process.stdin.write(asked)
                await process.stdin.drain()
                header, body = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
                answer = Answer.model_validate_json(await process.stdout.readexactly(header))
                return answer, await process.stdout.readexactly(body)
        except TimeoutError:
            self._let_go()  # it would stay with this picture
            log.warning("a picture that was sent in took its decoder more than %g s", self._seconds)
            raise SourceError(causes.picture_damaged()) from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self._let_go()
            log.warning("the decoder died over a picture that was sent in")
            raise _DecoderDiedError from error
        except BaseException:  # its client went away: what it answers now would be taken for the next one's
            self._let_go()
            raise

    async def _started(self) -> asyncio.subprocess.Process:
        ready = b""
        try:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                str(os.getpid()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=reduced(os.environ),
            )
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            async with asyncio.timeout(_STARTS):
                ready = await process.stdout.readexactly(len(READY))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:  # whoever waits for it may go away meanwhile, and nobody else knows of it
            if ready != READY:
                self._let_go()
        if ready == READY:
            return process
        log.error("the process that decodes pictures does not start")
        await asyncio.gather(*self._ended)
        raise TurnedAwayError("sick", "The process that decodes pictures does not start.")


async def _ended(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.communicate()
