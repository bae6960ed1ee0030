"""Places, beings and parts of bodies that are names of things, and what they mean beside others."""

import pytest

from tests.worker.engine.prompt_match.starter_reads import MATCHER
from tests.worker.engine.prompt_match.test_more_things import found, left, names
from tests.worker.engine.prompt_match.vocabularies import asked
from worker.engine.prompt_match.layout import Relation


def drawn(prompt: str) -> str:
    """The only thing of a picture, as its prompt has it."""
    return MATCHER.read(asked(f"{prompt}, light blue background, cartoon")).request.prompt


@pytest.mark.parametrize("name", ["eye", "ear", "nose", "mouth", "foot", "road", "river", "desert", "coral"])
def test_a_part_or_a_place_alone_is_the_thing_itself(name: str):
    assert name in drawn(f"a {name}")
    assert left(f"a {name}") == ()


@pytest.mark.parametrize(
    ("prompt", "there"),
    [
        ("two hands", ["open hand"] * 2),
        ("two feet", ["foot"] * 2),
        ("an eye and an ear", ["eye", "ear"]),
        ("an ear, a nose and a mouth", ["ear", "nose", "mouth"]),
        ("a fly on a nose", ["fly", "nose"]),
        ("a bird on a hand", ["bird", "open hand"]),
        ("a hand with a ring", ["open hand", "ring"]),
        ("a heart and a hand", ["red heart", "open hand"]),
    ],
)
def test_parts_stand_beside_others_where_they_are_nobodys(prompt: str, there: list[str]):
    assert names(prompt) == there
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "there"),
    [
        ("two cats with green eyes", ["cat"] * 2),
        ("two rabbits with big ears", ["rabbit"] * 2),
        ("strawberry and banana holding hands", ["strawberry", "banana"]),
        ("a seal with a ball on its nose", ["soccer ball", "seal"]),
        ("a dog with a bone in its mouth", ["dog", "bone"]),
        ("a man with a dog at his feet", ["man", "dog"]),
        ("a cat and a bear, big eyes cat", ["cat", "bear"]),
        ("a cat on the one hand, a dog on the other hand", ["cat", "dog"]),
        ("a castle at the foot of a hill", ["castle", "hill"]),
        ("two bats at the mouth of a cave", ["bat", "bat", "cave"]),
        ("two potatoes with a face, hands and feet", ["potato"] * 2),
        ("a robot with a big nose, a mouth and two long ears and a cat", ["robot", "cat"]),
        ("two cats with long whiskers, a pink nose, big ears", ["cat"] * 2),
        ("two statues of a cat", ["cat"]),
    ],
)
def test_parts_that_are_told_of_somebody_are_no_things(prompt: str, there: list[str]):
    assert names(prompt)[: len(there)] == there
    assert not {*names(prompt)} & {"eye", "ear", "nose", "mouth", "foot", "open hand", "statue"}


@pytest.mark.parametrize(
    ("prompt", "relation", "there"),
    [
        ("a penguin on an iceberg", Relation.ON, ["penguin", "iceberg"]),
        ("an owl on top of a tower", Relation.ON, ["owl", "tower"]),
        ("a chicken crossing the road", Relation.BEFORE, ["chicken", "road"]),
        ("a truck on a highway", Relation.BEFORE, ["truck", "road"]),
        ("a penguin coming out of a tunnel", Relation.BEFORE, ["penguin", "tunnel"]),
        ("a train going thru a tunnel", Relation.BEFORE, ["train", "tunnel"]),
        ("an elephant in a river", Relation.IN, ["elephant", "river"]),
        ("a fish and a coral reef", Relation.BESIDE, ["fish", "coral"]),
        ("a knight riding a griffin", Relation.ON, ["knight", "griffin"]),
        ("a boy riding a reindeer", Relation.ON, ["boy", "reindeer"]),
        ("a pelican wearing a top hat", Relation.ON_HEAD, ["pelican", "top hat"]),
        ("a husky with sunglasses", Relation.ON_EYES, ["husky", "sunglasses"]),
    ],
)
def test_what_is_there_stands_where_one_expects_it(prompt: str, relation: Relation, there: list[str]):
    assert (found(prompt).relation, names(prompt)) == (relation, there)
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "there"),
    [
        ("two camels in the desert", ["camel"] * 2),
        ("two foxes by the river", ["fox"] * 2),
        ("two houses near a creek", ["house"] * 2),
        ("two fish in the river", ["fish"] * 2),
    ],
)
def test_where_all_is_only_stands_behind(prompt: str, there: list[str]):
    assert names(prompt) == there
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "there"),
    [
        ("a cat dressed as a fisherman", ["fisherman", "cat"]),
        ("a frog magician", ["magician", "frog"]),
        ("a pug wizard", ["wizard", "dog"]),
        ("a bear fishing", ["fisherman", "bear"]),
        ("a girl fishing", ["fisherman", "girl"]),
        ("a woman fishing", ["fisherman", "woman"]),
    ],
)
def test_who_is_dressed_so_or_fishes_has_the_own_head(prompt: str, there: list[str]):
    assert names(prompt) == there
    assert left(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "thing"),
    [
        ("a dwarf planet", "planet"),
        ("a dwarf hamster", "hamster"),
        ("a white dwarf", "star"),
        ("a red nose reindeer", "reindeer"),
        ("a magician with a wand", "magician"),
        ("a dwarf with a beard", "dwarf"),
    ],
)
def test_a_name_in_another_one_is_no_thing(prompt: str, thing: str):
    assert thing in drawn(prompt)
    assert names(prompt) in ([], [thing])
    assert left(prompt) == ()
