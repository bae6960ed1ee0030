"""Whether a request keeps to a policy, and what admission is told to count."""

import pytest

from bot import errors
from bot.layers import OPERATOR, SERVER, Layer, LayerKind, Value
from bot.limit_errors import NotAllowed, OverLimit, Paused
from bot.policy.ceilings import Bounds
from bot.policy.limits import Policy
from worker.contract.store.admission import AdmissionLimit, Refused
from worker.contract.types.cause import height_unfit, steps_over_model, width_unfit
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Request, Upscale
from worker.contract.types.server_settings import Limits, Together, UsedUp
from worker.contract.types.timings import Caps, DayLimits

MODEL = ModelInfo(id="starter", title="Starter", steps_max=30, side_min=64, side_max=256)
BOOSTER = Layer(LayerKind.ROLE, 21)


def ask(**changes: object) -> Request:
    return Request.model_validate(
        {"prompt": "x", "model": "starter", "width": 128, "height": 128, "steps": 20, "guidance_scale": 7, "seed": 1}
        | changes
    )


def only(name: str, most: object) -> Policy:
    return Policy(each={name: Value(most, BOOSTER)})


def test_what_keeps_to_everything_passes():
    Policy().check(ask(count=4), MODEL)


# The most that is allowed, a request with as much, and one with more.
NUMBERS: dict[str, tuple[float, dict, dict]] = {
    "pictures": (2, {"count": 2}, {"count": 3}),
    "steps": (20, {"steps": 20}, {"steps": 21}),
    "megapixels": (0.015625, {}, {"width": 136}),
    "guidance_scale": (7.0, {}, {"guidance_scale": 7.5}),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_as_much_as_is_allowed_may_be_asked_for_and_no_more(name: str) -> None:
    most, fits, too_much = NUMBERS[name]
    only(name, most).check(ask(**fits), MODEL)
    with pytest.raises(OverLimit) as caught:
        only(name, most).check(ask(**too_much), MODEL)
    assert (caught.value.name, caught.value.limit) == (name, Value(most, BOOSTER))


@pytest.mark.parametrize(
    ("name", "fits", "other"),
    [("models", {}, {"model": "sdxl"}), ("samplers", {"scheduler": "euler"}, {"scheduler": "ddim"})],
)
def test_only_what_is_allowed_may_be_used(name: str, fits: dict, other: dict) -> None:
    policy = only(name, ("starter", "euler"))
    policy.check(ask(**fits), MODEL)
    policy.check(ask(), MODEL)  # the model's own sampler has no name
    with pytest.raises(NotAllowed) as caught:
        policy.check(ask(**other), MODEL)
    assert caught.value.asked in other.values()


def test_of_an_upscale_the_larger_picture_counts_and_nothing_of_the_drawing():
    larger = ask(steps=150).enlarged(Upscale(upscaler="u", scale=4, width=512, height=512))
    only("upscale_megapixels", 4.0).check(larger, None)
    only("steps", 1).check(larger, None)
    with pytest.raises(OverLimit) as caught:
        only("upscale_megapixels", 3.9).check(larger, None)
    assert caught.value.asked == 4.0


@pytest.mark.parametrize("request_", [ask(), ask().enlarged(Upscale(upscaler="u", scale=4, width=8, height=8))])
def test_while_it_is_paused_nothing_may_be_asked_for(request_: Request) -> None:
    with pytest.raises(Paused):
        Policy(shut=Paused(SERVER, "lunch")).check(request_, None)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"steps": 31}, steps_over_model("Starter", 31, 30)),
        ({"width": 512}, width_unfit("Starter", 512, 64, 256, 8)),
        ({"height": 1024}, height_unfit("Starter", 1024, 64, 256, 8)),
    ],
)
def test_what_the_model_cannot_do_is_refused_for_its_cause(change, cause):
    with pytest.raises(errors.ModelObjects) as caught:
        Policy().check(ask(**change), MODEL)
    assert caught.value.cause == cause


FULL = Policy(
    each={name: Value(number, SERVER) for number, name in enumerate(
        ("at_once", "day_pictures", "day_gpu_seconds", "per_minute"), 2
    )},
    together={name: Value(number, BOOSTER) for number, name in enumerate(
        ("at_once", "day_pictures", "day_gpu_seconds", "per_minute"), 12
    )},
    bounds=Bounds(each=Limits(day_pictures=30, day_gpu_seconds=31), together=Together(day_pictures=32)),
    everywhere=7, per_minute=8, total=9, used_up=UsedUp.LAST,
)  # fmt: skip


def test_admission_is_told_what_to_count() -> None:
    assert FULL.caps == Caps(
        person=2, server=12, total=9, everywhere=7, rate_person=8, rate_member=5, rate_server=15, used_up=UsedUp.LAST,
        day=DayLimits(3, 4000, 13, 14000), ceiling=DayLimits(30, 31000, 32, None),
    )  # fmt: skip
    assert Policy().caps == Caps(0, 0, 500, 0, 0, 0, 0)


def test_a_rate_that_is_counted_over_all_servers_is_not_counted_twice() -> None:
    assert Policy(each={"per_minute": Value(8, SERVER)}, per_minute=8).caps.rate_member == 0


SERVERS = {
    AdmissionLimit.PERSON: 2, AdmissionLimit.DAY_PICTURES: 3, AdmissionLimit.DAY_GPU: 4000,
    AdmissionLimit.RATE_MEMBER: 5,
}  # fmt: skip
BOOSTERS = {
    AdmissionLimit.SERVER: 12, AdmissionLimit.SERVER_DAY_PICTURES: 13, AdmissionLimit.SERVER_DAY_GPU: 14000,
    AdmissionLimit.RATE_SERVER: 15,
}  # fmt: skip


@pytest.mark.parametrize("why", AdmissionLimit)
def test_a_refusal_of_admissions_comes_from_the_layer_of_its_limit(why: AdmissionLimit) -> None:
    layer = SERVER if why in SERVERS else BOOSTER if why in BOOSTERS else OPERATOR
    limit = (SERVERS | BOOSTERS).get(why, 1)
    assert FULL.layer_of(Refused(why, limit, limit)) == layer
    assert FULL.layer_of(Refused(why, 99_999, 99_999)) == OPERATOR  # beyond the day, what the operator allows counts
