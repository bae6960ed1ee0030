"""What may be drawn for a word that the model lacks, what is only named as near to it, and who asks for nothing."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED as KNOWN
from tests.worker.engine.prompt_match.vocabularies import STARTER, asked, everyday, household, larger, plain, shipped
from worker.contract.message.cause_texts import unabridged
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher
from worker.engine.prompt_match.words.article import with_article
from worker.engine.prompt_match.words.declined import feelings
from worker.engine.prompt_match.words.similar import SIMILAR
from worker.engine.prompt_match.words.spelling import phrase

SHIPPED, EVERYDAY, SMALL, LARGE, HOUSEHOLD = shipped(), everyday(), plain(), larger(), household()


def of(*names: str) -> PromptMatcher:
    return PromptMatcher(STARTER, ModelVocabulary.model_validate({"subjects": [{"names": [n]} for n in names]}), ())


def drawn(prompt: str, matcher: PromptMatcher) -> str:
    matched = matcher.read(asked(prompt))
    return "" if matched.declined else matched.request.prompt


def near(prompt: str, matcher: PromptMatcher) -> tuple[str, ...]:
    """What is named for a prompt that is declined."""
    matched = matcher.read(asked(prompt))
    assert matched.declined, matched.request.prompt
    assert matched.request == asked(prompt)
    return matched.near


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("tabby siamese", "cat"),
        ("beagle doggo labradors", "dog"),
        ("ferrari limousine lambo", "red car"),
        ("animal pet", "dog"),
        ("fruit", "red apple"),
        ("flower", "tulip"),
        ("cottage mansion", "house"),
        ("ocean", "wave"),
        ("birthday", "birthday cake"),
        ("christmas xmas", "christmas tree"),
        ("romance valentine", "red heart"),
        ("yacht", "motorboat"),
        ("spooky", "ghost"),
    ],
)
def test_what_is_of_the_kind_that_was_asked_for_is_drawn(words: str, name: str):
    for word in words.split():
        assert drawn(f"a {word}", SHIPPED) == with_article(name)


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("a coyote", ("wolf", "fox")),
        ("two coyotes", ("wolf", "fox")),
        ("a bracelet", ("necklace", "ring")),
        ("a tuba", ("trumpet",)),
        ("turnip", ("radish",)),
        ("a walnut", ("peanuts", "acorn")),
        ("a cheesecake", ("slice of cake",)),
        ("a gun", ("water gun",)),
        ("a wall", ("door", "window", "house")),
        ("a stork", ("pelican", "flamingo")),
        ("a warrior", ("knight", "samurai")),
        ("a glass of water", ("wine glass", "glass of milk")),
        ("a coyote in the rain", ("wolf", "fox")),
        ("a sad coyote, cartoon, pink background", ("wolf", "fox")),
    ],
)
def test_what_only_comes_near_is_named_and_not_drawn(prompt: str, first: tuple[str, ...]):
    assert near(prompt, SHIPPED)[: len(first)] == first


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("barn village", "house"),
        ("tower hotel hospital", "skyscraper"),
        ("church", "castle"),
        ("plumber mechanic", "builder"),
        ("farmer", "man"),
        ("king emperor", "prince"),
        ("queen duchess", "princess"),
        ("glass bottle", "glass of milk"),
        ("river lake", "wave"),
        ("orange tangerine", "peach"),
        ("ice", "snowflake"),
        ("fog sky", "cloud"),
        ("lamp lantern", "light bulb"),
        ("tv", "laptop"),
        ("galaxy mars", "planet"),
        ("tractor", "truck"),
        ("bones", "skull"),
        ("purse", "money bag"),
        ("peace", "red heart"),
        ("medal", "trophy"),
    ],
)
def test_so_are_words_of_every_day_that_the_model_has_nothing_of_that_kind_for(words: str, first: str):
    for word in words.split():
        assert near(f"a {word}", HOUSEHOLD)[0] == first, word


@pytest.mark.parametrize(
    ("prompt", "matcher", "first"),
    [
        ("an elephantine", LARGE, "elephant"),  # of one stem
        ("a lighthouse", LARGE, "house"),  # a compound's end
        ("a birdhouse", SMALL, "house"),
        ("music", LARGE, "saxophone"),  # a cue, which others may share
        ("a beard", LARGE, "person: beard"),  # a part of a name
        ("a coyotte", SHIPPED, "wolf"),  # a slip of the pen in a word of the table
    ],
)
def test_what_comes_near_by_its_letters_or_by_looser_words_is_named_too(
    prompt: str, matcher: PromptMatcher, first: str
):
    assert near(prompt, matcher)[0] == first


@pytest.mark.parametrize(
    ("prompt", "matcher", "words"),
    [
        ("an elefant", LARGE, "an elephant"),
        ("a pengiun", SHIPPED, "a penguin"),
        ("a sun flower", SHIPPED, "a sunflower"),
        ("sax", LARGE, "a saxophone"),
        ("a sad face", SHIPPED, "sad face"),
    ],
)
def test_slips_of_the_pen_compounds_and_words_that_mean_a_thing_alone_satisfy(
    prompt: str, matcher: PromptMatcher, words: str
):
    assert words in drawn(prompt, matcher)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("firetruk", "fire engine"),
        ("labradoor", "dog"),
        ("cottge", "house"),
        ("limosine", "red car"),
        ("bonfir", "campfire"),
    ],
)
def test_a_slip_in_a_word_for_which_something_satisfies_does_too(typed: str, name: str):
    assert drawn(f"a {typed}", SHIPPED) == with_article(name)


@pytest.mark.parametrize(
    ("typed", "first"), [("coyotte", "wolf"), ("bracelt", "necklace"), ("cheesecaek", "slice of cake")]
)
def test_a_slip_in_a_word_that_something_only_comes_near_to_is_declined_like_it(typed: str, first: str):
    assert near(f"a {typed}", SHIPPED)[0] == first


@pytest.mark.parametrize(
    "prompt",
    [
        "crying laughing face",
        "laughing crying emoji",
        "crying laughing",
        "a face laughing and crying",
        "laughing with tears",
        "a smiling face with tears",
        "tears of joy",
        "😂",
    ],
)
def test_a_face_that_shows_both_feelings_goes_before_one_that_shows_one(prompt: str):
    assert drawn(prompt, SHIPPED) == "a face with tears of joy"
    notice = SHIPPED.read(asked(prompt)).notice
    assert notice is None or notice.left == ()


@pytest.mark.parametrize(
    ("prompt", "face"),
    [
        ("crying face", "a sad face"),
        ("tears", "a sad face"),
        ("laughing face", "a laughing face"),
        ("joy", "a grinning face"),
        ("an angry smiling face", "an angry face"),
        ("a smiling face, not crying", "a happy face"),
    ],
)
def test_a_face_shows_no_feeling_that_nobody_asked_for(prompt: str, face: str):
    assert drawn(prompt, SHIPPED) == face


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("a bracelet with a smiling face", "necklace"),
        ("a coyote with a face", "wolf"),
        ("a walnut with a smile", "peanuts"),
        ("a yurt with a happy face", "hut"),
    ],
)
def test_a_face_is_not_drawn_instead_of_what_has_it(prompt: str, first: str):
    assert near(prompt, SHIPPED)[0] == first
    (declined,) = SHIPPED.read(asked(prompt)).declined
    assert declined == prompt.split()[1]


def test_who_has_no_body_beside_a_face_is_one():
    for prompt in ("a circle with a smiling face", "an emoji with a happy face", "a face with a smile"):
        assert "face" in drawn(prompt, SHIPPED)


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("a magic carpet", ("sparkles",)),
        ("christmas lights", ("christmas tree",)),
        ("a ferrari garland", ("red car",)),
        ("a spin class", ("bicycle",)),
        ("cancer", ("crab",)),
        ("the floor", ()),  # of which the laughing face tells
        ("r2d2", ()),
    ],
)
def test_what_stands_before_an_unknown_word_and_what_only_leads_to_an_emoji_do_not_satisfy(
    prompt: str, first: tuple[str, ...]
):
    assert near(prompt, SHIPPED)[:1] == first


@pytest.mark.parametrize(
    "prompt", ["a beagle", "a bmw m3", "a porsche 911", "christmas time", "a beagle playing", "beagle named Max"]
)
def test_what_tells_more_of_a_thing_leaves_it_as_it_is(prompt: str):
    assert drawn(prompt, SHIPPED)


@pytest.mark.parametrize(
    "word",
    ["beard", "pearl", "hose", "danger", "fresh start", "hamper", "tenth", "plan", "root", "gloves", "baits", "boulder",
     "carpets", "cradles", "ballrooms", "oboes", "colonies", "capsule", "dropout", "freighter"],
)  # fmt: skip
def test_a_word_of_its_own_is_no_slip_of_the_pen(word: str):
    names = ("bear", "pear", "horse", "dancer", "star", "hammer", "tent", "plane", "robot")
    assert near(f"a {word}", of(*names)) == ()


@pytest.mark.parametrize("matcher", [SHIPPED, EVERYDAY, SMALL, LARGE])
@pytest.mark.parametrize("prompt", ["asdf qwer", "xyzzy", "日本語", "naruto, cartoon", "pikachu on a pink background"])
def test_words_that_mean_nothing_here_are_declined_with_examples_of_all_kinds(prompt: str, matcher: PromptMatcher):
    assert near(prompt, matcher) == ()


@pytest.mark.parametrize("matcher", [SHIPPED, EVERYDAY, SMALL, LARGE])
@pytest.mark.parametrize(
    "prompt",
    ["surprise me", "surprise us, please", "anything", "draw something beautiful", "cartoon", "random", "?!", "huge",
     "a glossy sticker, pink background", "something funny and colorful", "dancing", "42", "a test"],
)  # fmt: skip
def test_who_asks_for_nothing_in_particular_gets_something_pleasant(prompt: str, matcher: PromptMatcher):
    matched = matcher.read(asked(prompt))
    assert not matched.declined
    assert matched.notice is not None
    assert "" in [each.asked for each in matched.notice.taken]
    assert drawn(f" {prompt} ", matcher) == matched.request.prompt


@pytest.mark.parametrize("word", ["hello", "hi", "welcome"])
def test_a_greeting_is_greeted(word: str):
    assert drawn(word, SHIPPED) == "a happy face"
    assert drawn(word, SMALL)


@pytest.mark.parametrize(
    ("prompt", "words", "left"),
    [
        ("a coyote and a castle", "a castle", "coyote"),
        ("a coyote in a house", "a house", "coyote"),
        ("a house with a lighthouse", "a house", "lighthouse"),
        ("a robot lion", "a robot", "lion"),
        ("a ferrari in the rain", "a car", "rain"),
    ],
)
def test_beside_a_known_thing_what_only_comes_near_is_left_out_and_told(prompt: str, words: str, left: str):
    matched = of("wolf", "castle", "house", "robot", "tiger", "car", "cloud with rain").read(asked(prompt))
    assert matched.request.prompt == words
    assert matched.notice is not None
    assert [left in each for each in matched.notice.left] == [True]


def test_what_satisfies_is_still_drawn_beside_or_instead_of_where_it_is():
    assert drawn("an elefant in a house", EVERYDAY) == "an elephant"
    assert drawn("an elefant and a dog", LARGE) == "an elephant on the left and a dog on the right"
    assert drawn("dancing in the rain", SHIPPED) == "a cloud with rain"


@pytest.mark.parametrize("words", ["a hot dog", "a star fish", "a sea horse", "a police car"])
def test_a_part_of_a_word_for_something_else_is_no_such_thing(words: str):
    known = of(words.rsplit(maxsplit=1)[-1], "pizza")
    if words == "a police car":  # which comes near
        assert drawn(words, known) == "a car"
    else:
        assert near(words, known) == ()


def test_an_emoji_of_another_face_is_not_drawn_as_a_happy_one():
    for emoji in ("🥴", "🤧", "🫥"):
        assert near(emoji, SHIPPED) == ()
    assert drawn("🐺 face", SHIPPED) == "a wolf"


def test_who_asks_for_no_happy_face_is_not_told_of_one():
    known = of("robot", "grinning face", "smiling face")
    assert near("a face that is not happy", known) == ()
    assert near("a head", known) == ()


def test_words_of_single_pictures_are_declined_with_what_comes_near_to_them():
    several = asked("a cat").model_copy(update={"count": 2, "prompts": ("a cat, icon", "a walnut, icon")})
    assert SHIPPED.read(several).near[:1] == ("peanuts",)


def test_a_negative_prompt_is_never_declined():
    assert SHIPPED.read(asked("a cat", without="coyote, asdf")).declined == ()


def test_a_refusal_names_first_what_comes_near_and_then_some_of_all_kinds():
    matched = SHIPPED.read(asked("a coyote"))
    words = unabridged(SHIPPED.objection(matched.declined, matched.near))
    assert words.startswith("Starter can't draw this: it has not learnt to draw “coyote”. ")
    assert f"{len(KNOWN.subjects)} things, such as “wolf”, “fox”, “dog”, “grinning face”, “" in words
    assert words.count("“") == 6
    assert len(unabridged(SHIPPED.objection(("x" * 99,) * 3, ("y" * 99,) * 3))) < 300  # more is cut on the way


@pytest.mark.parametrize(
    ("prompt", "english"),
    [
        *((each, False) for each in ("roter Apfel auf einem Tisch", "寿司を食べる猫", "красная горка", "con mèo đỏ")),
        *((each, False) for each in ("een bruine beuk", "eine Kuh, cartoon", "ปลาดุก", "kırmızı elma", "alte Hecke")),
        *(
            (each, True)
            for each in ("quantum entanglement", "a coyote", "naruto and sasuke", "a pikachu", "pikachu", "Hecke")
        ),
    ],
)
def test_who_writes_in_another_language_is_told_that_the_model_reads_english(prompt: str, english: bool):
    matched = SHIPPED.read(asked(prompt))
    assert matched.declined
    assert matched.english is english
    words = unabridged(SHIPPED.objection(matched.declined, matched.near, english=matched.english))
    assert ("it reads English" in words) is not english
    assert ("has not learnt" in words) is english


def test_of_several_prompts_the_one_that_is_declined_is_judged():
    several = asked("a cat").model_copy(update={"count": 2, "prompts": ("a cat, icon", "eine Kuh")})
    assert SHIPPED.read(several).english is False


def test_a_model_without_anything_of_the_kind_names_what_comes_near_first():
    """Of each word of the table, but for those that faces with a feeling are near to: such are never named."""
    wrong = []
    for word, names in SIMILAR.items():
        assert not {*names.satisfying} & {*names.near}, word
        if names.near and not any("face" in name and feelings([word, *phrase(name)]) for name in names.near):
            matched = of(*names.near[:2], "abacus").read(asked(word))
            wrong += [] if matched.near[:1] == names.near[:1] else [(word, names.near, matched)]
    assert wrong == []


def test_a_model_that_knows_something_of_the_kind_draws_it():
    rows = [(word, names.satisfying[0]) for word, names in SIMILAR.items() if names.satisfying]
    assert [(word, best) for word, best in rows if best not in drawn(word, of(best, "abacus"))] == []
