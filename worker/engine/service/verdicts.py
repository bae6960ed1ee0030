"""What the end of a render says of its model and of this engine."""

import logging
from collections.abc import Callable
from functools import partial

from worker.contract.types import cause as causes
from worker.engine.errors import DeviceLostError, OutOfTimeError, RenderError

from .backend import Backend
from .circuit_breaker import CircuitBreaker
from .places import Places
from .turns import Ended

log = logging.getLogger(__name__)


class Verdicts:
    """Tells breaker and places how renders end.

    Args:
        lost: called with why once the device is lost, and a new process must take over.
    """

    def __init__(self, breaker: CircuitBreaker, places: Places, backend: Backend, lost: Callable[[str], None]) -> None:
        self._breaker, self._places, self._backend, self._tell_lost = breaker, places, backend, lost
        self._is_lost = False

    def of(self, ended: Ended) -> Callable[[], None]:
        """What tells the outcome to whoever asked for the render."""
        task, error = ended.task, ended.error
        job, model = task.call.job, task.request.resource
        if error is None:
            self._breaker.drew(job, model)
            self._places.learn(task)
            return partial(task.finish, self._backend.name, ended.peak)
        if self._is_lost and task.begun and not isinstance(error, DeviceLostError):
            error = DeviceLostError()  # however it ended: the device was lost while it was drawn
        if isinstance(error, RenderError):
            if isinstance(error, DeviceLostError):
                self._is_lost = True
                self._tell_lost(error.detail)
                self._breaker.lost(job, model, error.detail.rstrip("."))
            elif isinstance(error, OutOfTimeError):
                self._breaker.failed(job, model, error.detail.rstrip("."))
            else:
                self._breaker.ended(job)
            return partial(task.fail, error)
        log.error("render %s failed", task.call.id, exc_info=error)
        failure = RenderError(causes.drawing_failed(type(error).__name__))
        self._breaker.failed(job, model, failure.detail.rstrip("."))
        return partial(task.fail, failure)
