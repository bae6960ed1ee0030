"""The walls between the rooms hold: every import that must not be is seen, inside functions too."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TREES = ("bot", "worker", "deploy")

# Module that must not import → what it must not import.
FORBIDDEN = [
    ("bot.flags.read", "redis"),
    ("bot.texts.general", "worker.redis_client"),
    ("bot.settings", "worker.settings"),
    ("bot.app", "worker.slot.client"),
    ("bot.policy.limits", "deploy.stack"),
    ("bot.verbs.action", "rq"),
    ("bot.policy.limits", "bot.intake.admission"),
    ("bot.controls.buttons", "bot.verbs.cancel"),
    ("worker.process", "bot.errors"),
    ("worker.slot.source", "deploy.valkey"),
    ("worker.supervisor.child", "torch"),
    ("worker.supervisor.heartbeat", "worker.engine.pipeline.device"),
    ("worker.poster.encode", "worker.slot.client"),
    ("worker.poster.limits", "discord"),
    ("worker.poster.routes", "rq"),
    ("worker.poster.poster", "prometheus_client"),
    ("worker.slot.queue", "diffusers"),
    ("worker.slot.client", "worker.engine.main"),
    ("worker.settings", "worker.engine.protocol"),
    ("worker.redis_client", "worker.tasks"),
    ("worker.contract.settings_errors", "worker.settings"),
    ("worker.contract.types.recipe", "torch"),
    ("worker.contract.store.keys", "rq"),
    ("worker.contract.types.timings", "discord"),
    ("worker.engine.main", "torch"),
    ("worker.engine.protocol", "safetensors"),
    ("worker.engine.errors", "torch"),
    ("worker.engine.settings", "transformers"),
    ("worker.engine.service.encode", "torch"),
    ("worker.engine.service.memory", "worker.engine.pipeline.device"),
    ("worker.engine.service.executor", "worker.engine.prompt_match.matcher"),
    ("worker.engine.prompt_match.words.emoji", "transformers"),
    ("worker.engine.prompt_match.words.spelling", "accelerate"),
    ("worker.engine.prompt_match.words.kinds", "worker.engine.prompt_match.parser"),
    ("worker.engine.pipeline.worn", "worker.engine.prompt_match.drawings.wearers"),
    ("worker.__main__", "worker.starter.recipe"),
    ("deploy.smoke", "torch"),
    ("deploy.stack", "worker.poster.main"),
    ("deploy.sandbox.permissions", "worker.contract.types.job"),
    ("deploy.sandbox.validate.locales", "deploy.valkey"),
    ("deploy.sandbox.errors", "discord"),
    ("worker.contract.message.languages", "babel"),
    ("bot.commands.server.pages", "bot.commands.server.desk"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for tree in TREES:
        shutil.copytree(ROOT / tree, tmp_path / tree, ignore=_data)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _data(folder: str, names: list[str]) -> list[str]:
    """All that is no Python."""
    return [name for name in names if name == "__pycache__" or not (_is_folder(folder, name) or name.endswith(".py"))]


def _is_folder(folder: str, name: str) -> bool:
    return (Path(folder) / name).is_dir()


def _judgement(root: Path) -> tuple[int, str]:
    """The exit status and the words of the import linter about a tree."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=root, env={"PYTHONPATH": str(root), "PATH": ""},
                          capture_output=True, text=True, check=False)  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def _contracts(root: Path) -> list[str]:
    with (root / "pyproject.toml").open("rb") as file:
        return [each["name"] for each in tomllib.load(file)["tool"]["importlinter"]["contracts"]]


def test_every_forbidden_import_is_seen_even_inside_a_function(copy: Path) -> None:
    assert _judgement(copy)[0] == 0
    for module, target in FORBIDDEN:
        path = copy / f"{module.replace('.', '/')}.py"
        path.write_text(path.read_text() + f"\n\ndef _late() -> None:\n    import {target}\n")
    status, said = _judgement(copy)
    assert status == 1
    links = {re.sub(r"\s+", " ", line) for line in re.findall(r"[\w.]+ -> [\w.]+", said)}
    assert [pair for pair in FORBIDDEN if " -> ".join(pair) not in links] == []
    kept = [name for name in _contracts(copy) if f"{name} BROKEN" not in said]
    assert kept == [], "contracts that no import above breaks"


@pytest.mark.parametrize("new", ["worker/shiny.py", "worker/shiny/__init__.py", "worker/engine/shiny.py"])
def test_a_new_module_of_worker_has_to_be_given_its_place(copy: Path, new: str) -> None:
    path = copy / new
    path.parent.mkdir(exist_ok=True)
    path.write_text('"""New."""\n')
    status, said = _judgement(copy)
    assert status == 1
    assert re.search(r"worker\.(engine\.)?shiny", said)


@pytest.mark.parametrize("process", ["bot.__main__", "worker.__main__", "worker.supervisor.main", "worker.slot.main",
                                     "worker.poster.main", "worker.engine.main", "deploy.local"])  # fmt: skip
def test_no_process_starts_with_torch(process: str) -> None:
    """An import at the top of an allowed module would pass the linter, and cost every start seconds."""
    code = f"import sys, {process}; sys.exit(bool({{'torch', 'diffusers', 'transformers'}} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _classes(tree: str) -> Iterator[tuple[str, str]]:
    for path in (ROOT / tree).rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, str(path.relative_to(ROOT))


@pytest.mark.parametrize("tree", TREES)
def test_a_public_class_name_means_one_thing(tree: str) -> None:
    found = defaultdict(list)
    for name, path in _classes(tree):
        found[name].append(path)
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}
