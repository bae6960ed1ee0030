"""`easel models add SOURCE`: looks at a model's files and writes its table into a catalogue."""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.doctor.machine import card_memory
from worker.engine.errors import EngineError
from worker.engine.pipeline import model_files
from worker.engine.pipeline.model_config import HubModel, ModelOrigin, read
from worker.engine.settings import CATALOGUE, EngineSettings

from . import measure
from .family import FAMILIES, Family, licence_in, of_folder, of_tensors

EXIT_USAGE = 2
_DEFAULT = Path("models.toml")


class AddError(Exception):
    """Nothing was written; the message says why and what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0 when the table stands in the catalogue, 2 when something has to be put right."""
    asked = _parser().parse_args(argv)
    try:
        for line in add(asked, asked.file or _catalogue()):
            print(line)
    except (AddError, EngineError) as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:
        print(f"{error.filename or asked.source}: {error.strerror}\nNothing was written.", file=sys.stderr)
        return EXIT_USAGE
    return 0


def add(asked: argparse.Namespace, catalogue: Path) -> list[str]:
    """Write the table; returns what to tell. Raises AddError, EngineError, OSError."""
    family, weight, licence, source = _look(asked, catalogue)
    name = asked.id or _id(asked.source)
    table = _table(asked, family, name, source, asked.licence or licence)
    kept = catalogue.read_text(encoding="utf-8") if catalogue.exists() else ""
    if kept and name in {each.info.id for each in read(catalogue).entries}:
        raise AddError(f"{catalogue} has a model {name!r} already; choose another name with --id.")
    new = catalogue.with_name(f".{catalogue.name}.new")
    try:
        new.write_text(f"{kept.rstrip()}\n\n{table}".lstrip(), encoding="utf-8")
        _check(new, name)
        new.replace(catalogue)
    finally:
        new.unlink(missing_ok=True)
    said = [f"{catalogue} has a model {name!r} now ({family.title}, {asked.licence or licence or 'licence unknown'})."]
    said += [measure.advice(weight, card_memory())] if weight else []
    if catalogue.resolve() != _catalogue().resolve() or not _named():
        said.append(f"Write EASEL_MODELS={catalogue} into .env, so that the engine reads it.")
    return [*said, "Start the worker again; its log says whether the model draws."]


def _look(asked: argparse.Namespace, catalogue: Path) -> tuple[Family, float, str | None, str]:
    """Family, GiB of weights, licence, and what to write as source."""
    given = FAMILIES.get(asked.family or "")
    path = Path(asked.source).expanduser()
    if not path.exists() and isinstance(ModelOrigin(source=asked.source).where(Path()), HubModel):
        if given is None or not asked.revision:
            raise AddError(
                f"{asked.source} is on the Hub, where nobody looks before its download: say --family "
                f"({', '.join(FAMILIES)}) and --revision, the commit that you want."
            )
        return given, 0.0, None, asked.source
    if path.is_dir():
        model_files.check_folder(path.name, path)
        found, files = of_folder(path), model_files.weights(path)
        licence = licence_in(path)
    else:
        if path.suffix != ".safetensors":
            raise AddError(f"{path} is no .safetensors file; Easel loads nothing that can run code.")
        model_files.check_file(path.stem, path)
        found, files, licence = of_tensors(model_files.shapes(path)), [path], None
    family = given or found
    if family is None:
        raise AddError(f"Which kind of model {path} is cannot be told; say --family ({', '.join(FAMILIES)}).")
    weight = measure.weight_of(model_files.shapes(each) for each in files)
    return family, weight, licence, os.path.relpath(path.resolve(), catalogue.absolute().parent)


def _table(asked: argparse.Namespace, family: Family, name: str, source: str, licence: str | None) -> str:
    rows = {
        "id": name,
        "title": asked.title or name,
        "source": source,
        "revision": asked.revision,
        "licence": licence,
        "steps": family.steps,
        "guidance_scale": family.guidance_scale,
        "native_pixels": family.side**2,
        "side_min": family.side_min,
        "side_max": family.side_max,
        "factor": family.factor,
    }
    # JSON's texts and numbers are TOML's as well.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items() if value is not None]
    return "\n".join(["[[model]]", *lines, ""])


def _check(catalogue: Path, name: str) -> None:
    found = read(catalogue)
    if name not in {each.info.id for each in found.entries}:
        why = found.problems[-1] if found.problems else ""
        raise AddError(f"The table cannot be used: {why.partition(': ')[2] or why}")


def _id(source: str) -> str:
    stem = Path(source).name.removesuffix(".safetensors").lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:32].strip("-") or "model"


def _named() -> bool:
    return EngineSettings().models.resolve() != CATALOGUE.resolve()


def _catalogue() -> Path:
    return EngineSettings().models if _named() else _DEFAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="easel models", description="Models without an editor.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    about = "look at a model's files and write its table into a catalogue"
    one = verbs.add_parser(
        "add", help=about, description=f"{about.capitalize()}; people can ask for it after a restart."
    )
    one.add_argument("source", help="a .safetensors file, a folder in the layout of diffusers, or a Hub id owner/name")
    one.add_argument("--id", help="what people type (from the file's name)")
    one.add_argument("--title", help="what people read (the id)")
    one.add_argument("--family", choices=[*FAMILIES], help="which kind it is, where its files do not tell")
    one.add_argument("--revision", help="of a Hub id: the commit")
    one.add_argument("--licence", help="as people are told; of a folder, its README.md says it")
    one.add_argument("--file", type=Path, help=f"the catalogue (EASEL_MODELS, or {_DEFAULT})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
