"""Where the picture lies that an upscale begins with. Never part of a recipe."""

from pydantic import Field

from .versioned import VersionedModel


class UpscaleSource(VersionedModel):
    """One attachment of a message.

    Attributes:
        channel, message: where it was found.
        index: which picture of its request it is, from 0.
        alone: that request has no other picture.
        link: Discord's link to it, as fresh as the press that asked; Discord ends it after about a day.
    """

    channel: int
    message: int
    index: int = Field(ge=0, le=99)
    alone: bool = False
    link: str = Field(max_length=2000, repr=False)
