"""An engine on a real socket: in this process, or as a process of its own."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp

from worker.contract.types.request import Request
from worker.engine.protocol import FRAMES, Done, Frame, Health, RenderCall, read_frames
from worker.engine.service.render_task import RenderTask

DEADLINE = 120.0


def asked(prompt: str = "a red apple", **more) -> Request:
    given = {"model": "fake", "width": 64, "height": 64, "steps": 4, "guidance_scale": 5.0, "seed": 7} | more
    return Request(prompt=prompt, **given)


def call(request: Request, *, preview: bool = True) -> str:
    return RenderCall(id="job-1", request=request, preview=preview).model_dump_json()


async def finished(task: RenderTask) -> list[Frame]:
    """All that a task tells once its pictures are drawn."""
    task.finish("test")
    frames: list[Frame] = []
    async with asyncio.timeout(DEADLINE):
        while not (frames and isinstance(frames[-1].header, Done)):
            frames += await task.news()
    return frames


class Client:
    """What a slot does, in a few lines."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.http = aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=str(socket)))

    def post(self, request: Request, picture: bytes | None = None, *, preview: bool = True):
        if picture is None:
            return self.http.post("http://engine/render", data=call(request, preview=preview))
        body = RenderCall(id="job-1", request=request, preview=preview).encode(picture)
        return self.http.post("http://engine/render", data=body, headers={"Content-Type": FRAMES})

    async def render(self, request: Request, picture: bytes | None = None, *, preview: bool = True) -> list[Frame]:
        async with asyncio.timeout(DEADLINE), self.post(request, picture, preview=preview) as answer:
            assert answer.status == 200, await answer.text()
            return [frame async for frame in read_frames(answer.content)]

    async def health(self) -> Health:
        async with self.http.get("http://engine/health") as answer:
            return Health.model_validate_json(await answer.read())

    async def until(self, right: Callable[[Health], bool]) -> Health:
        """Wait for a state of the engine, with a deadline."""
        async with asyncio.timeout(DEADLINE):
            while True:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    if right(health := await self.health()):
                        return health
                await asyncio.sleep(0.02)


class EngineProcess:
    """`python -m worker.engine` with its log."""

    def __init__(self, process: asyncio.subprocess.Process, client: Client, log: Path) -> None:
        self.process, self.client, self._log = process, client, log

    @property
    def log(self) -> str:
        return self._log.read_text()

    async def logged(self, words: str) -> None:
        async with asyncio.timeout(DEADLINE):
            while True:
                if words in self.log:
                    return
                await asyncio.sleep(0.02)

    async def ended(self) -> int:
        async with asyncio.timeout(DEADLINE):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def running(folder: Path, *arguments: str, wait: bool = True, **env: str) -> AsyncIterator[EngineProcess]:
    socket, log = folder / "engine.sock", folder / "log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "worker.engine",
            "--socket",
            str(socket),
            *arguments,
            stderr=out,
            stdout=out,
            env=os.environ | {"OMP_NUM_THREADS": "1"} | env,
        )
    client = Client(socket)
    try:
        if wait:
            await client.until(lambda health: health.pid == process.pid and health.state == "ready")
        yield EngineProcess(process, client, log)
    finally:
        await client.http.close()
        if process.returncode is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            await process.wait()
