"""Dashboard and alerts ask for what there is, and say what to do (tests/e2e/test_prometheus.py asks a living Easel)."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.worker.contract.wire.constants import constants

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "easel.json"
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool")


def rules() -> dict[str, str]:
    return {
        each["alert"]: each["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for each in group["rules"]
    }


def queries() -> list[tuple[str, str]]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", ())]


def backlog() -> str:
    """What the autoscaler of Kubernetes goes by."""
    adapter = yaml.safe_load((ROOT / "deploy" / "kubernetes" / "adapter.yaml").read_text())
    return str(adapter["rules"]["external"][0]["metricsQuery"])


def test_all_that_is_asked_for_is_counted_somewhere() -> None:
    kinds = dict(each.split()[:2] for each in constants()["metrics"])
    series = set(kinds) | {
        f"{name}_{end}" for name, kind in kinds.items() if kind == "histogram" for end in ("bucket", "sum", "count")
    }
    asked = {name for _, each in [*queries(), *rules().items()] for name in re.findall(r"\beasel_\w+", each)}
    assert asked - series == set()
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    assert set(kinds) - shown - {"easel_engine_redrawn_total", "easel_engine_renders_total"} == set()


def test_every_alert_is_explained() -> None:
    told = (ROOT / "docs" / "operate.md").read_text()
    assert [name for name in rules() if f"`{name}`" not in told] == []


def test_ports_and_services_are_those_of_the_containers() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    text = (ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text()
    bot, worker = compose["bot"]["environment"], compose["worker-cpu"]["environment"]
    assert f"bot:{bot['EASEL_BOT_METRICS'].rpartition(':')[2]}" in text
    assert f"port: {worker['EASEL_WORKER_METRICS'].rpartition(':')[2]}" in text
    assert {name for name in compose if name.startswith("worker")} == set(re.findall(r"worker-\w+", text))


@needs_promtool
def test_each_alert_comes_when_it_should() -> None:
    for arguments in (["check", "rules", str(ALERTS)], ["test", "rules", str(ALERTS.with_name("alerts.test.yml"))]):
        done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    tried = ALERTS.with_name("alerts.test.yml").read_text()
    assert [name for name in rules() if f"alertname: {name}" not in tried] == []


@needs_promtool
def test_prometheus_takes_its_configuration() -> None:
    path = ROOT / "deploy" / "prometheus" / "prometheus.yml"
    done = subprocess.run(["promtool", "check", "config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
