"""The training loop that all stages share: resumable, seeded, on any device, for a number of steps or of minutes."""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from worker.starter import checkpoints, distributed
from worker.starter.checkpoints import Mark
from worker.starter.muon import Muon
from worker.starter.progress import TrainingProgress


@dataclass(frozen=True)
class Length:
    """How long to train: until `steps` are done, or `minutes` spent (in all runs together) when those are given.

    With minutes the learning rate follows the clock, so the result depends on the machine; with steps it does not.
    `until`: when this run ends in any case, by `time.monotonic`, as if it were told to stop. `processor`: minutes of
    the processor, over all threads, instead of the clock's, which say nothing on a machine that others use too.
    `pause`: the share after which this run ends as a whole one does, to go on later.
    """

    steps: int
    minutes: float | None = None
    until: float = math.inf
    processor: bool = False
    pause: float = 1.0

    @property
    def clock(self) -> Callable[[], float]:
        """What counts its seconds."""
        return time.process_time if self.processor else time.monotonic

    def share(self, mark: Mark) -> float:
        """Which share of the training is done."""
        if self.minutes is None:
            return min(1.0, mark.step / self.steps)
        return min(1.0, mark.seconds / (60 * self.minutes))


def no_matrices(_model: torch.nn.Module) -> Sequence[torch.nn.Parameter]:
    """AdamW moves everything."""
    return ()


@dataclass(frozen=True)
class Pace:
    """Learning rate and its warm-up, weight decay, the running average's decay, seconds between checkpoints.

    `matrices` says which parameters of a model Muon moves instead of AdamW.
    """

    learning_rate: float
    warmup: int = 100
    weight_decay: float = 0.0
    average: float = 0.998
    save_seconds: float = 120.0
    matrices: Callable[[torch.nn.Module], Sequence[torch.nn.Parameter]] = no_matrices


def fit(
    name: str,
    folder: Path,
    model: torch.nn.Module,
    loss: Callable[[int], torch.Tensor],
    length: Length,
    pace: Pace,
    averages: Mapping[float, torch.nn.Module] | None = None,
    on_save: Callable[[Mark], None] = lambda _: None,
) -> Mark:
    """Train the parameters of `model` that require gradients, going on from the checkpoint in `folder`.

    Args:
        name: of the stage, for its log and bar.
        folder: holds the checkpoint and the losses.
        model: is trained in place.
        loss: gives the loss of step n; it must depend on n alone, so that a resumed run repeats an unbroken one.
        length: how long, in all runs together.
        pace: how fast.
        averages: copies of `model` that become its running averages, by their decay.
        on_save: is called after each checkpoint, by the process that keeps them.

    Returns how far the training is. SIGTERM and Ctrl-C write a checkpoint first, then end the process. With several
    processes (`distributed`) step n of each is another batch, and the first one keeps checkpoints and losses.
    """
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = _optimiser_of(model, trained, pace)
    averages = averages or {}
    kept = _together(model, averages, pace.average)
    mark = saved = checkpoints.restore(folder, kept, optimiser)
    clock = length.clock
    began = clock()
    stopped, first = False, distributed.rank() == 0
    with TrainingProgress(name, folder, mark.step, kept=first) as progress, _stop_signals() as stop:
        while (share := length.share(mark)) < length.pause and not stopped:
            for group in optimiser.param_groups:
                group["lr"] = pace.learning_rate * ramp(mark.step, pace.warmup, share)
            error = loss(mark.step * distributed.size() + distributed.rank())
            torch.autograd.backward(error)
            ends = stop.is_set() or time.monotonic() >= length.until
            seconds, stopped = distributed.agree(trained, mark.seconds + clock() - began, ends)
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            for decay, average in averages.items():
                _blend(average, model, min(decay, (mark.step + 1) / (mark.step + 10)))
            began += seconds - mark.seconds
            mark = Mark(mark.step + 1, seconds)
            progress.add(mark.step - 1, error, length.share(mark))
            if first and mark.seconds - saved.seconds > pace.save_seconds:
                checkpoints.save(folder, mark, kept, optimiser)
                on_save(mark)
                saved = mark
    if first and mark.step != saved.step:
        checkpoints.save(folder, mark, kept, optimiser)
        on_save(mark)
    if stopped:
        raise SystemExit(128 + signal.SIGTERM)
    return mark


def _optimiser_of(model: torch.nn.Module, trained: Sequence[torch.nn.Parameter], pace: Pace) -> Muon:
    """Muon for what `pace` names as matrices, AdamW for the rest of what is trained."""
    matrices = [one for one in pace.matrices(model) if one.requires_grad]
    return Muon(trained, matrices, lr=pace.learning_rate, betas=(0.9, 0.99), weight_decay=pace.weight_decay, fused=True)


def ramp(step: int, warmup: int, share: float) -> float:
    """Factor on the learning rate: a linear rise over `warmup` steps, level to half of the way, then down to 2 %."""
    return min(1.0, (step + 1) / max(1, warmup)) * max(0.02, min(1.0, 2.0 * (1.0 - share)))


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Set the event at SIGTERM or Ctrl-C instead of ending at once (signals reach the main thread only)."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _together(model: torch.nn.Module, averages: Mapping[float, torch.nn.Module], usual: float) -> torch.nn.Module:
    """What a checkpoint holds. The names of model and usual average stay: trainings go on from older checkpoints."""
    if not averages:
        return model
    named = {
        "average" if decay == usual else f"average_{decay:g}".replace(".", "_"): averages[decay] for decay in averages
    }
    return torch.nn.ModuleDict({"live": model, **named})


@torch.no_grad()
def _blend(average: torch.nn.Module, live: torch.nn.Module, decay: float) -> None:
    torch._foreach_lerp_(list(average.parameters()), list(live.parameters()), 1 - decay)
