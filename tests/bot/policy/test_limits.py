import pytest

from bot import errors
from bot.policy.limits import Policy
from worker.contract.types.cause import height_unfit, steps_over_model, width_unfit
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Request

MODEL = ModelInfo(id="starter", title="Starter", steps_max=30, side_min=64, side_max=256)


def ask(**changes: object) -> Request:
    return Request.model_validate(
        {"prompt": "x", "model": "starter", "width": 128, "height": 128, "steps": 20, "guidance_scale": 7, "seed": 1}
        | changes
    )


def test_what_keeps_to_everything_passes():
    Policy().check(ask(count=4), MODEL)


def test_too_many_pictures():
    with pytest.raises(errors.TooManyPictures) as caught:
        Policy(count_max=2).check(ask(count=3), MODEL)
    assert caught.value.limit == 2


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
