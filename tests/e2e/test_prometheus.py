"""A real Prometheus reads a living Easel: each panel of the dashboard shows something, each alert can be evaluated."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from deploy.valkey import free_port
from tests.deploy.test_dashboards import ALERTS, backlog, queries, rules
from tests.e2e.local import DEADLINE, Local
from tests.e2e.person import Easel
from worker.contract.types.job import State

pytestmark = pytest.mark.skipif(shutil.which("prometheus") is None, reason="there is no Prometheus")

RATE = "20s"  # what Grafana puts in for $__rate_interval; scraped once a second here


class Prometheus:
    """Its HTTP API."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session, self._address = session, address

    async def ask(self, path: str, **query: str) -> Any:
        async with self._session.get(f"http://{self._address}/api/v1/{path}", params=query) as answer:
            found = await answer.json()
        assert found["status"] == "success", found
        return found["data"]

    async def until(self, path: str, true: Any, what: str, **query: str) -> Any:
        for _ in range(int(DEADLINE * 5)):
            try:
                found = await self.ask(path, **query)
            except aiohttp.ClientError:
                found = None
            if found is not None and true(found):
                return found
            await asyncio.sleep(0.2)
        raise TimeoutError(f"waited for {what}: {json.dumps(found)[:500]}")


@pytest.fixture
async def prometheus(fake_local: Local, tmp_path: Path) -> AsyncIterator[Prometheus]:
    ports = fake_local.metrics
    jobs = {"easel-bot": ports["EASEL_BOT_METRICS"], "easel-worker": ports["EASEL_WORKER_METRICS"]}
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(ALERTS)],
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]} for name, port in jobs.items()
        ],
    }
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    address = f"127.0.0.1:{free_port()}"
    command = [
        "prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address={address}",
    ]  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)  # noqa: ASYNC220 - at once
    try:
        async with aiohttp.ClientSession() as session:
            yield Prometheus(session, address)
    finally:
        process.terminate()
        process.wait(DEADLINE)


async def test_every_panel_shows_something_and_every_alert_is_evaluated(easel: Easel, prometheus: Prometheus) -> None:
    up = {"query": "sum(up) == 2"}
    await prometheus.until("query", lambda found: found["result"], "both to be read", **up)
    await easel.sandbox.slash("no-files", "Bea", "imagine", {"prompt": "a fox"}, timeout=DEADLINE)
    asked = await easel.ask("a fox [slow=0.3]", steps=10)
    # Read while it is drawn, so that what has come about since then is the difference between two readings.
    await prometheus.until("query", lambda found: found["result"], "it to be drawn", query="easel_running_jobs > 0")
    await easel.reaches(asked.job, State.POSTED)
    posted = 'increase(easel_poster_posts_total{outcome="posted"}[20s]) > 0'
    await prometheus.until("query", lambda found: found["result"], "it to be posted", query=posted)
    for title, query in [*queries(), ("the autoscaler", backlog())]:
        asked_for = query.replace("$__rate_interval", RATE)
        await prometheus.until(
            "query", lambda found: found["result"], f"data for {title!r}: {asked_for}", query=asked_for
        )
    await _evaluated(prometheus)


async def _evaluated(prometheus: Prometheus) -> None:
    def all_of(found: Any) -> list[Any]:
        return [each for group in found["groups"] for each in group["rules"]]

    found = await prometheus.until(
        "rules", lambda found: all(each["health"] != "unknown" for each in all_of(found)), "all rules to be evaluated"
    )
    assert {each["name"]: each["health"] for each in all_of(found)} == dict.fromkeys(rules(), "ok")
    firing = {each["name"] for each in all_of(found) if each["state"] != "inactive"}
    assert not firing & {"EaselBotDown", "EaselRedisAway", "EaselNoWorker", "EaselEngineNotReady"}
