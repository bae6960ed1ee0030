"""Every bound of a request, from both sides, and what is derived from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.worker.contract.factories import INFO, request
from worker.contract.types.cause import height_unfit, sampler_unfit, steps_over_model, width_unfit
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import SEED_MAX, Scheduler


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "x" * 1000}, {"width": 64}, {"width": 2048, "height": 2048}, {"steps": 1}, {"steps": 150},
        {"guidance_scale": 0}, {"guidance_scale": 30}, {"count": 1}, {"count": 10}, {"seed": 0}, {"seed": SEED_MAX},
    ],
)  # fmt: skip
def test_the_bounds_themselves_are_allowed(changes: dict[str, object]) -> None:
    request(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "x" * 1001}, {"prompt": "  "}, {"negative_prompt": "x" * 1001}, {"width": 56}, {"width": 65},
        {"height": 2056}, {"steps": 0}, {"steps": 151}, {"guidance_scale": -0.1}, {"guidance_scale": 30.1},
        {"guidance_scale": float("nan")}, {"count": 0}, {"count": 11}, {"seed": -1}, {"seed": SEED_MAX + 1},
        {"model": "../etc"}, {"model": ""}, {"scheduler": "plms"}, {"version": 2}, {"unknown": 1},
    ],
)  # fmt: skip
def test_beyond_the_bounds_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        request(**changes)


def test_picture_i_alone_has_the_seed_it_had_among_others() -> None:
    asked = request(seed=SEED_MAX - 1, count=4)
    assert [asked.seed_of(i) for i in range(4)] == [SEED_MAX - 1, SEED_MAX, 0, 1]
    assert asked.only(2) == request(seed=0, count=1)


@given(st.sampled_from([(1, 1), (3, 2), (2, 3), (16, 9), (9, 16), (21, 9)]), st.sampled_from([8, 16, 64]))
def test_every_ratio_gives_a_size_that_the_model_draws(ratio: tuple[int, int], multiple: int) -> None:
    model = ModelInfo(id="m", title="M", multiple=multiple)
    width, height = model.size(*ratio)
    assert model.objection(request(width=width, height=height)) is None


def test_sizes_keep_area_and_ratio() -> None:
    assert ModelInfo(id="m", title="M").size(1, 1) == (512, 512)
    assert ModelInfo(id="m", title="M").size(16, 9) == (680, 384)


def test_an_extreme_ratio_comes_out_milder() -> None:
    assert ModelInfo(id="m", title="M").size(30, 1) == (1024, 256)
    assert ModelInfo(id="m", title="M").size(1, 30) == (256, 1024)


def test_a_model_says_what_it_can_not_draw() -> None:
    assert INFO.objection(request()) is None
    assert INFO.objection(request(width=512)) == width_unfit("Starter", 512, 64, 256, 8)
    assert INFO.objection(request(height=68 * 8)) == height_unfit("Starter", 544, 64, 256, 8)
    coarse = INFO.model_copy(update={"multiple": 64})
    assert coarse.objection(request(height=72)) == height_unfit("Starter", 72, 64, 256, 64)
    small = INFO.model_copy(update={"steps_max": 10})
    assert small.objection(request(steps=11)) == steps_over_model("Starter", 11, 10)


def test_every_picture_step_and_pixel_costs_and_slow_models_cost_more() -> None:
    one = request(width=1000, height=1000, steps=10, count=1).cost()
    assert one == pytest.approx(10)
    assert request(width=1000, height=1000, steps=10, count=3).cost(2.5) == pytest.approx(75)


def test_a_sampler_that_does_not_suit_is_refused_where_that_was_tried() -> None:
    assert INFO.objection(request(scheduler=Scheduler.DDIM)) is None
    tried = INFO.model_copy(update={"samplers": ("euler", "of a newer version")})
    assert tried.objection(request(scheduler=Scheduler.EULER)) is None
    assert tried.objection(request()) is None
    assert tried.objection(request(scheduler=Scheduler.DDIM)) == sampler_unfit("ddim")
    own = INFO.model_copy(update={"samplers": ()})
    assert own.objection(request(scheduler=Scheduler.EULER)) == sampler_unfit("euler")


def test_what_a_model_does_not_hear_of_is_left_out_if_it_was_asked_for() -> None:
    deaf = INFO.model_copy(update={"unheard": ("guidance_scale", "negative_prompt", "of a newer version")})
    usual = request(guidance_scale=INFO.guidance_scale)
    assert deaf.left_out(usual) == ()
    assert deaf.left_out(usual.model_copy(update={"negative_prompt": "red"})) == ("negative_prompt",)
    assert deaf.left_out(usual.model_copy(update={"guidance_scale": 9.5})) == ("guidance_scale",)
    assert INFO.left_out(request(negative_prompt="red", guidance_scale=9.5)) == ()
