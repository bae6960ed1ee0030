"""Where Prometheus reads, and what happens where that cannot be."""

import logging
import socket

import aiohttp
import pytest

from deploy.valkey import free_port
from worker.contract.metrics.serve import served
from worker.contract.settings_errors import listen_address

log = logging.getLogger("test")


async def _text() -> str:
    return "easel_test 1\n"


def test_addresses() -> None:
    assert listen_address("127.0.0.1:9464") == ("127.0.0.1", 9464)
    assert listen_address("[::]:9464") == ("::", 9464)
    for bad in (
        "9464",
        "127.0.0.1",
        "http://127.0.0.1:9464",
        "127.0.0.1:0",
        "127.0.0.1:70000",
        "127.0.0.1:9464/x",
        ":1",
    ):
        with pytest.raises(ValueError, match=r"127\.0\.0\.1:9464"):
            listen_address(bad)


async def test_what_is_counted_is_served_as_prometheus_asks_for_it() -> None:
    address = f"127.0.0.1:{free_port()}"
    async with served(address, _text, log), aiohttp.ClientSession() as session:
        async with session.get(f"http://{address}/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert await answer.text() == "easel_test 1\n"
        async with session.get(f"http://{address}/") as answer:
            assert answer.status == 404


async def test_an_address_that_is_taken_is_told_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with served(f"127.0.0.1:{taken.getsockname()[1]}", _text, log):
            pass
    assert "metrics cannot be served at 127.0.0.1:" in caplog.text
