"""Samplers by the names people type, made fresh for each render from the model's own configuration."""

from typing import Any

import diffusers

from worker.contract.types import cause as causes
from worker.contract.types.request import Scheduler
from worker.engine.errors import UnfitError

# What each name means in diffusers: its class, and what differs from the model's own configuration.
_MEANING: dict[Scheduler, tuple[str, dict[str, Any]]] = {
    Scheduler.EULER: ("EulerDiscreteScheduler", {}),
    Scheduler.EULER_A: ("EulerAncestralDiscreteScheduler", {}),
    Scheduler.DPMPP_2M: ("DPMSolverMultistepScheduler", {"use_karras_sigmas": False}),
    Scheduler.DPMPP_2M_KARRAS: ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    Scheduler.DDIM: ("DDIMScheduler", {}),
    Scheduler.UNIPC: ("UniPCMultistepScheduler", {}),
    Scheduler.LCM: ("LCMScheduler", {}),
}
# Models trained on straight paths (SD3, Flux) have one sampler; the others' noise means nothing to them.
_FLOW = "FlowMatch"


def fresh(name: Scheduler | None, own: Any, steps: int) -> Any:
    """A new scheduler; `own` is the model's, whose configuration it takes and which it leaves untouched.

    Raises UnfitError for a sampler that the model cannot be drawn with, or not in so many steps.
    """
    if type(own).__name__.startswith(_FLOW):
        if name not in {None, Scheduler.EULER}:
            raise UnfitError(causes.sampler_unfit(str(name)))
        return type(own).from_config(own.config)
    if name is None:
        return type(own).from_config(own.config)
    kind, changes = _MEANING[name]
    made = getattr(diffusers, kind).from_config(own.config, **changes)
    if steps > (most := getattr(made.config, "original_inference_steps", steps)):
        raise UnfitError(causes.steps_over_sampler(str(name), steps, most))
    return made
