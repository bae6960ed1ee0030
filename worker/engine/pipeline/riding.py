"""Where somebody is who rides: on the back, the saddle or the deck of what is ridden, as its `Seat` tells."""

from collections.abc import Mapping

from worker.engine.prompt_match.layout import RIDING, Relation, Size

from .pair import Pair
from .spot import Spot, Spots

_SIZES: Mapping[Size, float] = {Size.TINY: 0.6, Size.SMALL: 0.8, Size.USUAL: 1.0, Size.LARGE: 1.25}
_WIDE = 0.7  # of the width of a rider, or of a row of them: what is wider than high may be a bit wider than a seat


def mounted(pair: Pair) -> Spots | None:
    """Where two groups go of which the first rides the second; None where it does not, or nobody knows the seat."""
    figures, (riders, ridden) = pair.layout.figures, pair.sides
    mount = figures[ridden[0]]
    if pair.relation not in RIDING or len(ridden) != 1 or mount.seat is None:
        return None
    seat = mount.seat
    if pair.relation is Relation.IN and not seat.behind:
        return None  # inside a whale, not on its back
    one, other = pair.first, pair.second
    times = _SIZES[figures[riders[0]].size] / _SIZES[mount.size]
    high, long = max(one[3] - one[1], _WIDE * (one[2] - one[0])), max(other[2] - other[0], other[3] - other[1])
    scale = seat.large * times * long / high
    across = 1 - seat.across if mount.mirrored else seat.across
    x, y = other[0] + across * (other[2] - other[0]), other[1] + seat.down * (other[3] - other[1])
    rider = (0, Spot(x - (one[0] + one[2]) / 2 * scale, y - one[3] * scale, scale))
    return [rider, (1, Spot(0, 0))] if seat.behind else [(1, Spot(0, 0)), rider]
