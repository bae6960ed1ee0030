"""Where something is counted, for who does not care where that is kept."""

from typing import Protocol


class Metrics(Protocol):
    """Where something is counted. No method ever raises for what it is told."""

    def count(self, name: str, by: float = 1, /, **labels: str) -> None:
        """So many more."""

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """One more of a histogram, mostly seconds."""

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """What a gauge shows from now on."""


class NoMetrics:
    """For processes that nobody asks."""

    def count(self, name: str, by: float = 1, /, **labels: str) -> None:
        """Nothing."""

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Nothing."""

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Nothing."""


NO_METRICS = NoMetrics()
