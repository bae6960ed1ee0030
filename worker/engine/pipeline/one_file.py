"""A file of weights that the catalogue names, from a folder or the Hub: on this machine, and whole."""

from pathlib import Path

from huggingface_hub import hf_hub_download

from worker.engine.errors import ModelError

from . import model_files
from .model_config import hub_file

CONFIG = "config.json"


def found(model: str, source: str, revision: str | None, base: Path) -> Path:
    """Where it lies. Raises ModelError."""
    hub = hub_file(source, revision)
    file = _fetched(model, source, hub.id, str(hub.file), hub.revision) if hub else base / Path(source).expanduser()
    model_files.check_file(model, file)
    return file


def with_config(model: str, source: str, revision: str | None, base: Path) -> Path:
    """The same of one that has its configuration beside it. Raises ModelError."""
    file, hub = found(model, source, revision, base), hub_file(source, revision)
    if hub:
        _fetched(model, source, hub.id, str(Path(str(hub.file)).with_name(CONFIG)), hub.revision)
    elif not file.with_name(CONFIG).is_file():
        raise ModelError(model, f"There is no {CONFIG} beside {file}.", "Take the one that belongs to it.")
    return file


def _fetched(model: str, source: str, repository: str, file: str, revision: str | None) -> Path:
    try:
        return Path(hf_hub_download(repository, file, revision=revision))
    except (OSError, ValueError) as error:  # what the Hub's client raises
        words = f"{source} could not be fetched from the Hub ({type(error).__name__})."
        raise ModelError(model, words, "Check its address and the network.") from error
