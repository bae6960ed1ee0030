"""Where the mouth and the hands of those are who hold, eat, read and play. Data alone.

By their emoji's names, as `KnownSubject.icon` has them. Of all others it is known from where they wear things.
"""

from worker.engine.prompt_match.grip import Reach
from worker.engine.prompt_match.layout import HeadPlace, WornPlaces

from .heads import HEADS
from .wearers import WEARERS

# Across and down of the mouth, how far down the eyes reach, across and down of the hands, in hundredths.
_PLACES = """
ghost 50 50 38 50 78; black-cat 10 36 28 20 60 sideways; baby-chick 10 28 22 30 60 sideways;
flamingo 8 18 10 34 50 sideways; peacock 42 38 30 50 75; dolphin 10 42 32 40 65 sideways;
tropical-fish 6 58 52 30 70 sideways; jellyfish 50 45 40 50 60; crab 50 62 52 50 70; snowman 50 42 34 50 72;
teddy-bear 50 34 24 50 68; beaver 10 34 26 34 60 sideways; turkey 10 22 16 40 60 sideways;
rooster 10 24 18 40 60 sideways; llama 4 44 40 30 70 sideways; hatching-chick 50 40 30 50 72;
swan 8 26 18 34 66 sideways;
goose 8 20 12 36 56 sideways; seal 12 40 30 34 70 sideways; shrimp 6 50 40 30 70 sideways; ant 6 50 40 30 70 sideways;
carousel-horse 12 34 24 34 60 sideways; nesting-dolls 50 34 28 50 66; blowfish 6 55 45 40 75 sideways;
mammoth 20 55 40 36 70 sideways; rat 8 44 30 30 70 sideways;
unicorn 12 60 45 30 84 sideways; dragon-face 12 66 34 40 88 sideways; moose 30 78 55 50 98;
fox 50 86 66 50 102; wolf 50 80 52 50 102; raccoon 50 82 62 50 102; lion 50 72 50 50 98; koala 50 84 50 50 102;
bear 50 72 46 50 98; panda 50 74 56 50 98; frog 50 66 40 50 98; pig-face 50 82 48 50 100; cow-face 50 84 48 50 100;
rabbit-face 50 80 64 50 102; dog-face 50 78 50 50 100; axolotl 50 62 48 50 94; red-panda 50 84 60 50 102;
hamster 50 80 66 50 102; mouse-face 50 80 66 50 102; cat-face 50 80 60 50 102; tiger-face 50 78 58 50 100;
corgi 50 80 58 50 102;
werewolf 50 80 50 50 100; skull 50 85 62 50 100; alien 50 80 64 50 102; troll 50 50 34 50 85; robot 50 58 48 50 88
"""
_FACE = Reach((0.5, 0.75), 0.58, (0.5, 0.98))  # which fills the drawing
_TIP = 0.25  # of the width: nearer to the left edge is a snout that is seen from the side
_ASIDE = 0.1  # of the width, from the middle of the skull: likewise
# Of a person, in widths of the head below its top: the mouth and the eyes' lower edge, also under a hat.
_MOUTH, _EYES = (1.0, 0.55), (0.82, 0.36)


def _reach(row: str) -> tuple[str, Reach]:
    icon, *numbers, how = row.split() if row.endswith("sideways") else [*row.split(), ""]
    mouth, mouth_down, eyes, hands, hands_down = (int(each) / 100 for each in numbers)
    return icon, Reach((mouth, mouth_down), eyes, (hands, hands_down), sideways=bool(how))


_KNOWN = dict(map(_reach, _PLACES.split(";")))


def reach_of(icon: str, *, head_alone: bool) -> Reach:
    """Where the mouth and the hands of somebody are; `head_alone`: little more than the head is drawn."""
    if icon in _KNOWN:
        return _KNOWN[icon]
    if icon in WEARERS:
        return _of_animal(WEARERS[icon])
    if icon in HEADS:
        return _of_person(HEADS[icon], head_alone=head_alone)
    return _FACE if head_alone else Reach()


def _of_animal(places: WornPlaces) -> Reach:
    lip, neck = places.lip, places.neck
    sideways = lip.across < max(_TIP, places.head.across - _ASIDE)
    hands = neck.across, neck.down + 0.4 * (1 - neck.down)
    across = min(lip.across, places.eyes.across - places.eyes.wide / 2) if sideways else lip.across
    beside = max(Reach.beside, places.eyes.across + places.eyes.wide / 2)
    return Reach((across, lip.down + 0.03), places.eyes.down + 0.08, hands, beside, sideways=sideways)


def _of_person(head: HeadPlace, *, head_alone: bool) -> Reach:
    mouth, eyes = (head.down + each[head.hat] * head.wide for each in (_MOUTH, _EYES))
    return Reach((head.across, mouth), eyes, (head.across, 0.88 if head_alone else mouth + head.wide))
