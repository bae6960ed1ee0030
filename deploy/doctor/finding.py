"""One line of what was found."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; the value is its mark on the screen."""

    WELL = "✓"
    WARNING = "!"
    WRONG = "✗"


@dataclass(frozen=True)
class Finding:
    """What was found.

    Attributes:
        about: what was looked at, such as `redis`.
        level: how bad it is.
        found: what there is, in a few words.
        do: what to do about it; empty where all is well.
    """

    about: str
    level: Level
    found: str
    do: str = ""

    def line(self) -> str:
        """As a person reads it."""
        return f"{self.level} {self.about:<11} {self.found}{f'. {self.do}' if self.do else ''}"

    def record(self) -> dict[str, str]:
        """As `--json` tells it; the level as a word."""
        return asdict(self) | {"level": self.level.name.lower()}


def well(about: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(about, Level.WELL, found)


def warning(about: str, found: str, do: str) -> Finding:
    """Easel works, but not as it could or not for long."""
    return Finding(about, Level.WARNING, found, do)


def wrong(about: str, found: str, do: str) -> Finding:
    """Easel does not work like this."""
    return Finding(about, Level.WRONG, found, do)
