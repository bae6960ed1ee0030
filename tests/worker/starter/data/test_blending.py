"""A thing is lost before a background of its own colour, as eyes see colours, and before no other."""

import numpy as np
import pytest
import torch

from worker.starter.data.blending import blends, loses_parts
from worker.starter.data.compose import Composer
from worker.starter.vocabulary import COLOURS

RGB = {colour.names[0]: colour.rgb for colour in COLOURS}
SIDE = 64


def disc(inside: tuple[int, int, int], rim: tuple[int, int, int] | None = None, rim_width: int = 4) -> np.ndarray:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    far = np.hypot(rows - 31.5, columns - 31.5)
    made = np.zeros((SIDE, SIDE, 4), np.uint8)
    made[far < 26] = (*(rim or inside), 255)
    made[far < 26 - rim_width] = (*inside, 255)
    return made


def lost(*drawings: np.ndarray) -> set[str]:
    found = blends(torch.from_numpy(np.stack(drawings)), [*RGB.values()])
    return {name for name, there in zip(RGB, found.tolist(), strict=True) if there}


@pytest.mark.parametrize(
    ("colour", "before"),
    [
        ((255, 200, 60), {"yellow"}),  # a banana
        ((245, 245, 248), {"white", "light gray"}),  # a ghost
        ((255, 170, 195), {"pink"}),  # a pig
        ((220, 46, 50), {"red"}),
        ((30, 30, 34), {"black"}),
        ((0, 255, 0), set()),
    ],
)
def test_a_thing_is_lost_before_its_own_colour(colour, before):
    assert lost(disc(colour)) == before


@pytest.mark.parametrize("name", RGB)
def test_every_background_hides_what_has_its_very_colour(name):
    assert name in lost(disc(RGB[name]))


def test_an_outline_of_another_colour_does_not_save_what_is_lost_inside():
    """A thin ring is left of a white egg before white; one with a broad rim shows."""
    assert "white" in lost(disc((255, 255, 255), (40, 40, 40), 2))
    assert "white" not in lost(disc((255, 255, 255), (40, 40, 40), 14))


def test_what_has_no_edge_left_is_lost():
    assert "white" in lost(disc((200, 30, 30), (255, 255, 255), 2))


def test_one_drawing_of_several_is_enough():
    assert lost(disc((0, 255, 0)), disc((255, 255, 255))) >= {"white"}


def test_what_does_not_show_does_not_count():
    hidden = disc((200, 30, 30))
    hidden[hidden[..., 3] == 0] = (255, 255, 255, 0)
    assert "white" not in lost(hidden)


def test_an_empty_drawing_is_lost_nowhere():
    assert lost(np.zeros((SIDE, SIDE, 4), np.uint8)) == set()


def parts(*drawings: np.ndarray) -> list[set[str]]:
    found = loses_parts(torch.from_numpy(np.stack(drawings)), [*RGB.values()])
    return [{name for name, there in zip(RGB, each, strict=True) if there} for each in found.tolist()]


def test_parts_are_lost_of_what_has_little_of_its_outline_in_the_backgrounds_colour():
    """Eyes like two colours of one name apart; cutting out tells them by red, green and blue."""
    foot = disc((0, 255, 0))
    foot[54:][foot[54:, :, 3] > 0] = (*RGB["blue"], 255)
    assert "blue" not in lost(foot)
    assert parts(foot, disc((0, 255, 0)), disc(RGB["red"])) == [{"blue"}, set(), {"red"}]


def test_what_has_the_backgrounds_colour_within_it_alone_loses_nothing():
    assert parts(disc((255, 255, 255), (40, 40, 40), 3))[0] == {"black"}


def test_an_empty_drawing_loses_no_part():
    assert parts(np.zeros((SIDE, SIDE, 4), np.uint8)) == [set()]


def test_subjects_are_measured_in_some_styles(composer: Composer):
    """The first style is red, the second of a blue that is none of the backgrounds."""
    first, second = composer.measured([0]), composer.measured([1])
    assert [each.icon for each in first] == [each.icon for each in composer.vocabulary.subjects]
    assert {each.blends for each in first} == {("red",)}
    assert {each.lost for each in composer.measured([0, 1])} == {(("red",), ())}
    assert {each.blends for each in second} == {()}
    assert [each.blends for each in composer.measured([0, 1])] == [each.blends for each in first]
    assert all(each.either_way and each.coloured for each in first)
