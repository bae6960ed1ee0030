"""The settings on which bot and workers must agree, because they decide about each other's jobs.

Both sides' settings inherit them. Whoever was started last decides: `store/settings_in_force.py` says how.
"""

from typing import Annotated

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_settings import SettingsConfigDict

from .setting_files import FiledSettings
from .types.timings import Timings

DAY = 86400.0  # seconds

# The upper bounds are far beyond all use. They keep infinity out, and every moment below 2^53 milliseconds, up to which
# Lua counts whole numbers.
Seconds = Annotated[float, Field(gt=0, le=365 * 86400)]
Days = Annotated[float, Field(gt=0, le=36500)]


class SharedSettings(FiledSettings):
    """What holds for every process of one Easel; each field is `EASEL_<NAME>` in the environment and in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="EASEL_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    lease: Seconds = Field(10.0, description="seconds after which a silent worker's job goes to another")
    attempts: int = Field(3, ge=1, le=10, description="tries at rendering a job before it fails")
    keep_days: Days = Field(30.0, description="days for which finished jobs are remembered")
    wait_max: Seconds = Field(6 * 3600.0, description="seconds that a job may wait before it fails")
    answer_grace: Seconds = Field(3.5, description="seconds after which a poster answers in the bot's place")

    @property
    def timings(self) -> Timings:
        """The same as the contract counts it."""
        return Timings(
            lease=self.lease,
            attempts=self.attempts,
            keep=self.keep_days * DAY,
            wait_max=self.wait_max,
            answer_grace=self.answer_grace,
        )

    @staticmethod
    def script_units() -> dict[str, tuple[int, float]]:
        """By name what one of it is for the scripts (milliseconds, or attempts), and its upper bound."""
        units = {"attempts": 1, "keep_days": int(DAY * 1000)}
        return {name: (units.get(name, 1000), _most(field)) for name, field in SharedSettings.model_fields.items()}

    def shared(self) -> dict[str, float]:
        """These settings alone, by name, without what a class that inherits them adds."""
        return {name: getattr(self, name) for name in SharedSettings.model_fields}


def _most(field: FieldInfo) -> float:
    return float(next(bound.le for bound in field.metadata if hasattr(bound, "le")))
