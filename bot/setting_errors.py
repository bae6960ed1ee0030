"""What stands against a change of a server's settings, as `errors.py` has all other reasons to say no."""

from collections.abc import Sequence
from enum import Enum

from worker.contract.types.server_settings import Change

from .errors import EaselError, Refusal


class Wrong(Enum):
    """What is wrong with a value that an admin typed."""

    NUMBER = "number"
    WHOLE = "whole"
    SPAN = "span"
    LOW = "low"
    HIGH = "high"
    CEILING = "ceiling"
    STEP = "step"
    LONG = "long"
    CHOICE = "choice"
    CHANNEL = "channel"


class WrongValue(EaselError):  # noqa: N818 - it is told in words, as a Refusal, but with all others of its form
    """A value of a setting that cannot be; `label` names the setting, `ceiling` is the operator's in words."""

    def __init__(
        self, why: Wrong, label: str, typed: str, *, least: float = 0, most: float = 0, step: int = 1,
        ceiling: str = "", choices: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(f"{label}: {why.value}")
        self.why = why
        self.label = label
        self.typed = typed
        self.least = least
        self.most = most
        self.step = step
        self.ceiling = ceiling
        self.choices = tuple(choices)


class NotAdmin(Refusal):
    """Settings of a server are for those who may manage it, or whom its admins let use `/server`."""


class ChangedMeanwhile(Refusal):
    """Somebody else has set the same since it was read; `change` is what they set, None where nobody can tell."""

    def __init__(self, change: Change | None) -> None:
        super().__init__(change.number if change else 0)
        self.change = change


class NothingToUndo(Refusal):
    """The change that was to be undone is not known any more."""


class BadImport(Refusal):
    """A file that is no export of settings; `newer`: one of a newer Easel."""

    def __init__(self, *, newer: bool = False) -> None:
        super().__init__(newer)
        self.newer = newer


class UnknownSetting(Refusal):
    """There is no setting of the name that was typed for one."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class NotInServer(Refusal):
    """This can be done in a server alone."""


class NotAPerson(Refusal):
    """Bots ask for nothing, so nothing can be set for one."""


class BlocksThemselves(Refusal):
    """An admin means to block themselves."""


class LastModel(Refusal):
    """No model would be left that may be used in a server."""
