"""What a prompt leaves open is said for each picture, and what it says stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.resolve import Asked, resolve
from bot.policy.limits import Policy
from tests.bot.commands.test_resolve import MODEL
from worker.contract.types.own_words import own_words
from worker.contract.types.request import PROMPT_MAX, SEED_MAX
from worker.contract.types.vocabulary_notice import Known

STYLES = ("flat illustration", "glossy sticker", "cartoon", "simple icon")
PLAIN = ("white", "light gray", "light blue", "mint green", "yellow", "beige", "pink", "lavender")
KNOWS = Known(
    things=("cat",), styles=STYLES, backgrounds=(*PLAIN, "black"), plain=PLAIN,
    style_words=("cartoon", "glossy", "shiny"),
)  # fmt: skip
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


@given(st.text(min_size=1, max_size=PROMPT_MAX))
def test_whatever_is_typed_it_is_drawn_whole(prompt: str) -> None:
    found = own_words(prompt, KNOWS, [3])
    assert all(each.startswith(prompt) and len(each) <= PROMPT_MAX for each in found)


def test_a_prompt_that_is_full_gets_no_more() -> None:
    assert own_words("a" * PROMPT_MAX, KNOWS, [1]) == ()


def test_models_that_read_prompts_as_they_are_get_them_so() -> None:
    assert resolve(Asked("a cat", count=4), MODEL, Policy()).prompts == ()
