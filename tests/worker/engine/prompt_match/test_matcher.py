"""Prompts as models with few words read them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.engine.prompt_match.vocabularies import (
    LARGER,
    SHIPPED,
    asked,
    everyday,
    household,
    larger,
    plain,
    shipped,
)
from worker.engine.prompt_match import PromptMatcher
from worker.engine.prompt_match.words.article import with_article
from worker.starter import WEIGHTS, captions
from worker.starter.data import scenes
from worker.starter.vocabulary import Colour, Style, Subject, Vocabulary

STARTER, EVERYDAY, SMALL, LARGE = shipped(), everyday(), plain(), larger()
HOUSEHOLD = household()


def drawn(prompt: str, matcher: PromptMatcher = LARGE) -> str:
    return matcher.read(asked(prompt)).request.prompt


def told(prompt: str, matcher: PromptMatcher = LARGE) -> tuple[dict[str, str], tuple[str, ...]]:
    """What was taken for what, and what was left out."""
    notice = matcher.read(asked(prompt)).notice
    return ({each.asked: each.took for each in notice.taken}, notice.left) if notice else ({}, ())


@pytest.mark.parametrize("matcher", [STARTER, EVERYDAY, SMALL, LARGE], ids=["shipped", "everyday", "plain", "larger"])
@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_any_text_becomes_words_that_the_model_knows(matcher: PromptMatcher, text: str):
    matched = matcher.read(asked(text, without=text))
    if matched.declined:
        assert matched.request == asked(text, without=text)
        return
    again = matcher.read(matched.request)
    assert again.request.prompt == matched.request.prompt
    assert again.notice is None


def test_words_of_single_pictures_are_read_like_the_prompt():
    several = asked("a kitten").model_copy(
        update={"count": 2, "prompts": ("a kitten, icon", "spooky kitten, pink sky")}
    )
    found = LARGE.read(several)
    assert found.request.prompts == tuple(map(drawn, several.prompts))
    assert found.request.prompt == drawn("a kitten")


@pytest.mark.parametrize("place", [0, 1])
def test_people_are_declined_in_the_words_of_any_picture(place: int):
    words = ["a kitten, icon", "a kitten, cartoon"]
    words[place] = "a nurse"
    found = LARGE.read(asked("a kitten").model_copy(update={"count": 2, "prompts": tuple(words)}))
    assert found.declined == ("nurse",)


WORDS = "a cat face dog kittens saxophonist red blue background on and to the left, small ice-cream hat 🐱 pet in"


@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=12).map(" ".join))
def test_known_words_in_any_order_too(text: str):
    again = LARGE.read(LARGE.read(asked(text)).request)
    assert again.notice is None
    assert again.request.prompt == drawn(text)


@pytest.mark.parametrize("subject", SHIPPED.subjects, ids=lambda subject: subject.icon)
def test_what_the_starter_was_taught_is_told_it_in_first_names(subject):
    first = with_article(subject.names[0])
    # By these words people mean others.
    others = {"tree", "bug"} | ({"cup of tea"} if subject.icon == "hot-beverage" else set())
    for name in (name for name in subject.names if name not in others):
        for prompt, words in {
            name: first,
            f"A {name}": first,
            f"a shiny sticker of a {name}, pink  background": f"a glossy sticker of {first}, pink background",
            f"{name}, icon": f"a simple icon of {first}",
        }.items():
            matched = STARTER.read(asked(prompt))
            assert matched.request.model_copy(update={"prompts": ()}) == asked(words)
            assert matched.notice is None


def test_a_model_without_a_usual_sentence_is_told_what_it_was_taught_as_it_was_typed():
    other = shipped(usual_sentence=False)
    for name in (name for subject in SHIPPED.subjects for name in subject.names):
        for prompt in (name, f"A {name}", f"a glossy sticker of a {name}, light blue  background", f"{name}, icon"):
            matched = other.read(asked(prompt))
            assert matched.request == asked(prompt)
            assert matched.notice is None


def test_the_usual_words_are_those_of_the_captions():
    known = Vocabulary.read(WEIGHTS / "vocabulary.json")
    for number, subject in enumerate(known.subjects):
        style, colour = known.styles[number % len(known.styles)], known.colours[number % len(known.colours)]
        prompt = f"{style.names[0]}; ({subject.names[0]}) {colour.names[0]} background!"
        assert drawn(prompt, STARTER) == captions.canonical(style, subject, colour)


def test_captions_of_training_stay_as_they_are():
    bare = Vocabulary(
        tuple(Subject(one.icon, one.names) for one in LARGER.subjects),
        tuple(Style("", one.names) for one in LARGER.styles),
        tuple(Colour(one.names, one.rgb) for one in LARGER.colours),
    )
    rng = np.random.default_rng(0)
    shown = scenes.draw(rng, 600, bare)
    for row in range(len(shown)):
        caption = captions.caption(shown, row, bare, rng)
        if shown.second[row] != scenes.NONE and " and " in caption and "left" not in caption:
            assert " on the left and " in drawn(caption), caption
        else:
            assert drawn(caption) == caption
        assert told(caption) == ({}, ())


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("Kittens", "a kitten"),
        ("two DOGS", "a dog"),
        ("a cat", "a cat face"),
        ("two cats, cartoon", "a cartoon of a cat face"),
        ("an ice-cream", "an ice cream"),
        ("Jack O Lantern", "a jack-o-lantern"),
        ("a womans hat", "a woman's hat"),
        ("a cherry", "cherries"),
        ("please draw me a cute élephant, 4k, masterpiece", "an elephant"),
        ("elephants on a blue backdrop", "an elephant, blue background"),
        ("elephant, backgroud: light blue", "an elephant, light blue background"),
        ("pink background elephant cartoon", "pink background elephant cartoon"),
        ("a big elephant in the upper-left corner", "a big elephant in the top left corner"),
        ("((an elephant:1.3)), [house:0.5]", "an elephant on the left and a house on the right"),
        ("elephant & house", "an elephant on the left and a house on the right"),
        ("elephant/house", "an elephant on the left and a house on the right"),
        ("🐱", "a cat face"),
        ("🎃 on a white background", "a jack-o-lantern, white background"),
        ("🐶🐘", "a dog face on the left and an elephant on the right"),
        (":elephant:", "an elephant"),
        (":dog: :house:", "a dog face on the left and a house on the right"),
        ("🎷 saxophone", "a saxophone"),
        ("a glosy stiker of an elephant", "a glossy sticker of an elephant"),
        ("<:partyElephant:123456>", "an elephant"),
        ("<:myDog:123456>", "a dog face"),
        ("a traffic light, blue background", "a traffic light, blue background"),
        ("a ghost, white background", "a ghost, white background"),  # which is also the name of a colour
    ],
)
def test_other_spellings_of_known_words(prompt: str, words: str):
    assert drawn(prompt) == words


@pytest.mark.parametrize(
    ("prompt", "took"),
    [
        ("elefant", {"elefant": "elephant"}),
        ("a pupy", {"pupy": "dog face"}),
        ("a small sundae", {"sundae": "ice cream"}),
        ("my pet", {"pet": "dog face"}),
        ("my pet puppy", {}),
        ("a firetruck", {"firetruck": "fire engine"}),
        ("a dog house", {"dog house": "house"}),
        ("an elefant in a house", {"elefant": "elephant"}),
        ("watercolor of a house", {"watercolor": "flat illustration"}),
        ("house, crimson background", {"crimson": "orange"}),
        ("house, night sky background", {"night sky": "dark blue"}),
        ("an elefant 🦁", {"elefant": "elephant"}),
        ("an elephant @house", {}),
        ("a lion firetruck", {"lion firetruck": "fire engine"}),
    ],
)
def test_a_known_word_that_satisfies_is_taken_and_told(prompt: str, took: dict[str, str]):
    assert told(prompt)[0] == took


@pytest.mark.parametrize(
    ("said", "took"),
    [
        ("cottage cabin villa bungalow", "house"),
        ("city skyscraper office", "skyscraper"),
        ("university", "school"),
        ("palace fortress", "castle"),
        ("cook baker", "chef"),
        ("doctor surgeon", "nurse"),
        ("cop policewoman", "police officer"),
        ("worker", "builder"),
        ("somebody dad", "man"),
        ("water", "droplet"),
        ("sea ocean", "wave"),
        ("rain rainy drizzle", "cloud with rain"),
        ("snow snowy winter", "snowflake"),
        ("computer", "laptop"),
        ("earth world", "globe"),
        ("space universe", "planet"),
        ("sunset dawn", "sunrise"),
        ("summer sunny", "sun"),
        ("halloween", "pumpkin"),
        ("autumn", "maple leaf"),
        ("love valentine thanks", "red heart"),
    ],
)
def test_words_of_every_day_are_taken_for_what_people_mean_by_them(said: str, took: str):
    for word in said.split():
        assert drawn(f"a {word}", HOUSEHOLD) == with_article(took)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a pair of glasses", "glasses"),
        ("a rainy day", "a cloud with rain"),
        ("valentine's day", "a red heart"),
        ("happy new year", "fireworks"),
        ("good morning", "a sun"),
        ("i am so sad today", "a sad face"),
        ("a fire truck", "a fire engine"),
        ("a snow man", "a snowman"),
        ("a sun flower", "a sunflower"),
        ("a rain cloud", "a cloud with rain"),
        ("a truck fire", "fire"),
    ],
)
def test_the_word_that_says_what_is_meant_decides(prompt: str, words: str):
    assert drawn(prompt, HOUSEHOLD) == words


@pytest.mark.parametrize(
    ("prompt", "words"),
    [("boots", "boat"), ("a horse", "house"), ("lambo", "rabbit"), ("donald trump", "trumpet"), ("minecraft", "boat")],
)
def test_another_word_is_no_slip_of_the_pen(prompt: str, words: str):
    assert words not in drawn(prompt, SMALL)


def test_words_together_may_mean_something_else():
    hot_dog, fire_truck = (SMALL.read(asked(prompt)) for prompt in ("a hot dog", "a fire truck"))
    assert (hot_dog.declined, hot_dog.near[0]) == (("hot dog",), "hamburger")
    assert (fire_truck.declined, fire_truck.near[0]) == (("fire truck",), "red car")
    assert told("a fire truck", HOUSEHOLD)[0] == {"fire truck": "fire engine"}
    assert told("a rocket cat", SMALL)[0] == {"rocket cat": "cat"}


def test_what_is_left_out_is_told_as_it_was_written():
    assert told("A Dog wearing a Hat in a drawer") == ({}, ("wearing a Hat in a drawer",))
    assert told("two dogs") == ({}, ("two",))
    assert told("a dog, blurry, unseen, asdf, qwer")[1] == ("blurry", "unseen")


def test_weights_of_other_tools_are_no_words():
    for prompt in ("(elephant:2)", "((an elephant:1.3)), [house:0.5]", "(elephant : 1.25) house"):
        assert told(prompt) == ({}, ())


def test_two_things_stand_side_by_side_where_the_model_knows_pairs():
    pair = "a kitten on the left and a dog on the right"
    for prompt in ("a kitten and a dog", "kitten with dogs", "a dog on the right and a kitten on the left"):
        assert drawn(prompt) == pair
        assert told(prompt) == ({}, ())
    assert drawn("a kitten to the left of a dog") == "a kitten to the left of a dog"
    assert drawn("an elefant and a dog") == "an elephant on the left and a dog on the right"
    assert drawn("a dog and a kitten and a house") == "a dog on the left and a kitten on the right"


def test_one_thing_is_drawn_where_it_does_not():
    matched = SMALL.read(asked("a small cat and a dog, red to blue gradient background"))
    assert matched.request.prompt == "a cat, orange background"
    assert matched.notice is not None
    assert matched.notice.at_once == 1
    assert {"small", "dog"} <= {*matched.notice.left}


def test_a_model_may_say_itself_that_it_draws_one_thing_at_a_time():
    alone = shipped(arranged=False)
    for prompt, one in {
        "icon of a fox on the left and a house on the right, red background": "a simple icon of a fox, red background",
        "a fox and a house": "a fox",
    }.items():
        assert drawn(prompt, alone) == one
        assert told(prompt, alone) == ({}, ("house",))


def test_a_model_that_says_so_is_asked_for_two_things_and_for_sizes():
    both = "a small fox on the left and a house on the right"
    assert drawn(both, everyday(sizes=("small",))) == "a small fox on the left"
    assert told(both, everyday(sizes=("small",))) == ({}, ("house",))
    assert drawn("a fox and a house", everyday(at_once=2)) == "a fox on the left and a house on the right"


def test_without_any_word_that_asks_for_something_it_is_pleasant_and_always_the_same():
    for prompt in ("surprise me", "?!", "dancing", "\u200b."):
        matched = SMALL.read(asked(prompt))
        assert matched.request.prompt == drawn(f"  {prompt} ", SMALL)
        assert matched.notice is not None
        assert [each.asked for each in matched.notice.taken] == [""]
        assert matched.notice.left == ()
    assert len({drawn(f"surprise me {number}", SMALL) for number in range(9)}) > 3


def test_of_a_negative_prompt_only_what_is_known_is_kept():
    matched = SMALL.read(asked("a cat", without="blurry, bad anatomy, red apple, wolf"))
    assert matched.request.negative_prompt == "red apple"
    assert matched.notice is not None
    assert matched.notice.left[0] == "without blurry"
    assert SMALL.read(asked("a cat", without="red apple")).request == asked("a cat", without="red apple")
    assert SMALL.read(asked("a cat", without="blurry")).request.negative_prompt == ""
    assert STARTER.read(asked("a cat", without="beagle")).request.negative_prompt == ""


def test_notices_are_short_however_long_the_prompt():
    assert all(len(each) <= 28 for each in SMALL.read(asked("qwertyuiopasdfgh" * 62)).declined)
    notice = SMALL.read(asked("cat " + "qwertyuiopasdfgh" * 61)).notice
    assert notice is not None
    assert all(len(each) <= 28 for each in notice.left)
    many = SMALL.read(asked("cat " + ", ".join(f"zx{'x' * number}" for number in range(30)))).notice
    assert many is not None
    assert (len(many.left), many.more) == (2, 28)


@pytest.mark.parametrize("words", ["minimalist flat", "flat vector", "doodle cartoonish comic"])
def test_several_words_for_one_style_are_told_once(words: str):
    notice = shipped().read(asked(f"a house, {words} style")).notice
    assert notice is not None
    assert [each.asked for each in notice.taken] == [words.split(maxsplit=1)[0]]
    assert notice.left == ()


def test_a_word_for_another_style_is_left_out():
    notice = shipped().read(asked("a house, pixel watercolor")).notice
    assert notice is not None
    assert notice.left == ("pixel",)
