"""What each sampler's name means."""

import warnings
from typing import Any

import pytest

pytest.importorskip("torch")

import diffusers

from worker.contract.types.request import Scheduler
from worker.engine.errors import UnfitError
from worker.engine.pipeline.schedulers import fresh, steps_min
from worker.engine.pipeline.warm_up import _samplers

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]


def own(kind: str = "DDIMScheduler", **config: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(diffusers, kind)(**config)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (None, "DDIMScheduler"),
        (Scheduler.EULER, "EulerDiscreteScheduler"),
        (Scheduler.EULER_A, "EulerAncestralDiscreteScheduler"),
        (Scheduler.DPMPP_2M, "DPMSolverMultistepScheduler"),
        (Scheduler.DPMPP_2M_KARRAS, "DPMSolverMultistepScheduler"),
        (Scheduler.DDIM, "DDIMScheduler"),
        (Scheduler.UNIPC, "UniPCMultistepScheduler"),
        (Scheduler.LCM, "LCMScheduler"),
    ],
)
def test_each_name_is_a_sampler_of_its_own_with_the_models_noise(name: Scheduler | None, kind: str) -> None:
    brought = own(beta_start=0.00085, prediction_type="v_prediction")
    made = fresh(name, brought, 10)
    assert type(made).__name__ == kind
    assert made is not brought
    assert (made.config.beta_start, made.config.prediction_type) == (0.00085, "v_prediction")


@pytest.mark.parametrize("said", [True, False])
def test_karras_is_what_the_name_says_whatever_the_model_says(said: bool) -> None:
    brought = own("DPMSolverMultistepScheduler", use_karras_sigmas=said)
    assert fresh(Scheduler.DPMPP_2M, brought, 10).config.use_karras_sigmas is False
    assert fresh(Scheduler.DPMPP_2M_KARRAS, brought, 10).config.use_karras_sigmas is True
    assert fresh(None, brought, 10).config.use_karras_sigmas is said


def test_a_name_means_one_sampler_whatever_kin_the_model_brings() -> None:
    brought = own("DPMSolverMultistepScheduler", algorithm_type="sde-dpmsolver++", use_exponential_sigmas=True)
    for name in (Scheduler.DPMPP_2M, Scheduler.DPMPP_2M_KARRAS):
        made = fresh(name, brought, 10).config
        assert (made.algorithm_type, made.use_exponential_sigmas) == ("dpmsolver++", False)
    assert fresh(None, brought, 10).config.algorithm_type == "sde-dpmsolver++"


def test_a_sampler_that_cannot_take_the_models_schedule_is_refused_and_the_others_are_not() -> None:
    brought = own("DDPMScheduler", beta_schedule="sigmoid")
    with pytest.raises(UnfitError, match="euler does not suit it"):
        fresh(Scheduler.EULER, brought, 10)
    assert fresh(None, brought, 10)
    assert _samplers(brought) == ()


@pytest.mark.parametrize("said", [True, False, None])
def test_latents_are_clipped_only_where_the_model_says_so(said: bool | None) -> None:
    brought = own("EulerDiscreteScheduler") if said is None else own("DDIMScheduler", clip_sample=said)
    assert fresh(Scheduler.DDIM, brought, 10).config.clip_sample is bool(said)


def test_models_on_straight_paths_have_one_sampler() -> None:
    brought = own("FlowMatchEulerDiscreteScheduler", shift=3.0)
    for name in (None, Scheduler.EULER):
        assert fresh(name, brought, 10).config.shift == 3.0
    for name in set(Scheduler) - {Scheduler.EULER}:
        with pytest.raises(UnfitError, match=f"{name} does not suit it"):
            fresh(name, brought, 10)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_sampler_that_needs_more_steps_says_so(steps: int) -> None:
    brought = own("PNDMScheduler", skip_prk_steps=False)
    with pytest.raises(UnfitError, match=f"cannot draw in {steps} step"):
        fresh(None, brought, steps)
    assert fresh(None, brought, 4)
    assert steps_min(None, brought) == 4
    assert steps_min(Scheduler.EULER, brought) == 1
    assert fresh(Scheduler.EULER, brought, steps)


def test_what_only_pipelines_can_plan_is_left_to_them() -> None:
    by_size = own("FlowMatchEulerDiscreteScheduler", use_dynamic_shifting=True)  # whose size nobody told here
    assert fresh(None, by_size, 1)


def test_a_sampler_for_few_steps_says_so() -> None:
    assert fresh(Scheduler.LCM, own(), 50)
    with pytest.raises(UnfitError, match="lcm takes at most 50 steps; you asked for 51"):
        fresh(Scheduler.LCM, own(), 51)
