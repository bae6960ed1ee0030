"""Are a model's files there, whole and harmless? Checked before torch sees them, and cheap: headers only."""

import hashlib
import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from worker.engine.errors import ModelError

INDEX = "model_index.json"
_LIBRARIES = {"diffusers", "transformers", "stable_diffusion"}  # the last: what SD 1.5 calls its safety checker's
_NO_WEIGHTS = ("scheduler", "tokenizer", "feature_extractor", "image_processor", "safety_checker")
_HEADER_MAX = 100_000_000


def check_folder(model: str, folder: Path) -> None:
    """Raises ModelError unless `folder` is a whole diffusers folder of safetensors without code of its own."""
    if not folder.is_dir():
        raise ModelError(model, f"The folder {folder} does not exist.", "Put its files there, or remove the entry.")
    index = _index(model, folder)
    for name, (library, _) in index.items():
        if library is None or name.startswith(_NO_WEIGHTS):
            continue
        if library not in _LIBRARIES:
            raise ModelError(model, f"{folder / INDEX} asks for code of {library!r}.", "Easel runs no code of models.")
        weights = sorted((folder / name).glob("*.safetensors"))
        if not weights:
            raise ModelError(model, f"{folder / name} holds no .safetensors file.", _AGAIN)
        for file in weights:
            check_file(model, file)


def check_file(model: str, file: Path) -> None:
    """Raises ModelError when a safetensors file is missing, cut off or something else."""
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            header: dict[str, Any] = json.loads(stream.read(length) if length <= min(size, _HEADER_MAX) else b"")
        end = max((t["data_offsets"][1] for name, t in header.items() if name != "__metadata__"), default=0)
    except FileNotFoundError as error:
        raise ModelError(model, f"The file {file} does not exist.", "Put it there, or remove the entry.") from error
    except OSError as error:
        raise ModelError(model, f"{file} cannot be read: {error.strerror}.", "Mend its permissions.") from error
    except (struct.error, ValueError, AttributeError, TypeError, LookupError) as error:
        raise ModelError(model, f"{file} is not a safetensors file, or damaged.", _AGAIN) from error
    if 8 + length + end != size:
        raise ModelError(model, f"{file} is cut off: {size} of {8 + length + end} bytes.", _AGAIN)


def fingerprint(files: Iterable[Path]) -> str:
    """Twelve hexadecimal digits for these weights: of sizes, beginnings and ends, so that it costs nothing."""
    digest = hashlib.sha256()
    for file in sorted(files):
        size = file.stat().st_size
        with file.open("rb") as stream:
            digest.update(f"{file.name} {size}\n".encode() + stream.read(1 << 20))
            stream.seek(max(0, size - (1 << 20)))
            digest.update(stream.read())
    return digest.hexdigest()[:12]


def weights(path: Path) -> list[Path]:
    """The safetensors files of a folder or of a single file."""
    return sorted(path.rglob("*.safetensors")) if path.is_dir() else [path]


def pipeline_class(folder: Path) -> str | None:
    """Name of the pipeline that a diffusers folder asks for; None when it says nothing."""
    try:
        name = json.loads((folder / INDEX).read_text())["_class_name"]
    except (OSError, ValueError, LookupError):
        return None
    return name if isinstance(name, str) else None


def left_out(folder: Path) -> list[str]:
    """Parts that a checked folder does without, such as a safety checker, or the third text encoder of SD3."""
    return [name for name, (library, _) in _index("", folder).items() if library is None]


def shapes(file: Path) -> dict[str, list[int]]:
    """Names and shapes of the tensors in a checked safetensors file."""
    with file.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
    return {name: tensor["shape"] for name, tensor in header.items() if name != "__metadata__"}


_AGAIN = "Copy or download the model again."


def _index(model: str, folder: Path) -> dict[str, tuple[str | None, str | None]]:
    try:
        index: dict[str, Any] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        kind = index["_class_name"]
        parts = {name: tuple(part) for name, part in index.items() if isinstance(part, list) and len(part) == 2}
    except FileNotFoundError as error:
        raise ModelError(model, f"{folder} has no {INDEX}, so it is no diffusers folder.", _AGAIN) from error
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise ModelError(model, f"{folder / INDEX} cannot be read as JSON.", _AGAIN) from error
    if not isinstance(kind, str):
        raise ModelError(model, f"{folder / INDEX} asks for code of its own.", "Easel runs no code of models.")
    return parts
