"""Where the pictures lie that a request begins with. Never part of a recipe."""

from pydantic import Field

from .versioned import VersionedModel

LINK_MAX = 2000


class SourcePlace(VersionedModel):
    """One file of Discord's.

    Attributes:
        attachment: its id. The same id is the same file, for ever.
        channel, message: the message of our own that it is attached to; None where it came with a command and stands
            in no message, so that its link cannot be had anew.
        link: Discord's link to it, as fresh as the event that asked; Discord ends it after about a day.
    """

    attachment: int
    channel: int | None = None
    message: int | None = None
    link: str = Field(max_length=LINK_MAX, repr=False)


class SourcePlaces(VersionedModel):
    """Of all pictures of a request, in the order of `Request.sources`."""

    pictures: tuple[SourcePlace, ...] = Field(min_length=1, max_length=4)
