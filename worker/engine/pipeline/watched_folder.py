"""A folder into which someone puts checkpoints and LoRAs while the engine runs (EASEL_MODELS_FOLDER).

A model is a `.safetensors` file in it or a folder in the layout of diffusers; a LoRA is a `.safetensors` file there or
under `loras/`, told by the names of its tensors. `NAME.toml` beside one says what its table in a catalogue would. What
is still being copied is left alone until its size and times stay the same from one look to the next.
"""

import os
import re
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.engine.errors import ModelError

from . import model_files, tables
from .lora_config import LoraConfig, LoraOrigin
from .model_config import LORAS, ModelConfig, ModelOrigin
from .model_family import id_of, licence_in, of_folder, of_tensors
from .tables import WrongEntryError

LORA_FOLDER = "loras"
_PICKLES = (".ckpt", ".pt", ".pth", ".bin")
_STILL = 5.0  # seconds since a file was written, after which the first look takes it for whole
_FILES_MOST = 2000  # of one model's folder that are looked at
_LORA = re.compile(r"lora_(?:A|B|up|down)\b|\.lora\.(?:up|down)\b|_lora\.(?:up|down)\b|\.hada_w|\.lokr_w|\.dora_scale")
# The layer that reads the words, whose width tells kinds of Stable Diffusion apart; of a LoRA and of a model.
_READS_WORDS = re.compile(
    r"attn2[._](?:processor\.)?to_k(?:\.lora_A|\.lora_down|\.lora\.down|_lora\.down|\.lora_linear_layer\.down)?\.(?:default\.)?weight"
)
_UNKNOWN = "Which kind of model it is cannot be told. Write {} beside it, with steps, guidance_scale and native_pixels"

Print = tuple[tuple[str, int, int], ...]  # name, size, nanoseconds of its last change, of each file


@dataclass(frozen=True)
class Put:
    """What someone put there: a model or a LoRA, with the print of its files by which a change is noticed."""

    path: Path
    print: Print
    model: ModelConfig | None = None
    lora: LoraConfig | None = None


@dataclass(frozen=True)
class Held:
    """All that can be used of the folder, and words about the rest."""

    models: tuple[Put, ...] = ()
    loras: tuple[Put, ...] = ()
    problems: tuple[str, ...] = ()


class WatchedFolder:
    """Looks again and again. Used by one thread at a time.

    Args:
        folder: of models; it may come later.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().absolute()
        self._seen: dict[Path, Print] | None = None
        self._settled: dict[Path, Print] = {}
        self._known: dict[Path, tuple[Print, Put | str]] = {}  # so that what is written anew is not read half-way

    def look(self) -> bool:
        """Whether something has come, changed or gone since the last look; what is still being written has not."""
        found, before = dict(self._prints()), self._seen
        settled = {
            path: mark if (_old(mark) if before is None else before.get(path) == mark) else self._settled.get(path)
            for path, mark in found.items()
        }
        now = {path: mark for path, mark in settled.items() if mark is not None}
        news = before is None or now != self._settled
        self._seen, self._settled = found, now
        return news

    def read(self) -> Held:
        """What lay there at the last look."""
        models, loras, problems = list[Put](), list[Put](), list[str]()
        if not model_files.is_folder(self._folder):
            problems.append(f"EASEL_MODELS_FOLDER: there is no folder {self._folder}. Make it; it is looked for again.")
        self._known = {
            path: known if (known := self._known.get(path)) and known[0] == mark else (mark, _tried(path, mark))
            for path, mark in sorted(self._settled.items())
        }
        for path, (_, put) in self._known.items():
            if isinstance(put, str):
                problems.append(f"{path}: {put} It is left out.")
            else:
                (models if put.model else loras).append(put)
        return Held(tuple(models), tuple(loras), tuple(problems))

    def _prints(self) -> Iterator[tuple[Path, Print]]:
        for folder, whole in ((self._folder, True), (self._folder / LORA_FOLDER, False)):
            for path in _entries(folder):
                if path.suffix in {".safetensors", *_PICKLES} and path.is_file():
                    yield path, _print([path, path.with_suffix(".toml")])
                elif whole and (path / model_files.INDEX).is_file():
                    parts = [path / each for each in _names(path)]
                    yield path, _print([*parts, path.with_name(f"{path.name}.toml")])


def fitting(loras: Iterable[Put], path: Path) -> tuple[tuple[LoraConfig, ...], set[Path]]:
    """Those that may be for the model at this path, as far as both tell their kind, and where these lie.

    Its own loading tells for certain.
    """
    own = width_of(path)
    found = [put for put in loras if put.lora and (not own or width_of(put.path) in {0, own})]
    return tuple(put.lora for put in found if put.lora), {put.path for put in found}


def with_loras(config: ModelConfig, more: tuple[LoraConfig, ...]) -> ModelConfig:
    """The same with these besides; where two have one id, the catalogue's stays."""
    known = {each.id for each in config.loras}
    return replace(config, loras=(*config.loras, *(each for each in more if each.id not in known)))


def width_of(path: Path) -> int:
    """How many numbers a word has for the layers that read it; 0 where its files do not tell."""
    try:
        weights = [each for each in model_files.weights(path) if each.parent.name in {"unet", path.parent.name}]
        shapes: Mapping[str, list[int]] = {
            name: shape for each in weights for name, shape in model_files.shapes(each).items()
        }
    except (ModelError, OSError, ValueError):
        return 0
    return next((shape[1] for name, shape in shapes.items() if _READS_WORDS.search(name) and len(shape) > 1), 0)


def _tried(path: Path, mark: Print) -> Put | str:
    """What it is, or why it cannot be used."""
    try:
        return _read(path, mark)
    except (ModelError, WrongEntryError) as error:
        return f"{str(error).rstrip('.')}."
    except OSError as error:  # gone again
        return f"it cannot be read: {error.strerror}."


def _read(path: Path, mark: Print) -> Put:
    if path.is_dir():
        model_files.check_folder(path.name, path)
        return Put(path, mark, model=_model(path))
    if path.suffix in _PICKLES:
        raise WrongEntryError("it is a pickle, which can run code. Convert it to .safetensors")
    model_files.check_file(path.stem, path)
    if any(_LORA.search(name) for name in model_files.shapes(path)):
        return Put(path, mark, lora=_lora(path))
    if path.parent.name == LORA_FOLDER:
        raise WrongEntryError("it holds no LoRA, and models lie one folder above")
    return Put(path, mark, model=_model(path))


def _model(path: Path) -> ModelConfig:
    said, beside = _said(path)
    family = of_folder(path) if path.is_dir() else of_tensors(model_files.shapes(path))
    if family is None and not said.keys() & {"steps", "guidance_scale", "native_pixels"}:
        raise WrongEntryError(_UNKNOWN.format(beside.name))
    licence = licence_in(path) if path.is_dir() else None
    table: dict[str, Any] = {"id": id_of(path.name), "title": _title(path), "source": str(path.absolute())}
    table |= {"licence": licence} if licence else {}
    table |= (family.usual if family else {}) | {name: value for name, value in said.items() if name != LORAS}
    origin = {name: value for name, value in table.items() if name in ModelOrigin.model_fields}
    info = {name: value for name, value in table.items() if name not in origin}
    try:
        return ModelConfig(ModelInfo.model_validate(info), ModelOrigin.model_validate(origin), path, line=0)
    except ValidationError as error:
        raise _wrong(beside, error) from error


def _lora(path: Path) -> LoraConfig:
    said, beside = _said(path)
    table = {"id": id_of(path.name), "title": _title(path), "source": str(path.absolute())} | said
    try:
        return LoraConfig(*tables.parted(table, LoraInfo, LoraOrigin), path.parent)
    except ValidationError as error:
        raise _wrong(beside, error) from error


def _said(path: Path) -> tuple[dict[str, Any], Path]:
    """What the table beside it says, and where that is or would be."""
    beside = path.with_name(f"{path.name}.toml") if path.is_dir() else path.with_suffix(".toml")
    try:
        said = tomllib.loads(beside.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, beside
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongEntryError(f"{beside.name} is not valid TOML: {error}") from error
    if "source" in said:
        raise WrongEntryError(f"{beside.name} says a source, which is what it lies beside")
    return said, beside


def _wrong(beside: Path, error: ValidationError) -> WrongEntryError:
    words = "; ".join(tables.words(part) for part in error.errors(include_url=False))
    return WrongEntryError(f"{beside.name}: {words}")


def _title(path: Path) -> str:
    stem = path.name.removesuffix(".safetensors")
    return re.sub(r"[_\s]+", " ", stem).strip()[:100] or stem


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except OSError:  # it is not there yet, or not any more
        return []


def _names(folder: Path) -> list[str]:
    """Of all files of a model's folder, such as are looked at."""
    found: list[str] = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        found += [os.path.relpath(Path(where, each), folder) for each in sorted(files)]
        if len(found) > _FILES_MOST:
            break
    return found[:_FILES_MOST]


def _print(files: Iterable[Path]) -> Print:
    marks = []
    for each in files:
        try:
            told = each.stat()
        except OSError:
            continue
        marks.append((each.name, told.st_size, told.st_mtime_ns))
    return tuple(marks)


def _old(mark: Print) -> bool:
    """Nothing was written lately, by this machine's clock."""
    return all(time.time() - changed / 1e9 > _STILL for _, _, changed in mark)
