"""The catalogue, a TOML file: which models there are, where their files come from, what they take.

The operator's own (EASEL_MODELS) adds to the one that ships; `offered` says how. Each `[[model]]` table holds a
`ModelInfo` (what people see and may ask for) and a `ModelOrigin` (where the files are). A bad entry is left out with
words that name file, line and field; the others stay.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation
from worker.engine.errors import CatalogueError

from . import guide_config, lora_config, model_files
from .guide_config import GuideConfig
from .lora_config import LoraConfig

Dtype = Literal["float32", "float16", "bfloat16"]
Quantize = Literal["nf4", "fp8", "gguf"]
Offload = Literal["model", "none"]
LORAS, GUIDES = "lora", "guide"  # tables within a model's own

_HUB = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
_URL = re.compile(r"^https://[^/]+/([\w.-]+/[\w.-]+)/(?:blob|resolve)/([^/]+)/(.+\.safetensors)$")
_TOP = {"model", "bundled"}  # what a catalogue has beside its models
_ENTRY = re.compile(r"^\s*\[\[\s*model\s*\]\]")


class ModelOrigin(BaseModel):
    """Where a model's files come from.

    Attributes:
        source: a folder in the layout of diffusers (relative to the catalogue's own folder), one `.safetensors`
            file, the address of such a file on the HubModel, or a Hub id `owner/name`.
        revision: commit, tag or branch of a Hub source; pin a commit.
        variant: such as `fp16`, when the files carry it in their names.
        config: folder or Hub id with the configuration of a single file.
        pipeline: class of a single file whose kind cannot be told from its keys.
        dtype: overrides what the engine chooses for the device.
        quantize: fewer bits for the weights of the denoiser and of large text encoders: `fp8` halves them; `nf4`
            quarters them, with the package bitsandbytes; `gguf` takes the denoiser from the file `denoiser`, with the
            package gguf.
        offload: `model` brings each part to the device only while it is at work.
        denoiser: a `.gguf` file, relative as `source`, in place of the denoiser of a folder.
        without: operations that are not offered, because what comes of them is no good.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, max_length=500)
    revision: str | None = Field(default=None, max_length=100)
    variant: str | None = Field(default=None, pattern=r"^[\w-]+$")
    config: str | None = None
    pipeline: str | None = Field(default=None, pattern=r"^[A-Z]\w+Pipeline$")
    dtype: Dtype | None = None
    quantize: Quantize | None = None
    offload: Offload | None = None
    denoiser: str | None = Field(default=None, pattern=r"\.gguf$", max_length=500)
    without: tuple[Operation, ...] = ()

    @model_validator(mode="after")
    def _of_fewer_bits(self) -> "ModelOrigin":
        if (self.quantize == "gguf") != (self.denoiser is not None):
            raise ValueError('quantize = "gguf" and denoiser = "<file>.gguf" come together')
        if self.quantize in {"nf4", "gguf"} and self.source.endswith(".safetensors"):
            raise ValueError(
                f'quantize = "{self.quantize}" takes a folder or a Hub id as source; "fp8" takes a file too'
            )
        return self

    @model_validator(mode="after")
    def _not_a_pickle(self) -> "ModelOrigin":
        if self.source.endswith((".ckpt", ".pt", ".pth", ".bin")):
            raise ValueError("source is a pickle, which can run code; convert it to .safetensors")
        return self

    def where(self, base: Path) -> "LocalFolder | LocalFile | HubModel":
        """What `source` means for a catalogue in the folder `base`. Touches no network."""
        if hub := hub_file(self.source, self.revision):
            return hub
        path = base / Path(self.source).expanduser()
        if self.source.endswith(".safetensors"):
            return LocalFile(path)
        if model_files.is_folder(path) or not _HUB.match(self.source):
            return LocalFolder(path)
        return HubModel(self.source, self.revision)


@dataclass(frozen=True)
class LocalFolder:
    """A folder in the layout of diffusers."""

    path: Path


@dataclass(frozen=True)
class LocalFile:
    """One `.safetensors` file with a whole model."""

    path: Path


@dataclass(frozen=True)
class HubModel:
    """A repository on the HubModel, or one file of it."""

    id: str
    revision: str | None = None
    file: str | None = None


def hub_file(source: str, revision: str | None) -> HubModel | None:
    """The file on the Hub that a source is the address of; None where it is something else."""
    url = _URL.match(source)
    return HubModel(url[1], revision or url[2], url[3]) if url else None


@dataclass(frozen=True)
class ModelConfig:
    """One usable model, with the LoRAs that change it and the guides that it follows pictures by.

    Attributes:
        catalogue: the file in which it is listed, at `line`; of a folder that is watched the model itself, at 0.
    """

    info: ModelInfo
    origin: ModelOrigin
    catalogue: Path
    line: int
    loras: tuple[LoraConfig, ...] = ()
    guides: tuple[GuideConfig, ...] = ()

    @property
    def base(self) -> Path:
        """What relative paths are relative to."""
        return self.catalogue.parent

    def copies(self, other: "ModelConfig | None") -> bool:
        """Does it say the same as another catalogue's entry?"""
        return other is not None and _said(self) == _said(other)

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.catalogue}:{self.line}" if self.line else str(self.catalogue)


@dataclass(frozen=True)
class Catalogue:
    """The usable entries in their order, and words about the others."""

    entries: tuple[ModelConfig, ...]
    problems: tuple[str, ...] = ()
    with_bundled: bool = True


def _said(config: ModelConfig) -> tuple[Any, ...]:
    return config.info, config.origin, config.loras, config.guides


def offered(own: Path, bundled: Path) -> Catalogue:
    """What an engine draws with: the operator's models, then those that ship, each by its own file's folder.

    The operator's come first, because the first is for people who choose none. An entry of theirs replaces the bundled
    one with the same id, unless it is a mere copy: from there a relative path would lead nowhere. `bundled = false`
    in their file leaves out all that ships. Raises CatalogueError.
    """
    listed = read(own)
    if not listed.with_bundled or own.resolve() == bundled.resolve():
        return listed
    ships = {entry.info.id: entry for entry in read(bundled).entries}
    entries = {entry.info.id: entry for entry in listed.entries if not entry.copies(ships.get(entry.info.id))}
    rest = (entry for name, entry in ships.items() if name not in entries)
    return Catalogue((*entries.values(), *rest), listed.problems)


def read(path: Path) -> Catalogue:
    """Read a catalogue. Raises CatalogueError when there is no file, or it is not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
        top = tomllib.loads(text)
    except OSError as error:
        raise CatalogueError(f"EASEL_MODELS: the catalogue {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"EASEL_MODELS: {path} is not valid TOML: {error}") from error
    tables, with_bundled = top.get("model", []), top.get("bundled", True)
    if not isinstance(tables, list):
        raise CatalogueError(f"EASEL_MODELS: {path}: write [[model]] with two brackets before each model.")
    entries: dict[str, ModelConfig] = {}
    problems = [] if tables else [f"{path} lists no model: add a [[model]] table."]
    problems += [f"{path}: there is no setting {name}{_meant(name, _TOP) or '.'}" for name in top.keys() - _TOP]
    if not isinstance(with_bundled, bool):
        problems.append(f"{path}: bundled: write true or false. The models that ship stay.")
    for table, lines in zip(tables, _spans(text, len(tables)), strict=True):
        loras, words = lora_config.entries(table.pop(LORAS, []), path.parent)
        guides, more = guide_config.entries(table.pop(GUIDES, []), path.parent)
        try:
            config = replace(_entry(table, path, lines.start + 1), loras=loras, guides=guides)
        except ValidationError as error:
            problems += [_words(path, text, lines, part) for part in error.errors(include_url=False)]
            continue
        problems += [f"{config.place}: {each}. This LoRA is left out." for each in words]
        problems += [f"{config.place}: {each}. This guide is left out." for each in more]
        if config.info.id in entries:
            problems.append(f"{path}:{config.line}: there is another model with id {config.info.id!r}; rename one.")
        else:
            entries[config.info.id] = config
    return Catalogue(tuple(entries.values()), tuple(problems), with_bundled is not False)


def _entry(table: dict[str, Any], catalogue: Path, line: int) -> ModelConfig:
    origin = {name: value for name, value in table.items() if name in ModelOrigin.model_fields}
    info = {name: value for name, value in table.items() if name not in origin}
    return ModelConfig(ModelInfo.model_validate(info), ModelOrigin.model_validate(origin), catalogue, line)


def _spans(text: str, count: int) -> list[range]:
    """Line numbers (from 0) of each `[[model]]` table; tables written inline share the whole file."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    if len(starts) != count:
        return [range(len(lines))] * count
    return [range(start, end) for start, end in pairwise([*starts, len(lines)])]


def _meant(written: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(written, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _words(path: Path, text: str, lines: range, part: Any) -> str:
    field = str(part["loc"][0]) if part["loc"] else ""
    every = text.splitlines()
    at = (
        next((n for n in lines if re.match(rf"\s*{re.escape(field)}\s*=", every[n])), lines.start)
        if field
        else lines.start
    )
    message = part["msg"].removeprefix("Value error, ")
    if part["type"] == "missing":
        message = f"the field {field} is missing"
    elif part["type"] == "extra_forbidden":
        message = f"there is no field {field}{_meant(field, [*ModelInfo.model_fields, *ModelOrigin.model_fields])}"
    elif field:
        message = f"{field}: {message}"
    return f"{path}:{at + 1}: {message}{'' if message.endswith('?') else '.'} This model is left out."
