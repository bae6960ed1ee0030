"""A thing may have several colours at once: a red and blue car."""

import pytest

from worker.engine.prompt_match.drawings.natural_colours import _ALL, MANY_COLOURED, WITH_WHITE

from .starter_reads import MATCHER
from .vocabularies import SHIPPED, asked, everyday

RAINBOW = "red orange yellow green blue purple"


def colours(prompt: str) -> list[str]:
    """The colours that each figure is painted in, with spaces between; of a prompt of which nothing is left out."""
    found = MATCHER.read(asked(prompt))
    assert not found.declined
    assert found.notice is None
    return [" ".join((each.paint, *each.blend)) for each in found.layouts[0].figures] if found.layouts else [""]


@pytest.mark.parametrize(
    ("first", "second"), [("red", "blue"), ("teal", "pink"), ("white", "black"), ("gray", "brown")]
)
@pytest.mark.parametrize(
    "said",
    [
        "a {} and {} mug", "a {} & {} mug", "a {}/{} mug", "a {}-and-{} mug", "a {}-{} mug", "a {}, {} mug",
        "{} {} mug", "a half {} half {} mug", "a half-{}, half-{} mug", "a light {} and dark {} mug",
        "a {} to {} gradient mug",
        "a {} and {} colored mug", "a two-tone {} and {} mug",
        "a mug, {} and {}", "a mug in {} and {}", "mug, {} & {}", "a mug that is {} and {}", "a mug, half {} half {}",
        "a mug painted {} and {}", "a mug with {} and {}", "a mug which is {} and {} on a table", "a {} mug with {}",
        "a mug in {} and {}, flat illustration",
    ],
)  # fmt: skip
def test_it_has_them_in_their_order(said: str, first: str, second: str):
    assert colours(said.format(first, second))[0] == f"{first} {second}"


@pytest.mark.parametrize(
    ("prompt", "painted"),
    [
        ("a red, white and blue rocket", ["red white blue"]),
        ("a green/yellow/pink cupcake", ["green yellow pink"]),
        ("a grey and white cat", ["gray white"]),
        ("purple and teal controller", ["purple teal"]),
        ("a red, blue and green parrot", ["red blue green"]),
        ("a black and white cat and a brown and white dog", ["black white", "brown white"]),
        ("a red and green apple", ["red green"]),  # a name holds one of them
        ("a pair of purple and yellow shoes", ["purple yellow"] * 2),
        ("two black and white cats", ["black white"] * 2),
        ("black and white horses", ["black white"] * 2),
        ("a cat with black and white fur", ["black white"]),
        ("an owl with a red and blue hat", ["", "red blue"]),
        ("a fox wearing a blue/yellow scarf", ["", "blue yellow"]),
        ("a red and blue robot holding a green and yellow balloon", ["red blue", "green yellow"]),
        ("a frog in a red and white sweater", ["red white", ""]),
        ("a grandma in pink and purple pajamas", ["pink purple", ""]),
        ("a black and white cat astronaut", ["", "black white"]),
        ("a boat, blue and orange", ["blue orange"]),  # no fruit
        ("an orange & gray mug", ["orange gray"]),
        ("a purple and pink kite, gradient background", ["purple pink"]),  # neither is that of the background
        ("a mug, half teal half orange", ["teal orange"]),
    ],
)
def test_so_has_each_of_several_things(prompt: str, painted: list[str]):
    assert colours(prompt) == painted


@pytest.mark.parametrize(
    ("prompt", "painted"),
    [
        ("red and blue balloons", ["red", "blue"]),
        ("two purple and orange cars", ["purple", "orange"]),
        ("balloons, green and yellow", ["green", "yellow"]),
        ("three balloons in red and blue", ["red", "blue", "red"]),
        ("a red and a blue gift", ["red", "blue"]),
        ("a red car and a blue balloon", ["", "blue"]),
        ("a blue black cat", ["blue"]),  # of these the model knows black ones
        ("an apple and an orange", ["", ""]),
    ],
)
def test_of_several_things_each_has_one(prompt: str, painted: list[str]):
    assert colours(prompt) == painted


@pytest.mark.parametrize(
    "prompt",
    [
        "a black and white panda", "a white and black zebra", "a cow, black and white", "a black/white soccer ball",
        "a black and white penguin", "a skunk that is black and white", "a white and black badger",
        "a yellow and black bee", "a yellow and black taxi",
        "an orange and white fox", "an orange and black tiger", "a red and white mushroom",
        "a red and black ladybug", "a gray and white wolf", "a multicolored parrot", "a rainbow colored bouquet",
    ],
)  # fmt: skip
def test_what_has_them_by_nature_is_not_painted(prompt: str):
    assert not any(colours(prompt))


@pytest.mark.parametrize(
    ("prompt", "painted"),
    [
        ("a red and white candy cane", "red"),
        ("a candy cane, white and blue", "blue"),
        ("a green, white and red candy cane", "green red"),
        ("a blue and white life ring", "blue"),
    ],
)
def test_white_stripes_stay_between_the_other_colour(prompt: str, painted: str):
    assert colours(prompt) == [painted]


@pytest.mark.parametrize(
    "prompt",
    [
        "a rainbow cat", "a rainbow coloured car", "a rainbow-colored snail", "a multicoloured mug",
        "a multicolor umbrella", "a colorful dragon", "a teapot in rainbow colors", "a horse, multicolored",
        "a hat in all the colors of the rainbow",
    ],
)  # fmt: skip
def test_a_rainbow_cat_has_all_of_its_colours(prompt: str):
    assert colours(prompt) == [RAINBOW]


@pytest.mark.parametrize(
    ("prompt", "took"),
    [
        ("a fox and a green and gold dragon", [("green and gold dragon", "green and yellow dragon")]),
        ("a navy and white car", [("navy and white car", "blue and white car")]),
        ("a crown, gold and silver", [("crown, gold and silver", "yellow and gray crown")]),
    ],
)
def test_of_a_colour_that_is_none_of_them_the_nearest_is_told(prompt: str, took: list[tuple[str, str]]):
    found = MATCHER.read(asked(prompt))
    assert found.notice is not None
    assert [(each.asked, each.took) for each in found.notice.taken] == took
    assert not found.notice.left
    assert found.layouts[0].figures[-1].blend


@pytest.mark.parametrize(
    ("prompt", "left"),
    [
        ("a cat, red and blue background", "red"),
        ("a bed with red and blue stripes", "red and blue stripes"),
        ("a man in black and white", "black and white"),  # what he wears
        ("a black and white photo of a cat", "black and white"),
        ("a cat, cute, colorful", "colorful"),  # as people end prompts
    ],
)
def test_what_else_they_may_mean_is_not_painted(prompt: str, left: str):
    found = MATCHER.read(asked(prompt))
    assert found.notice is not None
    assert left in found.notice.left
    assert not any(each.paint for layout in found.layouts for each in layout.figures)


@pytest.mark.parametrize("between", ["striped", "wooden", "porcelain"])
def test_what_stands_between_is_told(between: str):
    found = MATCHER.read(asked(f"a purple and white {between} vase"))
    assert found.notice is not None
    assert found.notice.left == (between,)
    (figure,) = found.layouts[0].figures
    assert (figure.paint, *figure.blend) == ("purple", "white")


def test_a_colour_is_no_thing_beside_an_unknown_one():
    """A pink and white flower is no pink heart and a flower."""
    (figure,) = MATCHER.read(asked("a pink and white flower")).layouts[0].figures
    assert (figure.paint, *figure.blend) == ("pink", "white")


def test_animals_have_those_of_fur_in_patches():
    for prompt, patched in (
        ("a black and white dog", True), ("a brown, orange and white rabbit", True), ("a red and blue dog", False),
        ("a black and white car", False),
    ):  # fmt: skip
        assert [each.patched for each in MATCHER.read(asked(prompt)).layouts[0].figures] == [patched]


def test_what_does_not_stand_out_in_its_own_is_drawn_in_one_that_does():
    """Then it is painted all the same: the model knows no two colours of one thing."""
    (figure,) = MATCHER.read(asked("a yellow and red banana, flat illustration, yellow background")).layouts[0].figures
    assert figure.words == "a flat illustration of a red banana, yellow background"
    assert (figure.paint, *figure.blend) == ("yellow", "red")


def test_a_model_whose_things_are_not_put_together_is_told_none():
    found = everyday(arranged=False).read(asked("a red and blue car"))
    assert not found.layouts
    assert found.notice is not None
    assert found.notice.left == ("red and blue",)


def test_all_that_the_tables_name_is_known():
    assert {*_ALL, *MANY_COLOURED, *WITH_WHITE} <= {subject.icon for subject in SHIPPED.subjects}
