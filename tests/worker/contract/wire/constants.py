"""Every name that is stored in Redis or in pictures, or typed by an operator: what `constants.json` pins.

Old and new processes share these names, and operators have them in their files and dashboards. A renamed module, class
or constant must not change one; a new one is added by `python -m tests.worker.contract.wire`.
"""

import inspect
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic_settings import BaseSettings

from bot.discord_io import command_sync
from bot.settings import Settings as BotSettings
from worker import process
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.metrics.table import BOT, WORKER
from worker.contract.shared_settings import SharedSettings
from worker.contract.store import failpoints, keys, settings_in_force
from worker.contract.store.jobs import AdmissionLimit
from worker.contract.types import cause, recipe
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason, State
from worker.contract.types.request import Scheduler
from worker.engine import protocol
from worker.engine.service import metrics
from worker.engine.service.executor import Executor
from worker.engine.service.fake_backend import FakeBackend
from worker.engine.service.watchdog import Watchdog
from worker.engine.settings import EngineSettings
from worker.settings import PosterSettings
from worker.slot import rq_job

FILE = Path(__file__).with_name("constants.json")


def constants() -> dict[str, Any]:
    """By group. A group is a table of values by what they are called in the code, or a sorted list."""
    return {
        "redis keys": {**_keys(), "commands": command_sync.key(7)},
        "rq": {"queue": keys.RQ_QUEUE, "function": rq_job.NAME},
        "states": sorted(State),
        "reasons": sorted(Reason),
        "causes": _causes(),
        "admission limits": sorted(AdmissionLimit),
        "verbs": sorted(Verb),
        "reactions": {verb.value: " ".join(row.reactions) for verb, row in VERBS.items()},
        "samplers": sorted(Scheduler),
        "pictures": {
            "PNG text": recipe.PNG_KEY, "EXIF tag": recipe.EXIF_USER_COMMENT, "EXIF mark": recipe._MARK,
        },
        "engine": {
            "frames": protocol.FRAMES, "exit when worn": protocol.EXIT_WORN,
        },
        "settings in force": sorted([*SharedSettings.model_fields, *settings_in_force._ABOUT]),
        "failpoints": sorted(failpoints.POINTS),
        "environment": sorted([process.SUPERVISOR, *_looked_up(failpoints)]),
        "bot's settings": _variables(BotSettings),
        "worker's settings": _variables(PosterSettings),  # which has those of all the others
        "engine's settings": _variables(EngineSettings),
        "metrics": _metrics(),
    }  # fmt: skip


def pinned() -> dict[str, Any]:
    """What the golden file says."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def missing(now: dict[str, Any]) -> list[str]:
    """Pin what is new, and return its names. What is pinned stays as it is."""
    before, added = pinned(), []
    for group, found in now.items():
        if isinstance(found, dict):
            old = before.setdefault(group, {})
            added += [f"{group}: {name}" for name in found if name not in old]
            before[group] = {**found, **old}
        else:
            old = before.setdefault(group, [])
            added += [f"{group}: {name}" for name in found if name not in old]
            before[group] = sorted({*found, *old})
    FILE.write_text(json.dumps(before, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return added


def _keys() -> dict[str, str]:
    found = {name: value for name, value in vars(keys).items() if name.isupper() and value != keys.RQ_QUEUE}
    for name, function in inspect.getmembers(keys, inspect.isfunction):
        arguments = {each: f"<{each}>" for each in inspect.signature(function).parameters}
        found[f"{name}()"] = function(**arguments)
    return found


def _causes() -> dict[str, str]:
    """Every code that records may hold, with the names of its data."""
    made = {name: inspect.signature(each) for name, each in inspect.getmembers(cause, inspect.isfunction)}
    causes = {name: each for name, each in made.items() if each.return_annotation is Cause and name[0] != "_"}
    return {name: " ".join(each.parameters) for name, each in causes.items()}


def _looked_up(module: ModuleType) -> list[str]:
    """Variables that a module reads by itself."""
    return re.findall(r'environ\.get\("(\w+)"', inspect.getsource(module))


def _variables(kind: type[BaseSettings]) -> list[str]:
    prefix = kind.model_config.get("env_prefix", "")
    return sorted(str(field.validation_alias or f"{prefix}{name}").upper() for name, field in kind.model_fields.items())


def _metrics() -> list[str]:
    """Every metric with its kind and the names of its labels."""
    executor = Executor(FakeBackend(step_ms=0), Watchdog(grace=600), lambda _: 600.0)
    executor.seconds["load"] = 1.0
    text = metrics.text(executor)
    labels = {each.name: " ".join(each.labels) for each in (*BOT, *WORKER)}
    labels |= dict(re.findall(r"^(\w+)\{(\w+)=", text, re.MULTILINE))
    kinds = re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE)
    kinds += [(each.name, each.kind.value) for each in (*BOT, *WORKER)]
    return sorted(f"{name} {kind} {labels.get(name, '')}".strip() for name, kind in kinds)
