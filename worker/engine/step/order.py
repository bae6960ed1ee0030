"""Whose turn it is, among groups of pictures that cannot be drawn together: the one that has had the least time.

A newcomer begins where the one that is furthest behind stands: it waits for one turn of each of the others at most, and
owes nothing for the time before it came.
"""

from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

Group = TypeVar("Group", bound=Hashable)


class Order(Generic[Group]):
    """Counts seconds of those that are there."""

    def __init__(self) -> None:
        self._spent: dict[Group, float] = {}

    def next(self, groups: Collection[Group]) -> Group:
        """One of some, of which there is at least one; those that are not among them are forgotten."""
        known = {group: spent for group, spent in self._spent.items() if group in groups}
        least = min(known.values(), default=0.0)
        self._spent = {group: known.get(group, least) for group in groups}
        return min(groups, key=self._spent.__getitem__)

    def had(self, group: Group, seconds: float) -> None:
        """It had a turn."""
        self._spent[group] = self._spent.get(group, 0.0) + seconds
