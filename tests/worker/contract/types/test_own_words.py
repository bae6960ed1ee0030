"""What a prompt leaves open is said for each picture, and what it says stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.resolve import Asked, resolve
from bot.policy.limits import Policy
from tests.bot.commands.test_resolve import MODEL
from worker.contract.types.own_words import LEAST, own_words, showing
from worker.contract.types.request import PROMPT_MAX, SEED_MAX
from worker.contract.types.vocabulary_notice import Kinds, Known, Unseen

STYLES = ("flat illustration", "glossy sticker", "cartoon", "simple icon")
PLAIN = ("white", "light gray", "light blue", "mint green", "yellow", "beige", "pink", "lavender")
KNOWS = Known(
    things=("cat",), styles=STYLES, backgrounds=(*PLAIN, "black"), plain=PLAIN,
    style_words=("cartoon", "glossy", "shiny"),
)  # fmt: skip
HIDING = KNOWS.model_copy(
    update={
        "unseen": (
            Unseen(things=("banana", "lemon", "happy face"), before=("yellow", "beige")),
            Unseen(things=("ghost", "snowman", "bus", "cookie", "full moon", "wolf", "cat's face"), before=("white",)),
            Unseen(things=("cloud", "shoe", "peach"), before=("white", "light gray", "light blue")),
            Unseen(things=("city",), before=("mint green", "pink", "lavender")),
        )
    }
)
COLOURFUL = KNOWS.model_copy(
    update={
        "any_colour": ("balloon", "dress", "party balloon"),
        "paints": ("blue", "red", "yellow", "green", "purple", "pink"),
    }
)
STARTER = MODEL.model_copy(update={"knows": KNOWS})


def added(prompt: str, knows: Known | None = KNOWS, seeds: tuple[int, ...] = (5, 6, 7, 8)) -> list[list[str]]:
    return [each.removeprefix(prompt).strip(", ").split(", ") for each in own_words(prompt, knows, seeds)]


@given(st.integers(0, SEED_MAX - 4))
def test_four_pictures_are_four(seed: int) -> None:
    styles, backgrounds = zip(*added("a cat", seeds=(seed, seed + 1, seed + 2, seed + 3)), strict=True)
    assert set(styles) == set(STYLES)
    assert len(set(backgrounds)) == 4
    assert set(backgrounds) <= {f"{each} background" for each in PLAIN}


def test_all_styles_meet_all_backgrounds() -> None:
    assert len({tuple(each) for each in added("a cat", seeds=tuple(range(64)))}) == 32


@given(st.integers(0, SEED_MAX), st.integers(1, 10))
def test_a_seed_means_the_same_words_alone_and_among_others(seed: int, count: int) -> None:
    many = resolve(Asked("a cat", seed=seed, count=count), STARTER, Policy())
    for index in range(count):
        alone = resolve(Asked("a cat", seed=many.seed_of(index), count=1), STARTER, Policy())
        assert alone.only(0) == many.only(index)


@pytest.mark.parametrize(
    "prompt",
    [
        "a Cartoon cat",
        "a shiny cat",
        "a photo of a cat",
        "cat, watercolour",
        "a cat (pixel-art)",
        "3d cat",
        "STICKER: cat",
    ],
)
def test_a_style_that_is_named_stays(prompt: str) -> None:
    assert all(len(each) == 1 and each[0].endswith(" background") for each in added(prompt))


@pytest.mark.parametrize(
    "prompt",
    ["a cat on blue", "a cat, black background", "cat in the snow", "cat under a tree", "BACKGROUND red cat",
     "a cat in front of a house", "a cat at night", "cat with gradient"],
)  # fmt: skip
def test_a_place_that_is_named_stays(prompt: str) -> None:
    assert all(each in [[style] for style in STYLES] for each in added(prompt))


def test_a_prompt_that_says_both_is_left_as_it_is() -> None:
    assert own_words("a cartoon of a cat on blue", KNOWS, [1, 2]) == ()


@pytest.mark.parametrize(
    "knows", [None, Known(things=("cat",)), Known(things=("cat",), styles=(), backgrounds=("white",))]
)
def test_nothing_is_added_for_a_model_that_names_nothing(knows: Known | None) -> None:
    assert own_words("a cat", knows, [1, 2]) == ()


def test_a_thing_is_not_put_on_its_own_colour() -> None:
    found = {each[1] for each in added("a pink pig", seeds=tuple(range(40)))}
    assert found == {f"{each} background" for each in PLAIN if each != "pink"}
    assert not {f"{each} background" for each in PLAIN if "light" in each} & {
        each[1] for each in added("a light blue car", seeds=tuple(range(40)))
    }


@pytest.mark.parametrize(
    ("prompt", "hidden"),
    [
        ("a banana", "yellow, beige"), ("BANANAS!", "yellow, beige"), ("three bananas and a dog", "yellow, beige"),
        ("a happy-face", "yellow, beige"), ("two ghosts", "white"), ("snowmen", "white"), ("buses", "white"),
        ("cookies and milk", "white"), ("full moons", "white"), ("the moon", ""), ("wolves", "white"),
        ("a cat’s face", "white"), ("shoes", "white, light gray, light blue"), ("cities", "mint green, pink, lavender"),
        ("a peach", "white, light gray, light blue"), ("peaches", "white, light gray, light blue"),
        ("a clouded mind", ""), ("a banana and a ghost", "white, yellow, beige"), ("a cat", ""),
        ("🍌", "yellow, beige"), ("a dog, 👻👻", "white"),
        ("☁️ with rain", "white, light gray, light blue"), ("moon, full", ""), ("🐕", ""),
        ("a white car", "white, light gray"), ("a grey mouse", "light gray"), ("a silver ring", "light gray"),
        ("a pink banana", "pink, yellow, beige"),
    ],
)  # fmt: skip
def test_a_thing_is_not_put_where_it_does_not_show(prompt: str, hidden: str) -> None:
    found = {each[1].removesuffix(" background") for each in added(prompt, HIDING, tuple(range(80)))}
    assert found == {*PLAIN} - {*hidden.split(", ")}


def test_a_background_that_is_named_is_kept_whatever_it_hides() -> None:
    for prompt in ("a banana, yellow background", "a ghost in the snow", "a cloud on white"):
        assert all(each in [[style] for style in STYLES] for each in added(prompt, HIDING))


@given(st.lists(st.sets(st.sampled_from(PLAIN)), max_size=6))
def test_there_is_always_something_to_choose_from(hidden: list[set[str]]) -> None:
    """What all things show before, or else what hides the fewest of them."""
    kept = showing(PLAIN, hidden)
    counts = {each: sum(each in one for one in hidden) for each in PLAIN}
    assert len(kept) >= LEAST
    assert [each for each in PLAIN if each in kept] == list(kept)
    assert max(counts[each] for each in kept) <= min((counts[each] for each in {*PLAIN} - {*kept}), default=99)
    assert len(kept) == LEAST or not any(counts[each] for each in kept)


@given(st.integers(0, SEED_MAX - 1))
def test_of_few_backgrounds_too_neighbours_have_different_ones(seed: int) -> None:
    one, other = added("a cloud, a banana, a city", HIDING, (seed, seed + 1))
    assert one[1] != other[1]


@given(st.text(min_size=1, max_size=PROMPT_MAX))
def test_whatever_is_typed_it_is_drawn_whole(prompt: str) -> None:
    found = own_words(prompt, KNOWS, [3])
    assert all(each.startswith(prompt) and len(each) <= PROMPT_MAX for each in found)


def test_a_prompt_that_is_full_gets_no_more() -> None:
    assert own_words("a" * PROMPT_MAX, KNOWS, [1]) == ()


def test_models_that_read_prompts_as_they_are_get_them_so() -> None:
    assert resolve(Asked("a cat", count=4), MODEL, Policy()).prompts == ()


@pytest.mark.parametrize("prompt", ["balloon", "a balloon", "Balloons", "my cute party balloon", "a nice dress!"])
def test_what_comes_in_any_colour_has_several(prompt: str) -> None:
    seen = {words[0] for words in added(prompt, COLOURFUL, tuple(range(200))) if words[0].startswith("in ")}
    assert seen == {f"in {each}" for each in COLOURFUL.paints}


@given(st.integers(0, SEED_MAX - 4))
def test_of_four_such_things_most_differ_and_all_show(seed: int) -> None:
    four = added("a balloon", COLOURFUL, (seed, seed + 1, seed + 2, seed + 3))
    paints = [words[0].removeprefix("in ") if words[0].startswith("in ") else "" for words in four]
    assert len({*paints}) >= 3
    assert len({words[-1] for words in four}) == 4
    assert not any(paint and paint in words[-1] for paint, words in zip(paints, four, strict=True))


def test_its_own_colour_takes_its_turn() -> None:
    assert any(not words[0].startswith("in ") for words in added("a balloon", COLOURFUL, tuple(range(20))))


@pytest.mark.parametrize(
    "prompt",
    ["a red balloon", "a balloon and a dress", "a cat", "two balloons", "a balloon on a string", "a girl in a dress",
     "a striped dress", "hot air balloon", "the balloon of a clown"],
)  # fmt: skip
def test_of_what_says_more_the_colour_is_left_alone(prompt: str) -> None:
    assert not any(words[0].startswith("in ") for words in added(prompt, COLOURFUL, tuple(range(20))))


GENERAL = HIDING.model_copy(
    update={
        "any_colour": COLOURFUL.any_colour,
        "paints": COLOURFUL.paints,
        "kinds": (
            Kinds(words=("animal", "pet"), kinds=("a cat", "a fox", "an owl", "a peach")),
            Kinds(words=("balloon",), kinds=("a balloon", "an airship")),
            Kinds(words=("city",), kinds=("a city", "a town", "a village")),
            Kinds(words=("sea creature",), kinds=("a crab", "a shark")),
        ),
    }
)


@given(st.integers(0, SEED_MAX - 4))
def test_of_a_general_word_four_pictures_are_of_four_kinds(seed: int) -> None:
    knows = GENERAL.model_copy(update={"styles": STYLES[:3]})
    kinds = [each[0] for each in added("a cute animal", knows, (seed, seed + 1, seed + 2, seed + 3))]
    assert {*kinds} == {"a cat", "a fox", "an owl", "a peach"}


@pytest.mark.parametrize(("prompt", "kinds"), [("a pet", 4), ("a city", 3), ("draw me a sea creature!", 2)])
def test_all_kinds_meet_all_styles(prompt: str, kinds: int) -> None:
    assert len({tuple(each[:2]) for each in added(prompt, GENERAL, tuple(range(60)))}) == kinds * len(STYLES)


@pytest.mark.parametrize(
    "prompt",
    [
        "animals",
        "two pets",
        "a happy animal",
        "an animal on a boat",
        "a cat",
        "sea",
        "a creature",
        "pet 🐶",
        "🦊 animal",
    ],
)
def test_whoever_says_more_or_asks_for_several_gets_what_was_said(prompt: str) -> None:
    kinds = {kind for each in GENERAL.kinds for kind in each.kinds}
    assert all(kinds.isdisjoint(each) for each in added(prompt, GENERAL))


def test_a_kind_has_its_own_colours_and_stands_before_what_it_shows_on() -> None:
    found = added("balloon", GENERAL, tuple(range(40)))
    assert not [each for each in found for word in each if word.startswith("in ")]
    behind = {each[-1] for each in added("animal", GENERAL, tuple(range(80))) if each[0] == "a peach"}
    assert {"white background", "light gray background", "light blue background"}.isdisjoint(behind)
    assert behind
