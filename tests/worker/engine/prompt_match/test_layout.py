"""How things stand in one picture, as the words of a prompt have it."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, everyday, larger, plain, shipped
from worker.contract.types.operation import SourcePicture, SourceRole
from worker.contract.types.request import Guide, Request
from worker.engine.prompt_match import PromptMatcher
from worker.engine.prompt_match.drawings.included import DISHES, INCLUDED, TOPPINGS
from worker.engine.prompt_match.drawings.roles import ROLES
from worker.engine.prompt_match.layout import DRAWINGS_MAX, FIGURES_MAX, Figure, Layout, Relation, Size, Turn
from worker.engine.prompt_match.reading.counts import COUNT_WORDS
from worker.engine.prompt_match.reading.joints import JOINS
from worker.engine.prompt_match.words.postures import POSTURES, SIZES
from worker.starter import WEIGHTS

STARTER, ALONE = shipped(), shipped(arranged=False)
BESIDE, ON, ABOVE, IN = Relation.BESIDE, Relation.ON, Relation.ABOVE, Relation.IN
BEFORE, WITH = Relation.BEFORE, Relation.WITH
ON_HEAD, ON_EYES, BEHIND_HEAD = Relation.ON_HEAD, Relation.ON_EYES, Relation.BEHIND_HEAD


def layout(prompt: str, matcher: PromptMatcher = STARTER) -> Layout:
    """The layout of a prompt of which something is put together."""
    (found,) = matcher.read(asked(prompt)).layouts
    return found


_THING = re.compile(r"(?:an? (?:flat illustration|glossy sticker|simple icon) of )?(?:an? )?(.*?)(?:, .* background)?")


def thing(words: str) -> str:
    """What is drawn, without article, style and background."""
    found = _THING.fullmatch(words)
    assert found
    return found[1]


def names(prompt: str) -> list[str]:
    """What is drawn, figure by figure, without articles, style and background, in the colours that it is painted."""
    matched = STARTER.read(asked(prompt))
    figures = matched.layouts[0].figures if matched.layouts else (Figure(matched.request.prompt),)
    return [f"{each.paint} {thing(each.words)}".strip() for each in figures]


def told(prompt: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What was taken for what, and what was left out."""
    notice = STARTER.read(asked(prompt)).notice
    return ({each.asked: each.took for each in notice.taken}, notice.left) if notice else ({}, ())


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a cat and a dog", ["cat", "dog"]),
        ("burger and fries", ["hamburger", "french fries"]),
        ("sun, moon and star", ["sun", "moon", "star"]),
        ("a cat, a dog, a bird and a fish", ["cat", "dog", "bird", "fish"]),
        ("a cat & a dog", ["cat", "dog"]),
        ("cat or dog", ["cat", "dog"]),
        ("cat + dog", ["cat", "dog"]),
        ("🐱🐶", ["cat", "dog"]),
        ("a cat to the left of a dog", ["cat", "dog"]),
        ("a cat to the right of a dog", ["dog", "cat"]),
        ("a cat on the right side of a dog", ["dog", "cat"]),
        ("a dog on the left and a cat on the right", ["dog", "cat"]),
        ("a dog on the right and a cat on the left", ["cat", "dog"]),
        ("on the left a cat, on the right a dog", ["cat", "dog"]),
        ("on the right a cat, on the left a dog", ["dog", "cat"]),
        ("a dog following a cat", ["dog", "cat"]),
        ("a bear talking to a panda", ["bear", "panda"]),
        ("a cat next to a house", ["cat", "house"]),
        ("a cat and a kitten", ["cat", "cat"]),
        ("a cat looking at another cat", ["cat", "cat"]),
        ("a red apple and a green pear", ["red apple", "green pear"]),
        ("a blue bird and a red bird", ["blue bird", "red bird"]),
        ("a blue bird and red cat", ["blue bird", "red cat"]),
        ("a happy face and a sad face", ["happy face", "sad face"]),
        ("a cat and a beagle", ["cat", "dog"]),
        ("a cat, a beagle", ["cat", "dog"]),
        ("pizza, fries and a burger", ["pizza", "french fries", "hamburger"]),
        ("an elefant and a dog", ["elephant", "dog"]),
        ("a whale and a fish underwater", ["whale", "fish"]),
    ],
)
def test_several_things_stand_side_by_side_in_their_order(prompt: str, drawn: list[str]):
    assert (layout(prompt).relation, layout(prompt).hanging) == (BESIDE, ())
    assert names(prompt) == drawn
    assert told(prompt)[1] == ()


def test_a_word_for_where_they_are_makes_no_other_thing_of_one():
    for where in ("outdoors", "indoors", "here", "together"):
        assert names(f"a fox and a cat {where}") == ["fox", "cat"]
    assert names("a fox and a cat carrier") == ["fox"]


def test_all_have_one_style_and_one_background():
    figures = layout("icon of a blue fox and a house, pink background").figures
    assert [each.paint for each in figures] == ["blue", ""]
    assert [each.words for each in figures] == [
        "a simple icon of a fox, pink background",
        "a simple icon of a house, pink background",
    ]
    night = {each.words.partition(", ")[2] for each in layout("a ghost and a pumpkin at night").figures}
    assert night == {"dark blue to blue gradient background"}


@pytest.mark.parametrize(
    ("prompt", "relation", "drawn"),
    [
        ("a cat on a bed", ON, "cat, bed"),
        ("a cat on top of a house", ON, "cat, house"),
        ("a cat sitting on a chair", ON, "cat, chair"),
        ("a bear riding a motorcycle", ON, "whole bear, motorcycle"),
        ("an astronaut riding on a horse", ON, "astronaut, horse"),
        ("a robot on the moon", ON, "robot, moon"),
        ("a bear with a bird on its back", ON, "bird, bear"),
        ("a turtle with a house on its back", ON, "house, turtle"),
        ("a house with a star on top", ON, "star, house"),
        ("a mushroom with a frog on it", ON, "frog, mushroom"),
        ("a heart on fire", BEFORE, "red heart, fire"),
        ("a parrot on a desert island", BEFORE, "parrot, desert island"),
        ("a man on a bus", IN, "man, bus"),
        ("a bird flying over a house", ABOVE, "bird, house"),
        ("a cow jumping over the moon", Relation.LEAP, "whole cow, moon"),
        ("a rainbow above a castle", ABOVE, "rainbow, castle"),
        ("a cat under an umbrella", ABOVE, "umbrella, cat"),
        ("a fox beneath the stars", ABOVE, "star, fox"),
        ("a house with a sun above it", ABOVE, "sun, house"),
        ("a star at the top and a cat at the bottom", ABOVE, "star, cat"),
        ("a cat at the bottom and a star at the top", ABOVE, "star, cat"),
        ("a fox under a tree", BEFORE, "fox, deciduous tree"),
        ("a kitten in a cup", IN, "cat, teacup"),
        ("a dog driving a car", IN, "dog, convertible"),
        ("an alien flying a flying saucer", IN, "alien, flying saucer"),
        ("a boy flying a kite", WITH, "boy, kite"),
        ("a t-shirt with a cat on it", BEFORE, "cat, t-shirt"),
        ("a rabbit jumping out of a top hat", IN, "rabbit, top hat"),
        ("an umbrella with a cat in it", IN, "cat, umbrella"),
        ("a bear in a t-shirt", IN, "bear, t-shirt"),
        ("an owl in a tree", BEFORE, "owl, deciduous tree"),
        ("a dog in front of a castle", BEFORE, "dog, castle"),
        ("a castle behind a dragon", BEFORE, "dragon, castle"),
        ("a sun behind a mountain", BEFORE, "mountain, sun"),
        ("a cat and a rainbow in the background", BEFORE, "cat, rainbow"),
        ("a mountain in the background and a fox", BEFORE, "fox, mountain"),
        ("a house with a tree behind it", BEFORE, "house, deciduous tree"),
        ("a castle with a dragon in front", BEFORE, "dragon, castle"),
        ("a cat near a house", BEFORE, "cat, house"),
        ("a cat ✨", BEFORE, "cat, sparkles"),
        ("a cake with a cherry on top", ON, "cherries, birthday cake"),
        ("a girl with a pair of glasses", ON_EYES, "girl, glasses"),
        ("a cat near a dog", BESIDE, "cat, dog"),
        ("spaceship flying past saturn", BESIDE, "rocket, planet"),
        ("a bird next to the moon", BESIDE, "bird, moon"),
        ("an owl beside a star", BESIDE, "owl, star"),
        ("a rocket passing the moon", BESIDE, "rocket, moon"),
        ("a dragon close to the sun", BESIDE, "dragon, sun"),
        ("an airplane by a cloud", BESIDE, "airplane, cloud"),
        ("a cat by a castle", BEFORE, "cat, castle"),
        ("an owl looking at a star", BEFORE, "owl, star"),
        ("a fox in front of the moon", BEFORE, "fox, moon"),
        ("a wolf howling at the moon", BEFORE, "wolf, moon"),
        ("an owl with full moon", BEFORE, "owl, full moon"),
        ("a castle with a dragon", BEFORE, "dragon, castle"),
        ("a mountain with a rainbow", BEFORE, "mountain, rainbow"),
        ("stars behind a cat", BEFORE, "cat, star"),
        ("a dinosaur eating ice cream", WITH, "dinosaur, ice cream"),
        ("a chef cooking an egg", WITH, "chef, egg"),
        ("a bear with an umbrella", WITH, "bear, umbrella"),
        ("a cat playing the guitar", WITH, "cat, guitar"),
        ("a girl holding a blue balloon", WITH, "girl, blue balloon"),
        ("one dog who play with ball", WITH, "dog, soccer ball"),
        ("a bear with balloons", WITH, "bear, balloon"),
        ("a dog with a fox", BESIDE, "dog, fox"),
        ("a frog with a crown", ON_HEAD, "frog, crown"),
        ("a penguin wearing a top hat", ON_HEAD, "penguin, top hat"),
        ("a penguin in a top hat", ON_HEAD, "penguin, top hat"),
        ("a crown on a cat", ON_HEAD, "cat, crown"),
        ("a cat with a crown on its head", ON_HEAD, "cat, crown"),
        ("a yellow banana wearing sunglasses", ON_EYES, "banana, sunglasses"),
        ("a panda with headphones", BEHIND_HEAD, "panda, headphone"),
    ],
)
def test_what_joins_two_things_says_how_they_stand(prompt: str, relation: Relation, drawn: str):
    assert (layout(prompt).relation, layout(prompt).hanging) == (relation, ())
    assert ", ".join(names(prompt)) == drawn
    assert told(prompt)[1] == ()


@pytest.mark.parametrize(
    ("prompt", "relation", "leading", "drawn"),
    [
        ("two cats sitting on a bed", ON, 2, "cat, cat, bed"),
        ("two cats on a bed", ON, 2, "cat, cat, bed"),
        ("a cat, a dog and a bird on a bed", ON, 3, "cat, dog, bird, bed"),
        ("birds in a tree", BEFORE, 2, "bird, bird, deciduous tree"),
        ("a boy and his dog in front of a house", BEFORE, 2, "boy, dog, house"),
        ("a cat and a dog under a rainbow", ABOVE, 1, "rainbow, cat, dog"),
        ("three stars at the top and a house at the bottom", ABOVE, 3, "star, star, star, house"),
        ("a bear with three balloons", WITH, 1, "bear, balloon, balloon, balloon"),
        ("a girl with a rose and a balloon", WITH, 1, "girl, rose, balloon"),
        ("a castle with a dragon and a wizard", BEFORE, 2, "dragon, wizard, castle"),
        ("a wolf howling at the moon and the stars", BEFORE, 1, "wolf, moon, star"),
        ("two bears with a balloon", WITH, 2, "bear, bear, balloon"),
        ("a boy and his dog with a ball", WITH, 2, "boy, dog, soccer ball"),
    ],
)
def test_several_may_be_on_one_side(prompt: str, relation: Relation, leading: int, drawn: str):
    found = layout(prompt)
    assert (found.relation, found.leading, found.hanging) == (relation, leading, ())
    assert ", ".join(names(prompt)) == drawn
    assert told(prompt) == ({}, ())


def whole(prompt: str) -> tuple[Relation, str, list[str]]:
    """The relation, what stands in it (first side | others) and what hangs, with how (<: swapped) and on which."""
    found, drawn = layout(prompt), names(prompt)
    sides = [drawn[: min(found.leading, found.standing)], drawn[found.leading : found.standing]]
    hung = [
        f"{name} {'<' * way.swapped}{way.relation.name} {drawn[way.on]} {way.on}"
        for name, way in zip(drawn[found.standing :], found.hanging, strict=True)
    ]
    return found.relation, " | ".join(", ".join(side) for side in sides if side), hung


@pytest.mark.parametrize(
    ("prompt", "relation", "standing", "hung"),
    [
        # of a row: the one just before has it
        ("a cat wearing sunglasses and a dog", BESIDE, "cat | dog", ["sunglasses ON_EYES cat 0"]),
        ("a dog and a cat with a crown", BESIDE, "dog | cat", ["crown ON_HEAD cat 1"]),
        ("an owl with headphones, a hedgehog", BESIDE, "owl | hedgehog", ["headphone BEHIND_HEAD owl 0"]),
        ("a sloth eating pizza and a koala", BESIDE, "sloth | koala", ["pizza WITH sloth 0"]),
        ("a crown on a toad and a crab", BESIDE, "frog | crab", ["crown ON_HEAD frog 0"]),
        ("a duck with a hat on its head and a goat", BESIDE, "duck | goat", ["top hat ON_HEAD duck 0"]),
        ("a duck with a rose in its beak and a goat", BESIDE, "duck | goat", ["rose WITH duck 0"]),
        ("a mouse with a bird on its back and a pig", BESIDE, "mouse | pig", ["bird <ON mouse 0"]),
        ("a robot and a lemon wearing glasses", BESIDE, "robot | lemon", ["glasses ON_EYES lemon 1"]),
        ("a dog and a cat with sunglasses", BESIDE, "dog | cat", ["sunglasses ON_EYES cat 1"]),
        (
            "a penguin in a top hat and a fox with a guitar",
            BESIDE,
            "penguin | fox",
            ["top hat ON_HEAD penguin 0", "guitar WITH fox 1"],
        ),
        (
            "a crown on the right and a pig with a hat on the left",
            BESIDE,
            "pig | crown",
            ["top hat ON_HEAD pig 0"],
        ),
        # of a side of another relation
        ("a cat with sunglasses on a bed", ON, "cat | bed", ["sunglasses ON_EYES cat 0"]),
        ("a frog with a crown in front of a castle", BEFORE, "frog | castle", ["crown ON_HEAD frog 0"]),
        ("a cat holding a balloon under a rainbow", ABOVE, "rainbow | cat", ["balloon WITH cat 1"]),
        ("a tiger wearing a hat in a car", IN, "tiger | convertible", ["top hat ON_HEAD tiger 0"]),
        ("a castle with a dragon wearing a crown", BEFORE, "dragon | castle", ["crown ON_HEAD dragon 0"]),
        ("a koala on a bicycle wearing sunglasses", ON, "whole koala | bicycle", ["sunglasses ON_EYES whole koala 0"]),
        ("a fox with a drum and a volcano in the background", BEFORE, "fox | volcano", ["drum WITH fox 0"]),
        ("a wolf with a violin and an owl on a bed", ON, "wolf, owl | bed", ["violin WITH wolf 0"]),
        ("a castle with dragons wearing crowns", BEFORE, "dragon | castle", ["crown ON_HEAD dragon 0"]),
        # several of one
        (
            "a cat wearing a crown and sunglasses",
            BESIDE,
            "cat",
            ["crown ON_HEAD cat 0", "sunglasses ON_EYES cat 0"],
        ),
        ("an owl wearing a hat and holding a kite", BESIDE, "owl", ["top hat ON_HEAD owl 0", "kite WITH owl 0"]),
        (
            "an ape with a crown and a mango",
            BESIDE,
            "monkey",
            ["crown ON_HEAD monkey 0", "mango WITH monkey 0"],
        ),
        (
            "a girl with a rose and a balloon and a dog",
            BESIDE,
            "girl | dog",
            ["rose WITH girl 0", "balloon WITH girl 0"],
        ),
        ("a bear with two kites and a fox", BESIDE, "bear | fox", ["kite WITH bear 0"] * 2),
        # one each
        ("two bears with balloons", BESIDE, "bear, bear", ["balloon WITH bear 0", "balloon WITH bear 1"]),
        ("two lions with two candles", BESIDE, "lion, lion", ["candle WITH lion 0", "candle WITH lion 1"]),
        ("two lions each with a candle", BESIDE, "lion, lion", ["candle WITH lion 0", "candle WITH lion 1"]),
        ("two lions with a candle each", BESIDE, "lion, lion", ["candle WITH lion 0", "candle WITH lion 1"]),
        (
            "three robots wearing crowns",
            BESIDE,
            "robot, robot, robot",
            [f"crown ON_HEAD robot {on}" for on in range(3)],
        ),
        ("two owls wearing glasses", BESIDE, "owl, owl", ["glasses ON_EYES owl 0", "glasses ON_EYES owl 1"]),
        ("three owls with two hats", BESIDE, "owl, owl, owl", ["top hat ON_HEAD owl 1", "top hat ON_HEAD owl 2"]),
        ("crowns on two cats", BESIDE, "cat, cat", ["crown ON_HEAD cat 0", "crown ON_HEAD cat 1"]),
        ("two cats, one with a hat", BESIDE, "cat, cat", ["top hat ON_HEAD cat 1"]),
        ("two bats, one wearing sunglasses", BESIDE, "bat, bat", ["sunglasses ON_EYES bat 1"]),
        ("three owls, one in a crown", BESIDE, "owl, owl, owl", ["crown ON_HEAD owl 2"]),
        (
            "two cats, each one with a hat",
            BESIDE,
            "cat, cat",
            ["top hat ON_HEAD cat 0", "top hat ON_HEAD cat 1"],
        ),
        ("two bats with hats on a bed", ON, "bat, bat | bed", ["top hat ON_HEAD bat 0", "top hat ON_HEAD bat 1"]),
        (
            "a cat and a dog wearing hats",
            BESIDE,
            "cat | dog",
            ["top hat ON_HEAD cat 0", "top hat ON_HEAD dog 1"],
        ),
        (
            "a mouse and a bat both wearing a hat",
            BESIDE,
            "mouse | bat",
            ["top hat ON_HEAD mouse 0", "top hat ON_HEAD bat 1"],
        ),
        (
            "a mouse and a bat wearing sunglasses",
            BESIDE,
            "mouse | bat",
            ["sunglasses ON_EYES mouse 0", "sunglasses ON_EYES bat 1"],
        ),
        ("a house and a bat wearing hats", BESIDE, "house | bat", ["top hat ON_HEAD bat 1"]),
        ("a girl with a rose and a boy with kites", BESIDE, "girl | boy", ["rose WITH girl 0", "kite WITH boy 1"]),
        # pairs in a row, and a chain of three
        ("a cat on a bed and a dog", BESIDE, "cat, dog", ["bed ON cat 0"]),
        ("two cats on a bed and a dog", BESIDE, "bed, dog", ["cat <ON bed 0"] * 2),
        ("a mouse on a bed and a bat on a chair", BESIDE, "mouse, bat", ["bed ON mouse 0", "chair ON bat 1"]),
        ("a crab under an umbrella and a duck", BESIDE, "crab, duck", ["umbrella <ABOVE crab 0"]),
        ("a crab on a bed to the right of a duck", BESIDE, "duck | crab", ["bed ON crab 1"]),
        ("a duck to the right of a pig with a hat", BESIDE, "pig | duck", ["top hat ON_HEAD pig 0"]),
        ("a duck with a kite to the right of a pig and an owl", BESIDE, "duck, pig, owl", ["kite WITH duck 0"]),
        ("an astronaut riding a horse on the moon", ON, "astronaut | moon", ["horse ON astronaut 0"]),
        ("a girl riding a unicorn under a rainbow", ABOVE, "rainbow | girl", ["whole unicorn ON girl 1"]),
    ],
)
def test_what_is_of_one_thing_hangs_on_it(prompt: str, relation: Relation, standing: str, hung: list[str]):
    assert whole(prompt) == (relation, standing, hung)
    assert told(prompt)[1] == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "a monkey with two top hats and a pig",
        "two bears with three balloons and a fox",
        "a goat and a crown and a balloon",
        "two cats on three beds and a dog",
        "a deer on a bed on a bus and an owl",
        "🐱👑🐶",
    ],
)
def test_of_what_stands_in_no_clear_way_all_are_side_by_side(prompt: str):
    assert layout(prompt).relation is BESIDE
    assert layout(prompt).hanging == ()


def test_what_hangs_counts_among_all_figures():
    """Each keeps what it has, as long as any does."""
    relation, standing, hung = whole("five robots wearing crowns")
    assert (relation, standing) == (BESIDE, ", ".join(["robot"] * 4))
    assert hung == [f"crown ON_HEAD robot {on}" for on in range(4)]
    assert told("five robots wearing crowns")[0] == {"five robots": "4 × robot"}
    assert len(layout("five cats and four dogs wearing hats").figures) <= FIGURES_MAX
    assert told("a lion with a crown, a bat with a top hat and an owl with a kite")[1] == ("owl with a kite",)


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a cat between two dogs", "dog, cat, dog"),
        ("a cat between a dog and a fox", "dog, cat, fox"),
    ],
)
def test_what_is_between_others_is_in_the_middle(prompt: str, drawn: str):
    assert layout(prompt).relation is BESIDE
    assert ", ".join(names(prompt)) == drawn


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("two cats", 2),
        ("2 cats", 2),
        ("three red apples", 3),
        ("3 red apples", 3),
        ("a couple of dogs", 2),
        ("a pair of shoes", 2),
        ("four small stars", 4),
        ("five stars", 5),
        ("six eggs", 6),
        ("seven happy dwarf hamsters", 7),
        ("nine balloons", 9),
        ("8 red hearts", 8),
        ("cat x6", 6),
        ("several stars", 3),
        ("a few birds", 3),
        ("a bunch of bananas", 3),
        ("lots of hearts", 3),
        ("a flock of birds", 3),
        ("three fish", 3),
        ("cats", 2),
        ("roses", 2),
        ("wolves", 2),
        ("tacos", 2),
        ("two flamingos", 2),
        ("avocadoes", 2),
        ("kittens", 2),
        ("cups of coffee", 2),
        ("three huskies", 3),
        ("two cats together", 2),
        ("two ducks in a row", 2),
        ("a mother cat and her kitten", 2),
        ("small dog, big dog", 2),
        ("😂😂😂", 3),
        ("2x cat", 2),
        ("cat x3", 3),
        ("cats x 2", 2),
        ("a cat", 1),
        ("one cat", 1),
        ("a single rose", 1),
        ("a pair of glasses", 1),
        ("a bunch of grapes", 1),
        ("grapes", 1),
        ("cherries", 1),
        ("two cherries", 1),
        ("books", 1),
        ("french fries", 1),
        ("glasses", 1),
        ("fireworks", 1),
        ("sparkles", 1),
        ("headphones", 1),
        ("noodles", 1),
        ("christmas", 1),
        ("3D cat", 1),
        ("a 5 year old boy", 1),
        ("a two-headed dragon", 1),
        ("a 7-eleven cat", 1),
        ("apollo 11 rocket", 1),
        ("a 1967 car", 1),
        ("my first cat", 1),
        ("the sun behind clouds", 1),
        ("a pair of sunglasses", 1),
        ("cat, cute cat, kitten", 1),
        ("a cat 🐱", 1),
    ],
)
def test_so_many_are_drawn_as_are_asked_for(prompt: str, count: int):
    assert len(names(prompt)) == count
    assert len({*names(prompt)}) == 1


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("two cats and a dog", "cat, cat, dog"),
        ("a cat and a couple of dogs", "cat, dog, dog"),
        ("a dog and two cats", "dog, cat, cat"),
        ("cats and dogs", "cat, cat, dog, dog"),
        ("a bear with three balloons", "bear, balloon, balloon, balloon"),
        ("cats, dogs and birds", "cat, cat, dog, dog, bird, bird"),
        ("five stars and a moon", "star, star, star, star, star, moon"),
    ],
)
def test_counts_are_of_each_thing(prompt: str, drawn: str):
    assert ", ".join(names(prompt)) == drawn
    assert told(prompt) == ({}, ())


@pytest.mark.parametrize(
    ("prompt", "took"),
    [
        ("twelve stars", {"twelve stars": "9 × star"}),
        ("a dozen eggs", {"dozen eggs": "9 × egg"}),
        ("50 red apples", {"50 red apples": "9 × red apple"}),
        ("ten stars and a cat", {"ten stars": "8 × star"}),
        ("five cats and six dogs", {"five cats": "4 × cat", "six dogs": "5 × dog"}),
    ],
)
def test_of_too_many_so_many_are_drawn_as_there_is_room_for_and_that_is_told(prompt: str, took: dict[str, str]):
    assert len(names(prompt)) == FIGURES_MAX
    assert told(prompt)[0] == took
    notice = STARTER.read(asked(prompt)).notice
    assert notice is not None
    assert notice.at_once == FIGURES_MAX


def test_of_very_many_things_so_many_are_drawn_and_it_is_told():
    notice = STARTER.read(asked("🐱🐶🐭🦊" * 60)).notice
    assert notice is not None
    assert (notice.at_once, notice.more > 100) == (DRAWINGS_MAX, True)


def test_of_too_many_things_the_last_are_left_out():
    prompt = "a cat, a dog, a bird, a fish and a horse"
    assert names(prompt) == ["cat", "dog", "bird", "fish"]
    assert told(prompt) == ({}, ("horse",))
    notice = STARTER.read(asked(prompt)).notice
    assert notice is not None
    assert notice.at_once == DRAWINGS_MAX


def test_of_a_long_row_of_one_emoji_so_many_are_drawn_as_there_is_room_for():
    assert names("🐱🐶🐱🐶🐱🐶") == ["cat", "dog"] * 3
    assert names("😂" * 11) == ["face with tears of joy"] * FIGURES_MAX
    notice = STARTER.read(asked("😂" * 11)).notice
    assert notice is not None
    assert (notice.at_once, notice.left) == (FIGURES_MAX, ("😂", "😂"))


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("tiny {}", Size.TINY),
        ("a miniature {}", Size.TINY),
        ("a very small {}", Size.TINY),
        ("a small red {}", Size.SMALL),
        ("a cute little {}", Size.SMALL),
        ("a big {}", Size.LARGE),
        ("an enormous {}", Size.LARGE),
        ("a {} that is tiny", Size.TINY),
        ("a {}, very small", Size.TINY),
        ("two small {}s", Size.SMALL),
        ("two {}s", Size.USUAL),
    ],
)
def test_sizes(words: str, size: Size):
    prompt = words.format("star")
    assert layout(prompt).size is size
    assert {each.size for each in layout(prompt).figures} == {Size.USUAL}
    assert told(prompt) == ({}, ())


def test_each_of_several_things_has_its_own_size():
    assert [each.size for each in layout("a big dog and a small cat").figures] == [Size.LARGE, Size.SMALL]


@pytest.mark.parametrize(
    ("prompt", "size"),
    [
        ("a small cat and a small dog", Size.SMALL),
        ("a tiny frog on a tiny mushroom", Size.TINY),
        ("big dogs and big cats", Size.LARGE),
    ],
)
def test_a_size_that_all_have_is_that_of_the_whole(prompt: str, size: Size):
    found = layout(prompt)
    assert found.size is size
    assert {each.size for each in found.figures} == {Size.USUAL}


@pytest.mark.parametrize("prompt", ["a dog with big eyes", "a cat with a small bottle", "a dragon with huge wings"])
def test_the_size_of_something_else_is_none_of_the_thing(prompt: str):
    assert STARTER.read(asked(prompt)).layouts == ()


@pytest.mark.parametrize(
    ("prompt", "across", "down"),
    [
        ("a cat in the top left corner", 0, 0),
        ("a cat in the upper right corner", 1, 0),
        ("a cat in the bottom left corner of the picture", 0, 1),
        ("a cat at the bottom", 0.5, 1),
        ("a cat at the top", 0.5, 0),
        ("a cat on the left", 0, 0.5),
        ("a cat on the right side", 1, 0.5),
        ("in the lower right corner, a cat", 1, 1),
        ("a cat in the corner", 1, 1),
        ("a cat to the left", 0, 0.5),
    ],
)
def test_places(prompt: str, across: float, down: float):
    found = layout(prompt)
    assert (found.across, found.down, found.size) == (across, down, Size.SMALL)
    assert told(prompt) == ({}, ())


@pytest.mark.parametrize(
    "prompt", ["a cat facing left", "a cat walking to the right", "a cat with its left paw", "a cat in the middle"]
)
def test_what_only_sounds_like_a_place_is_none(prompt: str):
    assert STARTER.read(asked(prompt)).layouts == ()


def test_a_thing_in_its_place_is_so_large_as_is_said():
    assert layout("a huge cat in the top left corner").size is Size.LARGE


@pytest.mark.parametrize(
    ("prompt", "turn", "mirrored"),
    [
        ("an upside down cat", Turn.UPSIDE_DOWN, False),
        ("a cat, upside-down", Turn.UPSIDE_DOWN, False),
        ("a cat standing on its head", Turn.UPSIDE_DOWN, False),
        ("a cat leaning left", Turn.LEANING_LEFT, False),
        ("a cat tilted to the right", Turn.LEANING_RIGHT, False),
        ("a tilted cat", Turn.LEANING_RIGHT, False),
        ("a mirrored cat", Turn.UPRIGHT, True),
        ("a cat facing the other way", Turn.UPRIGHT, True),
    ],
)
def test_turns(prompt: str, turn: Turn, mirrored: bool):
    (figure,) = layout(prompt).figures
    assert (figure.turn, figure.mirrored) == (turn, mirrored)
    assert told(prompt) == ({}, ())


@pytest.mark.parametrize(
    ("prompt", "turns"),
    [
        ("a cat upside down and a dog", [Turn.UPSIDE_DOWN, Turn.UPRIGHT]),
        ("a cat and an upside down dog", [Turn.UPRIGHT, Turn.UPSIDE_DOWN]),
        ("an upside down cat and a dog", [Turn.UPSIDE_DOWN, Turn.UPRIGHT]),
    ],
)
def test_a_turn_is_of_the_thing_beside_it(prompt: str, turns: list[Turn]):
    assert [each.turn for each in layout(prompt).figures] == turns


@pytest.mark.parametrize(
    ("prompt", "drawn", "left"),
    [
        ("a unicorn with rainbow hair", "unicorn", "rainbow hair"),
        ("a dog with big eyes", "dog", "big eyes"),
        ("a cat with a heart shaped balloon", "cat, balloon", "heart shaped"),
        ("a cat without a hat", "cat", "without a hat"),
        ("a cat and no dog", "cat", "no dog"),
        ("a bouquet of roses", "bouquet", "roses"),
        ("a cat dressed as a lumberjack", "cat", "dressed as a lumberjack"),
        ("a car made of cheese", "red car", "made of cheese"),
        ("a cat and a coyote", "cat", "coyote"),
        ("a cake on a carpet", "birthday cake", "carpet"),
        ("an alien waving hello", "alien", "waving hello"),
        ("a horse with a mane", "horse", "mane"),
        ("a ghost with a pumpkin head", "ghost", "pumpkin head"),
        ("a donut with sprinkles", "doughnut", "sprinkles"),
        ("a girl with long hair and glasses", "girl, glasses", "long hair"),
        ("a panda wearing a poncho and a wolf", "panda, wolf", "wearing a poncho"),
        ("a cat the size of a house", "cat", "size of a house"),
        ("a mother elephant and a cat", "elephant, cat", "mother"),
        ("a cute cat 😂", "cat", "😂"),
        ("a cat waiting on a bed", "cat, bed", "waiting"),
        ("a dog and a flying pig", "dog, pig", "flying"),
    ],
)
def test_what_is_no_thing_of_its_own_is_left_out_and_told(prompt: str, drawn: str, left: str):
    assert ", ".join(names(prompt)) == drawn
    assert told(prompt)[1] == (left,)


def test_who_wears_something_unknown_holds_not_what_follows():
    assert layout("a panda wearing a poncho and a wolf").relation is BESIDE
    assert layout("a girl wearing a poncho and glasses").relation is ON_EYES


def test_what_a_drawing_has_already_is_no_thing_beside():
    assert names("a planet with rings") == ["planet"]
    assert told("a planet with rings") == ({}, ())


@pytest.mark.parametrize(
    ("prompt", "drawn", "left"),
    [
        ("birthday cake with candles", "birthday cake", ()),
        ("birthday cake with pink candles", "birthday cake", ("pink",)),
        ("a cake with candles and a balloon", "birthday cake, balloon", ()),
        ("pizza with cheese", "pizza", ()),
        ("pizza slice with melting cheese", "pizza", ("melting",)),
        ("burger with cheese", "hamburger", ()),
        ("a hamburger with tomato and lettuce and fries", "hamburger, french fries", ()),
        ("christmas tree with a star", "christmas tree", ()),
        ("a christmas tree with a star on top", "christmas tree", ()),
        ("a christmas tree with ornaments and a gift", "christmas tree, gift", ()),
        ("snowman with a carrot nose", "snowman", ()),
        ("santa with a beard", "santa claus", ()),
        ("santa wearing a hat", "santa claus", ()),
        ("a princess with a crown", "princess", ()),
        ("cup of coffee with steam", "cup of coffee", ()),
        ("house with a door and windows", "house", ()),
        ("a house with a cat and a door", "house, cat", ("door",)),
        ("a pumpkin with a face", "pumpkin", ()),
        ("an elephant with a long trunk", "elephant", ("long",)),
        ("a gold crown", "crown", ()),
        ("a golden star and a cat", "star, cat", ()),
        ("black and white panda", "panda", ()),
        ("a pizza with no cheese", "pizza", ("no cheese",)),
        ("a cake without candles", "birthday cake", ("without candles",)),
        ("a house with a candle", "house, candle", ()),
        ("a cake and a candle", "birthday cake, candle", ()),
        ("a beach with a palm tree", "desert island", ()),
    ],
)
def test_what_a_drawing_shows_anyway_is_neither_a_thing_beside_nor_left_out(
    prompt: str, drawn: str, left: tuple[str, ...]
):
    assert ", ".join(sorted(names(prompt), key=drawn.find)) == drawn
    assert told(prompt)[1] == left


@pytest.mark.parametrize(
    ("prompt", "drawn", "left"),
    [
        ("pizza with mushrooms", "pizza", ("mushrooms",)),
        ("a pizza with mushrooms and hot peppers", "pizza", ("mushrooms and hot peppers",)),
        ("a pizza topped with pineapple", "pizza", ("topped with pineapple",)),
        ("pancakes with blueberries", "pancakes", ("blueberries",)),
        ("a sandwich with cheese", "sandwich", ("cheese",)),
        ("a donut covered in chocolate", "doughnut", ("covered in chocolate",)),
        ("a burger with fries", "hamburger, french fries", ()),
        ("a pizza with a beer", "pizza, beer mug", ()),
        ("a bear with a mushroom", "bear, mushroom", ()),
    ],
)
def test_what_lies_on_a_dish_is_no_thing_beside(prompt: str, drawn: str, left: tuple[str, ...]):
    assert ", ".join(names(prompt)) == drawn
    assert told(prompt)[1] == left


def test_only_what_may_be_drawn_includes_something():
    assert {*INCLUDED, *DISHES, *TOPPINGS} <= {*ROLES}


def test_what_goes_with_a_thing_may_be_one_beside_it():
    assert names("an alien and a ufo") == ["alien", "flying saucer"]


@pytest.mark.parametrize("prompt", ["a tree house", "a fire truck", "a hot dog", "a robot cat"])
def test_a_compound_is_one_thing(prompt: str):
    assert STARTER.read(asked(prompt)).layouts == ()


@pytest.mark.parametrize(
    ("prompt", "background"),
    [
        ("a rocket ship in space", "dark blue to black"),
        ("a fish in the sea", "light blue to blue"),
        ("a boat in a storm", "gray to light gray"),
        ("a train in the rain", "gray to light gray"),
        ("a fox among the trees", "green to dark green"),
    ],
)
def test_what_a_background_stands_for_is_no_thing_beside(prompt: str, background: str):
    matched = STARTER.read(asked(prompt))
    assert [len(each.figures) for each in matched.layouts] == [1]
    assert matched.request.prompt.endswith(f", {background} gradient background")


def test_things_are_drawn_in_their_own_colour_and_painted():
    """So that the model draws what it knows best."""
    for prompt, words, paint in (
        ("a blue butterfly", "butterfly", "blue"),
        ("a green car", "red car", "green"),
        ("a pink rabbit", "rabbit", "pink"),
        ("a blue black cat", "black cat", "blue"),
        ("a green skull and a red wolf", "skull", "green"),
        ("a green apple", "green apple", ""),
    ):
        matched = STARTER.read(asked(prompt))
        figure, *_ = matched.layouts[0].figures if matched.layouts else (Figure(matched.request.prompt),)
        assert (thing(figure.words), figure.paint) == (words, paint)
        assert told(prompt) == ({}, ())


@pytest.mark.parametrize(
    ("prompt", "words", "paint"),
    [
        ("a blue banana, yellow background", "blue banana", ""),
        ("a blue banana, green background", "banana", "blue"),
        ("a blue banana, red to yellow gradient background", "blue banana", ""),
        ("a pink skull, white background", "pink skull", ""),
        ("a pink skull, navy background", "skull", "pink"),
        ("a small blue banana, yellow background", "blue banana", ""),
    ],
)
def test_what_does_not_stand_out_in_its_own_colour_the_model_paints(prompt: str, words: str, paint: str):
    matched = STARTER.read(asked(prompt))
    (figure,) = matched.layouts[0].figures if matched.layouts else (Figure(matched.request.prompt),)
    assert (thing(figure.words), figure.paint) == (words, paint)


def test_what_is_painted_stands_before_a_background_that_shows_its_own_colour():
    for name in ("banana", "ghost", "skull", "elephant", "polar bear", "lemon"):
        (blends,) = (each.blends for each in SHIPPED.subjects if name in each.names)
        for seed in range(12):
            (found,) = STARTER.read(asked(f"a blue {name}").model_copy(update={"seed": seed})).layouts
            background = found.figures[0].words.rpartition(", ")[2].removesuffix(" background")
            assert background not in blends
            assert found.figures[0].paint == "blue"


def test_many_things_share_a_drawing_that_is_painted_whatever_is_behind_them():
    figures = layout("nine bananas in different colors, yellow background").figures
    assert {thing(each.words) for each in figures} == {"banana"}
    assert len({each.paint for each in figures}) > 1


def test_there_is_one_layout_for_each_picture():
    several = asked("a cat and a dog").model_copy(update={"count": 3})
    matched = STARTER.read(several)
    assert matched.layouts[:1] == STARTER.read(asked("a cat and a dog")).layouts
    assert [len(each.figures) for each in matched.layouts] == [2, 2, 2]
    assert len({each.figures[0].words for each in matched.layouts}) == 3  # each in a style and before a background
    assert matched.request.prompt == "a cat"
    own = several.model_copy(update={"prompts": ("a cat and a dog", "a fox", "two stars")})
    found = STARTER.read(own)
    assert [len(each.figures) for each in found.layouts] == [2, 1, 2]
    assert found.layouts[1].plain
    assert found.request.prompts == tuple(each.figures[0].words for each in found.layouts)
    foxes = STARTER.read(asked("a fox").model_copy(update={"count": 3}))
    assert all(each.plain for each in foxes.layouts)
    assert STARTER.read(asked("a fox")).layouts == ()


def test_only_for_whom_puts_things_together_and_where_no_guide_says_what_goes_where():
    prompt = asked("a cat and a dog")
    assert STARTER.read(prompt).layouts
    assert STARTER.read(prompt, arranged=False) == ALONE.read(prompt)
    picture = SourcePicture(role=SourceRole.GUIDE, width=128, height=128)
    guided = Request.model_copy(prompt, update={"guides": (Guide(id="edges", weight=1, picture=picture),)})
    assert STARTER.read(guided) == ALONE.read(guided)
    assert ALONE.read(guided).layouts == ()


@pytest.mark.parametrize("matcher", [ALONE, everyday(), plain(), larger()])
def test_a_model_that_says_nothing_of_it_has_no_layouts(matcher: PromptMatcher):
    for prompt in ("a cat and a dog", "two cats", "a tiny cat", "a cat upside down"):
        assert matcher.read(asked(prompt)).layouts == ()


KNOWN = [name for subject in SHIPPED.subjects for name in subject.names]
OTHERS = ["a", "the", ",", "its", "left", "corner", "😂", "red", "coyote", "3", "shaped"]
JOINING = [*JOINS.words, *SIZES.words, *POSTURES.words, *COUNT_WORDS, *OTHERS]
TEXTS = st.one_of(
    st.text(min_size=1, max_size=200).filter(str.strip),
    st.lists(st.sampled_from(KNOWN) | st.sampled_from(JOINING), min_size=1, max_size=14).map(" ".join),
)


@pytest.mark.parametrize("matcher", [STARTER, shipped(usual_sentence=False)], ids=["usual sentence", "as typed"])
@given(text=TEXTS)
def test_of_any_text_the_figures_are_few_and_in_words_that_the_model_knows(matcher: PromptMatcher, text: str):
    matched = matcher.read(asked(text))
    for found in matched.layouts:
        assert 1 <= len(found.without_parts().figures) <= FIGURES_MAX
        assert len({each.words for each in found.figures}) <= DRAWINGS_MAX
        assert found.mirrored or not found.plain
        assert found.standing >= 1
        assert all(way.relation is not BESIDE for way in found.hanging)
        for number, way in enumerate(found.hanging, found.standing):
            way_there = [number, way.on]
            while way_there[-1] >= found.standing:  # on something that hangs itself
                way_there.append(found.hanging[way_there[-1] - found.standing].on)
                assert len(way_there) <= len(found.figures)
            assert way_there[-1] >= 0
        assert matched.request.prompt_of(0) == found.figures[0].words
        assert len({each.words.partition(" of a")[0] for each in found.figures if " of a" in each.words}) <= 1
        for figure in found.figures:
            again = matcher.read(asked(figure.words))
            assert (again.request.prompt, again.notice, again.layouts) == (figure.words, None, ())


def test_every_thing_that_ships_has_its_part():
    assert [subject.icon for subject in SHIPPED.subjects if subject.icon not in ROLES] == []


def test_the_model_that_ships_says_that_its_things_are_put_together():
    assert json.loads((WEIGHTS / "vocabulary.json").read_bytes())["arranged"]
