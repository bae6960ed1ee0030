"""What is tried: the denoiser as it is, and ways that differ from it in one thing each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from worker.starter import loop
from worker.starter.denoiser import DenoiserPlan, DenoiserShape

AVERAGES = (0.9, 0.95, 0.999)  # running averages that every trial keeps beside the plan's own


@dataclass(frozen=True)
class Variant:
    """A denoiser and how it is trained. `words` say how it differs from the first one."""

    words: str
    shape: DenoiserShape
    plan: DenoiserPlan


# All but Muon's differ from AdamW at the rate that the plan had when they were tried.
_ADAMW = replace(DenoiserPlan().pace, learning_rate=8e-4, warmup=150, matrices=loop.no_matrices)
_SHAPE, _PLAN = DenoiserShape(), DenoiserPlan(pace=_ADAMW, others=AVERAGES)


def _shaped(words: str, shape: DenoiserShape) -> Variant:
    return Variant(words, shape, _PLAN)


def _planned(words: str, plan: DenoiserPlan) -> Variant:
    return Variant(words, _SHAPE, plan)


def _paced(words: str, factor: float) -> Variant:
    pace = replace(_PLAN.pace, learning_rate=factor * _PLAN.pace.learning_rate)
    return _planned(words, replace(_PLAN, pace=pace))


def _muon(words: str, factor: float, batch: int = _PLAN.batch) -> Variant:
    pace = replace(DenoiserPlan().pace, learning_rate=factor * _ADAMW.learning_rate)
    return _planned(words, replace(_PLAN, pace=pace, batch=batch))


# In the order of how much they might matter: what is left when time is over is the least of them.
VARIANTS: Mapping[str, Variant] = {
    "plan": Variant("AdamW; 128, 192, 256 channels, attention in the middle", _SHAPE, _PLAN),
    "width-96": _shaped("96 channels at 16 × 16", replace(_SHAPE, channels=(96, 192, 256))),
    "width-160": _shaped("160 channels at 16 × 16", replace(_SHAPE, channels=(160, 192, 256))),
    "rate-double": _paced("twice the learning rate", 2),
    "rate-fourfold": _paced("four times the learning rate", 4),
    "rate-half": _paced("half the learning rate", 0.5),
    "second-layer": _shaped("a second layer at 16 × 16", replace(_SHAPE, layers=(2, 1, 1))),
    "no-attention": _shaped("no attention to words, their sum alone", replace(_SHAPE, attention="none")),
    "min-snr": _planned("min-SNR weights, γ = 5", replace(_PLAN, weight="min-snr")),
    "even-weights": _planned("all noise levels weigh the same", replace(_PLAN, weight="even")),
    "narrow-and-fast": Variant(
        "96 channels, no attention, twice the learning rate",
        replace(_SHAPE, channels=(96, 192, 256), attention="none"),
        replace(_PLAN, pace=replace(_PLAN.pace, learning_rate=2 * _PLAN.pace.learning_rate)),
    ),
    "muon": _muon("Muon, twice the learning rate", 2),
    "muon-fourfold": _muon("Muon, four times the learning rate", 4),
    "muon-64": _muon("Muon, twice the learning rate, 64 latents a step", 2, 64),
    "attention-8": _shaped("attention to words at 8 × 8 too", replace(_SHAPE, attention="second")),
}
