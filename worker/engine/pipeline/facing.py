"""Which way round a picture is, as a model sees it that was taught each thing facing one way.

Such a model begun with the other way round draws both at once: a fish with two heads. So it begins with what it knows,
and what comes of it is turned back. Nothing else tells: a source may have been varied before, or come from anywhere.
"""

from worker.contract.types.request import Request
from worker.engine.step.advance import advance
from worker.engine.step.stepper import Stepper
from worker.engine.step.tables import Table
from worker.engine.step.trajectory import Source, Trajectory

_CLEARLY = 0.9  # times as far off at most is the way round that it knows: of what is alike both ways neither matters


def is_mirrored(stepper: Stepper, table: Table, asked: Request, source: Source, other: Source) -> bool:
    """Whether a model is nearer to a picture the other way round than to it as it is, from the same noise.

    That is asked at the first step of the table. `other`: the source the other way round.
    """
    condition, _ = stepper.family.conditions(asked.worded(0))
    missed = []
    for begun in (source, other):
        shape = tuple(begun.latents.shape)
        tried = Trajectory(table, shape, asked.seed, condition, drawn_in=stepper.family.dtype, source=begun)
        advance(stepper.family, [tried], 1)
        estimate = tried.estimate()
        assert estimate is not None  # noqa: S101 - it has taken a step
        missed.append(float((estimate - begun.latents).square().mean()))
    return missed[1] < _CLEARLY * missed[0]
