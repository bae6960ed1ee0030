"""A network by which a model follows a picture, as its worker tells the bot: a ControlNet or an IP-Adapter."""

from pydantic import BaseModel, ConfigDict, Field

from worker.contract.discord_limits import CHOICE_NAME_MAX

from .operation import SourceRole
from .request import WEIGHT_MAX, ModelId

CANNY, SCRIBBLE, TILE, STYLE = "canny", "scribble", "tile", "style"


class GuideInfo(BaseModel):
    """One of a model's own entry.

    Attributes:
        id: what requests carry; another model may have another one of that id.
        title: what people read.
        kind: what becomes of the picture: CANNY follows its edges, SCRIBBLE a drawing of lines, TILE its colours while
            details are drawn anew, STYLE what it looks like as a whole. A newer worker may name others.
        weight: where none was typed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ModelId
    title: str = Field(min_length=1, max_length=CHOICE_NAME_MAX)
    description: str = Field(default="", max_length=300)
    licence: str = Field(default="unknown", max_length=100)
    kind: str = Field(min_length=1, max_length=30)
    weight: float = Field(default=1.0, ge=0, le=WEIGHT_MAX)

    @property
    def role(self) -> SourceRole:
        """What its picture is in a request."""
        return SourceRole.REFERENCE if self.kind == STYLE else SourceRole.GUIDE
