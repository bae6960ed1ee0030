"""People by what they do, how they look and what they wear: a girl surfing is a surfer, a man with a beard has one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from worker.engine.prompt_match.drawings.busts import AGED, DOING, PLAIN, WHOLE
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords
from worker.engine.prompt_match.words.phrases import Phrases
from worker.engine.prompt_match.words.spelling import phrase

_MALE = "man men guy guys gentleman gentlemen dude dudes he grandpa grandfather dad father uncle"
_FEMALE = "woman women girl girls lady ladies she grandma grandmother granny mom mum mother aunt"
_NEITHER = """
person people human humans somebody someone anybody anyone they kid kids child children teenager teenagers teen teens
adult adults student students athlete athletes
"""
_MEN, _BOYS, _WOMEN = frozenset(_MALE.split()), frozenset(("boy", "boys")), frozenset(_FEMALE.split())
_ANYONE = frozenset(_NEITHER.split())
_PEOPLE = _MEN | _BOYS | _WOMEN | _ANYONE

_HIS = ("a", "his", "her", "the")


def _all(said: str, *words: tuple[str, ...]) -> str:
    """A phrase with every choice of the words in it, with commas between."""
    made = [said]
    for choice in words:
        made = [each.replace("{}", one, 1) for each in made for one in choice]
    return ", ".join(" ".join(each.split()) for each in made)


# What somebody does → names of the figure that does it, the best one first.
DEEDS = Phrases(
    {
        ("runner",): "running, runs, jogging, jogs, sprinting, sprints, going for a run, going for a jog, out running, "
        "running a marathon, running the marathon, running a race, running in a race, on a run, running fast",
        ("surfer",): "surfing, surfs, on a surfboard, riding a surfboard, "
        + _all("{} {} {} {}", ("surfing", "surfing on", "riding", "riding on"), ("", "a", "the"), ("", "big", "huge"),
               ("wave", "waves")),
        ("swimmer",): "swimming, swims, going for a swim",
        ("weightlifter",): "lifting weights, lifts weights, weightlifting, weight lifting, powerlifting, lifting heavy "
        "weights, lifting a barbell, lifting dumbbells, deadlifting, bench pressing, working out, works out, pumping "
        "iron, " + _all("{} {} gym", ("", "exercising", "training", "working out", "lifting weights"),
                        ("in the", "in a", "at the", "at a")),
        ("basketball player",): "playing basketball, plays basketball, dribbling, dunking, slam dunking, shooting "
        "hoops, "
        + _all("{} a {}", ("dribbling", "dunking", "bouncing"), ("ball", "basketball")),
        ("golfer",): "golfing, playing golf, plays golf, swinging a golf club, playing a round of golf",
        ("skier",): "skiing, on skis, going skiing, skiing downhill",
        ("snowboarder",): "snowboarding, on a snowboard, riding a snowboard, going snowboarding",
        ("juggler",): "juggling, juggles, juggling balls, juggling three balls, juggling colorful balls",
        ("meditating person",): "meditating, meditates, doing yoga, does yoga, practicing yoga, practising yoga, doing "
        "meditation, " + _all("{} in {} lotus {}", ("", "sitting"), ("", "a", "the"), ("position", "pose")),
        ("dancing man", "dancer"): "dancing, dances, dancing salsa, dancing the tango, dancing tango, dancing ballet, "
        "dancing flamenco, doing a dance, breakdancing",
        ("cyclist",): "cycling, cycles, biking, bicycling, riding bikes, riding bicycles, "
        + _all("{} {} {}", ("riding", "rides", "on", "riding on"), _HIS, ("bike", "bicycle")),
        ("gymnast",): "gymnastics, doing gymnastics, does gymnastics, cartwheeling, tumbling, doing the splits, "
        + _all("{} {}", ("doing", "does"), ("a cartwheel", "cartwheels", "a backflip", "backflips", "a flip")),
        ("fencer",): "fencing, sword fighting, sword fencing, fencing with a sword",
        ("rower",): "rowing, paddling, canoeing, kayaking, "
        + _all("{} {} {}", ("rowing", "rows", "paddling"), ("a", "his", "her"), ("boat", "canoe")),
        ("climber",): "rock climbing, mountain climbing, bouldering, climbing, climbing rocks, "
        + _all("{} {} {}", ("climbing", "climbs"), ("a", "the"), ("wall", "cliff", "rock", "mountain")),
        ("fisherman",): "fishing, fishes, going fishing, angling, fly fishing, ice fishing, gone fishing, out fishing, "
        "fishing with a rod, fishing with a fishing rod, fishing with a fishing pole, catching a fish, catching fish",
        ("bathing person",): "bathing, having a wash, "
        + _all("{} {} {}", ("taking", "takes", "having", "has"), ("a", "his", "her"), ("bath", "bubble bath"))
        + ", " + _all("{} in {} {}", ("", "sitting", "relaxing", "lying"), _HIS, ("bath", "bathtub", "tub")),
        ("sleeping person",): "sleeping, sleeps, asleep, napping, taking a nap, "
        + _all("{} in {} bed", ("", "sleeping", "sleeps", "asleep", "lying", "laying", "resting"), ("", *_HIS)),
    }
)  # fmt: skip
BEFORE = Phrases(
    {
        ("runner",): "running, jogging, sprinting", ("surfer",): "surfing", ("swimmer",): "swimming",
        ("golfer",): "golfing", ("skier",): "skiing", ("snowboarder",): "snowboarding", ("juggler",): "juggling",
        ("meditating person",): "meditating", ("dancing man", "dancer"): "dancing", ("cyclist",): "cycling, biking",
        ("sleeping person",): "sleeping", ("fencer",): "fencing", ("rower",): "rowing", ("climber",): "climbing",
        ("bathing person",): "bathing",
    }
)  # fmt: skip
# After these words a deed is another one: running a shop, surfing the web, asleep on a sofa.
_ROWS = """
runner: a an the late out for into
surfer: a an the through on web internet
climber: a an the into out up down over on onto through trees tree stairs
rower: a an the his her
bathing person: in under
fisherman: for
sleeping person: on under at next beside near in against inside with
"""
NOT_BEFORE = {name: frozenset(words.split()) for name, words in (row.split(": ") for row in _ROWS.strip().splitlines())}
_SKIPPED = "is are was were who that which happily quickly slowly just currently alone"
BETWEEN = frozenset(_SKIPPED.split())
BETWEEN_MOST = 3

_HAVING, _CLAD = frozenset(("with", "has", "having")), frozenset(("in", "wearing", "with", "wears"))
_RED, _CURLY = frozenset(("red", "ginger", "auburn")), frozenset(("curly", "curled", "frizzy"))
_SUITS = "black blue dark gray grey brown business nice fancy smart"  # others are for divers
CUT = frozenset(_SUITS.split())
TIES = (("and", "tie"), ("and", "a", "tie"))  # that go with suits
_NEXT = 5  # words after `with` or `in` that are looked at


@dataclass(frozen=True)
class _Look:
    """How somebody looks.

    Attributes:
        who: words for people.
        name: of the figure.
        before: what stands before the person then, written as one.
        led: what leads to it after the person.
        last: what it ends with; one of `how` stands before that, if there are any, and nothing but `only`, if any.
    """

    who: frozenset[str]
    name: str
    before: frozenset[str]
    led: frozenset[str]
    last: frozenset[str]
    how: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


_LOOKS = (
    _Look(_MEN | _ANYONE, "man with a beard", frozenset(("bearded",)), _HAVING, frozenset(("beard",))),
    _Look(_WOMEN, "woman with red hair", frozenset(("redhaired", "redheaded", "redhead", "ginger", "gingerhaired")),
          _HAVING, frozenset(("hair", "curls", "ponytail")), how=_RED),
    _Look(_WOMEN, "woman with curly hair", frozenset(("curlyhaired",)), _HAVING, frozenset(("hair",)), how=_CURLY),
    _Look(_WOMEN, "woman with curly hair", frozenset(), _HAVING, frozenset(("curls",))),
    _Look(_MEN, "man in a tuxedo", frozenset(), _CLAD, frozenset(("tuxedo", "tux")), only=CUT),
    _Look(_MEN, "office worker", frozenset(), _CLAD, frozenset(("suit", "suits")), only=CUT),
)  # fmt: skip


@dataclass(frozen=True)
class Doer:
    """A person who is one of the things that a model knows.

    Attributes:
        number: of the subject.
        words: those that tell who it is: from first to last.
        person: of these the ones that are counted: two men, two running men.
        shown: the words that the figure shows.
        head: whose head it has, by that one's emoji's name: of the girl that surfs; "" for its own.
    """

    number: int
    words: range
    person: range
    shown: tuple[int, ...]
    head: str = ""


def find(prompt: PromptWords, lexicon: Lexicon) -> Iterator[Doer]:
    """The people of a prompt that are figures of their own, but for those whose very name is there."""
    for at in range(len(prompt)):
        if prompt.plain[at] not in _PEOPLE or not prompt.free(at):
            continue
        done = _doing(prompt, lexicon, at) or _done_by(prompt, lexicon, at)
        found = _with_head(prompt, lexicon, at, done) if done else _looking(prompt, lexicon, at)
        if found:
            named = lexicon.match(prompt.plain[: prompt.part(found.words.start)], found.words.start)
            if not named or named[1] < max(2, len(found.words)):
                yield found


def _doing(prompt: PromptWords, lexicon: Lexicon, at: int) -> Doer | None:
    """Somebody by what is said after them that they do, also together with one more: a man and a dog running."""
    plain, part = prompt.plain, prompt.part(at)
    start = at + 1
    while start < part and start <= at + BETWEEN_MOST and plain[start] in BETWEEN:
        start += 1
    starts = [start]
    if plain[at + 1 : at + 2] == ["and"] and at + 2 < part:
        starts.append(at + 3 + (plain[at + 2] in ARTICLES))
    for start in starts:
        found = DEEDS.match(plain[:part], start)
        number = _known(lexicon, found[0], plain[at]) if found else None
        if not found or number is None:
            continue
        end = start + found[1]
        if found[1] == 1 and end < part and plain[end] in NOT_BEFORE.get(found[0][0], ()):
            return None
        if plain[end:part] and plain[end] == "of":  # in a bed of flowers
            return None
        together = "and" in plain[at + 1 : start]
        words = range(at, at + 1 if together else end)
        return Doer(number, words, range(at, at + 1), tuple(words))
    return None


def _done_by(prompt: PromptWords, lexicon: Lexicon, at: int) -> Doer | None:
    """Somebody by what stands before them that they do: a running man."""
    found = BEFORE.match(prompt.plain[:at], at - 1) if _is_beside(prompt, at - 1) else None
    number = _known(lexicon, found[0], prompt.plain[at]) if found else None
    words = range(at - 1, at + 1)
    return None if number is None else Doer(number, words, words, tuple(words))


def _with_head(prompt: PromptWords, lexicon: Lexicon, at: int, doer: Doer) -> Doer:
    """Somebody who does something with the head of a child, of a student, of somebody old, if that is drawn."""
    if not lexicon.arranged or lexicon.vocabulary.subjects[doer.number].icon not in DOING:
        return doer
    icon = PLAIN.get(prompt.plain[at], "")
    if not icon and prompt.plain[at] in _WOMEN and lexicon.vocabulary.subjects[doer.number].icon not in WHOLE:
        icon = "woman"  # with a beard of his own
    if doer.words.start > 0 and prompt.plain[doer.words.start - 1] in AGED:
        icon = "old-woman" if prompt.plain[at] in _WOMEN else "old-man" if prompt.plain[at] in _MEN else icon
    look = _looking(prompt, lexicon, at)
    if look and look.words.stop == at + 1:  # a bearded man surfing
        icon, start = lexicon.vocabulary.subjects[look.number].icon, min(look.words.start, doer.words.start)
        doer = replace(doer, words=range(start, doer.words.stop), shown=(*look.words, *doer.shown))
    return replace(doer, head=icon) if phrase(icon) in lexicon.icons else doer


def _is_beside(prompt: PromptWords, at: int) -> bool:
    return prompt.free(at) and not prompt.words[at + 1].breaks


def _known(lexicon: Lexicon, names: tuple[str, ...], person: str) -> int | None:
    """The subject for a deed; of a woman the last one."""
    return lexicon.named(names[-1] if person in _WOMEN else names[0])


def _looking(prompt: PromptWords, lexicon: Lexicon, at: int) -> Doer | None:
    """Somebody by beard, hair or clothes; the old have drawings of their own."""
    plain = prompt.plain
    before = range(at - 1 if _is_beside(prompt, at - 1) else at, at)
    if before and plain[before.start] == "haired" and _is_beside(prompt, at - 2):
        before = range(at - 2, at)  # red-haired
    joint = "".join(plain[before.start : at])
    if joint == "old":
        return None
    for look in _LOOKS:
        number = lexicon.named(look.name) if plain[at] in look.who else None
        if number is None:
            continue
        if joint in look.before:
            words = range(before.start, at + 1)
            return Doer(number, words, range(at, at + 1), tuple(words))
        if shown := _told(prompt, at + 1, look):
            return Doer(number, range(at, shown[-1] + 1), range(at, at + 1), (at, *shown))
    return None


def _told(prompt: PromptWords, at: int, look: _Look) -> tuple[int, ...]:
    """Which words from one on tell of a look; none where they do not."""
    plain, end = prompt.plain, min(prompt.part(at - 1), at + 1 + _NEXT)
    last = next((each for each in range(at + 1, end) if plain[each] in look.last), 0)
    between = range(at + 1, last)
    if plain[at : at + 1] == [] or plain[at] not in look.led or not last:
        return ()
    others = [plain[each] for each in between if plain[each] not in ARTICLES]
    if (look.how and look.how.isdisjoint(others)) or (look.only and not look.only.issuperset(others)):
        return ()
    tie = next((said for said in TIES if tuple(plain[last + 1 : last + 1 + len(said)]) == said and look.only), ())
    return (at, *(each for each in between if plain[each] in ARTICLES | look.how), *range(last, last + 1 + len(tie)))
