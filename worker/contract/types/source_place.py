"""Where the pictures lie that a request begins with. Never part of a recipe."""

from pydantic import Field

from .operation import SINCE
from .versioned import VersionedModel, since

LINK_MAX = 2000


class SourcePlace(VersionedModel):
    """One file of Discord's.

    Attributes:
        attachment: its id. The same id is the same file, for ever.
        channel, message: the message of our own that it is attached to; None where it came with a command and stands
            in no message, so that its link cannot be had anew.
        picture: which of its message's results it is, from 0; None where it is the only one, or nobody knows.
        link: Discord's link to it, as fresh as the event that asked; Discord ends it after about a day.
    """

    attachment: int
    channel: int | None = None
    message: int | None = None
    link: str = Field(max_length=LINK_MAX, repr=False)
    picture: int | None = since(SINCE, None, ge=0, le=99)


class SourcePlaces(VersionedModel):
    """Of all pictures of a request, in the order of `Request.pictures`."""

    pictures: tuple[SourcePlace, ...] = Field(min_length=1, max_length=4)
