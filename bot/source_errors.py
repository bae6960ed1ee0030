"""Why a picture to begin with, or a LoRA, is refused. Each carries the data; `texts.sources` has the sentence."""

from collections.abc import Sequence

from worker.contract.types.cause import Cause

from .errors import Refusal


class SourceRefusal(Refusal):
    """Base of these; `option` of `/imagine` is at fault, "" for none."""

    option = ""


class PictureUnfit(SourceRefusal):
    """The picture that was sent in cannot be used, for the cause that it names."""

    option = "image"

    def __init__(self, cause: Cause) -> None:
        super().__init__(str(cause))
        self.cause = cause


class StrengthAlone(SourceRefusal):
    """A strength was given, and no picture that it could be of."""

    option = "image"


class CannotBegin(SourceRefusal):
    """The model `title` cannot draw from a picture; `titles` are those that can, and may be used here."""

    option = "model"

    def __init__(self, title: str, titles: Sequence[str]) -> None:
        super().__init__(title)
        self.title = title
        self.titles = tuple(titles)


class BadLoras(SourceRefusal):
    """What was typed for `lora` is no list of LoRAs."""

    option = "lora"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BeginningGone(SourceRefusal):
    """The picture that this was drawn from is gone, so it cannot be drawn again from it."""
