"""Which of diffusers' pipelines draws from a picture with the parts of a model that Easel's loop does not know."""

import inspect
from typing import Any

from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting

from worker.contract.types import cause as causes
from worker.contract.types.operation import Operation
from worker.engine.errors import UnfitError

from . import safeguards
from .load import LoadedModel

_MAKERS: dict[Operation, Any] = {
    Operation.IMG2IMG: AutoPipelineForImage2Image,
    Operation.INPAINT: AutoPipelineForInpainting,
}


def pipeline_for(loaded: LoadedModel, operation: Operation) -> Any:
    """A model's pipeline for what it does itself, or another of its parts. Raises UnfitError where there is none."""
    if operation is Operation.TXT2IMG:
        return loaded.pipeline
    try:
        made = _MAKERS[operation].from_pipe(loaded.pipeline)
    except (LookupError, ValueError, TypeError) as error:  # no such family; parts that its pipeline wants and it lacks
        raise _unfit(loaded, operation) from error
    # Some that take a picture change what it shows by words, and know nothing of a strength: another operation.
    if "strength" not in inspect.signature(type(made).__call__).parameters:
        raise _unfit(loaded, operation)
    made.set_progress_bar_config(disable=True)
    safeguards.refuse_in_words(made)
    return made


def _unfit(loaded: LoadedModel, operation: Operation) -> UnfitError:
    return UnfitError(causes.operation_unfit(loaded.resolved.config.info.title, str(operation)))
