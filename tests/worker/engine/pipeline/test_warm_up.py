"""What a model is tried with before anybody asks it for something."""

import pytest

from worker.contract.types.model_info import ModelInfo
from worker.contract.types.vocabulary_notice import Known
from worker.engine.pipeline.warm_up import request

pytestmark = pytest.mark.engine

PLAIN = ModelInfo(id="small", title="Small")


@pytest.mark.parametrize(
    ("told", "prompt"),
    [
        ({}, "a red apple"),
        ({"example": "a lighthouse in a storm"}, "a lighthouse in a storm"),
        ({"example": "a glossy sticker of a red apple", "knows": Known(things=("bar", "disc"))}, "bar"),
    ],
    ids=["anything", "its example", "a word that it knows"],
)
def test_a_model_is_tried_with_what_it_can_draw(told: dict[str, object], prompt: str):
    assert request(PLAIN.model_copy(update=told), 64, 64, 1).prompt == prompt
