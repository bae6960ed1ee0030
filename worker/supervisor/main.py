"""The supervisor: starts all parts, keeps them alive, and ends them in order."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from functools import partial

from redis.asyncio import Redis

from worker.contract.private_files import env_file_warning, make_private
from worker.contract.program import program
from worker.contract.redis_check.errors import raise_refused
from worker.contract.setting_names import unknown_warning
from worker.contract.settings_errors import PORT_MAX, listen_address
from worker.engine.settings import EngineSettings
from worker.environment import reduced
from worker.process import NO_POSTER, SUPERVISOR, log_to_stderr
from worker.redis_client import AWAY, RedisRefusedError, connect
from worker.settings import PosterSettings, Settings, load
from worker.slot.client import EngineClient
from worker.slot.visits import SlotWatch
from worker.tasks import end

from .child import EXIT_USAGE, Backoff, Child
from .heartbeat import EngineProcess, Heartbeat
from .host import Host, cards, nvidia_cards
from .metrics import Gathered
from .name_check import name_taken

log = logging.getLogger("worker")

_FIRST_LOOK = 5.0  # seconds
_SLOT_PATIENCE = 30.0  # seconds without any slot that are no trouble, beside the pause before one starts again
NAME_TAKEN = (
    "EASEL_WORKER is not usable: another worker called {name} is running. Give each a name of its own, and each of one "
    "machine an EASEL_ENGINE_SOCKET and an EASEL_DEVICE of its own as well."
)


def main(argv: Sequence[str] = ()) -> int:
    """Run until SIGTERM or SIGINT; a second one ends everything at once.

    Returns:
        0 when all went well, 2 when a part cannot run with these settings or on this Redis.
    """
    asked = _parser().parse_args(argv)
    settings = load(Settings if asked.no_poster else PosterSettings)
    log_to_stderr(settings.log_level, settings.log_format)
    told = asked.no_poster  # by the supervisor of the host, to all of whose cards it applies
    for warning in () if told else filter(None, (env_file_warning(), unknown_warning())):
        log.warning("%s", warning)
    try:
        running = Supervisor(settings) if asked.gpus is None else _host(settings, asked.gpus)
    except ValueError as error:
        print(f"easel: {error}", file=sys.stderr)  # noqa: T201
        return EXIT_USAGE
    try:
        asyncio.run(running.run())
    except RedisRefusedError as refused:
        running.refusal = str(refused)
    if running.refusal:
        print(f"easel: {running.refusal}", file=sys.stderr)  # noqa: T201
        return EXIT_USAGE
    return 0


def _host(settings: Settings, asked: str) -> Host:
    if not isinstance(settings, PosterSettings):
        raise ValueError(f"{NO_POSTER} is for one card's worker")  # noqa: TRY004 - a mistake in a command line
    if EngineSettings().device != "auto":
        raise ValueError("EASEL_DEVICE names one device, and --gpus several: leave one of the two out.")
    found = cards(asked, os.environ, nvidia_cards)
    if settings.worker_metrics and listen_address(settings.worker_metrics)[1] + len(found) > PORT_MAX:
        raise ValueError(
            f"EASEL_WORKER_METRICS is not usable: one for each of {len(found)} cards and one for their poster need "
            f"{len(found) + 1} ports from this one on. Choose a lower one."
        )
    return Host(settings, found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program("worker"), description="An engine, its slots and a poster, kept alive together."
    )
    words = "a worker for each card, by number (0,1) or all of them, and one poster; names and sockets end in -gpu0 …"
    parser.add_argument("--gpus", metavar="all|0,1", help=words)
    parser.add_argument(NO_POSTER, action="store_true", help="an engine and its slots; messages are another's work")
    return parser


class Supervisor:
    """One worker.

    Args:
        settings: of the worker; its parts read their own, from what they get of the same environment. Without those of
            a poster there is none.

    Attributes:
        refusal: why a part can never run with these settings, which ended everything; empty when none said so.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self.refusal = ""
        self._gathered = Gathered(settings.worker_metrics)
        env = os.environ | {
            SUPERVISOR: str(os.getpid()),
            "PYTHONUNBUFFERED": "1",
            "EASEL_ENGINE_SOCKET": str(settings.engine_socket),
            "EASEL_WORKER": settings.worker,
        }
        # No process is told what it has no use for: least of all the engine, which reads pictures of strangers.
        of_engine, of_slots = reduced(env, EngineSettings, torch=True), reduced(env, Settings)
        self.engine = self._child("engine", of_engine, "engine", nice=settings.engine_nice)
        of_slots |= self._gathered.environment
        self.slots = [
            self._child(f"slot-{number}", of_slots, "slot", "--name", f"slot-{number}")
            for number in range(1, settings.slots + 1)
        ]
        self.several = self._child("slots", of_slots, "slot", "--several")  # started once the engine asks for it
        of_poster = reduced(env, PosterSettings) | self._gathered.environment
        posts = isinstance(settings, PosterSettings)
        self.posters = [self._child("poster", of_poster, "poster")] if posts else []

    def _child(self, name: str, env: Mapping[str, str], *arguments: str, nice: int = 0) -> Child:
        backoff = Backoff(self._settings.restart_first, self._settings.restart_max)
        command = [sys.executable, "-m", "worker", *arguments]
        inherits, died = self._gathered.inherits(env), partial(self._gathered.died, name)
        return Child(
            name, command, env, backoff, nice, self._refuse, inherits=inherits, on_death=died,
            form=self._settings.log_format,
        )  # fmt: skip

    def _refuse(self, words: str) -> None:
        if not self.refusal and not self._stop.is_set():
            self.refusal = words
        self._stop.set()

    @property
    def children(self) -> list[Child]:
        """All parts, in the order in which they end."""
        return [*self.slots, self.several, *self.posters, self.engine]

    async def run(self) -> None:
        """Start everything; return when everything has ended. Raises RedisRefusedError."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal)
        make_private(self._settings.engine_socket.parent)
        async with (
            connect(self._settings.redis_url.get_secret_value()) as redis,
            EngineClient(self._settings.engine_socket) as engine,
            self._gathered.served(engine, lambda: {each.name: each.pid for each in self.children}),
        ):
            heartbeat = self._heartbeat(redis, engine)
            await _first_look(heartbeat)
            self.engine.start()
            if await name_taken(redis, self._settings.worker):
                self._refuse(NAME_TAKEN.format(name=self._settings.worker))
                await self.engine.end(self._settings.drain)  # and no word to Redis: it would be about the other
                return
            for child in [*self.slots, *self.posters]:
                child.start()
            beating = asyncio.create_task(heartbeat.run())
            stopping = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait({beating, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if beating.done():
                    beating.result()
            finally:
                await end(beating, stopping)
                await asyncio.gather(heartbeat.sign_off(), self._drain())

    def _heartbeat(self, redis: Redis, engine: EngineClient) -> Heartbeat:
        process = EngineProcess(pid=lambda: self.engine.pid, strike=self.engine.strike)
        # A slot that draws comes by twice a lease; one that dies again and again starts later each time.
        patience = max(_SLOT_PATIENCE, 2 * self._settings.lease) + self._settings.restart_max
        watch = SlotWatch(self._settings.engine_socket, patience)
        return Heartbeat(self._settings, redis, engine, process, watch, self._widen, self._gathered.board)

    def _widen(self, at_once: int) -> None:
        """The engine draws so many together; more than there are slots are worth one that makes several attempts."""
        if at_once > len(self.slots) and not self.several.started and not self._stop.is_set():
            log.info("the engine draws up to %d requests together: one more slot makes several attempts", at_once)
            self.several.start()

    def _on_signal(self) -> None:
        if self._stop.is_set():
            log.warning("asked twice: ending everything now")
            for child in self.children:
                child.kill()
        self._stop.set()

    async def _drain(self) -> None:
        """No more claims and running renders finished, then the last edits, then the engine."""
        if not self.refusal:
            log.info("stopping: running renders are finished first; a second signal ends them")
        patience = self._settings.drain
        await asyncio.gather(*(slot.end(patience) for slot in [*self.slots, self.several]))
        await asyncio.gather(*(poster.end(patience) for poster in self.posters))
        await self.engine.end(patience)
        log.info("stopped")


async def _first_look(heartbeat: Heartbeat) -> None:
    """Start nothing on a Redis that can never do. One that is away or slow is looked at later, by each part itself."""
    try:
        async with asyncio.timeout(_FIRST_LOOK):
            await heartbeat.look_at_redis()
    except AWAY as error:
        raise_refused(error)
    except TimeoutError:
        return
