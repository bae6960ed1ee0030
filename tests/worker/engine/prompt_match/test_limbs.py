"""Legs and arms of what has none: told, or needed for what it does; and who has his own."""

import json

import pytest

from tests.worker.engine.prompt_match.vocabularies import SHIPPED, STARTER, asked
from worker.engine.prompt_match import ModelVocabulary, PromptMatcher
from worker.engine.prompt_match.layout import DRAWINGS_MAX, Layout
from worker.engine.prompt_match.vocabulary import KnownSubject
from worker.starter import WEIGHTS

NAMES = {
    "cartoon-legs": ("cartoon legs", "legs", "pair of legs"),
    "cartoon-arms": ("cartoon arms", "arms", "pair of arms"),
}
TOKENS = json.loads((WEIGHTS / "tokenizer" / "vocab.json").read_bytes())


def _knowing(*limbs: str) -> PromptMatcher:
    """Of what ships, and of these limbs."""
    subjects = [each for each in SHIPPED.subjects if each.icon not in NAMES]
    subjects += [KnownSubject(icon=each, names=NAMES[each]) for each in limbs]
    known = ModelVocabulary.model_validate(SHIPPED.model_dump() | {"subjects": subjects})
    return PromptMatcher(STARTER, known, TOKENS)


MATCHER, WITHOUT = _knowing(*NAMES), _knowing()
LEGS, ARMS, FACE = "LEGS", "ARMS", "FACE"


def layout(prompt: str, matcher: PromptMatcher = MATCHER) -> Layout | None:
    found = matcher.read(asked(prompt)).layouts
    return found[0] if found else None


def left(prompt: str, matcher: PromptMatcher = MATCHER) -> tuple[str, ...]:
    notice = matcher.read(asked(prompt)).notice
    return notice.left if notice else ()


def hung(prompt: str, matcher: PromptMatcher = MATCHER) -> list[list[str]]:
    """What each figure that stands has of limbs and faces, in alphabetical order."""
    found = layout(prompt, matcher)
    if not found:
        return []
    ways = [(way.on, way.relation.name) for way in found.hanging]
    return [sorted(name for on, name in ways if on == at) for at in range(found.standing)]


@pytest.mark.parametrize("thing", ["potato", "banana", "egg", "toaster", "cactus", "slice of pizza", "house", "pencil"])
@pytest.mark.parametrize(
    ("limbs", "of"),
    [
        ([FACE, LEGS], "a {} with legs"),
        ([FACE, LEGS], "a {} with little feet"),
        ([FACE, LEGS], "a {} with two long legs"),
        ([FACE, LEGS], "a {} that has a pair of legs"),
        ([FACE, LEGS], "a {} with legs and a face"),
        ([FACE, LEGS], "a {} with a face and legs"),
        ([FACE, LEGS], "a {} with legs, smiling"),
        ([FACE, LEGS], "a walking {}"),
        ([FACE, LEGS], "a {} walking"),
        ([FACE, LEGS], "a {} walking in the park"),
        ([FACE, LEGS], "a running {}"),
        ([FACE, LEGS], "a {} is jumping for joy"),
        ([FACE, LEGS], "a {} going for a walk"),
        ([ARMS, FACE], "a {} with hands"),
        ([ARMS, FACE], "a {} waving"),
        ([ARMS, FACE], "a {} with human hands"),
        ([ARMS, FACE, LEGS], "a {} with arms and legs"),
        ([ARMS, FACE, LEGS], "a {} with a face, hands and feet"),
        ([ARMS, FACE, LEGS], "a {} with hands, legs and a smile"),
        ([ARMS, FACE, LEGS], "a dancing {}"),
        ([ARMS, FACE, LEGS], "a {} doing yoga"),
    ],
)
def test_what_has_no_limbs_gets_those_that_it_has_or_needs(thing: str, limbs: list[str], of: str):
    prompt = of.format(thing)
    assert (prompt, hung(prompt), left(prompt)) == (prompt, [limbs], ())


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("two walking eggs", [[FACE, LEGS], [FACE, LEGS]]),
        ("six running tomatoes", [[FACE, LEGS]] * 6),  # parts are no figures of their own
        ("a potato and a carrot walking", [[FACE, LEGS], [FACE, LEGS]]),
        ("a sad walking potato", [[FACE, LEGS]]),
        ("a carrot with legs wearing sunglasses", [[FACE, LEGS], []]),
        ("a cat and a dancing taco", [[], [FACE, LEGS]]),  # arms would be one drawing too many
        ("a potato with arms, legs and a hat", [[ARMS, LEGS], []]),  # what is told goes before a face
    ],
)
def test_of_several_each_has_its_own(prompt: str, found: list[list[str]]):
    assert (hung(prompt), left(prompt)) == (found, ())
    made = layout(prompt)
    assert made
    assert len({*made.words}) <= DRAWINGS_MAX


@pytest.mark.parametrize(("mood", "face"), [("sad", "sad face"), ("angry", "angry face"), ("sleepy", "sleeping face")])
@pytest.mark.parametrize("of", ["a {} walking potato", "a walking potato that is {}", "a {} potato with legs"])
def test_the_face_is_that_of_its_mood(mood: str, face: str, of: str):
    found = layout(of.format(mood))
    assert found
    assert [face in found.figures[at].words for at in found.faces.values()] == [True]
    assert found.legs


@pytest.mark.parametrize("prompt", ["a potato with legs and no face", "a walking potato without a face"])
def test_it_may_be_told_to_have_no_face(prompt: str):
    assert hung(prompt) == [[LEGS]]


@pytest.mark.parametrize(
    "prompt",
    [
        "a dog with legs", "a walking dog", "a running man", "a dancing robot", "a snowman with arms", "a bird walking",
        "a running car", "a bus jumping", "a dancing fire", "a bicycle racing", "a chair with legs",
        "a table with legs", "a clock with hands", "a cactus with arms", "jeans with legs", "running shoes",
        "running water", "a cat walking on a bed", "a rabbit holding a carrot running away",
        "a cat on a skateboard waving",
        "a potato without legs", "a potato with no arms", "a potato", "a walking stick",
        "a pizza and a walking stick", "a house with a person walking", "a boy dancing with an apple", "legs",
        "a pair of legs", "a potato and a dog running",
    ],
)  # fmt: skip
def test_who_has_his_own_and_what_needs_none_gets_none(prompt: str):
    assert not any({LEGS, ARMS} & {*each} for each in hung(prompt))


@pytest.mark.parametrize(
    ("prompt", "found", "said"),
    [
        ("a potato with legs", [], ("legs",)),
        ("a walking egg", [], ("walking",)),
        ("a sad walking potato", [[FACE]], ("walking",)),
    ],
)
def test_a_model_that_knows_none_draws_the_thing_alone(prompt: str, found: list[list[str]], said: tuple[str, ...]):
    assert (hung(prompt, WITHOUT), left(prompt, WITHOUT)) == (found, said)


def test_a_model_that_knows_legs_alone_gives_those():
    assert hung("a dancing banana", _knowing("cartoon-legs")) == [[FACE, LEGS]]


@pytest.mark.parametrize(("prompt", "words"), [("legs", "legs"), ("a pair of arms", "arms")])
def test_limbs_alone_are_a_thing(prompt: str, words: str):
    assert f"cartoon {words}" in MATCHER.read(asked(prompt)).request.prompt
