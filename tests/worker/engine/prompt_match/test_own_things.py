"""What Easel drew itself, in a prompt: what is worn, ridden and sat on, and what its drawings show anyway."""

import pytest

from tests.worker.engine.prompt_match.test_more_things import found, left, names
from worker.engine.prompt_match.drawings.roles import ROLES
from worker.engine.prompt_match.drawings.seats import SEATS
from worker.engine.prompt_match.drawings.wearers import WEARERS
from worker.engine.prompt_match.layout import Relation, Turn


@pytest.mark.parametrize(
    ("prompt", "relation"),
    [
        ("a penguin with a santa hat", Relation.ON_HEAD),
        ("a duck wearing a cowboy hat", Relation.ON_HEAD),
        ("a cat with devil horns", Relation.ON_HEAD),
        ("a dog with a halo", Relation.ON_HEAD),
        ("a frog wearing a party hat", Relation.ON_HEAD),
        ("a goat with an eye patch", Relation.ON_EYES),
        ("a chef with a mustache", Relation.ON_LIP),
        ("a moustache on a cat", Relation.ON_LIP),
        ("a bear with a bow tie", Relation.UNDER_HEAD),
        ("a crow with a bow tie", Relation.ON_NECK),
        ("a penguin wearing a cape", Relation.BEHIND_BACK),
        ("a king on a throne", Relation.BEFORE),
        ("a dog on a surfboard", Relation.ON),
        ("a cat in a mug", Relation.IN),
        ("a dragon in a cave", Relation.BEFORE),
        ("a knight with a sword", Relation.WITH),
        ("a penguin in a beanie", Relation.ON_HEAD),
        ("a fox wearing a mask", Relation.ON_EYES),
        ("a man looking through binoculars", Relation.ON_EYES),
        ("a man with a necklace", Relation.UNDER_HEAD),
        ("a crow with a necklace", Relation.ON_NECK),
        ("a bear in slippers", Relation.WITH),
        ("a mole digging with a shovel", Relation.WITH),
        ("a chef with a frying pan", Relation.WITH),
        ("a bear roasting a marshmallow", Relation.WITH),
        ("a man in a wheelchair", Relation.ON),
        ("an old man on a park bench", Relation.ON),
        ("a dog under a lamp post", Relation.BEFORE),
        ("a teacher writing on a blackboard", Relation.BEFORE),
        ("a horse jumping over a fence", Relation.LEAP),
        ("a pirate firing a cannon", Relation.BESIDE),
    ],
)
def test_what_one_wears_has_and_sits_on_is_where_it_belongs(prompt: str, relation: Relation):
    assert found(prompt).relation is relation
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "thing"),
    [
        ("a pirate with an eyepatch", "pirate"),
        ("a king with a crown", "king"),
        ("a wizard with a staff and a hat", "wizard"),
        ("a genie in a lamp", "genie"),
        ("a treasure chest full of gold", "treasure chest"),
        ("a pirate ship with a skull flag", "pirate ship"),
        ("a snow globe with a house in it", "snow globe"),
        ("a toaster with toast", "toaster"),
        ("a firefighter with a helmet", "firefighter"),
        ("a singer with a microphone", "singer"),
        ("a mug of coffee", "mug"),
        ("a detective with a magnifying glass", "detective"),
        ("a dragon with horns", "dragon"),
        ("a fish with scales", "fish"),
        ("a king with a cape", "king"),
        ("a bowl of ramen", "ramen"),
        ("a big bowl of ramen", "ramen"),
        ("rice in a bowl", "bowl of rice"),
        ("a bowl of cereal with milk", "cereal"),
        ("a plate of pancakes", "pancakes"),
        ("a slice of lasagna", "lasagna"),
        ("a plant in a pot", "potted plant"),
        ("a bar of soap", "soap"),
        ("a wallet full of cash", "wallet"),
        ("a birdcage with a bird", "birdcage"),
        ("a candy cane with stripes", "candy cane"),
        ("a golden harp", "harp"),
    ],
)
def test_what_a_drawing_shows_anyway_is_neither_drawn_twice_nor_told(prompt: str, thing: str):
    assert names(prompt) == [thing]
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "ridden"),
    [
        ("a cat riding a horse", {1: "horse"}),
        ("a mouse riding a cat", {1: "cat"}),
        ("a bear on a motorcycle", {1: "motorcycle"}),
        ("a frog in a racing car", {1: "racing-car"}),
        ("a pig driving a tractor", {1: "tractor"}),
        ("a penguin on a surfboard", {1: "surfboard"}),
        ("two frogs riding a turtle", {2: "turtle"}),
        ("a cat riding a horse on the moon", {2: "horse"}),
        ("a cat riding a horse and a dog riding a camel", {2: "horse", 3: "camel"}),
        ("a cat riding an upside down horse", {}),  # nobody sits on its feet
        ("a cat and a horse", {}),
        ("a horse wearing a hat", {}),
        ("a cat under a horse", {}),
        ("a frog on a bed", {1: "bed"}),
        ("two robots on a sofa", {2: "couch-and-lamp"}),
        ("a frog beside a bed", {}),
    ],
)
def test_what_is_ridden_has_a_seat(prompt: str, ridden: dict[int, str]):
    seats = {number: each.seat for number, each in enumerate(found(prompt).figures) if each.seat}
    assert seats == {number: SEATS[icon] for number, icon in ridden.items()}


@pytest.mark.parametrize(("prompt", "lies"), [("a dog on a surfboard", True), ("a dog and a surfboard", False)])
def test_a_surfboard_lies_down_for_who_is_on_it(prompt: str, lies: bool):
    assert [each.turn is Turn.LYING for each in found(prompt).figures] == [False, lies]


def test_every_seat_is_within_something_that_is_known():
    assert SEATS.keys() <= ROLES.keys()
    for seat in SEATS.values():
        assert 0 < seat.across < 1
        assert 0 < seat.down < 1
        assert 0.2 < seat.large <= 1


@pytest.mark.parametrize("place", ["in the forest", "in the woods", "in a jungle", "at sunset", "in a galaxy"])
@pytest.mark.parametrize("who", ["a fox", "a castle", "an astronaut"])
def test_places_and_times_stand_behind_what_is_there(who: str, place: str):
    assert names(f"{who} {place}") == [who.rpartition(" ")[-1]]


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a forest", ["forest"]),
        ("a sunset over the ocean", ["sunset"]),
        ("a forest at night", ["forest"]),
        ("a galaxy", ["galaxy"]),
        ("a forest and a castle", ["forest", "castle"]),
        ("a snowy forest with foxes", ["fox", "fox"]),
        ("a castle on a hill", ["castle", "hill"]),
    ],
)
def test_a_place_alone_is_names(prompt: str, things: list[str]):
    assert names(prompt) == things


@pytest.mark.parametrize(
    ("prompt", "thing"),
    [
        ("an emperor", "king"),
        ("a katana", "sword"),
        ("a tank top", "t-shirt"),
        ("a fish tank", "goldfish"),
        ("a hot tub", "bathtub"),
        ("a king crab", "crab"),
        ("a queen bee", "bee"),
        ("a skeleton key", "key"),
        ("a barn owl", "owl"),
        ("a monster truck", "truck"),
        ("a plate of spaghetti", "spaghetti"),
        ("hot air balloon", "hot air balloon"),
        ("the ruler of the world", "king"),
        ("a wooden ruler", "ruler"),
        ("a super bowl", "american football"),
        ("a pan flute", "flute"),
        ("a harp seal", "seal"),
        ("a lego brick", "toy bricks"),
        ("a salad bowl", "salad"),
        ("a pot of tea", "teapot"),
        ("a camper van", "van"),
        ("a bobble hat", "beanie"),
        ("a mixtape", "cassette"),
        ("a sinking ship", "ship"),
        ("the ship sinks", "ship"),
        ("a pair of slippers", "slippers"),
        ("a pair of binoculars", "binoculars"),
    ],
)
def test_words_that_sound_alike_mean_what_people_mean_by_them(prompt: str, thing: str):
    assert names(prompt) == [thing]


@pytest.mark.parametrize(
    ("prompt", "figures"),
    [
        ("a man doing a backflip", ["gymnast"]),
        ("a girl doing gymnastics", ["gymnast", "girl"]),
        ("a boy climbing a mountain", ["climber", "boy"]),
        ("a boy climbing a tree", ["boy", "deciduous tree"]),
        ("a climbing frame", ["(climbing frame)"]),
        ("a woman taking a bubble bath", ["bathing person"]),
        ("a man in a bathtub", ["bathing person"]),
        ("a dog in a bathtub", ["bathing person", "dog"]),
        ("an owl in a bathtub", ["owl", "bathtub"]),
        ("two men fencing", ["fencer"] * 2),
        ("a kid rowing a boat", ["rower"]),
    ],
)
def test_people_by_what_they_do(prompt: str, figures: list[str]):
    assert names(prompt) == figures


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("a chef with a cowboy hat", ["chef", "cowboy hat"]),
        ("a queen with a flower crown", ["queen", "flower crown"]),
        ("a king with a blue cape", ["king", "blue cape"]),
        ("a detective with a wine glass", ["detective", "wine glass"]),
        ("a birthday cake with pink candles", ["birthday cake"]),
        ("a house with a red door", ["house"]),
    ],
)
def test_another_hat_than_the_drawn_one_is_worn(prompt: str, things: list[str]):
    assert names(prompt) == things


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("I saw a fox", ["fox"]),
        ("a cat that saw a ghost", ["cat", "ghost"]),
        ("a girl picks a flower", ["girl"]),
        ("a monkey swings from a tree", ["monkey", "deciduous tree"]),
        ("a saw and a hammer", ["saw", "hammer"]),
        ("a swing", ["swing"]),
        ("a cat climbing on a sofa", ["whole cat", "sofa"]),
        ("a bear paddling a red canoe", ["bear", "red canoe"]),
        ("a cat on a pile of books", ["cat", "books"]),
        ("a cat vacuuming", ["cat", "vacuum cleaner"]),
        ("a robot is vacuuming with a vacuum cleaner", ["robot", "vacuum cleaner"]),
        ("a dog drilling", ["dog", "drill"]),
    ],
)
def test_names_that_are_verbs_there_draw_nothing(prompt: str, things: list[str]):
    assert names(prompt) == things


@pytest.mark.parametrize("prompt", ["a chef with sunglasses", "a girl with glasses", "a king with a mustache"])
def test_where_a_face_is_goes_along_with_what_is_worn_on_it(prompt: str):
    assert found(prompt).figures[0].head
    assert found(prompt.rpartition(" with ")[0] + " and a dog").figures[0].head is None


@pytest.mark.parametrize(
    ("prompt", "icon"),
    [
        ("a turtle with a wizard hat", "turtle"),
        ("a crocodile wearing sunglasses", "crocodile"),
        ("a giraffe in a red scarf", "giraffe"),
        ("a mirrored elephant with headphones", "elephant"),
        ("a snail with a mustache", "snail"),
        ("a parrot with a crown and glasses", "parrot"),
    ],
)
def test_where_an_animal_has_its_head_goes_along_with_what_it_wears(prompt: str, icon: str):
    assert found(prompt).figures[0].wears == WEARERS[icon]


@pytest.mark.parametrize(
    "prompt", ["a turtle and a dog", "a turtle on a sofa", "an upside down turtle with a hat", "a girl with a hat"]
)
def test_nothing_is_told_of_it_where_none_is_worn_and_it_does_not_stand_on_its_feet(prompt: str):
    assert not any(each.wears for each in found(prompt).figures)
