"""What holds for one person at one place, and whether a request keeps to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.errors import ModelObjects
from bot.layers import OPERATOR, Layer, Value
from bot.limit_errors import Blocked, NotAllowed, OverLimit, Paused
from worker.contract.store.admission import AdmissionLimit, Refused
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Request
from worker.contract.types.server_settings import MEGAPIXEL, UsedUp, Usual, Whose
from worker.contract.types.telling import Telling
from worker.contract.types.timings import Caps, DayLimits, Versions

from .ceilings import Bounds

Number = TypeVar("Number", int, float)

_SECOND = 1000  # milliseconds
_DAY = ("day_pictures", "day_gpu_seconds")
# What admission counts, by the table and the name of its limit; all others are the operator's alone.
_COUNTED = {
    AdmissionLimit.PERSON: ("each", "at_once"),
    AdmissionLimit.RATE_MEMBER: ("each", "per_minute"),
    AdmissionLimit.DAY_PICTURES: ("each", "day_pictures"),
    AdmissionLimit.DAY_GPU: ("each", "day_gpu_seconds"),
    AdmissionLimit.SERVER: ("together", "at_once"),
    AdmissionLimit.RATE_SERVER: ("together", "per_minute"),
    AdmissionLimit.SERVER_DAY_PICTURES: ("together", "day_pictures"),
    AdmissionLimit.SERVER_DAY_GPU: ("together", "day_gpu_seconds"),
}


@dataclass(frozen=True)
class Policy:
    """The limits of one person at one place, resolved (`resolve.py`).

    Attributes:
        each: by the names in `Limits` what this person may have; a name that is missing has no limit.
        together: by the names in `Together` what all of the server may.
        bounds: what the operator allows at most here.
        everywhere, per_minute, total: as in `Ceilings`.
        used_up: what happens when a day is used up.
        usual: what a request has where nothing was typed; `model`: which model then, "" the first there is.
        buttons: by verb, who may use it under another person's picture.
        results_to: the channel in which results are posted; None: where they were asked for.
        tell: when this person is told that theirs has ended, who may have said otherwise; None: when asked.
        shut: why this person may ask for nothing here.
        versions: of the settings that this was made of; None: nobody compares them.
    """

    each: Mapping[str, Value[Any]] = field(default_factory=dict)
    together: Mapping[str, Value[Any]] = field(default_factory=dict)
    bounds: Bounds = field(default_factory=Bounds)
    everywhere: int = 0
    per_minute: int = 0
    total: int = 500
    used_up: UsedUp = UsedUp.REFUSE
    usual: Usual = field(default_factory=lambda: Usual(pictures=4))
    model: str = ""
    buttons: Mapping[str, Whose] = field(default_factory=dict)
    results_to: int | None = None
    tell: Telling | None = None
    shut: Blocked | Paused | None = None
    versions: Versions | None = None

    def check_open(self) -> None:
        """Raise the Refusal of someone who may ask for nothing here."""
        if self.shut:
            raise self.shut

    def check(self, request: Request, model: ModelInfo | None) -> None:
        """Raise the Refusal that stands against this request, if one does; of an upscale there is no model."""
        self.check_open()
        if request.upscale:
            how = request.upscale
            self._check("upscale_megapixels", how.width * how.height * how.scale**2 / MEGAPIXEL)
            return
        self._allowed("models", request.model)
        self._allowed("samplers", request.scheduler)
        self._check("pictures", request.count)
        self._check("steps", request.steps)
        self._check("megapixels", request.width * request.height / MEGAPIXEL)
        self._check("guidance_scale", request.guidance_scale)
        objection = model.objection(request) if model else None
        if objection is not None:
            raise ModelObjects(objection)

    def at_most(self, name: str, number: Number) -> Number:
        """A number that nobody typed, no larger than may be asked for."""
        limit = self.each.get(name)
        return number if limit is None else min(number, limit.value)

    def _check(self, name: str, asked: float) -> None:
        limit = self.each.get(name)
        if limit is not None and asked > limit.value:
            raise OverLimit(name, asked, limit)

    def _allowed(self, name: str, asked: str | None) -> None:
        if asked is not None and not self.allows(asked, name):
            raise NotAllowed(name, asked, self.each[name])

    def allows(self, wanted: str, name: str = "models") -> bool:
        """May this model, or with `name` this sampler, be drawn with here?"""
        limit = self.each.get(name)
        return limit is None or wanted in limit.value

    def layer_of(self, refused: Refused) -> Layer:
        """Where the limit comes from that an admission met."""
        table, name = _COUNTED.get(refused.why, ("each", ""))
        found = getattr(self, table).get(name)
        unit = _SECOND if name == "day_gpu_seconds" else 1
        # What is drawn after everybody else still ends at what the operator allows.
        return found.layer if found and found.value * unit == refused.limit else OPERATOR

    @property
    def caps(self) -> Caps:
        """What admission counts."""
        rate = self._number("per_minute")
        return Caps(
            person=self._number("at_once"),
            server=self._number("at_once", self.together),
            total=self.total,
            everywhere=self.everywhere,
            rate_person=self.per_minute,
            rate_member=0 if rate == self.per_minute else rate,  # over all servers, it is counted already
            rate_server=self._number("per_minute", self.together),
            day=_day(self.each, self.together),
            ceiling=_day(_top(self.bounds.each), _top(self.bounds.together)),
            used_up=self.used_up,
            versions=self.versions,
        )

    def _number(self, name: str, table: Mapping[str, Value[Any]] | None = None) -> int:
        """A limit as admission takes it, 0 for none."""
        found = (self.each if table is None else table).get(name)
        return found.value if found else 0


def _top(limits: Any) -> dict[str, Value[Any]]:
    found = {name: getattr(limits, name) for name in _DAY}
    return {name: Value(value, OPERATOR) for name, value in found.items() if value is not None}


def _day(each: Mapping[str, Value[Any]], together: Mapping[str, Value[Any]]) -> DayLimits:
    def most(table: Mapping[str, Value[Any]], name: str, unit: int = 1) -> int | None:
        found = table.get(name)
        return found.value * unit if found else None

    return DayLimits(
        pictures=most(each, "day_pictures"),
        ms=most(each, "day_gpu_seconds", _SECOND),
        server_pictures=most(together, "day_pictures"),
        server_ms=most(together, "day_gpu_seconds", _SECOND),
    )
