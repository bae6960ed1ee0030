"""What a prompt says that it does not want is neither drawn nor felt."""

import pytest

from tests.worker.engine.prompt_match.test_declined import FACES, of
from tests.worker.engine.prompt_match.test_layout import names
from tests.worker.engine.prompt_match.vocabularies import asked


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a robot without glasses", ["robot"]),
        ("a robot without a big red balloon", ["robot"]),
        ("a robot without a cat or a dog", ["robot"]),
        ("a robot without cats or big dogs or a car", ["robot"]),
        ("a robot without a hat or glasses", ["robot"]),  # a hat is nothing that it knows
        ("a robot with no cat or dog and a car", ["robot", "red car"]),
        ("a robot, neither cats nor dogs", ["robot"]),
        ("a robot with neither a cat nor glasses", ["robot"]),
        ("a robot without cats and dogs", ["robot"]),
        ("a robot without big red cars and dogs", ["robot"]),
        ("a robot, no cat on cars", ["robot"]),
        ("a robot, no dog wearing glasses", ["robot"]),
        ("a robot without a cat and a dog", ["robot", "dog"]),
        ("a robot with no cat and two dogs", ["robot", "dog", "dog"]),
        ("a robot with no cat beside a dog", ["robot", "dog"]),
        ("a robot with no cat but a dog", ["robot", "dog"]),
        ("a robot with no cat but dogs", ["robot", "dog", "dog"]),
        ("a robot with no hat but crown", ["robot", "crown"]),
        ("no cat just a dog", ["dog"]),
        ("not only a robot but also a dog", ["robot", "dog"]),
        ("a robot, no cats, a dog", ["robot", "dog"]),
        ("no text, a robot and a dog", ["robot", "dog"]),
        ("a robot or a dog", ["robot", "dog"]),
        ("a robot and a dog without glasses", ["robot", "dog"]),
        ("a robot and a dog not wearing crowns", ["robot", "dog"]),
        ("a robot and two dogs never sad", ["robot", "dog", "dog"]),
    ],
)
def test_what_is_denied_is_not_drawn_and_nothing_else_is_left_out(prompt: str, drawn: list[str]) -> None:
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("no text, happy face", "a grinning face"),
        ("no robot and a happy face", "a grinning face"),
        ("no text but happy face", "a grinning face"),
        ("a face neither happy nor sad", None),
        ("a face without joy or fear", None),
        ("a face that is not angry or very happy", None),
    ],
)
def test_a_face_shows_no_feeling_that_is_denied(prompt: str, drawn: str | None) -> None:
    matched = of(*FACES).read(asked(prompt))
    assert (None if matched.declined else matched.request.prompt) == drawn
