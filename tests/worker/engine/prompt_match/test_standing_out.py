"""What is put together is drawn before a background that takes no part of it, and stands before the one asked for."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, shipped
from worker.engine.prompt_match.layout import Layout
from worker.engine.prompt_match.reading.standing_out import clear_of

STARTER = shipped()
UNMEASURED = shipped(subjects=tuple(each.model_copy(update={"lost": ()}) for each in SHIPPED.subjects))
RGB = {each.names[0]: each.rgb for each in SHIPPED.colours}
STYLES = [each.names[0] for each in SHIPPED.styles]
NIGHT = ["dark blue", "blue"]


def layout(prompt: str, by=STARTER) -> Layout:
    (found,) = by.read(asked(prompt)).layouts
    return found


def behind(words: str) -> list[str]:
    return words.rpartition(", ")[2].removesuffix(" background").removesuffix(" gradient").split(" to ")


@pytest.mark.parametrize(
    ("style", "before"),
    [("flat illustration", NIGHT), ("glossy sticker", ["dark blue"]), ("simple icon", NIGHT)],
)
def test_only_the_drawing_of_that_colour_is_drawn_before_another_background(style: str, before: list[str]):
    """A dragon is green, blue or red."""
    found = layout(f"a dragon breathing fire at night, {style}")
    assert behind(found.figures[0].words) == before
    assert behind(found.figures[1].words) == NIGHT
    assert found.ground == (() if before == NIGHT else (RGB["dark blue"], RGB["blue"]))


def test_where_that_was_not_measured_what_hides_any_drawing_counts():
    assert {tuple(behind(layout(f"a dragon at night, {each}", UNMEASURED).figures[0].words)) for each in STYLES} == {
        ("dark blue",)
    }


@pytest.mark.parametrize("where", ["at night", "in the snow", "in the forest"])
def test_nothing_is_cut_out_of_what_takes_parts_of_it(where: str):
    moved = 0
    lost = {each.names[0]: each.lost for each in SHIPPED.subjects}
    for number, subject in enumerate(SHIPPED.subjects[::10]):
        style = number % len(STYLES)
        for found in STARTER.read(asked(f"two {subject.names[0]} {where}, {STYLES[style]}")).layouts:
            for figure in found.figures:
                name = figure.words.split(", ")[0].split(" of ", 1)[1].removeprefix("an ").removeprefix("a ")
                assert not {*behind(figure.words)} & {*lost[name][style]}, figure.words
            moved += bool(found.ground)
    assert moved


@pytest.mark.parametrize(
    ("prompt", "thing"),
    [
        ("a tiny banana, yellow background, flat illustration", "banana"),
        ("a car on a banana, yellow background, simple icon", "banana"),
        ("a ghost and a cat, white background, glossy sticker", "ghost"),
        ("a frog upside down, green background, flat illustration", "frog"),
    ],
)
def test_a_background_that_is_named_is_that_of_the_picture(prompt: str, thing: str):
    named = prompt.split(", ")[1].removesuffix(" background")
    found = layout(prompt)
    before = next(behind(each.words) for each in found.figures if f" {thing}," in each.words)
    assert before != [named]
    assert found.ground == (() if behind(found.figures[0].words) == [named] else (RGB[named],))


@pytest.mark.parametrize("prompt", ["a banana, yellow background", "a ghost on white"])
def test_one_thing_as_it_is_drawn_anyway_is_not_cut_out(prompt: str):
    words = STARTER.read(asked(prompt)).request.prompts[0]
    assert behind(words)[0] in prompt


def test_the_other_background_is_as_like_the_one_asked_for_as_can_be():
    assert clear_of({"blue", "dark blue"}, ["blue", "dark blue"], SHIPPED) == ("teal",)
    assert clear_of({"white"}, ["white"], SHIPPED) == ("light gray",)
    assert clear_of({*RGB}, ["white"], SHIPPED) == ()
