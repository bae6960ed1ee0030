"""Brings the files of a catalogue's models here from the Hub, and says what fits this card."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.doctor.machine import card_memory
from worker.engine.errors import EngineError, ModelError
from worker.engine.pipeline import fit
from worker.engine.pipeline.model_config import HubModel, ModelConfig, hub_file, offered
from worker.engine.settings import CATALOGUE

from . import hub, measure

_WEIGHTS = ".safetensors"


def fetch(catalogue: Path, names: Sequence[str], *, look_only: bool) -> bool:
    """Tell and do it, a model after the other; True when all are here. Raises EngineError when there is none such."""
    models = offered(catalogue, CATALOGUE)
    known = {each.info.id: each for each in models.entries}
    if strange := [name for name in names if name not in known]:
        raise EngineError(f"{catalogue} has no model {strange[0]!r}. It has: {', '.join(known)}.")
    for problem in models.problems:
        print(problem)
    done = True
    for config in [known[name] for name in names] or models.entries:
        try:
            for line in _model(config, look_only=look_only):
                print(f"{config.info.id}: {line}", flush=True)
        except ModelError as error:
            print(f"{config.info.id}: {error.why} {error.remedy}", flush=True)
            done = False
    return done


def _model(config: ModelConfig, *, look_only: bool) -> Iterator[str]:
    name, origin = config.info.id, config.origin
    where = origin.where(config.base)
    if isinstance(where, HubModel):
        there = hub.look(name, where)
        files = hub.chosen(name, there, origin.variant, fit.DENOISERS if origin.denoiser else ())
        heads = [hub.shapes(name, there, each) for each in files if each.name.endswith(_WEIGHTS)]
        yield from _about(name, there, files)
        yield measure.advice(measure.parts_of(heads), card_memory(), origin.quantize, origin.offload)
        yield from () if look_only else _bring(name, there, files)
    else:
        yield f"its files lie on this machine ({where.path})."
    for lora in config.loras:
        if file := hub_file(lora.origin.source, lora.origin.revision):
            there = hub.look(name, file)
            files = hub.chosen(name, there, None)
            told = [*_about(name, there, files), *(() if look_only else _bring(name, there, files))]
            yield from (f"LoRA {lora.id}: {line}" for line in told)


def _about(name: str, there: hub.Repository, files: Sequence[hub.Listed]) -> Iterator[str]:
    missing, total = hub.left(name, there, files), sum(each.size for each in files)
    to_do = f"{_size(missing)} to fetch" if missing else "all here"
    yield f"{there.hub.id} at {there.commit[:12]}: {len(files)} files, {_size(total)}, {to_do}."
    if not there.pinned:
        yield f'write revision = "{there.commit}" into its table, so that it stays this one.'


def _bring(name: str, there: hub.Repository, files: Sequence[hub.Listed]) -> Iterator[str]:
    for number, each in enumerate(files, 1):
        if each.name.endswith(_WEIGHTS):
            yield f"{number} of {len(files)}: {each.name}, {_size(each.size)}"
        hub.bring(name, there, each)
    yield "all its files are here, and are those that the Hub lists."


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1e9:.1f} GB" if bytes_ >= 1e8 else f"{bytes_ / 1e6:.1f} MB"
