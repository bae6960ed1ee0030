"""The operator's limits, and whether a request keeps to them."""

from dataclasses import dataclass, field

from bot.errors import ModelObjects, TooManyPictures
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import Request
from worker.contract.types.timings import Caps


@dataclass(frozen=True)
class Policy:
    """What holds for one person at one place, resolved.

    Attributes:
        caps: jobs that may wait or run at once; admission counts them.
        count: pictures when the person chooses none.
        count_max: most pictures in one request.
        model: id of the model when the person chooses none; empty: the first there is.
    """

    caps: Caps = field(default_factory=Caps)
    count: int = 4
    count_max: int = 4
    model: str = ""

    def check(self, request: Request, model: ModelInfo) -> None:
        """Raise the Refusal that stands against this request, if one does."""
        if request.count > self.count_max:
            raise TooManyPictures(self.count_max)
        objection = model.objection(request)
        if objection is not None:
            raise ModelObjects(objection)
