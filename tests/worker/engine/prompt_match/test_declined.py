"""What is left out, or refused, rather than drawn as something else: people, feelings, other colours, sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.engine.prompt_match.vocabularies import (
    EVERYDAY,
    LARGER,
    PLAIN,
    SHIPPED,
    STARTER,
    asked,
    everyday,
    larger,
    plain,
    shipped,
)
from worker.contract.message.cause_texts import unabridged
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher
from worker.engine.prompt_match.matcher import MatchedPrompt
from worker.engine.prompt_match.words.declined import FEELINGS, PEOPLE, feelings, is_person
from worker.engine.prompt_match.words.other_names import OTHER_NAMES
from worker.engine.prompt_match.words.spelling import phrase, variants

MATCHERS = {"shipped": shipped(), "everyday": everyday(), "plain": plain(), "larger": larger()}
FACES = ("grinning face", "crying face", "loudly crying face", "angry face", "face with tears of joy", "sleepy face")
SENTENCES = ("{}", "a {}", "a cartoon of an old {}", "my {} on a blue background", "{} emoji", "happy {}")


def of(*names: str) -> PromptMatcher:
    subjects = [{"icon": name.replace(" ", "-"), "names": [name]} for name in names]
    return PromptMatcher(STARTER, ModelVocabulary.model_validate({"subjects": subjects}), ())


def taken(matched: MatchedPrompt) -> dict[str, str]:
    return {each.asked: each.took for each in matched.notice.taken} if matched.notice else {}


def known(word: str) -> bool:
    """Whether some model here was taught the word, or another name of what it was taught."""
    names = (
        name for model in (SHIPPED, EVERYDAY, PLAIN, LARGER) for subject in model.subjects for name in subject.names
    )
    return any(word in phrase(name) for name in (*names, *OTHER_NAMES))


@pytest.mark.parametrize("matcher", MATCHERS.values(), ids=MATCHERS)
@given(word=st.sampled_from(sorted(PEOPLE)), sentence=st.sampled_from(SENTENCES))
def test_nobody_is_drawn_as_a_thing(matcher: PromptMatcher, word: str, sentence: str):
    matched = matcher.read(asked(sentence.format(word)))
    assert_nobody_is_a_thing(matched, word)


@pytest.mark.parametrize("matcher", MATCHERS.values(), ids=MATCHERS)
@given(word=st.sampled_from(sorted(PEOPLE)))
def test_nor_are_several(matcher: PromptMatcher, word: str):
    for (several,) in variants((word,)):
        if len(several) > len(word):
            assert_nobody_is_a_thing(matcher.read(asked(f"two {several}")), word)


def assert_nobody_is_a_thing(matched: MatchedPrompt, word: str) -> None:
    forms = (word, *(form for (form,) in variants((word,))))  # daddies
    found = taken(matched).items()
    took = [took for wanted, took in found if any(form in wanted.casefold() for form in forms) or not wanted]
    assert all(any(map(is_person, phrase(name))) for name in took), took
    assert matched.declined or took or known(word)


@pytest.mark.parametrize("prompt", ["a saxophonist", "two firemen", "policewomen", "a granmda", "👩‍⚕️", "👨‍🍳"])
def test_people_are_known_by_endings_emoji_and_in_spite_of_typos(prompt: str):
    assert MATCHERS["larger"].read(asked(prompt)).declined


@pytest.mark.parametrize("prompt", ["a barbie", "two barbies", "a barbie doll"])
def test_a_doll_with_a_name_is_drawn_as_one(prompt: str):
    matched = MATCHERS["shipped"].read(asked(prompt))
    drawn = [each.words for each in matched.layouts[0].figures] if matched.layouts else matched.request.prompts[:1]
    assert len(drawn) == 1 + prompt.startswith("two")
    assert all(words.split(", ")[0].endswith(" doll") for words in drawn)


@pytest.mark.parametrize("prompt", ["a camper", "two campers", "a happy camper"])
def test_who_camps_is_no_van(prompt: str):
    assert MATCHERS["shipped"].read(asked(prompt)).declined


@pytest.mark.parametrize("word", ["snowman", "mist", "wrist", "robot", "cat", "men's"])
def test_what_only_ends_like_a_person_is_none(word: str):
    assert not is_person(word)


@pytest.mark.parametrize("word", ["welder", "curator", "historian", "puppeteer", "sorceress", "a glassblower"])
def test_doers_that_the_model_lacks_are_not_drawn_as_something_else(word: str):
    for name in ("everyday", "plain", "larger"):
        assert MATCHERS[name].read(asked(word)).declined


def test_a_face_is_never_drawn_for_the_feeling_that_it_is_not_to_show():
    both = of("robot", *FACES)
    for prompt in ("a face that is not happy", "never smiling", "a face without joy", "a man who isn't angry"):
        assert both.read(asked(prompt)).declined, prompt
    told = (
        "a grinning face, not sad",
        "no text, a grinning face",
        "no text, happy face",
        "a grinning face without a sad cat",
    )
    for prompt in told:
        assert both.read(asked(prompt)).request.prompt == "a grinning face", prompt
    assert both.read(asked("not happy but angry face")).request.prompt == "an angry face"


def test_people_are_drawn_as_people_where_the_model_knows_some():
    people = of("robot", "person", "woman", "health worker")
    for prompt, took in {"a nurse": "health worker", "mom": "woman", "some guy": "person"}.items():
        assert [*taken(people.read(asked(prompt))).values()] == [took], prompt
    assert people.read(asked("grandma")).near[0] == "woman"
    assert people.read(asked("a woman")).notice is None


@given(
    word=st.sampled_from(sorted(FEELINGS)), sentence=st.sampled_from(("{}", "a {} face", "{} emoji", "a very {} man"))
)
def test_no_face_shows_another_feeling_than_the_one_asked_for(word: str, sentence: str):
    for faces in (FACES[:1], FACES[1:2], FACES, FACES[::-1]):
        matched = of("robot", *faces).read(asked(sentence.format(word)))
        if matched.declined:
            continue
        drawn = matched.request.prompt.replace("tears of joy", "joy")
        assert feelings([word]) <= feelings(phrase(drawn)), (sentence, faces, drawn)


def test_a_thing_of_which_the_face_is_known_goes_by_its_name_but_no_feeling_and_no_quality_does():
    faces = of("robot", "cat face", "clown face", "hot face", "winking face", "sad face", "hot dog")
    for prompt, words in {"a clown": "a clown face", "my cats": "a cat face", "a hot dog": "a hot dog"}.items():
        matched = faces.read(asked(prompt))
        assert (matched.request.prompt, matched.notice) == (words, None)
    for prompt in ("a hot robot", "a sad robot", "a winking robot"):
        assert faces.read(asked(prompt)).request.prompt == "a robot"


def test_a_feeling_beside_another_thing_is_left_out_and_the_thing_drawn():
    matched = MATCHERS["everyday"].read(asked("a sad robot"))
    assert matched.request.prompt == "a robot"
    assert matched.notice is not None
    assert matched.notice.left == ("sad",)


def test_a_face_that_was_named_stays_whatever_else_is_said():
    matched = MATCHERS["everyday"].read(asked("a grinning face"))
    assert (matched.request, matched.notice) == (asked("a grinning face"), None)


@pytest.mark.parametrize(
    ("prompt", "took"),
    [
        ("a green apple", {"green apple": "red apple"}),
        ("a blue car, pink background", {"blue car": "red car"}),
        ("an orange heart", {"orange heart": "red heart"}),
        ("a purple heart", {}),
        ("a red apple", {}),
        ("a blue cat", {}),
    ],
)
def test_another_colour_than_a_things_own_is_told(prompt: str, took: dict[str, str]):
    assert taken(MATCHERS["everyday"].read(asked(prompt))) == took


def test_a_model_that_paints_things_is_asked_to():
    painter = everyday(paints=("green", "blue"))
    for prompt, words in {
        "a green apple": "a green apple",
        "glossy sticker of a blue car on a pink background": "a glossy sticker of a blue car, pink background",
        "a BLUE kitten": "a blue cat",
        "a purple heart": "a purple heart",
    }.items():
        matched = painter.read(asked(prompt))
        assert matched.request.prompt == words
        assert matched.notice is None, prompt
    assert taken(painter.read(asked("a yellow apple"))) == {"yellow apple": "red apple"}


@pytest.mark.parametrize("size", ["small", "tiny", "little", "very small", "mini", "large", "giant"])
def test_sizes_that_were_not_learnt_are_left_out(size: str):
    matched = MATCHERS["everyday"].read(asked(f"a {size} house on the left, white background"))
    assert matched.request.prompt == "a house, white background"
    assert matched.notice is not None
    assert matched.notice.left == (size.removeprefix("very "), "on the left")
    learnt = everyday(sizes=("small", "tiny", "large", "huge")).read(asked(f"a {size} house"))
    assert learnt.notice is None
    assert learnt.request.prompt != "a house"


def test_a_refusal_names_what_was_declined_and_what_is_known():
    words = unabridged(MATCHERS["everyday"].objection(("a sad face", "nurse", "king")))
    assert words.startswith("Starter can't draw this: it has not learnt to draw “a sad face”, “nurse”. ")
    assert "128 things, such as “grinning face”, " in words
    assert words.count("“") == 7
    assert len(words) < 300  # more is cut on the way to the screen
