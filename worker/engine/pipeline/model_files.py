"""Are a model's files there, whole and harmless? Checked before torch sees them, and cheap: headers only."""

import hashlib
import json
import logging
import os
import re
import struct
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from worker.engine.errors import ModelError

log = logging.getLogger(__name__)

INDEX = "model_index.json"
CHECKSUMS = "SHA256SUMS"  # of `sha256sum`: the model's files as whoever made them had them
_LIBRARIES = ("diffusers", "transformers", "stable_diffusion")  # the last: what SD 1.5 calls its safety checker's
_NO_WEIGHTS = ("scheduler", "tokenizer", "feature_extractor", "image_processor", "safety_checker")
_HEADER_MAX = 100_000_000
_CODE = {".py", ".pyc", ".pyd", ".so", ".dylib", ".dll"}
# Where diffusers and transformers look up which module or class a component brings with it.
_CONFIGS = "*config*.json"
_FOREIGN = {"auto_map", "custom_pipelines"}
# As the two libraries name them: a variant stands before or after the number of a part.
_WEIGHTS = re.compile(r"[a-z_]+(?:\.(\w+))?(?:-\d+-of-\d+)?(?:\.(\w+))?\.safetensors")
_SCALED = ("scale_weight", "scaled_fp8", "weight_scale")
_GGUF = b"GGUF"
_CHECKSUM = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def is_folder(path: Path) -> bool:
    """Whether there is such a folder that we can reach: `Path.is_dir` raises below one that is closed to us."""
    return os.path.isdir(path)  # noqa: PTH112


def check_folder(model: str, folder: Path, besides: Collection[str] = ()) -> None:
    """Raises ModelError unless `folder` is a whole diffusers folder of safetensors without code of its own.

    The weights of the parts `besides` lie elsewhere.
    """
    if not is_folder(folder):
        raise ModelError(model, f"The folder {folder} does not exist.", "Put its files there, or remove the entry.")
    index = check_configuration(model, folder)
    for name, (library, _) in index.items():
        if library is None or name.startswith(_NO_WEIGHTS) or name in besides:
            continue
        weights = sorted((folder / name).glob("*.safetensors"))
        if not weights:
            raise ModelError(model, f"{folder / name} holds no .safetensors file.", _AGAIN)
        for file in weights:
            check_file(model, file)
    _check_sums(model, folder)


def check_configuration(model: str, folder: Path) -> "Index":
    """What a diffusers folder, or one with the configuration of a single file, consists of.

    The libraries refuse code that a model brings as well, unless they are asked for it. Here it is refused whatever
    they do, now and in later versions.

    Raises:
        ModelError: it is no such folder, or would have us run code of its own.
    """
    index = _index(model, folder)
    for library, _ in index.values():
        if library is not None and library not in _LIBRARIES:
            raise ModelError(model, f"{folder / INDEX} asks for code of {library!r}.", _NO_CODE)
    files = sorted(_files(folder))
    for file in [each for each in files if each.suffix.lower() in _CODE]:
        if file.relative_to(folder).parts[0] in index:
            raise ModelError(model, f"{file} is code.", _NO_CODE)
        log.warning("model %s: %s is code, which Easel never runs; a model needs none", model, file)
    for file in [each for each in files if each.match(_CONFIGS)]:
        if named := _FOREIGN & _names(model, file):
            raise ModelError(model, f"{file} asks for code of its own ({', '.join(sorted(named))}).", _NO_CODE)
    return index


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
    if any(name.endswith(_SCALED) for name in header):  # read without their scales, they would draw noise
        raise ModelError(model, f"{file} holds 8-bit weights with scales of their own.", _UNSCALED)


def check_gguf(model: str, file: Path) -> None:
    """Raises ModelError unless it is there and begins as such files do."""
    try:
        with file.open("rb") as stream:
            begins = stream.read(len(_GGUF))
    except OSError as error:
        raise ModelError(
            model, f"{file} cannot be read: {error.strerror}.", "Put it there, or mend the entry."
        ) from error
    if begins != _GGUF:
        raise ModelError(model, f"{file} is not a GGUF file.", _AGAIN)


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


def weights(path: Path, variant: str | None = None, besides: Collection[str] = ()) -> list[Path]:
    """The safetensors files that are read of a folder, or the single file; none of the parts `besides`.

    Folders may hold the same weights in several formats, parts that nobody loads, and whole models beside the parts.
    """
    if not path.is_dir():
        return [path]
    parts = [name for name, (library, _) in _index("", path).items() if library and not name.startswith(_NO_WEIGHTS)]
    return sorted(file for name in parts if name not in besides for file in chosen(path / name, variant))


def chosen(part: Path, variant: str | None) -> list[Path]:
    """The files of one part that are read: those of the variant where it has any, else those of none."""
    return [part / name for name in of_variant((file.name for file in part.glob("*.safetensors")), variant)]


def of_variant(names: Iterable[str], variant: str | None) -> list[str]:
    """The same by the names of a part's files."""
    weights = sorted(name for name in names if name.endswith(".safetensors"))
    of: dict[str | None, list[str]] = {}
    for name in weights:
        if named := _WEIGHTS.fullmatch(name):
            of.setdefault(named[1] or named[2], []).append(name)
    return of.get(variant) or of.get(None) or weights


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


_UNSCALED = "diffusers does not read those: take the model in fp16 or bf16."
_AGAIN = "Copy or download the model again."
_NO_CODE = "Easel runs no code of models."
Index = dict[str, tuple[str | None, str | None]]  # component → library and class, both None where it is left out


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder, behind links as well, as the loaders would find them."""
    seen: set[str] = set()
    for at, folders, names in os.walk(folder, followlinks=True):
        if (real := os.path.realpath(at)) in seen:  # a link back up
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(at, name) for name in names)


def _names(model: str, file: Path) -> set[str]:
    """The names of all fields in a configuration, however deep."""
    names: set[str] = set()

    def collect(fields: dict[str, Any]) -> dict[str, Any]:
        names.update(fields)
        return fields

    try:
        json.loads(file.read_text(encoding="utf-8"), object_hook=collect)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(model, f"{file} cannot be read as JSON.", _AGAIN) from error
    return names


def _check_sums(model: str, folder: Path) -> None:
    """Raises ModelError where the folder has checksums, and a file is not the one that they are of."""
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise ModelError(model, f"{folder / CHECKSUMS} cannot be read.", _AGAIN) from error
    for line in lines:
        said = _CHECKSUM.fullmatch(line)
        if said is None:
            raise ModelError(model, f"{folder / CHECKSUMS} is damaged: it has the line {line[:80]!r}.", _AGAIN)
        try:
            with (folder / said[2]).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(model, f"{folder / said[2]} cannot be read: {error.strerror}.", _AGAIN) from error
        if found != said[1]:
            raise ModelError(model, f"{folder / said[2]} is not the file that {CHECKSUMS} names.", _AGAIN)


def _index(model: str, folder: Path) -> Index:
    try:
        index: dict[str, Any] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        kind = index["_class_name"]
        parts = {name: tuple(part) for name, part in index.items() if isinstance(part, list) and len(part) == 2}
    except FileNotFoundError as error:
        raise ModelError(model, f"{folder} has no {INDEX}, so it is no diffusers folder.", _AGAIN) from error
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise ModelError(model, f"{folder / INDEX} cannot be read as JSON.", _AGAIN) from error
    if not isinstance(kind, str):
        raise ModelError(model, f"{folder / INDEX} asks for code of its own.", _NO_CODE)
    return parts
