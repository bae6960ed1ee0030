"""Two groups of figures that stand to each other in some way: who rides and what is ridden, who is in what."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.engine.prompt_match.layout import Layout, Relation

from .between import Box, box
from .spot import Extent, Group


@dataclass(frozen=True)
class Pair:
    """Two groups, and how the first stands to the second.

    Attributes:
        layout: in which they are.
        relation: in which way.
        sides: the figures of each that the relation is of; whatever else is in it hangs on these.
        groups: where all of each are within it.
        extents: of all figures.
    """

    layout: Layout
    relation: Relation
    sides: tuple[Sequence[int], Sequence[int]]
    groups: tuple[Group, Group]
    extents: Sequence[Extent]

    @property
    def first(self) -> Box:
        """What the only figure of the first takes of its group's room; of several in a row, all of that."""
        return self._box(0) if len(self.sides[0]) == 1 else (0.0, 0.0, *self.groups[0][1])

    @property
    def second(self) -> Box:
        """What the figure of the second takes of its group's room."""
        return self._box(1)

    def _box(self, side: int) -> Box:
        number = self.sides[side][0]
        return box(dict(self.groups[side][0])[number], self.extents[number])
