"""What somebody does with a thing, and what that is → how it is held. Data, and how it is looked up."""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from worker.engine.prompt_match.drawings.roles import BEINGS, IN_HANDS
from worker.engine.prompt_match.grip import Grip
from worker.engine.prompt_match.words.phrases import Phrases

from .item import Item
from .joints import Join
from .lexicon import Lexicon
from .prompt import PromptWords


class _Deed(Enum):
    """What somebody does with a thing."""

    EAT = auto()
    HOLD = auto()
    HAVE = auto()
    USE = auto()
    RAISE = auto()
    READ = auto()
    PLAY = auto()
    FLY = auto()
    PUSH = auto()
    PULL = auto()


# By words of `joints.JOINS`: what else they say of a thing that somebody has leaves it at the side.
_DEEDS = Phrases(
    {
        _Deed.EAT: """eating, eats, eat, drinking, drinks, drink, biting, bites, licking, licks, chewing, chewing on,
            chews, munching, munching on, munches, munches on, nibbling, nibbling on, sipping, sips, slurping, sucking,
            sucking on, tasting, devouring, feasting on, enjoying, sharing, shares, share, smoking, blowing, breathing,
            spitting, smelling, sniffing""",
        _Deed.HOLD: """holding, holds, hold, carrying, carries, carry, taking, bringing, giving, offering, clutching,
            grabbing, swinging, waving, delivering, opening, unwrapping, stealing, selling, armed with,
            digging with, roasting, roasts, toasting, flipping, flips, waving with,
            holding on to, with its, with his, with her, wielding, wields, swings, waves""",
        _Deed.HAVE: "with, flying with, having, has, have, w, who has, that has",
        _Deed.USE: "using, uses, drilling with, measuring with",
        _Deed.RAISE: "lifting, lifts, holding up, holds up",
        _Deed.READ: "reading, reads, read, writing, typing on, types on, texting on, coding on",
        _Deed.PLAY: "playing, plays, play, playing with, plays with, play with",
        _Deed.FLY: "flying, flies",
        _Deed.PUSH: "pushing, pushes",
        _Deed.PULL: "pulling, pulls, dragging, drags",
    }
)


class _Kind(Enum):
    """What is held in a way of its own."""

    LONG = auto()
    STRUNG = auto()
    SHEET = auto()
    SLANTED = auto()
    STANDING = auto()
    BLOWN = auto()
    PAD = auto()
    VOICE = auto()


_ICONS = {
    _Kind.LONG: """sword dagger kitchen-knife axe umbrella broom fishing-pole magic-wand hammer candle stop-sign
        boomerang bow-and-arrow flashlight ladder pick carpentry-saw wrench shovel flag candy-cane frying-pan""",
    _Kind.STRUNG: "balloon kite red-paper-lantern",
    _Kind.SHEET: """open-book books newspaper notebook world-map scroll laptop mobile-phone love-letter envelope
        artist-palette typewriter calendar""",
    _Kind.SLANTED: "guitar violin banjo saxophone accordion",
    _Kind.STANDING: "drum musical-keyboard keyboard record-player arcade-machine harp vacuum-cleaner",
    _Kind.BLOWN: "trumpet flute megaphone",
    _Kind.PAD: "video-game joystick maracas mobile-phone laptop game-die chess-pawn yo-yo ping-pong badminton",
    _Kind.VOICE: "microphone",
}
# For which kinds (None: any), and how they are held then. The first row counts; where none does it is at the side.
_Row = tuple[tuple[_Kind, ...] | None, Grip]
_HELD: tuple[_Row, ...] = (
    ((_Kind.LONG,), Grip.UPRIGHT), ((_Kind.STRUNG,), Grip.AFLOAT), ((_Kind.SLANTED,), Grip.ACROSS),
    ((_Kind.VOICE,), Grip.MOUTH), ((_Kind.STANDING,), Grip.GROUND), (None, Grip.HANDS),
)  # fmt: skip
_ROWS: dict[_Deed, tuple[_Row, ...]] = {
    _Deed.EAT: ((None, Grip.MOUTH),),
    _Deed.HOLD: _HELD,
    _Deed.USE: (((_Kind.SHEET,), Grip.READ), *_HELD),
    _Deed.HAVE: _HELD,
    _Deed.RAISE: ((None, Grip.RAISED),),
    _Deed.READ: ((None, Grip.READ),),
    _Deed.PLAY: (
        ((_Kind.SLANTED,), Grip.ACROSS), ((_Kind.STANDING,), Grip.GROUND), ((_Kind.BLOWN, _Kind.VOICE), Grip.MOUTH),
        ((_Kind.PAD,), Grip.HANDS), ((_Kind.STRUNG,), Grip.AFLOAT),
    ),
    _Deed.FLY: (((_Kind.STRUNG,), Grip.FLOWN),),
    _Deed.PUSH: ((None, Grip.PUSHED),),
    _Deed.PULL: ((None, Grip.PULLED),),
}  # fmt: skip
_KINDS = {
    icon: frozenset(kind for kind, icons in _ICONS.items() if icon in icons.split())
    for icon in " ".join(_ICONS.values()).split()
}
_MOUTHS = frozenset(("mouth", "beak", "teeth", "lips", "trunk", "snout"))
_LISTED = (Join.AND, None)


def settle(prompt: PromptWords, lexicon: Lexicon, items: Sequence[Item], held: Sequence[Item]) -> None:
    """Say how each thing is held, in place. `items`: in their order in the prompt. `held`: all that somebody has."""
    joined: tuple[str, ...] = ()
    first = items[0]
    for before, each in pairwise(items):
        if each.join not in _LISTED or not joined:
            joined, first = each.joined, before
        if each in held:
            at = each.thing.end + len(("in", "its"))
            part = prompt.plain[at] if each.body == "in" else ""
            icon = lexicon.vocabulary.subjects[each.thing.number].icon
            each.grip = _grip(each.holders[-1] if each.holders else first, each, icon, joined, part)


def _grip(first: Item, second: Item, icon: str, words: tuple[str, ...], part: str) -> Grip | None:
    """How the first thing has the second; None where nothing is known.

    `icon`: of the second. `words`: by which they are joined. `part`: of the body where it is said to be; else "".
    """
    deed = _DEEDS.match(words, 0)
    if first.role not in BEINGS or not deed or deed[1] < len(words):
        return None
    if deed[0] is _Deed.HAVE and second.role not in IN_HANDS:
        return None
    if part in _MOUTHS:
        return Grip.MOUTH
    kinds = _KINDS.get(icon, frozenset())
    return next((found for of, found in _ROWS[deed[0]] if of is None or not kinds.isdisjoint(of)), None)
