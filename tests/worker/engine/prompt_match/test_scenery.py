"""Where a thing is, some of what is there stands round it, though nobody asked for that by name."""

import re

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, shipped
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation, SourcePicture
from worker.engine.prompt_match import PromptMatcher
from worker.engine.prompt_match.layout import DRAWINGS_MAX, FIGURES_MAX, Layout, Spread
from worker.engine.prompt_match.placing import scenery
from worker.engine.prompt_match.reading import surroundings

STARTER, ALONE = shipped(), shipped(arranged=False)
_THING = re.compile(r"an? (?:flat illustration|glossy sticker|simple icon) of (?:an? )?(.*), (.*) background")


def read(prompt: str, seed: int = 1, matcher: PromptMatcher = STARTER) -> Layout | None:
    layouts = matcher.read(asked(prompt).model_copy(update={"seed": seed})).layouts
    return layouts[0] if layouts else None


def around(prompt: str, seed: int = 1, matcher: PromptMatcher = STARTER) -> dict[str, Spread]:
    """What stands round the things of a prompt."""
    found = read(prompt, seed, matcher)
    things = {}
    for each in found.scenery if found else ():
        said = _THING.fullmatch(each.words)
        assert said
        things[said[1]] = each.spread
    return things


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a fox in the forest", {"evergreen tree": Spread.SIDES}),
        ("a wolf among the trees", {"evergreen tree": Spread.SIDES}),
        ("an owl in the deep dark woods", {"evergreen tree": Spread.SIDES}),
        ("a parrot in the jungle", {"palm tree": Spread.SIDES}),
        ("a castle at night", {"moon": Spread.CORNER, "star": Spread.SCATTERED}),
        ("a nocturnal owl", {"moon": Spread.CORNER, "star": Spread.SCATTERED}),
        ("an alien in outer space", {"planet": Spread.CORNER, "star": Spread.SCATTERED}),
        ("a moose... a bear in the snow", {"snowflake": Spread.SCATTERED}),
        ("a snowy castle", {"snowflake": Spread.SCATTERED}),
        ("a polar bear in the arctic", {"snow-capped mountain": Spread.RANGE, "snowflake": Spread.SCATTERED}),
        ("a superhero in the big city", {"skyscraper": Spread.RANGE}),
        ("a taxi on the street", {"skyscraper": Spread.RANGE}),
        ("a chicken in a village", {"house": Spread.SIDES}),
        ("a goat in the mountains", {"snow-capped mountain": Spread.RANGE}),
        ("a scorpion, a snake in the desert", {"cactus": Spread.SIDE, "sun": Spread.CORNER}),
        ("a crab at the beach", {"palm tree": Spread.SIDE}),
        ("a ship on the ocean", {"wave": Spread.LOW}),
        ("a turtle underwater", {"fish": Spread.SCATTERED}),
        ("a turtle under the sea", {"fish": Spread.SCATTERED}),
        ("a train in the rain", {"cloud with rain": Spread.ABOVE}),
        ("a ship in a storm", {"storm": Spread.ABOVE}),
        ("a snail in the garden", {"tulip": Spread.LOW}),
        ("a horse in a green field", {"tulip": Spread.LOW}),
        ("a duck in the park", {"deciduous tree": Spread.SIDE, "tulip": Spread.LOW}),
        ("a cow on the farm", {"deciduous tree": Spread.SIDE}),
        ("an airplane in the sky", {"cloud": Spread.ABOVE}),
        ("a giraffe at sunset", {"sun": Spread.RISING}),
        ("a hedgehog in autumn", {"maple leaf": Spread.SCATTERED}),
        ("a skull in hell", {"fire": Spread.LOW}),
        ("a cat and a dog at night", {"moon": Spread.CORNER, "star": Spread.SCATTERED}),
        ("a cat and a dog in the park", {"deciduous tree": Spread.SIDE}),
        ("a cat with a balloon in the park", {"deciduous tree": Spread.SIDE, "tulip": Spread.LOW}),
        ("three snails in the garden", {}),
        ("a sailboat on the sea at sunset", {"wave": Spread.LOW, "sun": Spread.RISING}),
        ("a ship at sunset on the sea", {"wave": Spread.LOW, "sun": Spread.RISING}),
        ("a bear on a hill at night", {"moon": Spread.CORNER, "star": Spread.SCATTERED}),
        ("a fox in the forest in the snow", {"evergreen tree": Spread.SIDES, "snowflake": Spread.SCATTERED}),
        ("a cactus in the desert at night", {"moon": Spread.CORNER, "star": Spread.SCATTERED}),
        ("a fox in the snow at night", {"snowflake": Spread.SCATTERED, "moon": Spread.CORNER}),
        ("a train in the rain at night", {"cloud with rain": Spread.ABOVE}),
        ("a rocket in space at night", {"planet": Spread.CORNER, "star": Spread.SCATTERED}),
        ("a dog on the beach in the rain", {"palm tree": Spread.SIDE, "cloud with rain": Spread.ABOVE}),
    ],
)
def test_some_of_what_is_there_stands_round_a_thing(prompt: str, things: dict[str, Spread]):
    assert around(prompt) == things


@pytest.mark.parametrize(
    "prompt",
    [
        "a fox", "a fox on a bed", "a fox, blue background", "a fox in the forest, pink background", "a cat and a dog",
        "a bird over a house", "a forest fox", "a bat in a cave", "a ghost in the dark", "two cats",
        "a wolf in the fog", "a moon", "a house under the stars", "a tiny house",
        "a red car on the highway", "a frog in a pond",
    ],
)  # fmt: skip
def test_nothing_does_where_no_place_is_meant_or_nothing_is_known_of_it(prompt: str):
    assert around(prompt) == {}


@pytest.mark.parametrize("prompt", ["a fox", "a cat and a dog", "a small cat in the top left corner", "a red panda"])
def test_what_is_nowhere_stands_as_it_would_without_places(prompt: str, monkeypatch: pytest.MonkeyPatch):
    found = read(prompt)
    monkeypatch.setattr(scenery, "PLACES", {})
    assert read(prompt) == found


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a tree in the forest", set()),
        ("a palm tree in the forest", set()),
        ("a palm tree on the beach", set()),
        ("a moon at night", {"star"}),
        ("a full moon at night", {"star"}),
        ("a star in the night", {"moon"}),
        ("a shooting star at night", {"moon"}),
        ("a wolf and a moon at night", {"star"}),
        ("a planet in space", {"star"}),
        ("a cactus in the desert", {"sun"}),
        ("a volcano in the mountains", set()),
        ("a rose in the garden", set()),
        ("a sun at sunset", set()),
        ("a wave on the sea", set()),
        ("a fish underwater", set()),
        ("a rain cloud in the sky", set()),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_what_was_asked_for_stands_for_all_of_its_kind(prompt: str, things: set[str], seed: int):
    moons = {"full moon": "moon"}
    assert {moons.get(name, name) for name in around(prompt, seed)} == things


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a castle at night without stars", {"moon"}),
        ("a castle at night without a moon", {"star"}),
        ("a castle at night with no moon or stars", set()),
        ("a castle at night, neither moon nor stars", set()),
        ("a fox in the forest, no trees", set()),
        ("a crab on the beach without palm trees", set()),
        ("a train in the desert, no cactus", {"sun"}),
        ("a turtle underwater but no fish", set()),
        ("a ship at sea without a sun", {"wave"}),
    ],
)
def test_what_is_denied_stands_round_nothing(prompt: str, things: set[str]):
    assert {*around(prompt)} == things


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a cat not in the forest", set()),
        ("a cat that is not at night", set()),
        ("a fox, without snow", set()),
        ("a dog never on the beach", set()),
        ("a dog not in the snow but at the beach", {"palm tree"}),
        ("a dog with no hat in the forest", {"evergreen tree"}),
        ("a fox, not a cat, in the forest", {"evergreen tree"}),
        ("a dog not wearing a hat at night", {"moon", "star"}),
    ],
)
def test_a_place_that_is_denied_is_none(prompt: str, things: set[str]):
    assert {*around(prompt)} == things


def test_by_their_seeds_pictures_have_other_things_and_other_sides():
    found = [read("a fox in the forest", seed) for seed in range(4)]
    assert [each.scenery[0].mirrored for each in found if each] == [False, True, False, True]
    assert [[*around("a fox in the forest", seed)] for seed in range(4)] == [
        ["evergreen tree"], ["evergreen tree"], ["deciduous tree"], ["deciduous tree"],
    ]  # fmt: skip


def test_what_stands_at_one_side_leaves_the_other_to_the_figures():
    for seed in range(4):
        found = read("a dog on the beach", seed)
        assert found
        assert found.across == (0.88 if found.scenery[0].mirrored else 0.12)


@pytest.mark.parametrize(("where", "mirrored"), [("left", False), ("right", True)])
@pytest.mark.parametrize("seed", range(2))
def test_it_goes_to_the_side_that_a_thing_leaves_free(where: str, seed: int, mirrored: bool):
    found = read(f"a small ghost in the bottom {where} corner at night", seed)
    assert found
    assert found.across == mirrored
    assert found.down == 1
    assert found.scenery[0].mirrored is mirrored  # the moon is at the right unless mirrored


def test_things_stand_on_the_ground_and_others_float():
    for prompt, down in (
        ("a fox in the forest", 1), ("a castle at night", 1), ("a rocket in space", 0.7), ("a shark underwater", 0.7),
        ("a fox", 0.5), ("a wolf in the fog", 0.5), ("a cat at the top at night", 0),
    ):  # fmt: skip
        found = read(prompt)
        assert (found.down if found else 0.5) == down, prompt


@pytest.mark.parametrize(
    ("prompt", "down"),
    [
        ("a moon in the forest", 0.15), ("a full moon over the ocean", 0.15), ("a rainbow over the city", 0.15),
        ("stars in the forest", 0.15), ("a sun in sunglasses on the beach", 0.15), ("a moon at night", 0.7),
        ("a rainbow in the rain", 0.7), ("a cloud in space", 0.7), ("a sun and a cat in the forest", 1),
        ("a cat in sunglasses on the beach", 1), ("a rainbow at the bottom in the forest", 1),
    ],
)  # fmt: skip
def test_what_hangs_in_the_sky_stands_on_no_ground(prompt: str, down: float):
    found = read(prompt)
    assert found
    assert found.scenery
    assert found.down == down


@pytest.mark.parametrize(
    ("prompt", "background"),
    [
        ("a fox in the forest", "dark blue"),
        ("icon of a bear in the city", "dark blue"),
        ("a shark and a whale underwater", "white"),
        ("a glossy sticker of a cat in the snow", "light blue to white gradient"),
        ("a castle at night", "dark blue to blue gradient"),
    ],
)
def test_it_has_the_style_of_the_figures_and_a_background_from_which_it_stands_out(prompt: str, background: str):
    found = read(prompt)
    assert found
    for each in found.scenery:
        assert each.words.partition(" of a")[0] == found.figures[0].words.partition(" of a")[0]
        assert each.words.endswith(f", {background} background")


@pytest.mark.parametrize(
    ("prompt", "many"),
    [
        ("a cat at night", 2),
        ("a cat and a dog at night", 2),
        ("a cat, a dog and a fox at night", 1),
        ("a cat, a dog, a fox and an owl at night", 0),
        ("seven cats at night", 2),
        ("eight cats at night", 1),
        ("nine cats at night", 0),
        ("a red fox and a blue fox at night", 2),
    ],
)
def test_it_has_the_room_that_is_left_and_nobody_is_told(prompt: str, many: int):
    found = STARTER.read(asked(prompt))
    (layout,) = found.layouts
    assert len(layout.scenery) == many
    assert len({*layout.words}) <= DRAWINGS_MAX
    assert len(layout.words) <= FIGURES_MAX
    told = [each.asked for each in found.notice.taken] if found.notice else []
    assert told == ([] if many else ["night"])  # what stands for it is told of where it is not seen
    assert not (found.notice and found.notice.left)


@pytest.mark.parametrize("prompt", ["a fox in the forest", "a castle at night", "a cat and a dog in the rain"])
def test_the_words_of_a_place_are_understood_as_without_it(prompt: str, monkeypatch: pytest.MonkeyPatch):
    found = STARTER.read(asked(prompt))
    monkeypatch.setattr(scenery, "PLACES", {})
    without = STARTER.read(asked(prompt))
    assert found.notice is None
    assert without.notice
    assert len(without.notice.taken) == 1
    assert found.request.prompt == without.request.prompt


def test_what_draws_all_at_once_has_none():
    assert ALONE.read(asked("a fox in the forest")).layouts == ()
    assert STARTER.read(asked("a fox in the forest"), arranged=False).layouts == ()


def test_a_version_of_a_picture_has_it_too():
    varied = asked("a fox in the forest").model_copy(
        update={"operation": Operation.IMG2IMG, "sources": (SourcePicture(width=64, height=64),), "strength": 0.5}
    )
    (found,) = STARTER.read(varied, ground=("green", "dark green")).layouts
    assert found.scenery == STARTER.read(asked("a fox in the forest")).layouts[0].scenery


def knows(*names: str) -> PromptMatcher:
    """One that knows these things alone."""
    subjects = tuple(each for each in SHIPPED.subjects if each.names[0] in names)
    model = ModelInfo(id="few", title="Few", draws="emoji-like")
    return PromptMatcher(model, SHIPPED.model_copy(update={"subjects": subjects}), ["gradient</w>"])


def test_only_what_a_model_knows_is_there():
    assert around("a fox in the forest", matcher=knows("fox")) == {}
    assert around("a fox at night", matcher=knows("fox", "star")) == {"star": Spread.SCATTERED}
    for seed in range(4):
        assert [*around("a fox in the forest", seed, knows("fox", "deciduous tree"))] == ["deciduous tree"]


def test_where_a_model_lacks_the_background_it_has_that_of_the_figures():
    few = SHIPPED.model_copy(update={"colours": tuple(one for one in SHIPPED.colours if "green" in one.names[0])})
    found = read("a fox in the forest", matcher=PromptMatcher(STARTER._model, few, ["gradient</w>"]))
    assert found
    assert found.scenery[0].words.endswith(", green to dark green gradient background")


@pytest.mark.parametrize("word", scenery.PLACES)
def test_each_word_of_the_table_is_a_place_and_shows_something(word: str):
    assert word in surroundings.PLACES or word in surroundings.ALONE
    prompt = f"a {word} robot" if word in surroundings.ALONE else f"a robot in the {word}"
    # A word that names a thing as well may be that thing, and the water is what one is in.
    thing = STARTER._lexicon.named(word) is not None or word == "water"
    assert thing or around(prompt)


def test_each_name_of_the_tables_is_known_to_the_starter():
    named = {name for entries in scenery.PLACES.values() for names, _ in entries for name in names}
    known = {name for subject in SHIPPED.subjects for name in subject.names}
    assert named <= known
    assert {name for kind in scenery._KINDS for name in kind} <= known
    assert named >= {*scenery.BEFORE}
    assert {*scenery.BEFORE.values()} <= {name for colour in SHIPPED.colours for name in colour.names}
    assert {*scenery.PLACES} >= scenery._AFLOAT
    assert all(len(entries) <= 2 for entries in scenery.PLACES.values())
