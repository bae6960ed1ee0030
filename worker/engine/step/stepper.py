"""A loaded model as the loop sees it: its family, and its samplers' tables."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Self

from worker.contract.types.operation import Operation
from worker.contract.types.request import Request

from .families import family_of
from .families.base import Family
from .fitted import Fitted
from .memory import is_out_of_memory
from .tables import Estimate, NotLinearError, Table, tabulate

_TABLES = 64  # of one model; the largest take some kilobytes


class Stepper:
    """Made once for each model in memory.

    Args:
        estimate: as `tabulate` takes it.

    Attributes:
        rows_fit: for a shape of latents, the rows that fitted into memory after more had not.
        decoded_fit: likewise pictures decoded at once.
    """

    def __init__(self, family: Family, estimate: Estimate) -> None:
        self.family, self._estimate = family, estimate
        self._tables: OrderedDict[tuple[Any, ...], Table] = OrderedDict()
        self.rows_fit, self.decoded_fit = Fitted(), Fitted()

    @classmethod
    def of(cls, pipeline: Any, estimate: Estimate) -> Self | None:
        """None for a pipeline that has to draw by itself."""
        family = family_of(pipeline)
        return cls(family, estimate) if family else None

    def table(self, asked: Request, fresh: Callable[[], Any], spacing: str | None = None) -> Table:
        """The steps of the sampler that is asked for, or of the model's own.

        `fresh` makes a new scheduler, whose timesteps lie as the model's own or as `spacing` says.

        Raises NotLinearError when no table describes it, and what torch raises when memory does not suffice.
        """
        size = (asked.width, asked.height) if self.family.plans_by_size else None
        left = None if _from_noise(asked) else asked.real_steps
        key = (asked.scheduler, asked.steps, left, size, spacing)
        if key in self._tables:
            self._tables.move_to_end(key)
            return self._tables[key]
        scheduler = fresh()
        self.family.plan(scheduler, asked)
        try:
            found = tabulate(scheduler, self._estimate, left).to(self.family.device)
        except (AttributeError, LookupError, ValueError, TypeError, RuntimeError) as error:
            if is_out_of_memory(error):  # which says nothing of the sampler
                raise
            # Samplers of models' own may want more than unit vectors; their pipelines know how to call them.
            raise NotLinearError from error
        self._tables[key] = found
        if len(self._tables) > _TABLES:
            self._tables.popitem(last=False)
        return found


def _from_noise(asked: Request) -> bool:
    """Whether nothing of a picture is in what it begins with; of one that is kept around its mask, if so wanted."""
    return asked.strength is None or (asked.operation is Operation.INPAINT and asked.strength == 1)
