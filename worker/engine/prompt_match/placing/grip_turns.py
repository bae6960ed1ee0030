"""Which way round a thing is that somebody holds: its handle at the hand, its mouthpiece at the mouth."""

from collections.abc import Sequence
from dataclasses import replace

from worker.engine.prompt_match.grip import Grip
from worker.engine.prompt_match.layout import Figure, Relation
from worker.engine.prompt_match.reading.scene import Arrangement

# Drawn with the handle, or the string, at the right; things are held at the right side of whoever faces you.
_HANDLE_RIGHT = frozenset(("axe", "hammer", "flashlight", "kite", "boomerang", "wrench", "pick", "megaphone"))
# By what goes before somebody's face or hands, at whose other side it is the other way round.
_ONE_WAY = frozenset((Grip.MOUTH, Grip.UPRIGHT, Grip.AFLOAT, Grip.FLOWN, Grip.PUSHED))


def towards_holders(figures: Sequence[Figure], arrangement: Arrangement, icons: Sequence[str]) -> tuple[Figure, ...]:
    """Figures with each that is held turned to its holder. `icons`: of each, as `KnownSubject.icon` has them."""
    standing = len(figures) - len(arrangement.hanging)
    found = [*figures]
    for at, figure in enumerate(figures):
        if figure.grip:
            holds_all = arrangement.leading - 1 if arrangement.relation is Relation.WITH else 0
            holder = figures[arrangement.hanging[at - standing].on if at >= standing else holds_all]
            found[at] = replace(figure, mirrored=figure.mirrored != _is_other_way(figure.grip, icons[at], holder))
    return tuple(found)


def _is_other_way(grip: Grip, icon: str, holder: Figure) -> bool:
    at_left = holder.reach is not None and holder.reach.sideways != holder.mirrored
    if grip is Grip.PULLED:
        return not at_left
    return grip in _ONE_WAY and (icon in _HANDLE_RIGHT) != at_left
