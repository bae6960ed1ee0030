"""Where a thing is becomes its background, where nothing else says what that is to be."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, asked, shipped
from worker.contract.types.own_words import own_words
from worker.contract.types.vocabulary_notice import Known
from worker.engine.prompt_match import PromptMatcher
from worker.engine.prompt_match.placing import scenery
from worker.engine.prompt_match.reading import surroundings

STARTER = shipped()


def drawn(prompt: str) -> tuple[str, dict[str, str], tuple[str, ...]]:
    found = STARTER.read(asked(prompt))
    taken = {each.asked: each.took for each in found.notice.taken} if found.notice else {}
    return found.request.prompt, taken, found.notice.left if found.notice else ()


@pytest.mark.parametrize(
    ("prompt", "words", "taken"),
    [
        ("a fox in the forest", "a fox, green to dark green gradient background", {"forest": "green to dark green"}),
        ("a robot on a beach", "a robot, light blue to beige gradient background", {"beach": "light blue to beige"}),
        ("a castle at night", "a castle, dark blue to blue gradient background", {"night": "dark blue to blue"}),
        ("a fish under the sea", "a fish, blue to dark blue gradient background", {"sea": "blue to dark blue"}),
        ("a penguin on the sea", "a penguin, light blue to blue gradient background", {"sea": "light blue to blue"}),
        ("an underwater robot", "a robot, blue to dark blue gradient background", {"underwater": "blue to dark blue"}),
        ("a penguin in the deep dark forest", "a penguin, green to dark green gradient background",
         {"deep dark forest": "green to dark green"}),
        ("a sailboat on the sea", "a sailboat, light blue to blue gradient background", {"sea": "light blue to blue"}),
        ("a robot on mars", "a robot, black to gray gradient background", {"mars": "black to gray"}),
        ("a snowy castle", "a castle, light blue to white gradient background", {"snowy": "light blue to white"}),
    ],
)  # fmt: skip
def test_where_a_thing_is_becomes_its_background(
    prompt: str, words: str, taken: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scenery, "PLACES", {})  # where some of it stands there, nothing has to be told
    assert drawn(prompt) == (words, taken, ())
    assert drawn(words)[0] == words


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a fox in the forest, pink background", "a fox, pink background"),  # what is said goes before
        ("a fox on blue in the forest", "a fox, blue background"),
        ("a forest fox", "a fox"),
        ("a fox, the forest", "a fox"),
        ("a fox on a sofa, night", "a fox"),
    ],
)
def test_only_where_no_background_is_named_and_the_word_says_where(prompt: str, words: str):
    assert drawn(prompt)[0] == words


@pytest.mark.parametrize(
    ("prompt", "background"),
    [
        ("campfire under the stars", "dark blue to blue gradient background"),
        ("a house under the stars", "dark blue to blue gradient background"),
        ("a wolf beneath the full moon", "dark blue to blue gradient background"),
        ("two tents below a bright star", "dark blue to blue gradient background"),
        ("a house under the stars, pink background", "pink background"),
        ("a house in the snow under the stars", "light blue to white gradient background"),
    ],
)
def test_under_the_stars_it_is_night_where_nothing_else_is_said(prompt: str, background: str):
    found = STARTER.read(asked(prompt))
    assert len(found.layouts) == 1
    assert {each.words.partition(", ")[2] for each in found.layouts[0].figures} == {background}


@pytest.mark.parametrize("prompt", ["a cat and a star", "a wolf howling at the moon", "a cat under an umbrella 🌙"])
def test_stars_and_moon_are_no_night_elsewhere(prompt: str):
    assert "dark" not in drawn(prompt)[0]


def test_a_thing_that_is_drawn_is_no_surroundings_of_its_own():
    assert drawn("a wave on the sea")[0].startswith("a wave")
    assert drawn("a sunrise at sunset")[0].startswith("a sunrise")
    assert "background" not in drawn("a mountain")[0]


@pytest.mark.parametrize("table", [surroundings.PLACES, surroundings.ALONE], ids=["places", "alone"])
def test_each_stands_for_colours_that_the_starter_knows(table: dict[str, tuple[str, ...]]):
    known = {colour.names[0] for colour in STARTER._lexicon.vocabulary.colours}
    assert {name for colours in table.values() for name in colours} <= known
    assert all(len(colours) == 2 for colours in table.values())


def test_only_colours_that_a_model_knows_count_and_one_of_them_where_it_knows_no_gradients():
    less = SHIPPED.model_copy(update={"colours": tuple(one for one in SHIPPED.colours if one.names[0] != "green")})
    for known, words in ((SHIPPED, "green"), (less, "dark green")):
        plain = PromptMatcher(STARTER._model, known, ())
        assert plain.read(asked("a fox in the forest")).request.prompt == f"a fox, {words} background"
    others = tuple(one for one in SHIPPED.colours if "green" not in one.names[0])
    for colours in ((), others):
        none = PromptMatcher(STARTER._model, SHIPPED.model_copy(update={"colours": colours}), ())
        assert none.read(asked("a fox in the forest")).request.prompt == "a fox"


@pytest.mark.parametrize(
    "word", [*surroundings.ALONE, *(f"{word} the forest" for word in sorted(surroundings.PREPOSITIONS))]
)
def test_the_bot_adds_no_background_of_its_own_to_what_says_where(word: str):
    knows = Known(things=("fox",), plain=("white", "pink"))
    assert own_words(f"a fox {word}", knows, [1]) == ()


@pytest.mark.parametrize(
    ("prompt", "hidden", "colours"),
    [
        ("a snowman in the snow", "white", "light blue to blue"),
        ("a cloud in the sky", "white", "light blue to blue"),
        ("a rabbit on the beach", "beige", "light blue to orange"),
        ("a ghost in the city", "gray", "light blue to blue"),
        ("a ghost in the rain", "light gray", "gray to black"),
        ("a fox in the snow", "", "light blue to white"),
        ("a blue ghost in the snow", "white", "light blue to white"),  # painted
    ],
)
def test_what_its_place_would_hide_has_another_behind_it(prompt: str, hidden: str, colours: str) -> None:
    matched = STARTER.read(asked(prompt))
    words = matched.layouts[0].figures[0].words if matched.layouts else matched.request.prompts[0]
    assert words.endswith(f", {colours} gradient background")
    (subject,) = (each for each in SHIPPED.subjects if each.names[0] in prompt.split())
    assert not hidden or hidden in subject.blends


@pytest.mark.parametrize(
    ("prompt", "hidden"),
    [
        ("a white rabbit in the snow", {"white", "light gray", "light blue"}),
        ("a white dog in winter", {"white", "light gray"}),
        ("a white cat in the fog", {"light gray", "gray"}),
        ("a black dog at night", {"black", "dark blue"}),
        ("a black cat at night", {"black", "dark blue"}),
        ("a black dog in space", {"black", "dark blue"}),
        ("a blue car at night", {"blue", "dark blue"}),
        ("a blue fish in the sea", {"blue", "dark blue"}),
        ("a green dragon in the forest", {"green"}),
        ("an orange cat at sunset", {"orange"}),
        ("a purple bird at sunset", {"purple"}),
        ("a red dragon in hell", {"red"}),
    ],
)
def test_nothing_painted_stands_before_its_own_colour(prompt: str, hidden: set[str]):
    found = shipped().read(asked(prompt))
    said = (found.layouts[0].figures[0].words if found.layouts else found.request.prompts[0]).rpartition(", ")[2]
    behind = {*said.removesuffix(" background").removesuffix(" gradient").split(" to ")}
    ground = found.layouts[0].ground if found.layouts else ()  # of the picture, where it is drawn before another one
    behind |= {each.names[0] for each in SHIPPED.colours if each.rgb in ground}
    assert len(ground or behind) == 2
    assert behind.isdisjoint(hidden)


@pytest.mark.parametrize(
    ("prompt", "behind"),
    [
        ("a red car at night", "dark blue to blue"),
        ("a black cat in the snow", "light blue to white"),
        ("a blue dragon in the desert", "light blue to beige"),
        ("a dog at night", "dark blue to blue"),
        ("a white dog at night", "dark blue to blue"),
    ],
)
def test_what_shows_keeps_the_colours_of_its_place(prompt: str, behind: str):
    assert " to ".join(behind_first(prompt)) == behind


def behind_first(prompt: str) -> list[str]:
    """What the first picture has behind it: its things may be drawn before something else and cut out."""
    found = shipped().read(asked(prompt))
    ground = found.layouts[0].ground if found.layouts else ()
    said = (found.layouts[0].figures[0].words if found.layouts else found.request.prompts[0]).rpartition(", ")[2]
    of_words = said.removesuffix(" background").removesuffix(" gradient").split(" to ")
    names = {each.rgb: each.names[0] for each in SHIPPED.colours}
    return [names[each] for each in ground] or of_words
