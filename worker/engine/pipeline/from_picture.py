"""Which of diffusers' pipelines draws from a picture with the parts of a model that Easel's loop does not know."""

import inspect
from typing import Any

from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting

from worker.contract.types import cause as causes
from worker.contract.types.operation import Operation
from worker.engine.errors import UnfitError

from . import safeguards

_MAKERS: dict[Operation, Any] = {
    Operation.IMG2IMG: AutoPipelineForImage2Image,
    Operation.INPAINT: AutoPipelineForInpainting,
}


def pipeline_for(pipeline: Any, operation: Operation, title: str) -> Any:
    """The pipeline itself for what it does, or another one of the same parts. Raises UnfitError where there is none."""
    if operation is Operation.TXT2IMG:
        return pipeline
    try:
        made = _MAKERS[operation].from_pipe(pipeline)
    except (LookupError, ValueError, TypeError) as error:  # no such family; parts that its pipeline wants and it lacks
        raise UnfitError(causes.operation_unfit(title, str(operation))) from error
    # Some that take a picture change what it shows by words, and know nothing of a strength: another operation.
    if "strength" not in inspect.signature(type(made).__call__).parameters:
        raise UnfitError(causes.operation_unfit(title, str(operation)))
    made.set_progress_bar_config(disable=True)
    safeguards.refuse_in_words(made)
    return made
