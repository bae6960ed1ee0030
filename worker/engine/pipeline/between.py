"""Where a mark goes that is between two in a row: over their heads, before both, on the ground."""

from collections.abc import Callable, Mapping

from worker.engine.prompt_match.layout import Relation

from .spot import Extent, Spot

Box = tuple[float, float, float, float]  # left, top, right, bottom


def box(spot: Spot, extent: Extent) -> Box:
    """What is taken by something of that extent there."""
    return spot.left, spot.top, spot.left + extent[0] * spot.scale, spot.top + extent[1] * spot.scale


def _between(large: float, down: Callable[[Box, Box], float]) -> Callable[[Box, Box, Extent], Spot]:
    """A mark in the middle between two in a row, so large beside the larger of them, its middle so far down."""

    def placed(one: Box, other: Box, mark: Extent) -> Spot:
        longest = max(max(right - left, bottom - top) for left, top, right, bottom in (one, other))
        scale = large * longest / max(mark)
        middle = (one[2] + other[0]) / 2
        return Spot(middle - mark[0] * scale / 2, down(one, other) - mark[1] * scale / 2, scale)

    return placed


def _tops(one: Box, other: Box) -> float:
    return max(one[1], other[1])


def _middles(one: Box, other: Box) -> float:
    """Where both are at their middle; of a small and a large one where the small one is."""
    return (max(one[1], other[1]) + min(one[3], other[3])) / 2


def _feet(one: Box, other: Box) -> float:
    return min(one[3], other[3]) - 0.16 * (one[3] - one[1])


BETWEEN: Mapping[Relation, Callable[[Box, Box, Extent], Spot]] = {
    Relation.OVER_TWO: _between(0.3, _tops),
    Relation.BETWEEN_TWO: _between(0.5, _middles),
    Relation.AT_HEELS: _between(0.4, _feet),
}
