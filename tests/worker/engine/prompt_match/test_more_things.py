"""Things whose names are colours, verbs, materials and parts of other names too, and things that are worn."""

import re

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, shipped
from worker.engine.prompt_match.layout import Figure, Layout, Relation

STARTER = shipped()
_THING = re.compile(r"(?:an? (?:flat illustration|glossy sticker|simple icon) of )?(?:an? )?(.*?)(?:, .* background)?")


def found(prompt: str) -> Layout:
    matched = STARTER.read(asked(prompt))
    return matched.layouts[0] if matched.layouts else Layout((Figure(matched.request.prompt),))


def names(prompt: str) -> list[str]:
    """What is drawn, in the colours that it is painted; what is declined in brackets."""
    if declined := STARTER.read(asked(prompt)).declined:
        return [f"({each})" for each in declined]
    return [_shown(each) for each in found(prompt).figures]


def _shown(figure: Figure) -> str:
    said = _THING.fullmatch(figure.words)
    assert said
    return f"{figure.paint} {said[1]}".strip()


def left(prompt: str) -> tuple[str, ...]:
    notice = STARTER.read(asked(prompt)).notice
    return notice.left if notice else ()


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("an orange", ["tangerine"]),
        ("oranges", ["tangerine", "tangerine"]),
        ("an orange and a lemon", ["tangerine", "lemon"]),
        ("an orange on a plate", ["tangerine", "place setting"]),
        ("an orange wearing sunglasses", ["tangerine", "sunglasses"]),
        ("an orange slice", ["tangerine"]),
        ("a blue orange", ["blue tangerine"]),
        ("an orange cat", ["orange cat"]),
        ("a small orange fish", ["orange fish"]),
        ("orange balloon", ["orange balloon"]),
        ("an orange otter", ["orange otter"]),
        ("two orange birds", ["orange bird", "orange bird"]),
        ("a fox and an orange house", ["fox", "orange house"]),
        ("a blue and orange fish", ["blue fish"]),
        ("orange and blue bird", ["orange bird"]),
        ("the cat is orange", ["orange cat"]),
        ("a cat painted orange", ["orange cat"]),
        ("a cat, orange background", ["cat"]),
    ],
)
def test_a_fruit_and_a_colour_of_one_name_are_told_apart(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a rock", ["rock"]),
        ("a rock star", ["singer"]),
        ("a rock band", ["(rock band)"]),
        ("a movie star", ["(movie star)"]),
        ("rock climbing", ["(rock climbing)"]),
        ("rock guitar", ["guitar"]),
        ("wood", ["log"]),
        ("a wooden house", ["house"]),
        ("a house made of wood", ["house"]),
        ("a table made of wood", ["table"]),
        ("a throne built of bones", ["throne"]),
        ("a ladder built of bones", ["ladder"]),
        ("something made of wood", ["log"]),
        ("a log cabin", ["cabin"]),
        ("a watch", ["watch"]),
        ("a watch dog", ["dog"]),
        ("the cat watches", ["cat"]),
        ("the cat watches a bird", ["cat", "bird"]),
        ("two cats watch the moon", ["cat", "cat", "moon"]),
        ("a dog boxes a kangaroo", ["dog", "kangaroo"]),
        ("three watches", ["watch", "watch", "watch"]),
        ("three boxes", ["cardboard box"] * 3),
        ("a box kite", ["kite"]),
        ("a compass rose", ["compass"]),
        ("a coat of arms", ["shield"]),
        ("a blue coat", ["blue coat"]),
        ("a cap", ["baseball cap"]),
        ("a mushroom cap", ["mushroom"]),
        ("a turtle shell", ["turtle"]),
        ("dog tired", ["tired face"]),
        ("a dog and a bone", ["dog", "bone"]),
        ("a turkey dinner", ["turkey"]),
        ("a rose flower", ["rose"]),
        ("pizza for dinner", ["pizza"]),
        ("something serious", ["neutral face"]),
        ("a tough job", ["(tough job)"]),
    ],
)
def test_words_of_several_meanings_mean_what_people_mean_by_them(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize(
    ("prompt", "held"),
    [
        ("a basket of apples", ["red apple", "red apple"]),
        ("a basket full of eggs", ["egg", "egg"]),
        ("a bucket of popcorn", ["popcorn"]),
        ("a basket with a kitten", ["cat"]),
        ("a box filled with books", ["books"]),
        ("a box of chocolates", ["chocolate bar"] * 2),
    ],
)
def test_what_a_basket_holds_looks_out_of_it(prompt: str, held: list[str]):
    layout = found(prompt)
    assert (layout.relation, layout.leading) == (Relation.IN, len(held))
    assert names(prompt)[: len(held)] == held
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "relation", "worn"),
    [
        ("a penguin wearing a scarf", Relation.ON_NECK, "scarf"),
        ("an owl in a scarf", Relation.ON_NECK, "scarf"),
        ("an elephant with a tie", Relation.ON_NECK, "necktie"),
        ("a dog with a tie", Relation.UNDER_HEAD, "necktie"),
        ("a wizard with a red scarf", Relation.UNDER_HEAD, "red scarf"),
        ("a dog wearing a medal", Relation.UNDER_HEAD, "medal"),
        ("a scarf on a snowman", Relation.ON_NECK, "scarf"),
        ("a cat wearing a baseball cap", Relation.ON_HEAD, "baseball cap"),
        ("an owl with a graduation cap", Relation.ON_HEAD, "graduation cap"),
        ("a bear with a backpack", Relation.BEHIND_BACK, "backpack"),
        ("a small bear with a backpack", Relation.BEHIND_BACK, "backpack"),
        ("a bear carrying a backpack", Relation.WITH, "backpack"),
        ("a bear with a handbag", Relation.WITH, "handbag"),
        ("a rabbit wearing a watch", Relation.WITH, "watch"),
        ("a cat in boots", Relation.WITH, "boot"),
        ("a fox in a coat", Relation.WITH, "coat"),
        ("a frog wearing jeans", Relation.WITH, "jeans"),
        ("a monkey with gloves", Relation.WITH, "gloves"),
        ("a chicken in socks", Relation.WITH, "socks"),
        ("a duck wearing running shoes", Relation.WITH, "shoe"),
    ],
)
def test_what_is_worn_hangs_where_it_is_worn_or_stands_beside_who_would_wear_it(
    prompt: str, relation: Relation, worn: str
):
    layout = found(prompt)
    assert (layout.relation, layout.leading, names(prompt)[1:]) == (relation, 1, [worn])
    assert set(left(prompt)) <= {"student"}


def test_several_things_are_worn_at_once_and_each_of_several_wears_one():
    layout = found("a penguin with a scarf and a top hat")
    assert [each.relation for each in layout.hanging] == [Relation.ON_NECK, Relation.ON_HEAD]
    layout = found("two dogs wearing ties")
    assert [(each.on, each.relation) for each in layout.hanging] == [(0, Relation.UNDER_HEAD), (1, Relation.UNDER_HEAD)]


ROW = ["red", "yellow", "green", "blue", "purple", "orange"]


@pytest.mark.parametrize(
    ("prompt", "paints"),
    [
        ("five balloons in different colors", ROW[:5]),
        ("three colourful cars", ROW[:3]),
        ("balloons of many colours", ROW[:3]),
        ("four multicolored mushrooms", ROW[:4]),
        ("rainbow-coloured stars", ROW[:3]),
        ("rainbow balloons", ROW[:2]),
        ("three hearts, each a different color", ROW[:3]),
        ("two tulips in all the colours of the rainbow", ROW[:2]),
        ("a red, a blue and a green balloon", ["red", "blue", "green"]),
        ("red, blue and green balloons", ["red", "blue", "green"]),
        ("a pink and a purple car", ["pink", "purple"]),
        ("one red and one yellow rose", ["red", "yellow"]),
        ("orange and blue fish", ["orange"]),
        ("red and blue umbrellas", ["red", "blue"]),
        ("four red and blue umbrellas", ["red", "blue", "red", "blue"]),
        ("two cats, one black and one white", ["black", "white"]),
        ("two cats, one is black and the other is white", ["black", "white"]),
        ("three birds, one of them red", ["", "", ""]),
        ("three birds, one red, one blue, one green", ["red", "blue", "green"]),
        ("a purple bird and a blue one", ["purple", "blue"]),
        ("two black and white cats", ["black"] * 2),
        ("three black and white cats", ["black"] * 3),
        ("a red, blue and green parrot", ["red"]),
        ("five pink balloons", ["pink"] * 5),
    ],
)
def test_several_have_the_colours_that_are_said_of_them(prompt: str, paints: list[str]):
    figures = found(prompt).figures
    assert [each.paint for each in figures] == paints


def test_what_the_colours_of_several_were_taken_from_is_not_told_as_left_out():
    for prompt in ("five balloons in different colors", "two cats, one black and one white", "three colourful cars"):
        assert left(prompt) == ()


def test_white_and_grey_things_are_given_several_colours_too():
    plain = next(each.names[0] for each in SHIPPED.subjects if not each.coloured and " " not in each.names[0])
    assert left(f"three {plain}s in different colors") == ()
    assert [each.paint for each in found(f"three {plain}s in different colors").figures] == ROW[:3]


@pytest.mark.parametrize(
    ("prompt", "relation", "drawn"),
    [
        ("a slice of cheese driving a car", Relation.IN, ["cheese wedge", "convertible"]),
        ("a piece of pizza riding a bicycle", Relation.ON, ["pizza", "bicycle"]),
        ("a cat driving a bus", Relation.IN, ["cat", "bus"]),
        ("a panda steering a train", Relation.IN, ["panda", "train"]),
        ("a dog flying a plane", Relation.IN, ["dog", "airplane"]),
        ("a bear in a rocket", Relation.IN, ["bear", "rocket"]),
        ("a fox in a taxi", Relation.IN, ["fox", "taxi"]),
        ("a pig steering a ship", Relation.IN, ["pig", "ship"]),
        ("a hamster at the wheel of a truck", Relation.IN, ["hamster", "truck"]),
        ("a penguin operating a tractor", Relation.IN, ["penguin", "tractor"]),
        ("a bunny driving a motorcycle", Relation.ON, ["rabbit", "motorcycle"]),
        ("a frog on a scooter", Relation.ON, ["whole frog", "scooter"]),
        ("a cat riding a skateboard", Relation.ON, ["whole cat", "skateboard"]),
        ("a dog on a skateboard", Relation.ON, ["whole dog", "skateboard"]),
        ("a pig on a very small bicycle", Relation.ON, ["whole pig", "bicycle"]),
        ("a cat and a dog on a sled", Relation.ON, ["whole cat", "whole dog", "sled"]),
        ("a cat on a bed", Relation.ON, ["cat", "bed"]),
        ("a beagle driving a fire engine", Relation.IN, ["dog", "fire engine"]),
    ],
)
def test_who_drives_is_drawn_in_the_vehicle_or_on_it(prompt: str, relation: Relation, drawn: list[str]):
    assert (found(prompt).relation, names(prompt)) == (relation, drawn)


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a school bus", ["bus"]),
        ("two school buses", ["bus", "bus"]),
        ("a red school bus", ["red bus"]),
        ("a rubber duck", ["rubber duck"]),
        ("an emerald", ["green diamond"]),
        ("a goldfish", ["goldfish"]),
        ("a tree", ["deciduous tree"]),
        ("a big old tree", ["deciduous tree"]),
        ("an oak tree", ["deciduous tree"]),
        ("two birch trees", ["deciduous tree", "deciduous tree"]),
        ("a willow", ["deciduous tree"]),
        ("an elm", ["deciduous tree"]),
        ("a pine tree", ["evergreen tree"]),
        ("a fir", ["evergreen tree"]),
        ("a spruce tree", ["evergreen tree"]),
        ("a cedar", ["evergreen tree"]),
        ("a palm tree on a small island", ["desert island"]),
        ("palm tree on an island", ["desert island"]),
        ("a tropical island with a palm tree", ["desert island"]),
        ("a palm tree on a house", ["palm tree", "house"]),
        ("a duckling", ["baby chick"]),
        ("4 little ducklings", ["baby chick"] * 4),
        ("3 small kittens", ["cat"] * 3),
        ("a 3 year old puppy", ["dog"]),
        ("a hot air balloon", ["hot air balloon"]),
        ("a cowboy hat", ["cowboy hat"]),
        ("a witch hat", ["wizard hat"]),
        ("a cactus with a cowboy hat", ["cactus", "cowboy hat"]),
        ("a clown mask", ["party mask"]),
        ("a ninja mask", ["party mask"]),
        ("a clown wig", ["(clown wig)"]),
        ("star glasses", ["glasses"]),
        ("a cowboy hat face", ["cowboy hat face"]),
    ],
)
def test_words_that_come_with_a_colour_or_a_kind(prompt: str, drawn: list[str]):
    assert names(prompt) == drawn


@pytest.mark.parametrize("prompt", ["a hot air baloon", "a sailor hat", "a palm tree on an island"])
def test_what_only_comes_near_is_told(prompt: str):
    notice = STARTER.read(asked(prompt)).notice
    assert notice
    assert [each.asked for each in notice.taken] == [prompt.removeprefix("a ")]


@pytest.mark.parametrize(
    ("prompt", "on"),
    [
        ("two cats, one with a hat and one with glasses", [0, 1]),
        ("two cats, one with a hat and the other with glasses", [0, 1]),
        ("three dogs, one with a crown and one with a top hat", [1, 2]),
        ("two cats, one with a hat", [1]),
        ("two frogs, one with a guitar and one with a drum", [0, 1]),
    ],
)
def test_what_one_has_and_what_another_has_hang_on_two(prompt: str, on: list[int]):
    assert [each.on for each in found(prompt).hanging] == on
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "down"),
    [
        ("a ufo above a farm", 0.15),
        ("a rocket flying over a kindergarten yard", 0.15),
        ("an owl hovering above a zorb", 0.15),
        ("a rocket flying over a fence", 0.5),
        ("a horse jumping over a fence", 0.5),
        ("a horse jumping over a ditch", 0.5),
        ("a rainbow over a zorb", 0.5),
    ],
)
def test_what_is_over_something_that_is_not_drawn_is_in_the_upper_half(prompt: str, down: float):
    assert found(prompt).down == down


@pytest.mark.parametrize(
    "prompt",
    [
        "a small cat in the corner", "a cat in a corner", "a cat in one corner", "a cat in the corner of the picture",
        "a cat in the corner of the room", "a tiny cat sitting in the corner",
    ],
)  # fmt: skip
def test_a_corner_that_is_not_named_is_one(prompt: str):
    assert (found(prompt).across, found(prompt).down) == (1, 1)
