"""Parts of bodies: alone the things themselves, an eye, two hands; told of somebody, no things beside that one.

So is what tells which part of a thing is meant, or as what it is made: the mouth of a cave, a statue of a cat.
"""

from worker.engine.prompt_match.words.declined import is_person
from worker.engine.prompt_match.words.postures import SIZES
from worker.engine.prompt_match.words.synonyms import IDLE_WORDS, QUALITIES, STOP_WORDS

from . import joints
from .counts import COUNT_WORDS
from .joints import Join
from .lexicon import Lexicon
from .prompt import ARTICLES, PromptWords, Use
from .scene import Scene, Thing
from .similarity import is_verb_or_adverb
from .standing_words import WORDS
from .surroundings import PREPOSITIONS

ICONS = frozenset(("eye", "ear", "nose", "mouth", "foot", "hand"))
_STATUE, _STUFF = "statue", "slime"
_ALL_OVER = frozenset(("covered", "filled", "full", "drenched", "dripping", "puddle", "puddles"))
_WHOSE = frozenset(("his", "her", "its", "their", "my", "your", "our", "s"))
_HOW = (ARTICLES | COUNT_WORDS | SIZES.words | QUALITIES | IDLE_WORDS | STOP_WORDS) - PREPOSITIONS - _WHOSE
_AFTER = WORDS | QUALITIES | STOP_WORDS | IDLE_WORDS
_ONE = frozenset(("a", "an"))  # a fly on a nose, but a ball on the nose
_WHERE = (Join.ON, Join.IN, Join.CLOSE, Join.NEAR, Join.OVER, Join.UNDER, Join.LEFT, Join.RIGHT)
# Of which one or more may stand before another one, with a comma between.
_NAMES = """
face faces eye eyes ear ears nose noses mouth mouths foot feet hand hands leg legs arm arms tail tails wing wings
hair beard mustache moustache smile teeth head lips eyebrows eyelashes whiskers horns fingers toes
"""
_PARTS = frozenset(_NAMES.split())
_STUFF_MOST = 3  # words before stuff: covered in green slime
_OF_MOST = 3  # words between `of` and the thing: of a big dark cave


def leave_out(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take away, in place, parts that are told of somebody, and what tells more of a thing. Their words are free."""
    for thing in tuple(scene.things):
        icon = _icon(lexicon, thing)
        part = icon in ICONS
        of = (part or icon == _STATUE) and _is_of_another(prompt, scene, thing, part=part)
        of = of or (
            icon == _STUFF and not _ALL_OVER.isdisjoint(prompt.plain[max(0, thing.at - _STUFF_MOST) : thing.at])
        )
        if not thing.alone and (of or (part and _is_told(prompt, lexicon, scene, thing))):
            scene.things.remove(thing)
            prompt.use(thing.at, thing.end, Use.FREE)


def _icon(lexicon: Lexicon, thing: Thing) -> str:
    return lexicon.vocabulary.subjects[thing.number].icon


def _is_of_another(prompt: PromptWords, scene: Scene, thing: Thing, *, part: bool) -> bool:
    """Whether a part, or a statue, is one of something else; of people statues are."""
    if prompt.plain[thing.end : thing.end + 1] != ["of"] or thing.end + 1 == len(prompt):
        return False
    after = next((each for each in scene.things if thing.end < each.at <= thing.end + 1 + _OF_MOST), None)
    return part or (after is not None and not any(map(is_person, prompt.plain[after.at : after.end])))


def _is_told(prompt: PromptWords, lexicon: Lexicon, scene: Scene, thing: Thing) -> bool:
    """Whether a part is somebody's, or of a word for something else: with big eyes, its nose, eye contact."""
    if _goes_on(prompt, scene, thing):
        return True
    begin = thing.at
    while begin and not prompt.words[begin].breaks and _tells_how(prompt, lexicon, begin - 1):
        begin -= 1
    if not begin or prompt.words[begin].breaks:
        return begin > 0 and _goes_on_from_others(prompt, lexicon, begin)
    others = [each for each in scene.things if each.end <= begin]
    found, words = joints.before(prompt, begin, others[-1].end if others else 0) or (None, range(0))
    if found is Join.AND:
        return not (others and others[-1].end == words.start)  # with arms and feet
    if found in _WHERE:
        return prompt.plain[begin] not in _ONE
    if found is Join.OF:
        return False
    led = prompt.plain[begin - 1]
    told = bool(others) and (prompt.free(begin - 1) or others[-1].end == begin)  # covering eyes, cat eyes
    return found is not None or led in _WHOSE or told


def _goes_on(prompt: PromptWords, scene: Scene, thing: Thing) -> bool:
    """Whether the next word is what is meant, or whose part it is: eye contact, red nose reindeer."""
    at = thing.end
    if at == len(prompt) or prompt.words[at].breaks:
        return False
    word = prompt.plain[at]
    named = any(each.at == at for each in scene.things)
    return named or (prompt.free(at) and word not in _AFTER and not is_verb_or_adverb(word))


def _goes_on_from_others(prompt: PromptWords, lexicon: Lexicon, at: int) -> bool:
    """Whether what a comma stands before goes on with parts that somebody has: with a face, hands and feet."""
    if prompt.plain[at - 1] not in _PARTS:
        return False
    begin = at - 1
    while begin and not prompt.words[begin].breaks and _tells_how(prompt, lexicon, begin - 1):
        begin -= 1
    if begin and prompt.words[begin].breaks:
        return _goes_on_from_others(prompt, lexicon, begin)
    found, _ = joints.before(prompt, begin, 0) or (None, range(0))
    return found is Join.WITH


def _tells_how(prompt: PromptWords, lexicon: Lexicon, at: int) -> bool:
    """Whether a word before a part tells how it is, or how many: two big blue eyes."""
    word = prompt.plain[at]
    if joints.JOINS.match(prompt.plain[: at + 1], at):
        return False
    return word in _HOW or lexicon.is_colour(word)
