"""The example for Kubernetes says what the code says. No cluster has run it."""

import importlib.util
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings as BotSettings
from deploy import command
from tests.deploy.test_images import ENDING, ROOT
from worker.engine.settings import EngineSettings
from worker.environment import variables
from worker.settings import PosterSettings

FOLDER = ROOT / "deploy" / "kubernetes"
OURS = ("bot", "worker")


def _documents(path: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def _kustomization() -> dict[str, Any]:
    return _documents(FOLDER / "kustomization.yaml")[0]


def _pod(name: str) -> dict[str, Any]:
    (found,) = [each for each in _documents(FOLDER / f"{name}.yaml") if each["kind"] == "StatefulSet"]
    pod: dict[str, Any] = found["spec"]["template"]["spec"]
    return pod


def test_every_variable_is_a_setting() -> None:
    known = variables(BotSettings) | variables(PosterSettings) | variables(EngineSettings)
    literals = _kustomization()["configMapGenerator"][0]["literals"]
    given = {each.partition("=")[0] for each in literals}
    given |= {each["name"] for name in OURS for each in _pod(name)["containers"][0]["env"]} - {"POD_INDEX"}
    assert given - known == set()
    for each in literals:
        variable, _, value = each.partition("=")
        if variable.endswith("_FILE"):
            mounts = {mount["mountPath"] for name in OURS for mount in _pod(name)["containers"][0]["volumeMounts"]}
            assert str(Path(value).parent) in mounts


@pytest.mark.parametrize("name", [*OURS, "valkey"])
def test_pods_may_do_nothing_that_they_need_not(name: str) -> None:
    pod = _pod(name)
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    (container,) = pod["containers"]
    locked = container["securityContext"]
    assert locked["readOnlyRootFilesystem"]
    assert not locked["allowPrivilegeEscalation"]
    assert locked["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"]


def test_pods_run_what_there_is_and_get_the_time_that_they_take_to_end() -> None:
    for name in OURS:
        assert _pod(name)["containers"][0]["args"][0] in command.COMMANDS
    assert _pod("worker")["terminationGracePeriodSeconds"] >= PosterSettings.model_fields["drain"].default + ENDING
    assert {each["name"] for each in _kustomization()["images"]} == {f"easel-{name}" for name in OURS}


def test_redis_has_a_limit_of_its_own_everywhere() -> None:
    """Its policy says nothing without one, and the alert of a full Redis never comes."""
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["valkey"]["command"]
    assert int(compose[compose.index("--maxmemory") + 1].removesuffix("gb")) > 0
    assert re.search(r"^maxmemory \d+gb", (ROOT / "docs" / "operate.md").read_text(), re.MULTILINE)


def test_redis_refuses_before_it_is_killed() -> None:
    """Killed over its memory it would be killed once more while it reads its data, and so on for ever."""
    (valkey,) = _pod("valkey")["containers"]
    (most,) = re.findall(r"--maxmemory (\d+)mb", " ".join(valkey["args"]))
    (limit,) = re.findall(r"^(\d+)Gi$", valkey["resources"]["limits"]["memory"])
    assert int(most) <= 1024 * int(limit) * 2 / 3


def test_the_images_are_those_that_the_release_pushes() -> None:
    release = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())
    (pushed,) = [each["with"]["tags"] for each in release["jobs"]["images"]["steps"] if "tags" in each.get("with", {})]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for each in _kustomization()["images"]:
        name = each["name"].removeprefix("easel-")
        asked = pushed.replace("${{ github.repository_owner }}", "easel-bot").replace("${{ matrix.name }}", name)
        assert asked.replace("${{ github.ref_name }}", f"v{version}") == f"{each['newName']}:{each['newTag']}"


def test_bots_are_as_many_as_they_think() -> None:
    (found,) = [each for each in _documents(FOLDER / "bot.yaml") if each["kind"] == "StatefulSet"]
    env = {each["name"]: each.get("value") for each in _pod("bot")["containers"][0]["env"]}
    assert env["EASEL_SHARD"] == f"$(POD_INDEX)/{found['spec']['replicas']}"


def test_the_autoscaler_asks_for_what_the_adapter_makes() -> None:
    scaler = _documents(FOLDER / "autoscale.yaml")[0]["spec"]
    (rule,) = _documents(FOLDER / "adapter.yaml")[0]["rules"]["external"]
    assert scaler["metrics"][0]["external"]["metric"]["name"] == rule["name"]["as"]
    assert scaler["scaleTargetRef"]["name"] == "easel-worker"
    assert re.findall(r"easel_\w+", rule["metricsQuery"]) == ["easel_waiting_jobs", "easel_running_jobs"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool")
def test_the_autoscaler_has_a_number_before_anybody_waited(tmp_path: Path) -> None:
    """Without one it leaves as many cards running as there are."""
    query = _documents(FOLDER / "adapter.yaml")[0]["rules"]["external"][0]["metricsQuery"]
    running = {"series": "easel_running_jobs", "values": "0x5 2x5"}
    waits = {"series": 'easel_waiting_jobs{model="a"}', "values": "_x7 3x3"}
    tried = [
        {"expr": query, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": number}]}
        for minute, number in ((1, 0), (6, 2), (9, 5))
    ]
    case = {"interval": "1m", "input_series": [running, waits], "promql_expr_test": tried}
    (tmp_path / "case.yml").write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [case]}))
    asked = subprocess.run(
        ["promtool", "test", "rules", tmp_path / "case.yml"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl")
def test_kustomize_makes_one_of_it_that_keeps_to_kubernetes_schema() -> None:
    """Its schema takes 100 MB, so it is tried where somebody has installed `kubernetes-validate`."""
    made = subprocess.run(["kubectl", "kustomize", FOLDER], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    documents = [each for each in yaml.safe_load_all(made.stdout) if each]
    assert len(documents) == 9
    assert all(each["metadata"]["namespace"] == "easel" for each in documents)
    assert "newTag" not in json.dumps(documents)
    if importlib.util.find_spec("kubernetes_validate"):
        for each in documents:
            importlib.import_module("kubernetes_validate").validate(each, "1.37", strict=True)
