import pytest

from bot import errors
from bot.policy.limits import Policy
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


@pytest.mark.parametrize("change", [{"steps": 31}, {"width": 512}, {"height": 1024}])
def test_what_the_model_cannot_do_is_its_own_sentence(change):
    with pytest.raises(errors.ModelObjects, match="Starter"):
        Policy().check(ask(**change), MODEL)
