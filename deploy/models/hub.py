"""What a repository of the Hub holds, which of its files the engine reads, and their download.

The files go to the cache of the Hub's own client, where the engine looks for them. The client resumes what was cut off.
"""

import errno
import json
import shutil
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from worker.engine.errors import EngineError, ModelError
from worker.engine.pipeline import model_files
from worker.engine.pipeline.model_config import HubModel

from .download import BusyError, DamagedError, begun, into_cache, summed
from .measure import Shapes

_WEIGHTS = (".safetensors", ".bin", ".ckpt", ".pt", ".pth", ".msgpack", ".onnx", ".onnx_data", ".h5", ".gguf", ".pb")
_CARD = "README.md"
_DAMAGED = "{} is not the file that the Hub lists, so it was removed."
_ROOM = "Make room, or have HF_HOME name a folder on another disk."
_OF_DISKS = {
    errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.EIO, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOSPC, errno.ENOTDIR,
    errno.EPERM, errno.EROFS,
}  # fmt: skip
_AGAIN = "Run the same command again; what is here already is not fetched anew."


@dataclass(frozen=True)
class Listed:
    """A file as the Hub lists it. `sha256`: None for small ones that lie in git itself."""

    name: str
    size: int
    sha256: str | None


@dataclass(frozen=True)
class Repository:
    """A repository at one commit."""

    hub: HubModel
    commit: str
    licence: str | None
    files: dict[str, Listed]

    @property
    def pinned(self) -> bool:
        """Whether what was asked for is this commit, and no name that moves."""
        return self.hub.revision == self.commit


@cache
def _client() -> tuple[Any, Any]:
    # It reads HF_TOKEN, HF_HOME and HF_ENDPOINT when it is imported, so `.env` has to be taken up before.
    try:
        import huggingface_hub
        from huggingface_hub import errors
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError as error:
        how = 'pip install -c constraints.txt ".[engine]" brings it.'
        raise EngineError(f"What fetches from the Hub is not installed here. {how}") from error
    if not sys.stderr.isatty():
        disable_progress_bars()
    return huggingface_hub, errors


def look(model: str, hub: HubModel) -> Repository:
    """What is there. Raises ModelError."""
    ask = _client()[0].HfApi().model_info
    found = _asked(model, hub, lambda: ask(hub.id, revision=hub.revision, files_metadata=True))
    files = {
        each.rfilename: Listed(each.rfilename, each.size or 0, each.lfs.sha256 if each.lfs else None)
        for each in found.siblings or []
    }
    card = found.card_data or {}
    return Repository(hub, found.sha, card.get("license_name") or card.get("license"), files)


def chosen(model: str, there: Repository, variant: str | None, besides: Collection[str] = ()) -> list[Listed]:
    """The files that the engine reads: one, or the parts that `model_index.json` names. Raises ModelError."""
    if there.hub.file:
        return [_listed(model, there, there.hub.file)]
    try:
        index = json.loads(read(model, there, model_files.INDEX))
        parts = {name for name, part in index.items() if isinstance(part, list) and part[:1] != [None]}
    except (ValueError, AttributeError) as error:
        what = f"{there.hub.id} has a {model_files.INDEX} that cannot be read at {there.commit[:12]}."
        raise ModelError(model, what, "Choose another commit, or another model.") from error
    found = [each for name, each in there.files.items() if name in {model_files.INDEX, _CARD}]
    for part in sorted(parts):
        inside = {Path(name).name: each for name, each in there.files.items() if name.rpartition("/")[0] == part}
        found += [each for name, each in inside.items() if not name.endswith(_WEIGHTS)]
        if part not in besides:
            found += [inside[name] for name in model_files.of_variant([*inside], variant)]
    return found


def has_variant(there: Repository, variant: str) -> bool:
    """Are there weights that carry it in their names?"""
    return any(f".{variant}." in name and name.endswith(".safetensors") for name in there.files)


def shapes(model: str, there: Repository, file: Listed) -> tuple[str, Shapes]:
    """The part that a file of weights belongs to, and its tensors, of which only the head is fetched."""
    read = _client()[0].HfApi().parse_safetensors_file_metadata
    told = _asked(model, there.hub, lambda: read(there.hub.id, file.name, revision=there.commit))
    part = "" if there.hub.file else file.name.rpartition("/")[0]
    return part, {name: list(tensor.shape) for name, tensor in told.tensors.items()}


def read(model: str, there: Repository, name: str) -> str:
    """A small file. Raises ModelError."""
    return bring(model, there, _listed(model, there, name)).read_text(encoding="utf-8")


def left(model: str, there: Repository, files: Sequence[Listed]) -> int:
    """Bytes of them that are not here yet. Raises ModelError where the disk has no room for these."""
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.file_download import repo_folder_name

    cache = Path(constants.HF_HUB_CACHE)
    folder = cache / repo_folder_name(repo_id=there.hub.id, repo_type="model")
    missing = sum(
        each.size - (begun(folder, each.sha256) if each.sha256 else 0) for each in files
        if not isinstance(try_to_load_from_cache(there.hub.id, each.name, revision=there.commit), str)
    )  # fmt: skip
    at = next(each for each in (cache, *cache.parents) if each.exists())
    free = shutil.disk_usage(at).free
    if missing > free:
        what = f"{missing / 1e9:.1f} GB are to be fetched, and {free / 1e9:.1f} are free at {at}."
        raise ModelError(model, what, _ROOM)
    return missing


def bring(model: str, there: Repository, file: Listed) -> Path:
    """Fetch a file unless it is here, and see that it is the one that the Hub lists. Raises ModelError."""
    client, download = _client()[0], _client()[0].hf_hub_download
    sha256, seen = file.sha256, False
    if sha256:
        by = (client, there.hub.id, file.name, there.commit, sha256, file.size)
        seen = _asked(model, there.hub, lambda: into_cache(*by))
    path = Path(_asked(model, there.hub, lambda: download(there.hub.id, file.name, revision=there.commit)))
    if path.stat().st_size != file.size or (sha256 and not seen and summed(path) != sha256):
        path.resolve().unlink()  # the client never looks into it again, and would take it for whole
        path.unlink(missing_ok=True)
        raise ModelError(model, _DAMAGED.format(file.name), _AGAIN)
    if file.name in {model_files.INDEX, there.hub.file} and not there.pinned:
        # By the name that the catalogue has for it, too: the engine then finds it under that without the Hub.
        _asked(model, there.hub, lambda: download(there.hub.id, file.name, revision=there.hub.revision))
    return path


def _listed(model: str, there: Repository, name: str) -> Listed:
    if name not in there.files:
        raise ModelError(model, f"{there.hub.id} has no {name} at {there.commit[:12]}.", "Is it in diffusers' layout?")
    return there.files[name]


def _asked(model: str, hub: HubModel, ask: Callable[[], Any]) -> Any:
    errors = _client()[1]
    page = f"https://huggingface.co/{hub.id}"
    try:
        return ask()
    except BusyError as error:
        raise ModelError(model, f"another process is fetching {hub.id}.", "Wait for it.") from error
    except DamagedError as error:
        raise ModelError(model, _DAMAGED.format(error), _AGAIN) from error
    except errors.GatedRepoError as error:
        how = f"Accept its licence at {page}, and write HF_TOKEN=… (huggingface.co/settings/tokens) into .env."
        raise ModelError(model, f"{hub.id} is handed out only to those who accept its licence.", how) from error
    except errors.RevisionNotFoundError as error:
        raise ModelError(model, f"{hub.id} has no revision {hub.revision!r}.", f"See {page}/commits/main.") from error
    except errors.RepositoryNotFoundError as error:
        how = "Check its name; a private one needs HF_TOKEN in .env."
        raise ModelError(model, f"the Hub has no {hub.id}, or does not show it to you.", how) from error
    except errors.RemoteEntryNotFoundError as error:
        raise ModelError(model, f"{hub.id} has no such file.", f"See {page}/tree/main.") from error
    except Exception as error:  # the client passes on what its HTTP library, whichever that is, raises
        if isinstance(error, OSError) and error.errno in _OF_DISKS:
            from huggingface_hub import constants

            what = f"{error.filename or constants.HF_HUB_CACHE} cannot be written: {error.strerror}."
            raise ModelError(model, what, _ROOM) from error
        how = f"See whether the network is up. {_AGAIN}"
        raise ModelError(model, f"{hub.id} could not be fetched from the Hub ({type(error).__name__}).", how) from error
