"""Looks at a model's files, here or on the Hub, and writes its table into a catalogue."""

import argparse
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from deploy.doctor.machine import card_memory
from worker.engine.pipeline import model_files
from worker.engine.pipeline.model_config import HubModel, ModelOrigin, read
from worker.engine.pipeline.model_family import FAMILIES, ModelFamily, id_of, licence_in, of_folder, of_tensors

from . import hub, measure

_SMALLER = "fp16"  # a variant that takes half of the download, and draws the same in 16 bits


class AddError(Exception):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """What the files tell. `parts` are the numbers in the weights of each part."""

    family: ModelFamily | None
    source: str
    parts: dict[str, int] = field(default_factory=dict)
    licence: str | None = None
    revision: str | None = None
    variant: str | None = None


def add(asked: argparse.Namespace, catalogue: Path) -> list[str]:
    """Write the table; returns what to tell. Raises AddError, EngineError, OSError."""
    name = asked.id or id_of(asked.source)
    found = _look(asked, catalogue, name)
    family = FAMILIES.get(asked.family or "") or found.family
    if family is None:
        raise AddError(f"Which kind of model {asked.source} is cannot be told; say --family ({', '.join(FAMILIES)}).")
    table = _table(asked, family, name, found)
    if catalogue.exists() and name in {each.info.id for each in read(catalogue).entries}:
        raise AddError(f"{catalogue} has a model {name!r} already; choose another name with --id.")
    kept = catalogue.read_text(encoding="utf-8") if catalogue.exists() else ""
    new = catalogue.with_name(f".{catalogue.name}.new")
    try:
        new.write_text(f"{kept.rstrip()}\n\n{table}".lstrip(), encoding="utf-8")
        _check(new, name)
        new.replace(catalogue)
    finally:
        new.unlink(missing_ok=True)
    licence = asked.licence or found.licence or "licence unknown"
    said = [f"{catalogue} has a model {name!r} now ({family.title}, {licence})."]
    if found.parts:
        advice = measure.advice(found.parts, card_memory())
        said.append(advice[0].upper() + advice[1:])
    on_hub = f"`easel models fetch {name}` brings its files here; without that the engine does at its start."
    return [*said, on_hub] if found.revision else said


def _look(asked: argparse.Namespace, catalogue: Path, name: str) -> Found:
    path = Path(asked.source).expanduser()
    if not path.exists() and isinstance(where := ModelOrigin(source=asked.source).where(Path()), HubModel):
        return _on_hub(asked, name, where)
    if not path.exists():
        raise AddError(f"{path} does not exist. Name a .safetensors file, a folder, or owner/name of the Hub.")
    source = os.path.relpath(path.resolve(), catalogue.absolute().parent)
    if path.is_dir():
        model_files.check_folder(path.name, path)
        parts = measure.parts_of((each.parent.name, model_files.shapes(each)) for each in model_files.weights(path))
        return Found(of_folder(path), source, parts, licence_in(path))
    if path.suffix != ".safetensors":
        raise AddError(f"{path} is no .safetensors file; Easel loads nothing that can run code.")
    model_files.check_file(path.stem, path)
    shapes = model_files.shapes(path)
    return Found(of_tensors(shapes), source, measure.parts_of([("", shapes)]))


def _on_hub(asked: argparse.Namespace, name: str, where: HubModel) -> Found:
    """Of a repository only configurations and the heads of weights are fetched."""
    if asked.family and asked.revision:  # then nothing is left to be asked
        return Found(None, asked.source, revision=asked.revision)
    there = hub.look(name, HubModel(where.id, asked.revision or where.revision, where.file))
    if where.file is None and not there.files.keys() & {model_files.INDEX}:
        names = ", ".join(sorted(each for each in there.files if each.endswith(".safetensors"))[:3])
        how = f"Name one file: https://huggingface.co/{where.id}/resolve/main/… ({names})." if names else ""
        raise AddError(f"{where.id} is no folder in the layout of diffusers. {how}".rstrip())
    variant = _SMALLER if where.file is None and hub.has_variant(there, _SMALLER) else None
    files = hub.chosen(name, there, variant)
    told = [hub.shapes(name, there, each) for each in files if each.name.endswith(".safetensors")]
    if where.file:
        family = of_tensors(dict(told[0][1]))
    else:
        configs = [hub.bring(name, there, each) for each in files if each.name.endswith("config.json")]
        family = of_folder(hub.bring(name, there, there.files[model_files.INDEX]).parent) if configs else None
    return Found(family, asked.source, measure.parts_of(told), there.licence, there.commit, variant)


def _table(asked: argparse.Namespace, family: ModelFamily, name: str, found: Found) -> str:
    rows = {
        "id": name,
        "title": asked.title or name,
        "source": found.source,
        "revision": found.revision or asked.revision,
        "variant": found.variant,
        "licence": asked.licence or found.licence,
    } | family.usual
    # JSON's texts and numbers are TOML's as well.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items() if value is not None]
    return "\n".join(["[[model]]", *lines, ""])


def _check(catalogue: Path, name: str) -> None:
    found = read(catalogue)
    if name not in {each.info.id for each in found.entries}:
        why = found.problems[-1] if found.problems else ""
        raise AddError(f"The table cannot be used: {why.partition(': ')[2] or why}")
