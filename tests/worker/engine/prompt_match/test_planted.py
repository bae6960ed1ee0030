"""Where many of a plant grow, they stand round whatever is there: nobody is in one of them."""

import pytest

from worker.engine.prompt_match.layout import Relation, Spread

from .starter_reads import MATCHER, layout, left, named
from .vocabularies import asked


def scenery(prompt: str) -> dict[str, Spread]:
    words = {each.words.split(" of ", 1)[1].partition(",")[0]: each.spread for each in layout(prompt).scenery}
    return {each.removeprefix("a ").removeprefix("an "): spread for each, spread in words.items()}


WHO = [("windmill", "windmill"), ("a cow", "cow"), ("tired mom", "woman"), ("a tadpole", "frog"), ("a ghost", "ghost")]
WHERE = [
    ("in a tulip field", "tulip", Spread.FIELD),
    ("in a field of tulips", "tulip", Spread.FIELD),
    ("in a flower field", "tulip", Spread.FIELD),
    ("in a meadow full of wildflowers", "tulip", Spread.FIELD),
    ("in a bed of flowers", "tulip", Spread.FIELD),
    ("in a rose garden", "rose", Spread.FIELD),
    ("in a garden of roses", "rose", Spread.FIELD),
    ("walking through a beautiful sunflower field", "sunflower", Spread.FIELD),
    ("among a field full of daisies", "daisy", Spread.FIELD),
    ("in a lavender field", "lavender flowers", Spread.FIELD),
    ("in a field of lilies", "lily", Spread.FIELD),
    ("in a field of marigolds", "daisy", Spread.FIELD),
    ("in a yellow tulip field", "yellow tulip", Spread.FIELD),
    ("in a field of purple tulips", "purple tulip", Spread.FIELD),
    ("in a pumpkin patch", "pumpkin", Spread.FIELD),
    ("in a strawberry patch", "strawberry", Spread.FIELD),
    ("in a cherry orchard", "cherries", Spread.FIELD),
    ("near an apple orchard", "red apple", Spread.FIELD),
    ("in a mushroom forest", "mushroom", Spread.FIELD),
    ("in a bamboo forest", "bamboo", Spread.SIDES),
    ("in a bamboo grove", "bamboo", Spread.SIDES),
    ("in a pine forest", "evergreen tree", Spread.SIDES),
    ("in a corn field", "corn", Spread.SIDES),
    ("in a cornfield", "corn", Spread.SIDES),
    ("across cornfields", "corn", Spread.SIDES),
    ("in a palm grove", "palm tree", Spread.SIDES),
]


@pytest.mark.parametrize(("where", "plant", "spread"), WHERE, ids=[each[0] for each in WHERE])
def test_what_is_where_many_of_a_plant_grow_stands_before_several(where: str, plant: str, spread: Spread):
    for who, drawn in WHO:
        prompt = f"{who} {where}"
        things = named(layout(prompt))
        assert things[0].removeprefix("whole ") == drawn, prompt
        assert plant not in things, prompt
        assert scenery(prompt)[plant] is spread, prompt
        assert layout(prompt).relation is Relation.BESIDE, prompt
        assert {*left(prompt)} <= {"walking"}, prompt


def test_no_other_flowers_grow_there_but_trees_do():
    assert scenery("a tractor in a corn field") == {"corn": Spread.SIDES}
    assert scenery("a bear in a cherry orchard") == {"cherries": Spread.FIELD, "deciduous tree": Spread.SIDE}
    assert scenery("a gnome in a mushroom forest") == {"mushroom": Spread.FIELD, "evergreen tree": Spread.SIDES}
    assert scenery("a house in a tulip field at sunset") == {"tulip": Spread.FIELD, "sun": Spread.RISING}


def test_several_stand_there_and_on_a_background_that_was_asked_for():
    found = layout("a fox and a rabbit in a sunflower field on a blue background")
    assert named(found) == ["fox", "rabbit"]
    assert [each.spread for each in found.scenery] == [Spread.FIELD]
    words = [each.words for each in found.figures] + [each.words for each in found.scenery]
    assert all("blue background" in each for each in words)


@pytest.mark.parametrize("prompt", ["a tulip field", "a field of tulips", "in a tulip garden"])
def test_plants_alone_are_drawn_themselves(prompt: str):
    matched = MATCHER.read(asked(prompt))
    assert "tulip" in matched.request.prompt
    assert not any(each.scenery for each in matched.layouts)


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a cat in a rose", ["cat", "rose"]),
        ("a cat with a tulip", ["cat", "tulip"]),
        ("a cat in a bed", ["cat", "bed"]),
        ("a cat and a sunflower in a field", ["cat", "sunflower"]),
    ],
)
def test_one_of_a_plant_stays_a_thing(prompt: str, things: list[str]):
    assert named(layout(prompt)) == things


def test_what_is_unknown_there_is_told():
    assert left("a gizmo in a tulip field") == ("gizmo",)
