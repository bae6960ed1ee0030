"""What people ask for."""

from argparse import Namespace

from worker.contract.types.request import Request, Scheduler
from worker.engine.pipeline.model_config import ModelConfig

# Pictures, and part of the usual steps.
_MIXED = [(1, 1.0), (1, 1.0), (2, 1.0), (1, 0.6), (1, 1.5), (4, 1.0), (1, 1.0), (1, 0.8)]


def usual(entry: ModelConfig, options: Namespace) -> Request:
    """One picture as the model's entry says."""
    width, height = entry.info.size(1, 1)
    return Request(
        prompt=entry.info.example or "a red apple",
        model=options.model,
        width=width,
        height=height,
        steps=options.steps or entry.info.steps,
        guidance_scale=entry.info.guidance_scale,
        seed=1,
    )


def mixed(asked: Request, people: int = len(_MIXED)) -> list[Request]:
    """What so many people might ask for: other samplers, steps, guidance, numbers of pictures."""
    samplers = [None, *Scheduler]
    wishes = [_MIXED[number % len(_MIXED)] for number in range(people)]
    return [
        asked.model_copy(
            update={
                "prompt": f"{asked.prompt} {number}",
                "count": count,
                "steps": max(1, int(asked.steps * part)),
                "scheduler": samplers[number % len(samplers)],
                "guidance_scale": _guidance(asked.guidance_scale, number),
                "seed": number * 100,
            }
        )
        for number, (count, part) in enumerate(wishes)
    ]


def _guidance(usual: float, number: int) -> float:
    """Of a model that is not guided, nobody asks for any."""
    return 1.0 if usual <= 1 or number % 8 == 6 else usual + number % 8 / 4
