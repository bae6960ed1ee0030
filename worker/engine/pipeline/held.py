"""Where a thing goes that somebody holds, eats, reads, plays or flies, as its `Grip` and the holder's `Reach` tell.

All is thought to be at the right side of the holder, to which a snout is thought to point; where it points to the left,
or somebody is mirrored, it is the other way round.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import sqrt

from worker.engine.prompt_match.grip import Grip, Reach
from worker.engine.prompt_match.layout import Figure, Hanging, Layout, Relation, Size

from .spot import Extent, Group, Spot, Spots
from .worn import Placing

_SIZES: Mapping[Size, float] = {Size.TINY: 0.55, Size.SMALL: 0.75, Size.USUAL: 1.0, Size.LARGE: 1.6}
_SINGLY = frozenset((Grip.UPRIGHT, Grip.AFLOAT, Grip.FLOWN))  # of several one alone has it
_SHARED, _BETWEEN = 0.62, 0.66  # how large it is beside each of them, and how far down it begins
_LOW = 0.9  # of the height: hands that are lower are not seen, nor is much of a body


@dataclass(frozen=True)
class _Held:
    """What is to be placed, and by what.

    Attributes:
        reach: the holder's, looking to the right if from the side.
        holder, thing: how large they are.
        times: as large as usual the thing is to be.
    """

    reach: Reach
    holder: Extent
    thing: Extent
    times: float

    @property
    def bodiless(self) -> bool:
        """Whether little more than a head is drawn."""
        return self.reach.hands[1] > _LOW

    def large(self, share: float, bodiless: float = 0.0) -> float:
        """The scale by which the thing's longer side is that share of its holder's mean side."""
        share = bodiless if bodiless and self.bodiless else share
        return share * self.times * sqrt(self.holder[0] * self.holder[1]) / max(self.thing)

    def at(self, scale: float, across: float, down: float, grasp: tuple[float, float], top: float = -9.0) -> Spot:
        """So large, and the share `grasp` of it at shares of the holder; no higher than at `top`, one of those."""
        wide, high = self.thing[0] * scale, self.thing[1] * scale
        upper = max(top * self.holder[1], down * self.holder[1] - grasp[1] * high)
        return Spot(across * self.holder[0] - grasp[0] * wide, upper, scale)


def held_by(holder: Figure, thing: Figure, relation: Relation) -> Placing | None:
    """How a thing is held by a figure of which it is known how; None where it is not."""
    if relation is not Relation.WITH or thing.grip is None or holder.reach is None:
        return None
    grip, times = _GRIPS[thing.grip], _SIZES[thing.size]
    reach = holder.reach.turned_round if holder.reach.sideways else holder.reach
    at_left = holder.reach.sideways != holder.mirrored

    def placed(who: Extent, what: Extent) -> Spots:
        spot = grip(_Held(reach, who, what, times))
        if at_left:
            spot = replace(spot, left=who[0] - spot.left - what[0] * spot.scale)
        return [(0, Spot(0, 0)), (1, spot)]

    return placed


def hung(layout: Layout) -> Layout:
    """The same where what one alone of the first figures holds hangs on it: each thing in its own grip."""
    others = range(layout.leading, layout.standing)
    grips = {layout.figures[number].grip for number in others}
    alone = layout.leading == 1 or grips <= _SINGLY
    if layout.relation is not Relation.WITH or grips <= {None} or not alone:
        return layout
    held = (Hanging(layout.leading - 1, Relation.WITH),) * len(others)
    return replace(layout, relation=Relation.BESIDE, hanging=(*held, *layout.hanging))


def shared(layout: Layout, groups: tuple[Group, Group]) -> Spots | None:
    """Where two groups go of which the first is a row that has the second together; None where it is none."""
    thing = layout.figures[layout.leading]
    if layout.relation is not Relation.WITH or thing.grip is None or layout.leading < 2:
        return None
    (wide, high), what = groups[0][1], groups[1][1]
    scale = _SHARED * _SIZES[thing.size] * min(high, wide / layout.leading * 1.2) / max(what)
    return [(0, Spot(0, 0)), (1, Spot(wide / 2 - what[0] * scale / 2, high * _BETWEEN, scale))]


def _mouth(held: _Held) -> Spot:
    across, down = held.reach.mouth
    if held.reach.sideways:
        return _before_snout(held, held.large(0.4), down)
    return held.at(held.large(0.38, 0.46), across + 0.05, down, (0.14, 0.4), held.reach.eyes)


def _before_snout(held: _Held, scale: float, down: float) -> Spot:
    """Its middle at that height, if that is above the ground and leaves the eyes free."""
    spot = held.at(scale, held.reach.mouth[0], down, (0.2, 0.5))
    top = min(spot.top, held.holder[1] - held.thing[1] * scale)
    return replace(spot, top=max(top, held.reach.eyes * held.holder[1]))


def _before_feet(held: _Held, scale: float) -> Spot:
    """On the ground, before somebody who is seen from the side."""
    spot = _before_snout(held, scale, 1.0)
    across = (held.reach.mouth[0] + held.reach.hands[0]) / 2
    return replace(spot, left=across * held.holder[0] - 0.2 * held.thing[0] * scale)


def _hands(held: _Held) -> Spot:
    if held.reach.sideways:
        return _mouth(held)
    across, down = held.reach.hands
    across += 0.1 * held.bodiless  # under the middle of a chin it were a beard
    return held.at(held.large(0.44, 0.46), across, down, (0.5, 0.5), held.reach.mouth[1] + 0.05)


def _upright(held: _Held) -> Spot:
    if held.reach.sideways:
        return held.at(held.large(0.78), held.reach.mouth[0] - 0.02, held.reach.hands[1], (0.0, 0.84))
    return _beside_eyes(held, held.at(held.large(0.78), 0.92, held.reach.hands[1], (0.3, 0.84)))


def _afloat(held: _Held) -> Spot:
    if held.reach.sideways:
        return held.at(held.large(0.66), held.reach.mouth[0], held.reach.hands[1], (0.0, 0.98))
    return _beside_eyes(held, held.at(held.large(0.66), 0.92, min(held.reach.hands[1], 0.9), (0.3, 0.98)))


def _beside_eyes(held: _Held, spot: Spot) -> Spot:
    return replace(spot, left=max(spot.left, held.reach.beside * held.holder[0]))


def _flown(held: _Held) -> Spot:
    return held.at(held.large(0.6), 0.84, min(0.36, held.reach.eyes - 0.2), (0.0, 1.0))


def _read(held: _Held) -> Spot:
    if held.reach.sideways:
        return _before_feet(held, held.large(0.52))
    across, down = held.reach.hands
    return held.at(held.large(0.62, 0.68), across, down, (0.5, 0.5), held.reach.mouth[1] + 0.06)


def _across(held: _Held) -> Spot:
    if held.reach.sideways:
        return _before_feet(held, held.large(0.7))
    across, down = held.reach.hands
    return held.at(held.large(0.8, 0.72), across, down + 0.04, (0.5, 0.5), held.reach.mouth[1] - 0.02)


def _ground(held: _Held) -> Spot:
    if held.reach.sideways:
        return _before_feet(held, held.large(0.7))
    return held.at(held.large(0.66), held.reach.hands[0], 1.06, (0.5, 1.0), held.reach.mouth[1] + 0.06)


def _pushed(held: _Held) -> Spot:
    return held.at(held.large(0.85), 1.0, 1.0, (0.05, 1.0))


def _pulled(held: _Held) -> Spot:
    return held.at(held.large(0.85), 0.0, 1.0, (0.95, 1.0))


def _raised(held: _Held) -> Spot:
    return held.at(held.large(0.95), held.reach.mouth[0], 0.12, (0.5, 1.0))


_GRIPS: Mapping[Grip, Callable[[_Held], Spot]] = {
    Grip.MOUTH: _mouth,
    Grip.HANDS: _hands,
    Grip.UPRIGHT: _upright,
    Grip.AFLOAT: _afloat,
    Grip.FLOWN: _flown,
    Grip.READ: _read,
    Grip.ACROSS: _across,
    Grip.GROUND: _ground,
    Grip.PUSHED: _pushed,
    Grip.PULLED: _pulled,
    Grip.RAISED: _raised,
}
