"""Names that mean another thing beside some others: a keyboard and a mouse, a cat playing the keyboard."""

from dataclasses import dataclass, replace

from worker.engine.prompt_match.reading import joints
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords
from worker.engine.prompt_match.reading.scene import Scene, Thing


@dataclass(frozen=True)
class _Sense:
    """What a word means in some company.

    Attributes:
        name: of the thing that it means there.
        beside: emoji's names of things that stand before or after it, with `and` or `with` between.
        after: words before it that say what is done with it.
        doing: the word that says so of what it means, which these are read as; else they stay.
    """

    name: str
    beside: frozenset[str]
    after: frozenset[str] = frozenset()
    doing: str = ""


_SENSES = {
    "mouse": _Sense("computer mouse", frozenset(("keyboard", "desktop-computer", "laptop", "printer"))),
    "keyboard": _Sense(
        "musical keyboard",
        frozenset(("guitar", "drum", "violin", "trumpet", "saxophone", "microphone", "musical-note", "banjo", "flute")),
        frozenset(("playing", "plays", "play")),
    ),
    "web": _Sense("laptop", frozenset(), frozenset(("surfing", "surfs", "browsing", "browses", "searching")), "using"),
}
_JOINED = (Join.AND, Join.WITH)


def settle(prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
    """Take, in place, what the names of things mean where they stand; a word before them that joins them so, too."""
    for place, thing in enumerate(scene.things):
        sense = _SENSES.get(prompt.plain[thing.at]) if thing.end - thing.at == 1 and not thing.alone else None
        number = lexicon.named(sense.name) if sense else None
        if not sense or number is None:
            continue
        around = scene.things[max(0, place - 1) : place + 2]
        company = any(
            _icon(lexicon, each) in sense.beside and _is_joined(prompt, *_ordered(thing, each)) for each in around
        )
        if company or prompt.before(thing.at) in sense.after:
            for at in (each for each in range(max(0, thing.at - 2), thing.at) if sense.doing):
                if prompt.plain[at] in sense.after:
                    prompt.plain[at] = sense.doing  # nobody rides it
            name = lexicon.vocabulary.subjects[number].names[0]
            scene.things[place] = replace(thing, number=number, name=name, exact=False)


def _icon(lexicon: Lexicon, thing: Thing) -> str:
    return lexicon.vocabulary.subjects[thing.number].icon


def _ordered(one: Thing, other: Thing) -> tuple[Thing, Thing]:
    return (one, other) if one.at < other.at else (other, one)


def _is_joined(prompt: PromptWords, first: Thing, second: Thing) -> bool:
    found = joints.before(prompt, second.at, first.end)
    led = prompt.plain[second.at - 1] in ARTICLES
    return bool(found and found[0] in _JOINED and found[1].stop >= second.at - 1 - led)
