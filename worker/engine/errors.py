"""Why the engine could not do what it was asked.

EngineError
├── RenderError            a render ended without its pictures; carries a Reason and a Cause for a person
│   ├── RenderCancelledError its client closed the connection
│   ├── OutOfTimeError     a phase took longer than its budget
│   ├── OutOfMemoryError   it does not fit, even one picture at a time
│   ├── NoTileError        nor does one tile of a picture to upscale
│   ├── ModelGoneError     the model is missing, damaged or not in the catalogue
│   ├── UnfitError         this model cannot draw this request
│   ├── SourceError        the picture to upscale cannot be used
│   └── DeviceLostError    the device needs a new process
├── TurnedAwayError        no place, still loading, or draining: the render was not accepted
├── CatalogueError         models.toml cannot be used
├── ModelError             one model cannot be loaded; says which, why, and what to do
└── SocketError            the socket cannot be opened

What a RenderError carries is told to whoever asked, in their language; the other words are for logs and operators.
"""

from worker.contract.message.cause_texts import logged
from worker.contract.types import cause as causes
from worker.contract.types.cause import Cause
from worker.contract.types.job import Reason

_OVER_BUDGET = {
    "load": causes.load_over_budget,
    "encode": causes.encode_over_budget,
    "steps": causes.steps_over_budget,
    "decode": causes.decode_over_budget,
}


class EngineError(Exception):
    """Base of everything the engine raises on purpose."""


class RenderError(EngineError):
    """A render that ended without its pictures.

    Attributes:
        reason: how its job ends.
        cause: more exactly why.
        detail: that in English, for logs and for slots of an older Easel, which log it: without people's words.
    """

    reason = Reason.ENGINE

    def __init__(self, cause: Cause) -> None:
        self.cause, self.detail = cause, logged(cause)
        super().__init__(self.detail)


class RenderCancelledError(RenderError):
    """The client went away; nobody reads why."""

    def __init__(self) -> None:
        super().__init__(causes.render_cancelled())


class OutOfTimeError(RenderError):
    """A phase took longer than its budget."""

    reason = Reason.TIMEOUT

    def __init__(self, phase: str, budget: float) -> None:
        super().__init__(_OVER_BUDGET[phase](budget))
        self.phase, self.budget = phase, budget


class OutOfMemoryError(RenderError):
    """The device's memory does not hold this render."""

    reason = Reason.MEMORY

    def __init__(self, width: int, height: int) -> None:
        super().__init__(causes.size_over_memory(width, height))
        self.width, self.height = width, height


class NoTileError(RenderError):
    """The device's memory does not hold the smallest tile."""

    reason = Reason.MEMORY

    def __init__(self) -> None:
        super().__init__(causes.tile_over_memory())


class ModelGoneError(RenderError):
    """The model is missing, damaged or not in the catalogue."""

    reason = Reason.MODEL


class UnfitError(RenderError):
    """This model cannot draw this request."""

    reason = Reason.INVALID


class SourceError(RenderError):
    """The picture to upscale cannot be used."""

    reason = Reason.SOURCE


class DeviceLostError(RenderError):
    """The device answers no more in this process; only a new one can open it again."""

    def __init__(self) -> None:
        super().__init__(causes.device_lost())


class TurnedAwayError(EngineError):
    """The render was not accepted; `busy`, `loading`, `draining` or `sick` says why, `detail` for logs alone."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class CatalogueError(EngineError):
    """The catalogue's file cannot be used at all."""


class ModelError(EngineError):
    """One model cannot be loaded."""

    def __init__(self, model: str, why: str, remedy: str) -> None:
        super().__init__(f"model {model}: {why} {remedy}")
        self.model, self.why, self.remedy = model, why, remedy


class SocketError(EngineError):
    """The socket cannot be opened: its path is too long, or another engine holds it."""
