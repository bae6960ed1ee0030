"""What whoever runs Easel allows at most, and what holds in a server whose admins set nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from worker.contract.types.server_settings import Limits, Together, Usual

Table = TypeVar("Table", Limits, Together)


@dataclass(frozen=True)
class Bounds:
    """What one server and its people may have at most.

    Attributes:
        each, together: as admins set them, at most. None: there is no bound.
        unset: of a person where the admins set nothing; None: as much as `each` allows.
    """

    each: Limits = field(default_factory=Limits)
    together: Together = field(default_factory=Together)
    unset: Limits = field(default_factory=Limits)

    def over(self, base: "Bounds") -> "Bounds":
        """These bounds, and those of `base` where nothing is said here."""
        return Bounds(_over(self.each, base.each), _over(self.together, base.together), _over(self.unset, base.unset))


@dataclass(frozen=True)
class Ceilings:
    """The operator's own limits, from the environment and `limits.toml`.

    Attributes:
        bounds: of every server.
        tiers: by name what differs in servers that the operator put into one.
        usual: of a request where neither its person nor the admins say more; `model`: which model, by id or title.
        everywhere: requests of a person over all servers that may wait or run; 0: any number.
        per_minute: starts of a person over all servers; 0: any number.
        total: requests that may wait or run altogether. Beyond it only who holds more than its share is refused.
    """

    bounds: Bounds = field(default_factory=Bounds)
    tiers: Mapping[str, Bounds] = field(default_factory=dict)
    usual: Usual = field(default_factory=lambda: Usual(pictures=4))
    model: str = ""
    everywhere: int = 10
    per_minute: int = 20
    total: int = 500

    def of(self, tier: str | None) -> Bounds:
        """The bounds of a server in this tier; those of all in one that `limits.toml` does not have."""
        return self.tiers.get(tier or "", Bounds()).over(self.bounds)

    def differs(self, tier: str | None, table: str, name: str) -> bool:
        """Whether it is this tier that sets `name` in `each`, `together` or `unset`."""
        bounds = self.tiers.get(tier or "", Bounds())
        return getattr(getattr(bounds, table), name) is not None


def _over(upper: Table, base: Table) -> Table:
    return base.model_copy(update=upper.model_dump(exclude_none=True))
