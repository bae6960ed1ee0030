"""The smaller choice of subjects, on a few that stand for all."""

from collections import Counter

import numpy as np

from worker.starter.data import choice, limited, said, scenes
from worker.starter.vocabulary import Subject, Vocabulary

KNOWN = Vocabulary(
    (
        Subject("up-button", ("up button",)),
        Subject("rabbit", ("rabbit",)),
        Subject("rabbit-face", ("rabbit face", "bunny"), ("rabbit",)),
        Subject("cat", ("cat",)),
        Subject("cat-face", ("cat face", "kitten")),
        Subject("lady-beetle", ("lady beetle", "ladybird")),
        Subject("hammer", ("hammer",)),
    )
)
MORE = Vocabulary((Subject("hammer", ("hammer",)), Subject("troll", ("troll",)), Subject("tangerine", ("tangerine",))))


def test_the_choice_is_of_things_that_are_told_apart():
    kept, known = limited.limit(KNOWN, choice.MANY)
    assert kept.tolist() == [2, 3, 4, 5, 6]
    assert [subject.icon for subject in known.subjects] == ["rabbit-face", "cat", "cat-face", "lady-beetle", "hammer"]
    assert (known.styles, known.colours) == (KNOWN.styles, KNOWN.colours)


def test_the_name_that_people_say_comes_first_and_belongs_to_one_thing():
    rabbit, cat, face, beetle, _ = limited.limit(KNOWN, choice.MANY)[1].subjects
    assert rabbit.names == ("rabbit", "rabbit face", "bunny")
    assert rabbit.tags == ()
    assert cat.names == ("whole cat", "standing cat")
    assert face.names == ("cat", "cat face", "kitten")
    assert beetle.names == ("ladybug", "lady beetle", "ladybird")


def test_a_smaller_choice_gives_names_to_what_is_left():
    kept, known = limited.limit(KNOWN)
    assert kept.tolist() == [2, 4, 5]
    assert known.subjects[1].names == ("cat", "cat face", "kitten")


def test_a_whole_animal_keeps_its_name_where_its_face_is_not_known():
    assert limited.limit(KNOWN, {"cat", "hammer"})[1].subjects[0].names == ("cat",)


def test_choices_lie_in_one_another():
    assert choice.FEW < choice.FAVOURITES < choice.EVERYDAY < choice.MANY < choice.ASKED
    assert (len(choice.EVERYDAY), len(choice.MANY), len(choice.ASKED)) == (128, 236, 387)
    assert choice.FIRST < choice.ASKED
    assert choice.FIRST < choice.WIDER
    assert choice.WIDER < choice.FURTHER
    assert choice.FURTHER < choice.FURTHEST
    assert (len(choice.FIRST), len(choice.WIDER), len(choice.FURTHER), len(choice.FURTHEST)) == (282, 451, 601, 893)
    assert set(said.SAID) < choice.ASKED | choice.FURTHEST


def test_favourites_are_dealt_twice():
    known = limited.limit(KNOWN, choice.MANY)[1]
    pool = limited.pool(known)
    drawn = scenes.draw(np.random.default_rng(1), 4 * len(pool), known, pool, dealt=True)
    seen = Counter(zip(drawn.style.tolist(), drawn.first.tolist(), strict=True))
    assert set(seen) == {(style, subject) for style in range(4) for subject in range(5)}
    assert {subject: seen[0, subject] for subject in range(5)} == {0: 2, 1: 2, 2: 2, 3: 2, 4: 1}


def test_what_a_training_that_goes_on_has_still_to_learn_is_dealt_twice():
    assert limited.pool(limited.limit(MORE, choice.FURTHEST)[1]).tolist() == [0, 1, 1, 2]


def test_the_fruit_is_no_colour_by_its_first_name():
    names = limited.limit(MORE, choice.FURTHEST)[1].subjects[2].names
    assert names == ("tangerine", "orange")
