"""`GET /metrics` at an address, for Prometheus."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from worker.contract.settings_errors import listen_address

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def served(address: str, text: Callable[[], Awaitable[str]], log: logging.Logger) -> AsyncIterator[None]:
    """Serve while the block runs; nothing where the address is empty. One that cannot be had is logged, and no more."""

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text=await text(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        if address:
            host, port = listen_address(address)
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                log.error("metrics cannot be served at %s: %s", address, error.strerror or error)  # noqa: TRY400
            else:
                log.info("metrics are served at http://%s/metrics", address)
        yield
    finally:
        await runner.cleanup()
