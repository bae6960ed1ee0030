"""Why the bot says no. Each carries the data; `texts.refusal` has the sentence.

EaselError
├── DeadInteractionError   Discord no longer takes an answer to this interaction
├── AnswerError            Discord refused or could not take an answer
├── MessageGone            a message was deleted
├── WrongValue             a setting that an admin typed and that cannot be (`setting_errors.py`)
└── Refusal                the person is told why
    ├── MissingPermissions · CommandDenied
    ├── EmptyPrompt · OnlyMentions · PromptTooLong
    ├── BadOption · BadFlags · ModelObjects
    ├── UnknownModel · UnknownSampler · NothingLive
    ├── OverCap · AlreadyAsked
    ├── NotYours · TooLate · Forgotten
    ├── NoRecipe · PictureUnread
    ├── NoUpscaler · TooLarge · NoSuchPicture · NotYet · SourceGone · Upscaled
    ├── NotADraft · ShowsMoments · NotAResult · ClosedDms · CannotReply · NotSeen (`result_errors.py`)
    ├── OnlyThere · AlreadySent · NothingToSend · TooManyKept (`result_errors.py`)
    ├── UnknownControl · ChannelBusy
    ├── PictureUnfit · LinkUnfit · WhichPicture · StrengthAlone · FollowsNothing · CannotFollow · CannotBegin · BadLoras
    ├── BeginningGone · BeginningUnseen · BeganWithNone (all `source_errors.py`)
    ├── NotAdmin · NotInServer · ChangedMeanwhile · NothingToUndo · BadImport · LastModel (`setting_errors.py`)
    ├── UnknownSetting (`setting_errors.py`)
    └── Blocked · Paused · SettingsChanging · OverLimit · NotAllowed (`limit_errors.py`)
"""

from collections.abc import Sequence
from enum import Enum

from bot.flags.read import BadFlag
from worker.contract.discord_answers import How, Verdict, judge
from worker.contract.message.verbs import Verb
from worker.contract.store.admission import Refused
from worker.contract.types.cause import Cause
from worker.contract.types.request import Request
from worker.contract.types.server_settings import Whose

from .layers import OPERATOR, Layer


class EaselError(Exception):
    """Anything that the bot itself raises."""


class DeadInteractionError(EaselError):
    """What the answer was meant for had ended before it arrived (10008, 10015, 10062, 50027)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code

    @property
    def removed(self) -> bool:
        """The message itself is gone, which is all that a deletion wants."""
        return self.code in {10008, 10015}


class DeferredError(EaselError):
    """The answer came to an interaction that had been deferred, by a try that nobody knew to have arrived.

    `message` is what says that the bot is thinking; None when Discord does not tell.
    """

    def __init__(self, message: int | None) -> None:
        super().__init__("deferred before")
        self.message = message


class AnswerError(EaselError):
    """Discord did not take an answer; `status` 0 means that no reply came at all.

    `readable`: what it said was a JSON object, so it may be Discord's own.
    """

    def __init__(self, status: int, code: int, *, readable: bool = True) -> None:
        super().__init__(f"status {status}, code {code}")
        self.status = status
        self.code = code
        self.readable = readable

    @property
    def verdict(self) -> Verdict:
        """What follows for a first answer that was refused so."""
        return judge(How.ANSWER, self.status, self.code, readable=self.readable)

    @property
    def passing(self) -> bool:
        """It is Discord's own trouble, and over soon."""
        return self.status in {0, 429} or self.verdict is Verdict.PASSING


class MessageGone(EaselError):  # noqa: N818 - it tells of the world, not of a fault
    """There is no such message any more, or never was."""

    def __init__(self, message: int) -> None:
        super().__init__(f"message {message}")
        self.message = message


class Refusal(EaselError):  # noqa: N818 - it is an answer, not a failure
    """A plain no, told to the one who asked.

    `request` is what would have been drawn, where nobody typed it; so it can still be changed. `by_flags`: the options
    that were typed as flags, which it names as such.
    """

    request: Request | None = None
    by_flags: frozenset[str] = frozenset()


class MissingPermissions(Refusal):
    """The bot lacks permissions in the channel; `needed` as Discord's API calls them."""

    def __init__(self, needed: Sequence[str], channel: int) -> None:
        super().__init__(", ".join(needed))
        self.needed = tuple(needed)
        self.channel = channel


class Denied(Enum):
    """Why somebody may not use a command somewhere: what an admin would have to change."""

    PERMISSION = "permission"  # to use commands of apps at all in that channel
    CHANNEL = "channel"  # no command, or not this one, in that channel
    PERSON = "person"  # not them, and no role of theirs


class CommandDenied(Refusal):
    """A server's admins do not let this person use `command` in `channel`, so nothing that does the same, either."""

    def __init__(self, command: str, channel: int, why: Denied) -> None:
        super().__init__(command, why)
        self.command = command
        self.channel = channel
        self.why = why


class EmptyPrompt(Refusal):
    """Nothing was asked for."""


class OnlyMentions(Refusal):
    """The prompt names people, roles or channels, and nothing to draw."""


class PromptTooLong(Refusal):
    """`option` holds `length` characters and may hold `limit`."""

    def __init__(self, option: str, length: int, limit: int) -> None:
        super().__init__(option)
        self.option = option
        self.length = length
        self.limit = limit


class BadOption(Refusal):
    """An option's value lies outside what any model takes: below `least`, above `most`, or wrong in another way.

    `option` is "" where several do not fit each other; `flag` what was typed for it, where that counts otherwise.
    """

    def __init__(self, option: str, least: float | None = None, most: float | None = None, flag: str = "") -> None:
        super().__init__(option)
        self.flag = flag
        self.option = option
        self.least = least
        self.most = most


class BadFlags(Refusal):
    """Flags in the prompt, or in the line for them, that cannot be done."""

    def __init__(self, flags: Sequence[BadFlag]) -> None:
        super().__init__([flag.trouble for flag in flags])
        self.flags = tuple(flags)


class OnlySquares(Refusal):
    """The model draws in one shape, and another was asked for; `titles` are of the models that draw others.

    `with_picture`: it is so only because a picture came with it.
    """

    option = "aspect_ratio"

    def __init__(self, title: str, titles: Sequence[str] = (), *, with_picture: bool = False) -> None:
        super().__init__(title)
        self.title = title
        self.titles = tuple(titles)
        self.with_picture = with_picture


class ModelObjects(Refusal):
    """The model cannot draw this request, for the cause that it names."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(str(cause))
        self.cause = cause


class UnknownModel(Refusal):
    """No live worker draws with `asked`; `titles` are those that can be had."""

    def __init__(self, asked: str, titles: Sequence[str]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.titles = tuple(titles)


class UnknownSampler(Refusal):
    """There is no sampler of the name that was typed."""

    option = "scheduler"

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class NothingLive(Refusal):
    """No worker can draw: none is running, or (`troubled`) those that are have trouble."""

    def __init__(self, *, troubled: bool = False) -> None:
        super().__init__(troubled)
        self.troubled = troubled


class OverCap(Refusal):
    """Admission refused: a cap is reached, which this layer has set."""

    def __init__(self, refused: Refused, layer: Layer = OPERATOR) -> None:
        super().__init__(refused.why)
        self.refused = refused
        self.layer = layer


class AlreadyAsked(Refusal):
    """The same person did the same to the same message a moment ago, and that was accepted."""


class NotYours(Refusal):
    """Only the owner or a moderator may do this; or who else may, as a server's admins have `told`."""

    def __init__(self, verb: Verb, owner: int | None, told: Whose | None = None) -> None:
        super().__init__(verb)
        self.verb = verb
        self.owner = owner
        self.told = told


class TooLate(Refusal):
    """The job has already ended or is being posted."""


class Forgotten(Refusal):
    """There is no record of the job any more."""


class NoRecipe(Refusal):
    """Neither Redis nor a picture in the message says how it was made."""


class PictureUnread(Refusal):
    """Discord did not hand out the picture that holds the recipe."""


class NoUpscaler(Refusal):
    """No live worker enlarges pictures."""


class TooLarge(Refusal):
    """No live upscaler takes a picture of this size; the cause is that of the one that takes the largest."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(str(cause))
        self.cause = cause


class NoSuchPicture(Refusal):
    """The message does not show the picture with this number, from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class NotYet(Refusal):
    """The pictures that this is about are still being drawn or posted."""


class Upscaled(Refusal):
    """The picture with this number, from 1, was made larger before, or is being (not `done`).

    `number` is None for the only picture there is. `link` leads to what there is, "" where nobody knows it any more.
    """

    def __init__(self, number: int | None, link: str, *, done: bool) -> None:
        super().__init__(number)
        self.number = number
        self.link = link
        self.done = done


class SourceGone(Refusal):
    """The message with the picture to upscale is gone."""


class UnknownControl(Refusal):
    """A button, menu or form that this Easel cannot read; a `newer` one would."""

    def __init__(self, *, newer: bool) -> None:
        super().__init__(newer)
        self.newer = newer


class ChannelBusy(Refusal):
    """More messages of one channel have to be looked at than Discord lets us."""
