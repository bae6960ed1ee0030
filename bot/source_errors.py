"""Why a picture to begin with, or a LoRA, is refused: each carries the data, and which `option` is at fault.

`texts.sources` has the sentences.
"""

from collections.abc import Sequence

from worker.contract.types.cause import Cause

from .errors import Refusal


class PictureUnfit(Refusal):
    """The picture that was sent in cannot be used, for the cause that it names."""

    option = "image"

    def __init__(self, cause: Cause) -> None:
        super().__init__(str(cause))
        self.cause = cause


class StrengthAlone(Refusal):
    """A strength was given, and no picture that it could be of."""

    option = "image"


class CannotBegin(Refusal):
    """The model `title` cannot draw from a picture; `titles` are those that can, and may be used here."""

    option = "model"

    def __init__(self, title: str, titles: Sequence[str]) -> None:
        super().__init__(title)
        self.title = title
        self.titles = tuple(titles)


class BadLoras(Refusal):
    """What was typed for `lora` is no list of LoRAs."""

    option = "lora"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BeginningGone(Refusal):
    """The picture that this was drawn from is gone, so it cannot be drawn again from it."""
