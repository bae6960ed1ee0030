"""Things of which a model knows two drawings: a cat is its face, and has legs when it runs; the sun may have a face."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from worker.engine.prompt_match.drawings.heads import WHOLE_OF
from worker.engine.prompt_match.drawings.seats import RIDDEN
from worker.engine.prompt_match.reading import encounter_words, joints
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.reading.similarity import FACE
from worker.engine.prompt_match.words.phrases import Phrases
from worker.engine.prompt_match.words.postures import TURNED_OVER
from worker.engine.prompt_match.words.spelling import phrase

_RUNNING = """
running racing sprinting galloping trotting jumping leaping hopping hunting stalking prowling pouncing sneaking
strolling marching crawling climbing grazing stretching dancing kicking skating skateboarding handstanding
"""
_OTHERS = """
runs, run, jumps, jump, leaps, hops, hop, hunts, stalks, climbs, gallops, crawls, limping, rearing, wagging,
dances, kicks, skates, doing a backflip, doing backflips, doing a flip,
flying over, flies over, flying above, flying across, soaring over,
doing a cartwheel, doing yoga, doing gymnastics
"""


@dataclass(frozen=True)
class _Words:
    """What asks for the other drawing.

    Attributes:
        after: phrases after the thing; True: its drawing shows that, and nothing is left to be told of it.
        before: words before it; likewise.
        between: words that may stand between it and `after`.
        ridden: it is asked for by riding it, too, and by what it rides itself.
    """

    after: Phrases[bool]
    before: Mapping[str, bool]
    between: frozenset[str]
    ridden: bool = False


_SKIPPED = "is are was were who that which happily quickly slowly just alone but its it with a the happy"
_BODY = _Words(
    Phrases(
        {
            True: "standing, stands, walking, walks, walk, whole, full body, whole body, entire, full length, full "
            "figure, from the side, side view, in side view, seen from the side, from head to tail, in profile, with a "
            "body, with four legs, with a tail, with legs, on four legs, on all fours",
            False: ", ".join((*_RUNNING.split(), _OTHERS.strip().strip(","), TURNED_OVER)),
        }
    ),
    dict.fromkeys((*_RUNNING.split(), "upside", "upsidedown"), False)
    | dict.fromkeys(("whole", "standing", "walking", "entire", "body"), True),
    frozenset(_SKIPPED.split()) - {"with", "a", "the", "but", "its", "it", "happy"},
    ridden=True,
)
_SMILE = _Words(
    Phrases({True: "smiling, smiles, smile, grinning, face, happy, laughing, happy face, smiling face, eyes"}),
    dict.fromkeys(("smiling", "happy", "grinning", "cheerful", "laughing"), True),
    frozenset(_SKIPPED.split()),
)
_ANIMALS = "cat cow dog monkey mouse pig rabbit tiger"  # of emoji sets, where the face alone is called so
# By their emoji's names: what is drawn, what is drawn otherwise, and what asks for that.
_TWINS = {
    **{f"{animal}-face": (animal, _BODY) for animal in _ANIMALS.split()},
    **{animal: (whole, _BODY) for animal, whole in WHOLE_OF.items()},
    "sun": ("sun-with-face", _SMILE),
    "full-moon": ("full-moon-face", _SMILE),
    "crescent-moon": ("full-moon-face", _SMILE),
}
_BODILY = (Join.RIDE, Join.LEAP)  # for both whom they join
_BETWEEN_MOST, _BEFORE_MOST = 4, 4  # words
_TOLD_MOST = 3  # words that tell of what it is on: a big red


def stand(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take the other drawing, in place, of each thing for which something asks: a cat that runs, a smiling sun."""
    end = 0
    met = encounter_words.shown(prompt, scene.things)
    bodies, faces = any(each.whole for each in met), any(each.leaning for each in met)  # they fight, they kiss
    for place, thing in enumerate(scene.things):
        twin, words = _TWINS.get(lexicon.vocabulary.subjects[thing.number].icon, ("", None))
        number = lexicon.icons.get(phrase(twin)) if twin else None
        named = thing.alone or FACE in prompt.plain[thing.at : thing.end]
        meets = words is not None and (bodies if words.ridden else faces)
        on_it = words is not None and words.ridden and _is_on(prompt, lexicon, scene.things[place:])
        if words and number is not None and not named and (_is_asked(prompt, thing, words, end) or meets or on_it):
            name = lexicon.vocabulary.subjects[number].names[0]
            scene.things[place] = replace(thing, number=number, name=name, exact=False)
        end = thing.end


def _is_asked(prompt: PromptWords, thing: Thing, words: _Words, end: int) -> bool:
    """Whether something asks for the other drawing; what it shows is accounted for. `end`: of the thing before."""
    joined = (joints.before(prompt, thing.at, end), joints.JOINS.match(prompt.plain, thing.end)) if words.ridden else ()
    rides = any(found and found[0] in _BODILY for found in joined)
    return _after(prompt, thing, words) or _before(prompt, thing, words, end) or rides


def _is_on(prompt: PromptWords, lexicon: Lexicon, things: Sequence[Thing]) -> bool:
    """Whether the first thing, or a row that it begins, is on something that is ridden: on a skateboard."""
    for thing, after in pairwise(things):
        found = joints.JOINS.match(prompt.plain, thing.end)
        join, length = found or (Join.AND if prompt.words[thing.end].breaks else None, 0)
        if after.at - thing.end - length > _TOLD_MOST or join not in (Join.ON, Join.AND):
            return False
        if join is Join.ON:
            seat = RIDDEN.get(lexicon.vocabulary.subjects[after.number].icon)
            return seat is not None and not seat.behind
    return False


def _after(prompt: PromptWords, thing: Thing, words: _Words) -> bool:
    plain, part = prompt.plain, prompt.comma(thing.end)  # a view is told after a comma, too
    start = thing.end
    while start < part and start < thing.end + _BETWEEN_MOST and plain[start] in words.between:
        start += 1
    starts = [*range(thing.end, start + 1)]
    if words.ridden and plain[thing.end : thing.end + 1] == ["and"] and thing.end + 1 < part:  # a cat and a dog running
        starts.append(thing.end + 2 + (plain[thing.end + 1] in ARTICLES))
    for at in starts:
        found = words.after.match(plain[:part], at)
        if found and plain[at + found[1] : at + found[1] + 1] != ["out"]:  # jumping out of a hat
            _show(prompt, range(thing.end if at <= start else at, at + found[1]), shown=found[0])
            return True
    return False


def _before(prompt: PromptWords, thing: Thing, words: _Words, end: int) -> bool:
    for at in range(thing.at - 1, max(end, thing.at - _BEFORE_MOST) - 1, -1):
        if prompt.words[at + 1].breaks or prompt.plain[at] in ARTICLES:
            return False
        if prompt.plain[at] in words.before:
            full = prompt.plain[at] == "body" and at > end
            _show(prompt, range(at - full, at + 1), shown=words.before[prompt.plain[at]])
            return True
    return False


def _show(prompt: PromptWords, words: range, *, shown: bool) -> None:
    for at in filter(prompt.free, words if shown else ()):
        prompt.use(at, at + 1)
