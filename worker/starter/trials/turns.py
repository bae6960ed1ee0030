"""Train variants by turns, each for the same time of the processor, and keep what is measured of them.

By turns, because even a processor's second is worth less while others use its caches: whatever the machine is doing
meets all variants alike, and at any moment all are nearly as far. A turn holds its variant's lock, so that several such
processes share the work; one that is ended goes on with the turn where it was.
"""

import fcntl
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch

from worker.starter import checkpoints, denoiser, text_pretraining
from worker.starter.denoiser import Batch, Denoiser, DenoiserPlan
from worker.starter.latent_cache import LatentCache
from worker.starter.loop import Length
from worker.starter.machine import Machine
from worker.starter.recipe import Run
from worker.starter.trials.variants import VARIANTS, Variant

log = logging.getLogger(__name__)

TURNS = 6
BANDS = 3  # of noise levels: nearly clean, in between, nearly noise
_FILE, _SEED = "trial.json", 90
_FEW = 32  # latents at once where nothing is trained


@dataclass(frozen=True)
class Trial:
    """What is known of one variant.

    Attributes:
        turns: how many of `TURNS` are done.
        steps, seconds: of training, the latter by the processor.
        parameters: of the whole denoiser.
        batch: latents in a step.
        course: the velocity's error after each turn, with the plan's running average.
        averages: the error now, by the decay of the running average; after the last turn of all that are kept.
        bands: the error now by noise level, the least noise first.
    """

    turns: int = 0
    steps: int = 0
    seconds: float = 0.0
    parameters: int = 0
    batch: int = 0
    course: list[float] = field(default_factory=list)
    averages: dict[str, float] = field(default_factory=dict)
    bands: list[float] = field(default_factory=list)

    @property
    def latents(self) -> int:
        """How many latents it has seen."""
        return self.steps * self.batch

    @property
    def pace(self) -> float:
        """Latents a second of the processor."""
        return self.latents / max(self.seconds, 1e-9)


def read(folder: Path) -> Trial:
    """Return what is known of the variant in `folder`."""
    path = folder / _FILE
    return Trial(**json.loads(path.read_text())) if path.exists() else Trial()


def write(folder: Path, trial: Trial) -> None:
    """Keep what is known, whole or not at all."""
    partial = folder / f"{_FILE}.part"
    partial.write_text(json.dumps(asdict(trial)) + "\n")
    partial.rename(folder / _FILE)


def split(cache: LatentCache, rounds: int) -> tuple[LatentCache, LatentCache]:
    """Return all rounds but the last, to train on, and the last one: the same things in other places and colours."""
    kept = len(cache.latents) // rounds
    return LatentCache(cache.latents[:-kept], cache.tokens[:-kept]), LatentCache(
        cache.latents[-kept:], cache.tokens[-kept:]
    )


def take(run: Run, folder: Path, names: Sequence[str], minutes: float, rounds: int) -> None:
    """Take turns until all variants in `names` had theirs, `minutes` of the processor each, or others hold the rest."""
    seen, unseen = split(run.latent_cache(), rounds)
    while True:
        with turn(folder, names) as name:
            if name is None:
                return
            one_turn(run, seen, unseen, VARIANTS[name], folder / name, minutes)


def one_turn(
    run: Run, seen: LatentCache, unseen: LatentCache, variant: Variant, folder: Path, minutes: float | None
) -> Trial:
    """Train a variant for one turn and measure it. Without `minutes` a trial has as many steps as its plan says."""
    before = read(folder)
    length = Length(variant.plan.length.steps, minutes, processor=minutes is not None, pause=(before.turns + 1) / TURNS)
    plan = replace(variant.plan, length=length, pace=replace(variant.plan.pace, save_seconds=float("inf")))
    text = text_pretraining.load(run.folder / text_pretraining.STAGE, run.tokenizer, variant.shape)
    models = denoiser.train_averages(seen, run.tokenizer, plan, folder, run.machine, variant.shape, text=text)
    mark = checkpoints.done(folder)
    usual, last = plan.pace.average, before.turns + 1 == TURNS
    measured = models if last else {usual: models[usual]}  # measuring takes time as well
    bands = {decay: errors(model, unseen, plan, run.machine) for decay, model in measured.items()}
    own = bands[usual]
    trial = Trial(
        turns=before.turns + 1,
        steps=mark.step,
        seconds=mark.seconds,
        parameters=sum(parameter.numel() for parameter in models[usual].parameters()),
        batch=plan.batch,
        course=[*before.course, _mean(own)],
        averages={f"{decay:g}": _mean(bands[decay]) for decay in sorted(bands)},
        bands=own,
    )
    write(folder, trial)
    log.info("%s: turn %d of %d, error %.4f, %.1f latents/s", folder.name, trial.turns, TURNS, _mean(own), trial.pace)
    return trial


@torch.no_grad()
def errors(model: Denoiser, unseen: LatentCache, plan: DenoiserPlan, machine: Machine) -> list[float]:
    """Mean squared errors of the velocity by noise level, each over as many latents; the noise is always the same."""
    forward = plan.process().to(machine.device)
    count = len(unseen.latents)
    generator = machine.generator(_SEED)
    which = torch.randint(unseen.tokens.shape[1], (count,), generator=generator, device=machine.device)
    order = torch.randperm(count, generator=generator, device=machine.device)
    clean = unseen.latents.float()
    whole = Batch(
        clean,
        torch.randn(clean.shape, generator=generator, device=machine.device),
        ((order + 0.5) * forward.steps / count).long(),
        unseen.tokens[torch.arange(count, device=machine.device), which],
    )
    found = torch.cat(
        [
            denoiser.errors_of(model, _rows(whole, slice(start, start + _FEW)), forward, machine)
            for start in range(0, count, _FEW)
        ]
    )
    bands = (whole.timesteps * BANDS // forward.steps).clamp(max=BANDS - 1)
    return [round(found[bands == band].mean().item(), 5) for band in range(BANDS)]


def _rows(batch: Batch, rows: slice) -> Batch:
    return Batch(batch.clean[rows], batch.noise[rows], batch.timesteps[rows], batch.tokens[rows])


def _mean(bands: Sequence[float]) -> float:
    return round(sum(bands) / len(bands), 5)


@contextmanager
def turn(folder: Path, names: Sequence[str]) -> Iterator[str | None]:
    """Hold the variant that had the fewest turns, of those that nobody holds; None when there is none."""
    for name in sorted(names, key=lambda each: read(folder / each).turns):
        (folder / name).mkdir(parents=True, exist_ok=True)
        with (folder / name / "lock").open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if read(folder / name).turns < TURNS:
                yield name
                return
    yield None
