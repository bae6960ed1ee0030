"""Where one is in boxes, baskets, cups, boats, bowls and ponds, and how much of whoever is in them is seen. Data alone.

By their emoji's names, as `KnownSubject.icon` has them. Before the middle of whatever is missing here stands its
front, which hides as much.
"""

from worker.engine.prompt_match.layout import HeadPlace
from worker.engine.prompt_match.opening import Opening, Within

from .heads import HEADS
from .roles import BEINGS, ROLES, ThingRole
from .wearers import WEARERS

# Across, down, wide, high and arc in hundredths, and how one is in it where that is not inside: see `Opening`. What is
# drawn in several styles has its rim a bit higher or lower in each.
_OPENINGS = """
open-box 50 37 70 80, basket 50 35 76 80 15, bathtub 50 36 76 58 4, teacup 44 34 64 80 14, mug 40 28 62 80 10,
cauldron 50 34 66 75 13, flower-pot 50 34 76 80 13, rowboat 50 37 72 56 2, bucket 50 10 80 75 5,
wastebasket 50 8 84 75 3, shopping-cart 46 24 64 75, treasure-chest 50 55 80 70, canoe 50 38 62 55,
convertible 58 54 34 52, racing-car 55 48 34 50, sailboat 56 73 60 55, pirate-ship 50 66 56 40,
hot-air-balloon 50 84 26 26, tractor 66 52 40 60, speedboat 60 42 40 45, nest-with-eggs 46 44 60 70 10,
sled 50 55 70 75,
tank 41 12 34 45,
fishbowl 50 52 62 40 0 glass, jar 50 60 80 58 0 glass, snow-globe 50 42 56 40 0 glass, coffin 46 44 62 60 0 glass,
automobile 50 30 44 34 0 glass, taxi 50 37 44 34 0 glass, police-car 50 36 44 34 0 glass, bus 50 36 44 34 0 glass,
sport-utility-vehicle 46 34 44 34 0 glass, delivery-truck 24 40 34 34 0 glass,
fire-engine 26 42 30 30 0 glass, train 38 38 34 34 0 glass, tram 50 48 44 32 0 glass, locomotive 82 38 30 32 0 glass,
helicopter 24 46 34 34 0 glass, submarine 60 60 34 30 0 glass, flying-saucer 57 22 34 34 0 glass,
airplane 30 25 30 30 0 glass, rocket 50 38 34 28 0 glass, television 48 56 60 44 0 glass,
washing-machine 50 60 50 44 0 glass,
bowl 50 26 84 80 13, cooking-pot 50 36 64 75, sink 50 40 66 70 8, wheelbarrow 42 36 66 70, wallet 46 34 66 60,
blanket 50 34 74 80, fence 50 42 84 80, cannon 13 32 34 60, hammock 50 52 46 52 8,
frying-pan 40 42 46 42 0 glass, oven 50 66 46 30 0 glass, microwave 38 48 44 40 0 glass, blender 50 32 40 40 0 glass,
birdcage 50 58 56 50 0 glass, van 24 38 30 30 0 glass,
pond 50 61 70 40 0 water,
river 50 80 44 50 0 water
"""
_SEEN = {ThingRole.HEAD: 0.9, ThingRole.BEING: 0.62}  # of the height, from the top, so that a face is
_THING = 0.5  # likewise of what has none, but for what has its fruit, or its buds, lower down
_LOWER = {"cherries": 0.9, "cactus": 0.75} | dict.fromkeys(
    ["tulip", "rose", "sunflower", "hibiscus", "lily", "blossom"], 0.65
)
_BELOW_CHIN = 0.04  # of the height
_LEAST, _MOST = 0.55, 0.9
_FACE, _UNDER_HAT = 1.08, 0.8  # in widths of a head: how high it is, with hair and from a hat to the chin


def _opening(row: str) -> tuple[str, Opening]:
    icon, *numbers = row.split()
    within = Within[numbers.pop().upper()] if numbers[-1].isalpha() else Within.INSIDE
    across, down, wide, high, arc = (int(each) / 100 for each in [*numbers, "0"][:5])
    return icon, Opening(across, down, wide, high, arc, within)


OPENINGS = dict(map(_opening, _OPENINGS.split(",")))


def seen(icon: str) -> float:
    """How much of a thing, of its height and from the top, is to be seen where it is in something: its face, if any."""
    worn, head, role = WEARERS.get(icon), HEADS.get(icon), ROLES.get(icon, ThingRole.THING)
    if worn:
        chin = worn.neck.down
    elif head:
        chin = _chin(head)
    else:
        return _SEEN.get(role, _THING) if role in BEINGS else _LOWER.get(icon, _THING)
    return min(max(chin + _BELOW_CHIN, _LEAST), _MOST)


def _chin(head: HeadPlace) -> float:
    return head.down + head.wide * (_UNDER_HAT if head.hat else _FACE)
