"""Why the bot does not hand out, keep or vary a result. Each carries the data; `texts.refusal` has the sentence."""

from worker.contract.types.cause import Cause

from .errors import Refusal


class ClosedDms(Refusal):
    """The person takes no direct messages from the bot."""


class CannotReply(Refusal):
    """Discord does not let Easel reply to a message, for the cause that it names."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(str(cause))
        self.cause = cause


class NotSeen(Refusal):
    """No result is there that this person can see; which of the two is not told."""


class OnlyThere(Refusal):
    """A result is in a channel for adults, and what is asked would show it where anybody may be."""

    def __init__(self, channel: int) -> None:
        super().__init__(channel)
        self.channel = channel


class AlreadySent(Refusal):
    """The same pictures went to the same person a moment ago."""


class NothingToSend(Refusal):
    """No picture of the message can be sent: there is none, or each is larger than Discord takes from a bot."""

    def __init__(self, *, large: bool) -> None:
        super().__init__(large)
        self.large = large


class TooManyKept(Refusal):
    """The person keeps as many results as may be kept."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class CannotVary(Refusal):
    """The model `title` cannot draw from a picture, so pictures of it are not varied."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class NotADraft(Refusal):
    """It was drawn with as many steps as it takes."""


class CannotGoOn(Refusal):
    """The model `title` does not draw beyond the edges of a picture, or does it badly."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class ShowsMoments(Refusal):
    """A message shows how a picture came about, not the picture: that is where this could be done."""


class NotAResult(Refusal):
    """A message, chosen by its menu, that Easel never made a result of."""
