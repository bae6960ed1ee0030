"""How a result's messages looked when they were posted."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from .operation import GUIDES_SINCE, SINCE
from .versioned import since


class PostedPart(BaseModel):
    """A further message of a large result: its id, and which pictures, by index, have their buttons there.

    Attributes:
        larger, varied: as in PostedAs.
    """

    model_config = ConfigDict(frozen=True)

    message: int
    larger: tuple[int, ...]
    varied: tuple[int, ...] = since(SINCE, ())


class PostedAs(BaseModel):
    """How a message looked when its pictures came, so that a later edit of its buttons changes nothing else.

    Attributes:
        larger: pictures, by index, with a button that makes them larger; others may be in further messages.
        varied: likewise with buttons that vary it.
        draft: with a button that draws it again with all steps.
        encoding: of the pictures, where it is not that of the engine; else "".
        parts: the further messages, where there are some that can be edited.
        beyond: whether there are buttons by which a single picture goes on beyond its edges.
    """

    model_config = ConfigDict(frozen=True)

    larger: tuple[int, ...] = ()
    encoding: str = ""
    parts: tuple[PostedPart, ...] = since(4, ())
    varied: tuple[int, ...] = since(SINCE, ())
    draft: bool = since(GUIDES_SINCE, absent=False)
    beyond: bool = since(7, False)

    def with_part(self, message: int | None, larger: tuple[int, ...], varied: tuple[int, ...]) -> Self:
        """With one more message, where it is known and has buttons."""
        if message is None or not (larger or varied):
            return self
        part = PostedPart(message=message, larger=larger, varied=varied)
        return self.model_copy(update={"parts": (*self.parts, part)})
