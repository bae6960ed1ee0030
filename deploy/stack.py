"""Everything that makes one Easel on one machine, in the order in which it starts and stops."""

import asyncio
import errno
import importlib.util
import json
import os
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO, TypeVar

import aiohttp
import redis.asyncio
from pydantic import SecretStr
from redis.exceptions import RedisError

from bot.settings import Settings as BotSettings
from deploy.sandbox.server import make_token
from deploy.sandbox.state.defaults import APP_ID
from worker.contract.private_files import ENV_FILE_CHECKED, UMASK, env_file_warning
from worker.contract.redis_check.check import Role, check
from worker.contract.redis_check.errors import refusal
from worker.contract.redis_check.outage import not_serving, outage
from worker.contract.setting_names import unknown_warning
from worker.contract.settings_errors import redis_address
from worker.contract.store import keys
from worker.contract.store.jobs import Jobs
from worker.engine.protocol import Health
from worker.engine.settings import EngineSettings
from worker.environment import reduced
from worker.settings import PosterSettings
from worker.slot.client import EngineClientError, health

from . import invite
from .defaults import defaults
from .folder import take
from .parts import Part
from .screen import Screen
from .valkey import EmbeddedValkey, free_port

PORT = 8420
BOT_READY = "Easel is ready as"
_TORCH = ("torch", "diffusers", "transformers", "accelerate", "safetensors")
_BOT_PATIENCE, _WORKER_PATIENCE, _SANDBOX_PATIENCE = 15.0, 150.0, 5.0  # seconds to stop in
_LOAD = 300.0  # seconds that an engine may take to load its models at the start
Outcome = TypeVar("Outcome")
_LOOK = 0.1  # seconds between two looks at a part that cannot call us


class StackError(Exception):
    """Easel cannot run here; the message says why and what to do."""


class Stack:
    """One Easel.

    Args:
        data: folder of what is kept between runs.
        scratch: short-lived private folder with a short path.
        engine: `real` or `fake`.
        port: of the sandbox's page; None takes the usual one, or any free one.
        token: of the real bot; None runs the sandbox.
        redis_url: of a Redis that runs already; None embeds a Valkey.
        discord_api: base of the real Discord's HTTP API.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        data: Path,
        scratch: Path,
        engine: str,
        port: int | None = None,
        token: SecretStr | None = None,
        redis_url: SecretStr | None = None,
        discord_api: str = "",
    ) -> None:
        self.screen = screen
        self.started: dict[str, float] = {}  # part → seconds until it was ready
        self.redis_url = redis_url.get_secret_value() if redis_url else ""
        self._data, self._scratch, self._engine, self._port = data, scratch, engine, port
        self._token = token.get_secret_value().strip() if token else ""
        self._discord_api = discord_api
        self._application: invite.Application | None = None
        self._valkey: EmbeddedValkey | None = None
        self._world: IO[str] | None = None  # the sandbox's folder, held
        self._parts: list[Part] = []

    @property
    def page(self) -> str:
        """Address of the sandbox's page."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def socket(self) -> Path:
        """Where the engine listens."""
        return self._scratch / "engine.sock"

    def welcome(self) -> list[str]:
        """What to do now that everything runs."""
        if self._application is None:
            return [
                f"Easel is ready: open {self.page} and type",
                "/imagine prompt: a cat in a hammock",
                "Ctrl-C stops everything.",
            ]
        return [
            f"Easel is ready as {self._application.name}. To invite it to a server, open",
            self._application.invitation,
            "Ctrl-C stops everything; what waits is kept for the next start.",
        ]

    async def start(self) -> None:
        """Start what is needed, each part when those that it needs are ready.

        Raises:
            StackError, PartError, TokenError, ValkeyError, FolderError: in words for the person at the terminal.
        """
        names = ("" if self.redis_url else "Valkey", "" if self._token else "the sandbox", "the bot")
        self.screen.say(f"Starting {', '.join(filter(None, names))} and a worker …")
        self._check_packages()
        for warning in filter(None, (env_file_warning(), unknown_warning())):
            self.screen.say(warning)
        if self._token:
            invite.check_form(self._token)
            self._application = await invite.who(self._token, self._discord_api)
        else:
            self._port = _choose_port(self._port)
        if not self.redis_url:
            await self._timed("Valkey", self._start_valkey())
        env = self._environment()
        if not self._token:
            env |= await self._timed("sandbox", self._start_sandbox(env))
        bot = Part("bot", "bot", [], reduced(env, BotSettings), self.screen, mark=BOT_READY)
        of_worker = reduced(env, PosterSettings, EngineSettings, torch=True)
        worker = Part("worker", "worker", [], of_worker, self.screen)
        self._parts += [worker, bot]
        since = await self._now()
        await asyncio.gather(
            self._timed("bot", self._up(bot, bot.ready)),
            self._timed("worker", self._up(worker, lambda: worker.ready(self._drawing(since), _LOAD))),
        )
        for part in self._parts:
            # A sandbox may have lost its last second; a bot registers its commands when it starts.
            part.keep(bot.renew if part.name == "sandbox" else None)

    async def watch(self) -> None:
        """Keep the embedded Valkey alive until cancelled; parts keep themselves. Raises ValkeyError when it cannot."""
        while True:
            await asyncio.sleep(1)
            process = self._valkey.process if self._valkey else None
            if self._valkey and process and process.poll() is not None:
                self.screen.say(f"Valkey ended (status {process.returncode}) and starts again with what it had kept")
                self._valkey.kill()
                self._valkey.start()

    async def drain(self, hurry: asyncio.Event) -> None:
        """Stop in order: nothing new, then what runs is finished and posted, then the sandbox, the store last."""
        patience = {"bot": _BOT_PATIENCE, "worker": _WORKER_PATIENCE, "sandbox": _SANDBOX_PATIENCE}
        for part in reversed(self._parts):
            await part.stop(patience[part.name], hurry)
        if self._world is not None:
            self._world.close()
        if self._valkey is not None:
            await asyncio.to_thread(self._valkey.stop)
        self.screen.line("easel", "Stopped")

    def _check_packages(self) -> None:
        wanted = ("aiohttp", "discord", "rq", *(_TORCH if self._engine == "real" else ()))
        missing = [name for name in wanted if importlib.util.find_spec(name) is None]
        if missing:
            raise StackError(f"Python packages are missing: {', '.join(missing)}. `make venv` installs them.")

    async def _timed(self, name: str, work: Awaitable[Outcome]) -> Outcome:
        started_at = time.monotonic()
        result = await work
        self.started[name] = time.monotonic() - started_at
        return result

    async def _up(self, part: Part, ready: Callable[[], Awaitable[None]]) -> None:
        await part.start()
        await ready()

    async def _start_valkey(self) -> None:
        # In this thread: the kernel ends Valkey when the thread that started it ends.
        self._valkey = EmbeddedValkey(self._data / "valkey")
        self._valkey.start()
        self.screen.hide(self._valkey.password)
        self.redis_url = self._valkey.url

    async def _start_sandbox(self, env: dict[str, str]) -> dict[str, str]:
        token = make_token(APP_ID)
        self.screen.hide(token)
        arguments = ["--port", str(self._port), "--token", token, "--data", str(self._data / "sandbox")]
        self._world = take(self._data / "sandbox")
        sandbox = Part(
            "sandbox", "deploy.sandbox", arguments, reduced(env), self.screen,
            mark="page ", quiet_until_ready=True, umask=UMASK,
        )  # fmt: skip
        self._parts.append(sandbox)
        await self._up(sandbox, sandbox.ready)
        async with aiohttp.ClientSession() as session, session.get(f"{self.page}/sandbox/info") as answer:
            info = await answer.json()
        return {
            "DISCORD_TOKEN": token,
            "EASEL_DISCORD_API": info["api"],
            "EASEL_DISCORD_GATEWAY": info["gateway"],
            "EASEL_DISCORD_CDN": info["cdn"],
        }

    def _environment(self) -> dict[str, str]:
        """Our own environment with what the parts share; each gets of it what it has a use for."""
        ours = {
            "EASEL_REDIS_URL": self.redis_url,
            "EASEL_ENGINE": self._engine,
            "EASEL_ENGINE_SOCKET": str(self.socket),
            "PYTHONUNBUFFERED": "1",
            ENV_FILE_CHECKED: "1",
        }
        if self._token:
            ours["DISCORD_TOKEN"] = self._token
            self.screen.hide(self._token)
        return defaults(self._data) | os.environ | ours

    async def _now(self) -> int:
        """Milliseconds as heartbeats count them. Raises StackError when Redis is away or refuses."""
        try:
            redis_address(self.redis_url)
            async with redis.asyncio.Redis.from_url(self.redis_url, socket_connect_timeout=3) as client:
                report = await check(client, Role.SUPERVISOR)
                if report.refusals:
                    raise StackError("; ".join(report.refusals))
                return await Jobs(client).now()
        except ValueError as error:
            raise StackError(f"EASEL_REDIS_URL is not usable: {error}") from None
        except (RedisError, OSError) as error:
            if isinstance(error, RedisError) and (words := refusal(error)):
                raise StackError(words) from error
            if not_serving(error):
                raise StackError(". ".join(outage(error))) from error
            raise StackError(f"no Redis at EASEL_REDIS_URL ({error}). Start it, or unset the variable.") from error

    def _gone(self, error: RedisError) -> str:
        """That Redis ended while everything was starting, and where to look."""
        if self._valkey is None:
            return refusal(error) or f"the Redis at EASEL_REDIS_URL went away ({error}) while Easel was starting"
        log = self._data / "valkey" / "valkey.log"
        return f"the embedded Valkey ended while Easel was starting; {log} says why. Start again"

    async def _drawing(self, since: int) -> None:
        """Wait until the engine has a model and the worker has said so in Redis after `since`."""
        while True:
            heard = await self._has_heartbeat(since)
            if found := await asyncio.to_thread(_health, self.socket):
                if found.state == "sick":
                    raise StackError("the engine has no model to draw with. " + " ".join(found.problems))
                if found.state == "ready" and heard:
                    return
            await asyncio.sleep(_LOOK)

    async def _has_heartbeat(self, since: int) -> bool:
        """Raises StackError when Redis has gone meanwhile."""
        try:
            async with redis.asyncio.Redis.from_url(self.redis_url) as client:
                beats = await client.hgetall(keys.WORKERS)
        except RedisError as error:
            raise StackError(self._gone(error)) from error
        return any(_seen(beat) >= since for beat in beats.values())


def _seen(beat: bytes | str) -> int:
    """When a worker told this; 0 of what is damaged, or of another Easel's kind."""
    try:
        return int(json.loads(beat)["seen"])
    except (ValueError, TypeError, KeyError):
        return 0


def _health(path: Path) -> Health | None:
    try:
        return health(path)
    except EngineClientError:
        return None


def _choose_port(wanted: int | None) -> int:
    """The port asked for, else the usual one, else any. Raises StackError when the one asked for cannot be had."""
    why = ""
    for port in (wanted,) if wanted else (PORT, free_port()):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
                continue
            return port
    raise StackError(f"port {wanted} {why}; choose another with --port, or leave it out for a free one")
