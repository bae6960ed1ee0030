"""A table says what diffusers' sampler does: replayed against it with a model that is anything but linear."""

import inspect
import warnings
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import diffusers  # noqa: E402

from worker.contract.types.request import Scheduler  # noqa: E402
from worker.engine.pipeline.preview import clean  # noqa: E402
from worker.engine.pipeline.schedulers import fresh  # noqa: E402
from worker.engine.step.tables import NotLinearError, Table, tabulate  # noqa: E402

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:::diffusers"),
    pytest.mark.filterwarnings("ignore:__array:DeprecationWarning"),
]

STEPS = 7


def own(kind: str = "DDIMScheduler", **config: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(diffusers, kind)(**config)


def planned(scheduler: Any, steps: int = STEPS) -> Any:
    scheduler.set_timesteps(steps)
    return scheduler


def model(latents: Any) -> Any:
    return torch.tanh(latents) + 0.1 * torch.sin(3 * latents)


def by_sampler(scheduler: Any) -> list[Any]:
    """Latents after each step, as diffusers takes them."""
    given = {}
    if "generator" in inspect.signature(scheduler.step).parameters:
        given["generator"] = torch.Generator().manual_seed(1)
    latents = start() * float(getattr(scheduler, "init_noise_sigma", 1.0))
    found = []
    for timestep in scheduler.timesteps:
        seen = scheduler.scale_model_input(latents, timestep) if hasattr(scheduler, "scale_model_input") else latents
        latents = scheduler.step(model(seen), timestep, latents, return_dict=False, **given)[0]
        found.append(latents[0])
    return found


def by_table(table: Table) -> list[Any]:
    dice = torch.Generator().manual_seed(1)
    state = torch.zeros(table.state, 4, 8, 8)
    state[0] = start()[0] * table.first
    found = []
    for step in range(table.steps):
        predicted = model(state[:1] * table.scales[step])
        state = torch.einsum("io,ochw->ichw", table.advance[step], torch.cat([state, predicted]))
        if table.noisy[step]:
            state = state + table.noise[step].view(-1, 1, 1, 1) * torch.randn(1, 4, 8, 8, generator=dice)
        found.append(state[0])
    return found


def start() -> Any:
    return torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))


def same(some: list[Any], others: list[Any]) -> bool:
    return len(some) == len(others) and all(
        (a - b).abs().max() <= 1e-4 * max(1.0, float(b.abs().max())) for a, b in zip(some, others, strict=True)
    )


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("name", [None, *Scheduler])
def test_what_people_choose_from(name: Scheduler | None, prediction: str) -> None:
    brought = own(beta_schedule="scaled_linear", clip_sample=False, prediction_type=prediction)
    table = tabulate(planned(fresh(name, brought, STEPS)), clean)
    assert table.steps == STEPS
    assert same(by_table(table), by_sampler(planned(fresh(name, brought, STEPS))))


@pytest.mark.parametrize(
    ("kind", "calls"),
    [
        ("HeunDiscreteScheduler", 2 * STEPS - 1),
        ("KDPM2DiscreteScheduler", 2 * STEPS - 1),
        ("KDPM2AncestralDiscreteScheduler", 2 * STEPS - 1),
        ("DEISMultistepScheduler", STEPS),
        ("DPMSolverSinglestepScheduler", STEPS),
        ("TCDScheduler", STEPS),
        ("DDPMScheduler", STEPS),
    ],
)
def test_what_models_bring(kind: str, calls: int) -> None:
    config = {"clip_sample": False} if "DDPM" in kind else {}
    table = tabulate(planned(own(kind, **config)), clean)
    assert table.steps == calls
    assert same(by_table(table), by_sampler(planned(own(kind, **config))))


def test_one_that_asks_once_more_for_its_first_step() -> None:
    assert tabulate(planned(own("PNDMScheduler", skip_prk_steps=True)), clean).steps == STEPS + 1


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_straight_paths(shift: float) -> None:
    kind = "FlowMatchEulerDiscreteScheduler"
    table = tabulate(planned(own(kind, shift=shift)), clean)
    assert same(by_table(table), by_sampler(planned(own(kind, shift=shift))))


@pytest.mark.parametrize("config", [{"clip_sample": True}, {"clip_sample": False, "thresholding": True}])
def test_a_sampler_that_clips_has_no_table(config: dict[str, Any]) -> None:
    with pytest.raises(NotLinearError):
        tabulate(planned(own(**config)), clean)


def test_a_sampler_that_says_too_little_for_previews_has_a_table_all_the_same() -> None:
    def silent(*_: Any) -> Any:
        raise AttributeError

    table = tabulate(planned(own("EulerDiscreteScheduler")), silent)
    assert same(by_table(table), by_sampler(planned(own("EulerDiscreteScheduler"))))
    assert table.estimate.tolist() == [[1.0, 0.0]] * STEPS


def test_the_estimate_is_that_of_the_preview() -> None:
    scheduler, table = planned(own("EulerDiscreteScheduler")), tabulate(planned(own("EulerDiscreteScheduler")), clean)
    latents, predicted = start() * 3, model(start())
    for step, timestep in enumerate(scheduler.timesteps):
        told = table.estimate[step, 0] * latents + table.estimate[step, 1] * predicted
        assert torch.allclose(told, clean(scheduler, predicted, timestep, latents, step), atol=1e-4)
