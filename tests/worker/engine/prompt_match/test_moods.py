"""Moods: a mark at whoever feels so, a face on what has none, and what is no mood."""

import json

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, STARTER, asked
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher
from worker.engine.prompt_match.layout import DRAWINGS_MAX, FIGURES_MAX, Layout, Relation
from worker.engine.prompt_match.vocabulary import KnownSubject
from worker.starter import WEIGHTS

MARKS = ("zzz", "anger symbol", "sweat droplets")
TOKENS = json.loads((WEIGHTS / "tokenizer" / "vocab.json").read_bytes())


def _knowing(*marks: str) -> PromptMatcher:
    """Of what ships, and of these marks."""
    subjects = [each for each in SHIPPED.subjects if each.names[0] not in MARKS]
    subjects += [KnownSubject(icon=each.replace(" ", "-"), names=(each,)) for each in marks]
    known = ModelVocabulary.model_validate(SHIPPED.model_dump() | {"subjects": subjects})
    return PromptMatcher(STARTER, known, TOKENS)


MATCHER, WITHOUT = _knowing(*MARKS), _knowing()
AT, CHEEK, OVER, FACE = "AT_HEAD", "ON_CHEEK", "OVER_HEAD", "FACE"


def layout(prompt: str, matcher: PromptMatcher = MATCHER) -> Layout | None:
    found = matcher.read(asked(prompt)).layouts
    return found[0] if found else None


def left(prompt: str, matcher: PromptMatcher = MATCHER) -> tuple[str, ...]:
    notice = matcher.read(asked(prompt)).notice
    return notice.left if notice else ()


def marks(prompt: str, matcher: PromptMatcher = MATCHER) -> list[str]:
    """What hangs on the figures of a prompt: `zzz at 0 AT_HEAD`."""
    found = layout(prompt, matcher)
    if not found:
        return []
    hanging = zip(found.figures[found.standing :], found.hanging, strict=True)
    return [f"{_name(each.words)} at {way.on} {way.relation.name}" for each, way in hanging]


def _name(words: str) -> str:
    return words.split(" of ", 1)[1].partition(",")[0].removeprefix("an ").removeprefix("a ")


SLEEPY = f"zzz at 0 {AT}"
ANGRY = f"anger symbol at 0 {AT}"
TEAR = f"droplet at 0 {CHEEK}"
SWEAT = f"sweat droplets at 0 {AT}"
LOVE = f"red heart at 0 {AT}"
NOTE = f"musical note at 0 {AT}"


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("devil horns at 0 ON_HEAD", "evil, devilish, demonic, wicked, sinister"),
        ("halo at 0 ON_HEAD", "angelic, saintly, holy"),
        (SLEEPY, "sleepy, sleeping, tired, drowsy, napping, snoozing, snoring, yawning, exhausted, very tired"),
        (ANGRY, "angry, grumpy, mad, furious, annoyed, enraged, so angry, cranky"),
        (TEAR, "sad, crying, weeping, sobbing, unhappy, tearful, disappointed"),
        (SWEAT, "scared, nervous, frightened, worried, embarrassed, sweating, sweaty, shy"),
        (LOVE, "lovestruck, smitten"),
        (NOTE, "singing, humming, whistling"),
        (f"cloud with rain at 0 {OVER}", "lonely, gloomy"),
        (f"broken heart at 0 {AT}", "heartbroken"),
        (f"snowflake at 0 {AT}", "freezing, shivering, cold"),
        (f"sparkles at 0 {AT}", "excited, thrilled"),
    ],
)
@pytest.mark.parametrize("of", ["a {} koala", "koala, {}", "a koala that is {}", "the koala looks {}", "{} koala"])
def test_who_is_in_a_mood_has_its_mark(mark: str, words: str, of: str):
    for word in words.split(", "):
        prompt = of.format(word)
        assert (prompt, marks(prompt), left(prompt)) == (prompt, [mark], ())


@pytest.mark.parametrize(
    ("prompt", "mark"),
    [
        ("a cat having a nap", SLEEPY),
        ("fox taking a nap in the snow", SLEEPY),
        ("a cat that needs a nap", SLEEPY),
        ("a bear fast asleep", SLEEPY),
        ("dog dreaming", SLEEPY),
        ("a robot in tears", TEAR),
        ("dog crying tears", TEAR),
        ("a dog with an angry face", ANGRY),
        ("a dog with angry eyes", ANGRY),
        ("a koala with a very sad expression", TEAR),
        ("a koala in a bad mood", ANGRY),
        ("a dog in love", LOVE),
        ("a fox in love", LOVE),
        ("a bear singing a song", NOTE),
        ("sad puppy crying", TEAR),
        ("tired nurse", SLEEPY),
        ("grumpy old man", ANGRY),
        ("cute orange cat sleeping", SLEEPY),
        ("cat 😴", SLEEPY),
        ("angry chicken", "anger symbol at 0 LEFT_OF_HEAD"),
        ("a cat sleeping under a tree", SLEEPY),
    ],
)
def test_moods_are_told_in_many_ways(prompt: str, mark: str):
    assert marks(prompt)[0] == mark
    assert left(prompt) == ()


@pytest.mark.parametrize("who", ["dog", "robot", "panda", "man", "snowman", "tiger", "ghost"])
@pytest.mark.parametrize(
    "of", ["happy {}", "a smiling {}", "{} smiling", "a {} with a big smile", "the {} is cheerful", "kawaii {}"]
)
def test_what_has_a_face_is_drawn_happy_anyway(who: str, of: str):
    assert (marks(of.format(who)), left(of.format(who))) == ([], ())


@pytest.mark.parametrize("thing", ["cloud", "avocado", "potato", "house", "star", "cup of coffee", "taco", "lemon"])
@pytest.mark.parametrize(
    ("of", "face"),
    [
        ("happy {}", "happy face"),
        ("a {} with a face", "happy face"),
        ("a {} with a cute face", "happy face"),
        ("a {} with eyes and a mouth", "happy face"),
        ("the {} but its smiling", "happy face"),
        ("{} with a smile", "happy face"),
        ("kawaii {}", "happy face"),
        ("an angry {}", "angry face"),
        ("a {} with an angry face", "angry face"),
        ("a sad {}", "sad face"),
        ("a {} crying", "sad face"),
        ("sleepy {}", "sleeping face"),
        ("a {} that is scared", "surprised face"),
        ("a {} laughing", "face with tears of joy"),
    ],
)
def test_what_has_no_face_gets_one(thing: str, of: str, face: str):
    prompt = of.format(thing)
    assert (prompt, marks(prompt), left(prompt)) == (prompt, [f"{face} at 0 {FACE}"], ())


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("a sad clown and a happy dog", [TEAR]),
        ("an angry dog and a sleepy cat", [ANGRY, f"zzz at 1 {AT}"]),
        ("a cat and a sleepy dog", [f"zzz at 1 {AT}"]),
        ("a cat and a dog that is sad", [f"droplet at 1 {CHEEK}"]),
        ("a fox and a bear asleep", [SLEEPY, f"zzz at 1 {AT}"]),
        ("a fox and a bear, both sleepy", [SLEEPY, f"zzz at 1 {AT}"]),
        ("a happy lemon over a sad house", [f"happy face at 0 {FACE}", f"sad face at 1 {FACE}"]),
        ("a cat in a box sleeping", [SLEEPY]),
        ("a cat on a bed, sad", [TEAR]),
        ("a cat and a potato with a face", [f"happy face at 1 {FACE}"]),
        ("three sleepy cats", [SLEEPY, f"zzz at 1 {AT}", f"zzz at 2 {AT}"]),
        ("two cats, one angry and one sleepy", [ANGRY, f"zzz at 1 {AT}"]),
        ("grumpy cloud that needs a nap", [f"angry face at 0 {FACE}", SLEEPY]),
        ("a sad sleepy cat", [TEAR, SLEEPY]),
        ("a cat dreaming about fish", [SLEEPY]),
        ("a cute fox and a bear asleep", [SLEEPY, f"zzz at 1 {AT}"]),
        ("a happy fox and a bear asleep", [f"zzz at 1 {AT}"]),
        ("a cactus with a hat and a smile", [f"happy face at 0 {FACE}"]),
        ("sad rainy cloud", [f"sad face at 0 {FACE}"]),
        ("an angry sleepy cat", [ANGRY, "zzz at 0 LEFT_OF_HEAD"]),
    ],
)
def test_a_mood_is_that_of_the_nearest(prompt: str, found: list[str]):
    assert (sorted(marks(prompt)), left(prompt)) == (sorted(found), ())


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("an angry duck", ["anger symbol at 0 LEFT_OF_HEAD"]),  # its beak is at the left
        ("an angry duck facing the other way", [ANGRY]),
        ("an angry sleepy duck", ["anger symbol at 0 LEFT_OF_HEAD", SLEEPY]),
        ("a sad elephant", ["droplet at 0 LEFT_OF_HEAD"]),
        ("a sad penguin", [f"droplet at 0 {AT}"]),  # no head alone, so nobody knows where its cheek is
    ],
)
def test_a_mark_is_where_the_head_is(prompt: str, found: list[str]):
    assert marks(prompt) == found


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("a potato in love", [f"happy face at 0 {FACE}", LOVE]),
        ("a singing mushroom", [f"grinning face at 0 {FACE}", NOTE]),
        ("a gloomy castle", [f"cloud with rain at 0 {OVER}"]),
    ],
)
def test_what_no_face_shows_alone_a_mark_shows_on_things_too(prompt: str, found: list[str]):
    assert marks(prompt) == found


def test_who_wears_something_has_a_mood_too():
    found = layout("a sleepy cat with a crown")
    assert found
    assert found.relation is Relation.ON_HEAD
    assert marks("a sleepy cat with a crown") == [SLEEPY]


@pytest.mark.parametrize(
    "prompt",
    [
        "hot dog", "cold drink", "angry birds", "happy birthday", "happy new year", "a sad face", "sleeping bag",
        "hot air balloon", "hot pepper", "a cool cat", "happy birthday cat", "a cat saying happy birthday",
        "a cat in a happy place", "mad scientist", "a merry christmas tree", "a cat with green eyes", "hot cat",
        "a cat that is not angry", "a cat without tears", "a dog reading a sad story", "a dog and a sad accountant",
        "a happy family", "a cold house", "a lonely tree", "a cat named angry", "a sad accountant with a dog",
        "angry emoji", "sleepy emoji",
    ],
)  # fmt: skip
def test_what_is_no_mood_of_a_thing_hangs_nothing_on_it(prompt: str):
    assert marks(prompt) == []


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("a cat that is not angry", "not angry"),
        ("a dog reading a sad story", "reading a sad story"),
        ("a cat with green eyes", "green eyes"),
        ("a surprised owl", "surprised"),
        ("a confused robot", "confused"),
        ("a cold house", "cold"),
    ],
)
def test_what_nothing_shows_is_told_as_left_out(prompt: str, said: str):
    assert left(prompt) == (said,)


@pytest.mark.parametrize(("prompt", "said"), [("a sleepy cat", "sleepy"), ("angry man", "angry")])
def test_without_the_mark_the_word_is_left_out(prompt: str, said: str):
    assert (marks(prompt, WITHOUT), left(prompt, WITHOUT)) == ([], (said,))
    assert marks("a scared cat", WITHOUT) == [f"droplet at 0 {AT}"]


@pytest.mark.parametrize(
    "prompt", ["seven sleepy cats", "nine angry dogs", "a sad cat, an angry dog, a sleepy fox and a scared bear"]
)
def test_marks_leave_no_more_figures_and_drawings_than_there_may_be(prompt: str):
    found = layout(prompt)
    assert found
    assert len(found.figures) <= FIGURES_MAX
    assert len({*found.words}) <= DRAWINGS_MAX


def test_a_mark_is_drawn_before_what_it_stands_out_from():
    found = layout("a dog in love, red background")
    assert found
    dog, heart = found.figures
    assert dog.words.endswith(", red background")
    assert not heart.words.endswith(", red background")


def test_every_picture_has_it():
    four = MATCHER.read(asked("a sleepy cat").model_copy(update={"count": 4}))
    assert [len(each.figures) for each in four.layouts] == [2, 2, 2, 2]


@pytest.mark.parametrize("said", ["a sleepy {}", "a {} sleeping", "a tired {}", "a {} napping on a bed"])
def test_who_sleeps_has_shut_eyes(said: str):
    found = layout(said.format("cat"))
    assert found
    assert [each.asleep for each in found.figures] == [True] + [False] * (len(found.figures) - 1)


@pytest.mark.parametrize("prompt", ["an angry cat", "a cat in love", "a sleepy pizza"])
def test_who_is_awake_and_what_gets_a_face_has_none(prompt: str):
    found = layout(prompt)
    assert not found or not any(each.asleep for each in found.figures[:1])


def test_of_two_only_the_sleeper_has_shut_eyes():
    found = layout("a sleepy fox and an angry bear")
    assert found
    assert [each.asleep for each in found.figures[:2]] == [True, False]


@pytest.mark.parametrize(
    "prompt",
    ["an evil cat wearing a top hat", "an evil cat with devil horns", "an evil king", "a holy sword", "holy cow"],
)
def test_horns_and_halos_are_for_bare_heads(prompt: str):
    found = MATCHER.read(asked(prompt)).layouts
    words = [each.words for each in found[0].figures] if found else []
    assert sum("devil horns" in each for each in words) <= ("devil horns" in prompt)
    assert not any("halo" in each for each in words)


@pytest.mark.parametrize(
    ("words", "face"),
    [
        ("suspicious, skeptical, smug, sassy, mischievous, proud", "smirking face"),
        ("bored, unimpressed, deadpan, judgmental, serious", "neutral face"),
        ("homesick, sulking, nostalgic", "sad face"),
        ("jealous, hangry", "angry face"),
        ("guilty, embarrassed", "blushing face"),
        ("paranoid, traumatized, nervous", "surprised face"),
        ("disgusted", "sick face"),
        ("determined", "angry face"),
        ("hungry", "face with tongue"),
        ("relaxed, hopeful", "happy face"),
    ],
)
@pytest.mark.parametrize("of", ["a {} potato", "the potato is {}", "a potato that looks {}"])
def test_a_thing_has_the_face_of_its_mood(words: str, face: str, of: str):
    for word in words.split(", "):
        prompt = of.format(word)
        assert (prompt, marks(prompt)[0], left(prompt)) == (prompt, f"{face} at 0 {FACE}", ())


@pytest.mark.parametrize(
    ("prompt", "mark"),
    [
        ("a suspicious goose", "thought bubble at 0 LEFT_OF_HEAD"),
        ("a homesick astronaut", TEAR),
        ("a jealous koala", ANGRY),
        ("a guilty koala", SWEAT),
        ("a drunk koala", f"star at 0 {OVER}"),
        ("a menacing koala", "devil horns at 0 ON_HEAD"),
        ("the cheese is judging you", f"neutral face at 0 {FACE}"),
        ("a koala being so dramatic", TEAR),
    ],
)
def test_more_moods_are_seen(prompt: str, mark: str):
    assert (marks(prompt), left(prompt)) == ([mark], ())


@pytest.mark.parametrize("prompt", ["dramatic lighting, a castle", "a dragon, dramatic", "a hungry caterpillar"])
def test_what_is_said_of_a_picture_or_is_a_title_is_no_mood(prompt: str):
    assert marks(prompt) == []
