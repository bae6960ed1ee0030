"""This machine: models and their files, card and driver, disk. Imports no torch."""

import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from worker.engine.errors import EngineError, ModelError
from worker.engine.pipeline import model_files
from worker.engine.pipeline.model_config import HubModel, LocalFile, LocalFolder, ModelConfig, offered
from worker.engine.pipeline.watched_folder import WatchedFolder
from worker.engine.settings import CATALOGUE, EngineSettings

from .finding import Finding, warning, well, wrong

_GIB = 1024**3
_MIB = 1024**2
_NONE = 64 * _MIB  # free bytes with which nothing more is kept for long: a result alone has up to ten MB
_LITTLE = 5 * _GIB  # free bytes; a model takes two to twenty GiB
_QUERY = ("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits")
_TIMEOUT = 20  # seconds
_OF_ENGINE = ("torch", "diffusers", "transformers", "accelerate", "safetensors")


def look(settings: EngineSettings, *, folder: Path) -> list[Finding]:
    """All of it. `folder` is where Easel keeps its data."""
    if settings.engine == "fake":
        how = "Leave it out to draw with models"
        return [warning("engine", "EASEL_ENGINE=fake draws test pictures", how), disk(folder)]
    missing = [name for name in _OF_ENGINE if _version(name) is None]
    if missing:
        words = f"this machine draws nothing: it has no {', '.join(missing)}"
        return [warning("engine", words, 'For a worker: pip install -c constraints.txt ".[engine]"'), disk(folder)]
    put = watched(settings.models_folder) if settings.models_folder else []
    return [*models(settings), *put, *cards(_smi(), _version("torch") or "", settings.device), disk(folder)]


def models(settings: EngineSettings) -> list[Finding]:
    """Every model of the catalogues: are its files whole, and under which licence?"""
    try:
        catalogue = offered(settings.models, CATALOGUE)
    except EngineError as error:
        return [wrong("models", str(error).rstrip("."), "EASEL_MODELS names the file")]
    found = [warning("models", each.rstrip("."), "Correct its table") for each in catalogue.problems]
    found += [_model(each) for each in catalogue.entries]
    return found if catalogue.entries else [*found, wrong("models", "there is none", "See Models in docs/operate.md")]


def watched(folder: Path) -> list[Finding]:
    """The folder into which models are put while the engine runs: what of it can be used?"""
    if not model_files.is_folder(folder.expanduser()):
        how = "Make it; a running engine finds it then"
        return [warning("models", f"EASEL_MODELS_FOLDER names {folder}, where there is no folder", how)]
    looked = WatchedFolder(folder)
    looked.look()
    held = looked.read()
    found = [warning("models", each.rstrip("."), "Correct or remove it") for each in held.problems]
    return [*found, well("models", f"{folder} is watched (models: {len(held.models)}, LoRAs: {len(held.loras)})")]


def _model(config: ModelConfig) -> Finding:
    name, where = config.info.id, config.origin.where(config.base)
    licence = config.info.licence
    licence = "licence unknown" if licence == "unknown" else licence
    try:
        match where:
            case LocalFolder(path):
                model_files.check_folder(
                    name, path.resolve(), ("unet", "transformer") if config.origin.denoiser else ()
                )
            case LocalFile(path):
                model_files.check_file(name, path.resolve())
            case HubModel(id=hub):
                return _on_hub(name, hub, config.origin.revision, licence)
    except ModelError as error:
        return wrong("models", str(error).rstrip("."), f"It stands at {config.place}")
    return well("models", f"{name}: its files are whole ({licence})")


def _on_hub(name: str, hub: str, revision: str | None, licence: str) -> Finding:
    if revision in (None, "main"):
        how = "Pin the commit that you tried, as revision in its table"
        return warning("models", f"{name} is whatever {hub} holds on the day of its download ({licence})", how)
    return well("models", f"{name}: {hub} at {revision} ({licence})")


def cards(told: str | None, torch: str, device: str) -> list[Finding]:
    """What there is to draw with. `told` is what nvidia-smi prints, None where there is none."""
    if told is None:
        if device.startswith("cuda"):
            how = "Install NVIDIA's driver, or leave EASEL_DEVICE out"
            return [wrong("card", f"EASEL_DEVICE={device}, and nvidia-smi finds no card", how)]
        return [well("card", "no NVIDIA card; the engine draws with what torch finds")]
    rows = [[part.strip() for part in line.split(",")] for line in told.splitlines() if line.count(",") == 2]
    found = [well("card", f"{name}, {_memory(memory)}, driver {driver}") for name, memory, driver in rows]
    if "+cpu" in torch:
        how = "Install torch for CUDA: https://pytorch.org/get-started/locally/"
        found.append(wrong("card", f"torch {torch} is built for the CPU alone", how))
    return found or [warning("card", f"nvidia-smi says: {told.strip()[:200]}", "See whether NVIDIA's driver is loaded")]


def _memory(mebibytes: str) -> str:
    return f"{int(mebibytes) / 1024:.0f} GiB" if mebibytes.isdigit() else mebibytes


def card_memory() -> float | None:
    """GiB of the largest card; None where nvidia-smi finds none."""
    told = [line.split(",") for line in (_smi() or "").splitlines() if line.count(",") == 2]
    found = [int(memory) / 1024 for _, memory, _ in told if memory.strip().isdigit()]
    return max(found, default=None)


def disk(folder: Path) -> Finding:
    """How much is free for downloads and data."""
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if model_files.is_folder(each))
    free = shutil.disk_usage(there).free
    if free < _NONE:
        how = "Make room: nothing more can be kept there, not even a log"
        return wrong("disk", f"{free / _MIB:.0f} MiB are free at {there}", how)
    if free < _LITTLE:
        return warning("disk", f"{free / _GIB:.1f} GiB are free at {there}", "Models need 2 to 20 GiB each")
    return well("disk", f"{free / _GIB:.0f} GiB are free at {there}")


def _smi() -> str | None:
    program = shutil.which(_QUERY[0])
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - the driver's own program, without anything of a person's
            [program, *_QUERY[1:]], capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return done.stdout if done.returncode == 0 else done.stdout + done.stderr


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
