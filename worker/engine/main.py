"""`python -m worker engine`: wiring and the command line."""

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import Sequence

from aiohttp import web

from worker.contract.program import program
from worker.process import keeper, log_to_stderr
from worker.settings import load

from .blame import breaker_file
from .errors import EngineError
from .service import memory
from .service.backend import Backend
from .service.circuit_breaker import CircuitBreaker
from .service.executor import Executor
from .service.server import Service
from .service.unix_socket import ListeningSocket
from .service.watchdog import Watchdog
from .settings import EngineSettings, take_up_hub_variables

log = logging.getLogger("worker.engine")

EXIT_USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status."""
    arguments = _parser().parse_args(argv)
    for name, value in vars(arguments).items():
        if value is not None:  # the command line goes before the environment
            os.environ[f"EASEL_{name.upper()}"] = str(value)
    settings = load(EngineSettings)
    log_to_stderr(settings.log_level, settings.log_format)
    memory.keep()
    take_up_hub_variables()
    try:
        return asyncio.run(serve(settings))
    except EngineError as error:
        log.critical("%s", error)
        return EXIT_USAGE


async def serve(settings: EngineSettings) -> int:
    """Run one engine. Raises SocketError when the socket cannot be had."""
    ending = Ending()
    listening = ListeningSocket(settings.engine_socket)
    executor = Executor(
        _backend(settings),
        Watchdog(settings.budget_grace),
        settings.budget,
        _breaker(settings),
        waiting=None if settings.engine_waiting == "auto" else settings.engine_waiting,
        memory_max=settings.recycle_mib * 2**20,
        end=ending.begin,
        idle=settings.idle_unload * 60,
    )
    runner = web.AppRunner(
        Service(executor, settings.client_stall).app(),
        handler_cancellation=True,
        access_log=None,
        shutdown_timeout=settings.client_stall,
    )
    await runner.setup()
    await web.SockSite(runner, listening.socket, backlog=64).start()
    executor.start()
    log.info("serving %s (pid %d)", listening.path, os.getpid())
    _on_signal(ending)
    await ending.event.wait()
    log.info("draining")
    clean = await executor.drain(settings.drain if ending.status == 0 else 0)
    await runner.cleanup()
    listening.close()
    log.info("stopped")
    if not clean:  # a thread that loads, or hangs in the driver, would keep a normal exit waiting
        logging.shutdown()
        os._exit(ending.status)
    return ending.status


class Ending:
    """When the engine ends, and with which status: the first reason counts."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.status = 0

    def begin(self, status: int = 0) -> None:
        """Now."""
        if not self.event.is_set():
            self.status = status
        self.event.set()


def _breaker(settings: EngineSettings) -> CircuitBreaker:
    return CircuitBreaker(
        breaker_file(settings.engine_socket),
        settings.breaker_after,
        settings.breaker_rest,
        settings.breaker_rest_max,
        keeper=keeper(),
    )


def _backend(settings: EngineSettings) -> Backend:
    if settings.engine == "fake":
        from .service.fake_backend import FakeBackend
        from .service.fake_together import FakeTogether

        if settings.fake_together > 1:
            return FakeTogether(settings.fake_step_ms, settings.fake_together)
        return FakeBackend(settings.fake_step_ms)
    from .pipeline.diffusers_backend import DiffusersBackend

    return DiffusersBackend(settings, keeper())


def _on_signal(ending: Ending) -> None:
    def interrupted() -> None:
        if ending.event.is_set():  # Ctrl-C twice: now
            os._exit(128 + signal.SIGINT)
        ending.begin()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ending.begin)
    loop.add_signal_handler(signal.SIGINT, interrupted)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program("worker", "engine"),
        description="Holds the models warm and draws for the slots over a Unix socket.",
        epilog="Everything else is set by variables (EASEL_DEVICE, EASEL_DTYPE, …): see .env.example.",
    )
    words = "draw test pictures without a model (EASEL_ENGINE=fake)"
    parser.add_argument("--fake", action="store_const", const="fake", dest="engine", help=words)
    parser.add_argument("--socket", dest="engine_socket", help="Unix socket to serve (EASEL_ENGINE_SOCKET)")
    parser.add_argument("--models", help="a models.toml of your own, whose models come first (EASEL_MODELS)")
    parser.add_argument("--log-level", help="DEBUG shows prompts (EASEL_LOG_LEVEL)")
    return parser
