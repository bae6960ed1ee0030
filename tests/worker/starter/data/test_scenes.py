from dataclasses import fields

import numpy as np

from worker.engine.prompt_match.reading import surroundings
from worker.starter.data import scenes
from worker.starter.data.scenes import NONE, USUAL, Mix
from worker.starter.vocabulary import Subject, Vocabulary

MANY = Vocabulary(tuple(Subject(f"s{number}", (f"s{number}",)) for number in range(200)))


def test_same_seed_same_scenes():
    first, again = (scenes.draw(np.random.default_rng(3), 500, MANY) for _ in range(2))
    other = scenes.draw(np.random.default_rng(4), 500, MANY)
    assert all((getattr(first, field.name) == getattr(again, field.name)).all() for field in fields(first))
    assert (first.first != other.first).any()


def test_no_scene_shows_a_held_out_combination():
    held = scenes.held_out(MANY)
    assert 0.03 < held.mean() < 0.05
    drawn = scenes.draw(np.random.default_rng(0), 20_000, MANY)
    for subject in (drawn.first, drawn.second):
        for colour in (drawn.colour, drawn.colour_below):
            there = (subject != NONE) & (colour != NONE)
            assert there.sum() > 200
            assert not held[drawn.style[there], subject[there], colour[there]].any()


def test_things_stay_on_the_canvas_but_for_their_corners():
    drawn = scenes.draw(np.random.default_rng(1), 5000, MANY)
    shown = np.stack([np.ones(len(drawn), bool), drawn.second != NONE], axis=1)
    reach = np.abs(drawn.centre).max(axis=-1) + drawn.scale
    assert reach[shown].max() < 1.05


def test_of_two_things_the_first_is_left_and_they_do_not_overlap():
    drawn = scenes.draw(np.random.default_rng(2), 2000, MANY, mix=Mix(pair=1.0))
    pairs = drawn.second != NONE
    assert pairs.mean() > 0.9
    gap = (drawn.centre[:, 1, 0] - drawn.scale[:, 1]) - (drawn.centre[:, 0, 0] + drawn.scale[:, 0])
    assert gap[pairs].min() > -0.06
    assert (drawn.first[pairs] != drawn.second[pairs]).all()


def test_named_places_are_where_they_say():
    drawn = scenes.draw(np.random.default_rng(5), 20_000, MANY, mix=Mix(pair=0.0, sizes=(0.0, 0.0, 0.0, 1.0)))
    for number, name in enumerate(scenes.PLACES):
        x, y = drawn.centre[drawn.place == number, 0].T
        assert (x < -0.4).all() == ("left" in name)
        assert (x > 0.4).all() == ("right" in name)
        assert (y < -0.4).all() == ("top" in name)
        assert (y > 0.4).all() == ("bottom" in name)


def test_unseen_subjects_are_apart_and_few():
    seen, unseen = scenes.unseen_subjects(MANY)
    assert len(unseen) == 5
    assert not set(seen) & set(unseen)
    assert len(seen) + len(unseen) == 200
    assert set(scenes.draw(np.random.default_rng(0), 3000, MANY, subjects=seen).first) <= set(seen)


def test_things_face_either_way_only_where_that_is_no_lie_and_other_mixes_stay_as_they_were():
    icons = ("cat", "alarm-clock", "musical-note", "house")
    few = Vocabulary(tuple(Subject(icon, (icon,)) for icon in icons))
    before = scenes.draw(np.random.default_rng(5), 2000, few, mix=Mix())
    after = scenes.draw(np.random.default_rng(5), 2000, few, mix=Mix(flipped=0.5))
    assert not before.flipped.any()
    others = [field.name for field in fields(before) if field.name != "flipped"]
    assert all((getattr(before, name) == getattr(after, name)).all() for name in others)
    of_each = [after.flipped[(after.first == number) & (after.second == NONE)].mean() for number in range(4)]
    assert of_each[1] == of_each[2] == 0
    assert min(of_each[0], of_each[3]) > 0.35
    assert not (after.flipped & after.mirrored).any()


def test_surroundings_are_the_pairs_that_the_engine_stands_in_with_and_change_nothing_else():
    plain, there = (scenes.draw(np.random.default_rng(3), 600, MANY, mix=Mix(surroundings=share)) for share in (0, 1))
    names = [colour.names[0] for colour in MANY.colours]
    pairs = {(names[above], names[below]) for above, below in zip(there.colour, there.colour_below, strict=True)
             if below != NONE}  # fmt: skip
    assert set(surroundings.PAIRS) <= pairs
    single = there.second == NONE
    told = [(names[above], names[below]) in surroundings.PAIRS
            for above, below in zip(there.colour[single], there.colour_below[single], strict=True)]  # fmt: skip
    assert np.mean(told) > 0.85  # the rest are combinations that are held out
    held = scenes.held_out(MANY)
    assert not held[there.style, there.first, there.colour].any()
    for field in fields(plain):
        if not field.name.startswith("colour"):
            assert np.array_equal(getattr(plain, field.name), getattr(there, field.name))


def test_where_it_is_exact_one_thing_stands_one_way_before_any_background():
    mix = Mix(pair=0.0, sizes=(1.0, 0.0, 0.0, 0.0), turns=(1.0, 0.0, 0.0, 0.0), mirrored=0.0, exact=True)
    drawn = scenes.draw(np.random.default_rng(3), 600, MANY, mix=mix)
    assert np.all(drawn.scale == np.float32(scenes.SIZES[USUAL][1]))
    assert not drawn.centre.any()
    assert not drawn.degrees.any()
    assert len(set(drawn.colour)) == len(MANY.colours)
