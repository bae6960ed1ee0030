"""What a render produced."""

from pydantic import BaseModel, ConfigDict, Field

from .operation import SINCE
from .versioned import since
from .vocabulary_notice import VocabularyNotice

READ_TO_MAX = 40  # characters
# How a picture that was sent in differs from what was begun with.
FIRST_FRAME, CUT = "first_frame", "cut"


class Picture(BaseModel):
    """One finished picture; its bytes lie in Redis under an attempt-named key until posted."""

    model_config = ConfigDict(frozen=True)

    seed: int
    width: int
    height: int
    content_type: str = "image/png"
    size: int = Field(ge=0, description="bytes")


class Result(BaseModel):
    """The pictures of one request, with timing in milliseconds by phase, and why they may not show all of it.

    Attributes:
        notice: what of the prompt the model did not know.
        read_to: the last words of the prompt that the model read, where it did not read all of it.
        tokens: how many of a prompt the model reads, where it did not read all of it and somebody can tell; else 0.
        left_out: what else of the request the model did not hear of, by the words of model_info, or a newer engine's.
        adapted: how the pictures that it began with were changed first: FIRST_FRAME, CUT, or a newer engine's.
        noise: which share of each moment is noise, in percent, where moments are shown.
    """

    model_config = ConfigDict(frozen=True)

    pictures: tuple[Picture, ...]
    timings: dict[str, float] = Field(default_factory=dict)
    engine: str = ""
    notice: VocabularyNotice | None = None
    left_out: tuple[str, ...] = since(4, ())
    read_to: str = since(4, "", max_length=READ_TO_MAX)
    adapted: tuple[str, ...] = since(SINCE, ())
    tokens: int = since(SINCE, 0)
    noise: tuple[int, ...] = since(8, ())
