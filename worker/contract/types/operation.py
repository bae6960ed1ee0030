"""What is done with a model, and which pictures that begins with."""

from collections.abc import Mapping

from pydantic import Field

from .versioned import VersionedEnum, VersionedModel

SINCE = 5  # pictures in and LoRA came together
GUIDES_SINCE = 6
MOMENTS = "moments"  # to show how a picture came about: beside operations, as workers tell what they can
FORWARD = "forward"  # to show how a picture turns to noise, likewise
CANVAS = "canvas"  # to put together what is drawn one by one in pictures of another shape, likewise
INPAINT_STEPS_MIN = 8  # steps that are drawn; with fewer, what is drawn shows its edge
SOURCE_SIDE_MAX = 65_535  # pixels, what a JPEG may have
SOURCE_PIXELS_MAX = 50_000_000  # of a picture that somebody sends in; cameras of phones make as many


class Operation(VersionedEnum):
    """By the names the field uses; a capability of a model is `<operation>:<model>`, but for the first."""

    TXT2IMG = "txt2img"
    IMG2IMG = "img2img", SINCE
    INPAINT = "inpaint", SINCE
    OUTPAINT = "outpaint", SINCE  # what asks for it is of a later version: `Request.outpaint`


class SourceRole(VersionedEnum):
    """What a picture is for."""

    PICTURE = "picture"  # to begin with
    MASK = "mask"  # white is drawn, black is kept
    GUIDE = "guide", GUIDES_SINCE  # its lines or colours say where things are
    REFERENCE = "reference", GUIDES_SINCE  # what is drawn looks like it


class SourcePicture(VersionedModel):
    """A picture that a request begins with, by what it is. Where it lies is told by `SourcePlace` alone.

    Attributes:
        width, height: in pixels, as Discord told them; its file is the judge.
    """

    role: SourceRole = SourceRole.PICTURE
    width: int = Field(ge=1, le=SOURCE_SIDE_MAX)
    height: int = Field(ge=1, le=SOURCE_SIDE_MAX)


# The pictures that come with a request, in this order.
TAKES: Mapping[Operation, tuple[SourceRole, ...]] = {
    Operation.TXT2IMG: (),
    Operation.IMG2IMG: (SourceRole.PICTURE,),
    Operation.INPAINT: (SourceRole.PICTURE, SourceRole.MASK),
    Operation.OUTPAINT: (SourceRole.PICTURE,),
}
