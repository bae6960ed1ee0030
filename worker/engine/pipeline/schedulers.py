"""Samplers by the names people type, made fresh for each render from the model's own configuration."""

from typing import Any

import diffusers
from diffusers.schedulers import KarrasDiffusionSchedulers

from worker.contract.types import cause as causes
from worker.contract.types.request import Scheduler
from worker.engine.errors import UnfitError

# The sampler by its order and without fresh noise, and no other spacing than the name says: models bring its kin.
_DPMPP_2M = {
    "algorithm_type": "dpmsolver++", "solver_order": 2,
    "use_exponential_sigmas": False, "use_beta_sigmas": False, "use_lu_lambdas": False,
}  # fmt: skip
# What each name means in diffusers: its class, and what differs from the model's own configuration.
_MEANING: dict[Scheduler, tuple[str, dict[str, Any]]] = {
    Scheduler.EULER: ("EulerDiscreteScheduler", {}),
    Scheduler.EULER_A: ("EulerAncestralDiscreteScheduler", {}),
    Scheduler.DPMPP_2M: ("DPMSolverMultistepScheduler", _DPMPP_2M | {"use_karras_sigmas": False}),
    Scheduler.DPMPP_2M_KARRAS: ("DPMSolverMultistepScheduler", _DPMPP_2M | {"use_karras_sigmas": True}),
    Scheduler.DDIM: ("DDIMScheduler", {}),
    Scheduler.UNIPC: ("UniPCMultistepScheduler", {}),
    Scheduler.LCM: ("LCMScheduler", {}),
}
# What a sampler takes for granted that most models' configurations do not say, because their own samplers never ask.
_UNSAID: dict[Scheduler, dict[str, Any]] = {Scheduler.DDIM: {"clip_sample": False}}  # latents are not from -1 to 1
_FLOW = "FlowMatch"
_MANY = 20  # steps that every sampler can be planned in
_OF_ONE_KIND = {*KarrasDiffusionSchedulers.__members__, "LCMScheduler", "TCDScheduler"}


def is_flow(scheduler: Any) -> bool:
    """Whether it walks straight paths (rectified flow: SD3, Flux, Sana), whatever its class is called."""
    config = scheduler.config
    return (
        _FLOW in type(scheduler).__name__
        or config.get("prediction_type") == "flow_prediction"
        or bool(config.get("use_flow_sigmas"))
    )


def fresh(name: Scheduler | None, own: Any, steps: int) -> Any:
    """A new scheduler; `own` is the model's, whose configuration it takes and which it leaves untouched.

    Raises UnfitError for a sampler that the model cannot be drawn with, or not in so many steps.
    """
    made = _made(name, own, steps)
    if not plans(made, steps) and plans(made, _MANY):
        raise UnfitError(causes.steps_unfit(steps))
    return made


def plans(scheduler: Any, steps: int) -> bool:
    """Whether it can be planned in so many steps, by itself; pipelines may tell it more."""
    try:
        type(scheduler).from_config(scheduler.config).set_timesteps(steps)
    except (ArithmeticError, IndexError, ValueError):  # PNDM's first steps are of four: fewer are of no shape
        return False
    return True


def steps_min(name: Scheduler | None, own: Any) -> int:
    """The fewest steps that `fresh` makes such a scheduler for. Raises UnfitError as it does."""
    made = _made(name, own, 1)
    return next((steps for steps in range(1, _MANY) if plans(made, steps)), 1)


def _made(name: Scheduler | None, own: Any, steps: int) -> Any:
    if name is None or not _exchangeable(own):
        if name is not None and not _is(own, name):
            raise UnfitError(causes.sampler_unfit(str(name)))
        return type(own).from_config(own.config)
    kind, changes = _MEANING[name]
    unsaid = {key: value for key, value in _UNSAID.get(name, {}).items() if key not in own.config}
    try:
        made = getattr(diffusers, kind).from_config(own.config, **unsaid, **changes)
    except (ValueError, NotImplementedError, ImportError) as error:  # a schedule, or two spacings, that it cannot take
        raise UnfitError(causes.sampler_unfit(str(name))) from error
    if steps > (most := getattr(made.config, "original_inference_steps", steps)):
        raise UnfitError(causes.steps_over_sampler(str(name), steps, most))
    return made


def _exchangeable(own: Any) -> bool:
    # Straight paths have one sampler, for the others' noise means nothing there. So does a schedule of another kind
    # (EDM, CogVideoX, Würstchen): the others would be lent a configuration that says little to them.
    return type(own).__name__ in _OF_ONE_KIND and "beta_schedule" in own.config and not is_flow(own)


def _is(own: Any, name: Scheduler) -> bool:
    kind, changes = _MEANING[name]
    if name is Scheduler.EULER:
        return type(own).__name__ in {kind, f"{_FLOW}{kind}"}
    return type(own).__name__ == kind and all(own.config.get(key) == value for key, value in changes.items())
