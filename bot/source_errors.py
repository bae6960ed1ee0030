"""Why a picture to begin with or to follow, or a LoRA, is refused: each carries the data, and the `option` at fault.

`texts.sources` has the sentences.
"""

from collections.abc import Sequence

from worker.contract.types.cause import Cause

from .errors import Refusal


class PictureUnfit(Refusal):
    """The picture that was sent in cannot be used, for the cause that it names."""

    def __init__(self, cause: Cause, option: str = "image") -> None:
        super().__init__(str(cause))
        self.cause, self.option = cause, option


class LinkUnfit(Refusal):
    """What was typed in place of a picture leads to none of Easel's that this person can see here."""

    def __init__(self, option: str, text: str) -> None:
        super().__init__(option)
        self.option, self.text = option, text


class WhichPicture(Refusal):
    """The message that `text` leads to holds several pictures; `numbers`: how they are told apart."""

    def __init__(self, option: str, text: str, numbers: Sequence[int]) -> None:
        super().__init__(option)
        self.option, self.text, self.numbers = option, text, tuple(numbers)


class StrengthAlone(Refusal):
    """A strength was given, and no picture that it could be of."""

    option = "image"


class FollowsNothing(Refusal):
    """`typed` says how a picture is followed, and there is none as `option`."""

    def __init__(self, option: str, typed: str) -> None:
        super().__init__(typed)
        self.option, self.typed = option, typed


class CannotFollow(Refusal):
    """The model `title` cannot follow a picture as `option` has it, by the network `by`, "" for any.

    `titles`: those that can, and may be used here.
    """

    def __init__(self, option: str, title: str, by: str, titles: Sequence[str]) -> None:
        super().__init__(title)
        self.option, self.title, self.by, self.titles = option, title, by, tuple(titles)


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


class BeganWithNone(Refusal):
    """What was drawn began with no picture."""


class BeginningGone(Refusal):
    """The picture that this was drawn from is gone, so it cannot be drawn again from it."""


class BeginningUnseen(Refusal):
    """The picture that this was drawn from is in a channel that this person does not see, or not from here."""
