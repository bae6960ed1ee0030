"""What the buttons under a message carry: `1:<verb>:<job>:<index>`. All state is in it, so none ever expires.

Under a private answer that asked back stands `2:<verb>:<job>:<index>:<message>`: yes, do it, to that other message.
Under one that did not ask yet stands the same with 4 in front.
What admins press begins with `3:server:`, what people press under `/queue` with `3:queue:`, or `6:queue:all:` for all
that was asked for up to a moment; under `/favourites` with `4:kept:`, what turns a person's being told on and off with
`5:tell:`, what draws an example with `5:draw:`.
Where something was made of a picture before, `5:<verb>:<job>:<index>:<message>[:<channel>]` says where that is.

An id that Easel ever gave out is read for ever: a new shape takes the next number in front, and the old pattern stays.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from .verbs import Verb

_FIRST, VERSION = 1, 6  # of the oldest and the newest ids that are read
_WHAT = r"(?P<verb>[a-z]{1,16}):(?P<job>[A-Za-z0-9_-]{1,40}):(?P<index>[0-9]{1,2})"
_SOMEWHERE = "[1-9][0-9]{0,19}"
_PATTERNS = (
    re.compile(f"1:{_WHAT}"),
    re.compile(f"(?P<shape>[24]):{_WHAT}:(?P<message>{_SOMEWHERE})"),
    re.compile(f"5:{_WHAT}:(?P<made>{_SOMEWHERE})(?::(?P<made_in>{_SOMEWHERE}))?"),
)
_FORM = re.compile(r"2:(?P<step>change|ask):(?P<option>[a-z_]{0,20})")
_SERVER = re.compile(
    r"3:server:(?P<step>[a-z]{1,12}):(?P<about>[a-z_]{0,20}):(?P<subject>(?:[cru][1-9][0-9]{0,19})?):"
    r"(?P<number>[0-9]{1,12}):(?P<until>[0-9]{1,12})"
)
_QUEUE = re.compile(r"3:queue:(?P<step>cancel|all|show):(?P<job>[A-Za-z0-9_-]{0,40})")
_QUEUE_UNTIL = re.compile(r"6:queue:(?P<step>all):(?P<until>[1-9][0-9]{0,15})")
_KEPT = re.compile(r"4:kept:(?P<step>show|remove):(?P<page>[0-9]{1,3})")
_TELL = re.compile(r"5:tell:(?P<step>on|off)")
_DRAW = re.compile(r"5:draw:(?P<prompt>[^\n]{1,90})")
_EASELS = re.compile(r"(?P<version>[0-9]+):")  # how ids of every version begin


@dataclass(frozen=True)
class CustomId:
    """One control of one job's message; `index` is the picture that it is about, from 0, where it is about one.

    `message` is 0 for a control of the message that it stands under; else it stands under a private answer, and says
    yes to what was asked there about that message, or `asks` first. `made`: the message of what was made of the picture
    before, 0 where nobody knows one; it is in the channel `made_in`, with 0 in the same one.
    """

    verb: Verb
    job: str
    index: int = 0
    message: int = 0
    asks: bool = False
    made: int = 0
    made_in: int = 0

    def __str__(self) -> str:
        what = f"{self.verb}:{self.job}:{self.index}"
        if self.made:
            return f"5:{what}:{self.made}" + (f":{self.made_in}" if self.made_in else "")
        return f"{4 if self.asks else 2}:{what}:{self.message}" if self.message else f"1:{what}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is not one that this Easel gives out."""
        found = _read(custom_id)
        if found is None or found["verb"] not in set(Verb):
            return None
        message, made, made_in = (int(found.get(name) or 0) for name in ("message", "made", "made_in"))
        asks = found.get("shape") == "4"
        return cls(Verb(found["verb"]), found["job"], int(found["index"]), message, asks, made, made_in)


class FormStep(StrEnum):
    """What a control does with the form in which options are changed after a refusal."""

    CHANGE = "change"  # the button that opens it
    ASK = "ask"  # the form itself


@dataclass(frozen=True)
class FormId:
    """`2:<step>:<option>`: of the option that was refused, "" for none. What was typed stands in the message."""

    step: FormStep
    option: str = ""

    def __str__(self) -> str:
        return f"2:{self.step}:{self.option}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The step behind a custom_id; None when it is none."""
        found = _FORM.fullmatch(custom_id)
        return cls(FormStep(found["step"]), found["option"]) if found else None


class ServerStep(StrEnum):
    """What a control does with the settings of a server."""

    SHOW = "show"  # a page: the panel, its roles, changes, …
    PICK = "pick"  # a select of a role, a channel or a person, whose page is to be shown
    FORM = "form"  # open a form
    SAVE = "save"  # the form itself
    UNDO = "undo"
    RESET = "reset"
    IMPORT = "import"
    STOP = "stop"  # cancel what a person has waiting
    UNBLOCK = "unblock"
    UNGRANT = "ungrant"
    CLEAR = "clear"  # what a role or channel has of its own


@dataclass(frozen=True)
class ServerId:
    """`3:server:<step>:<about>:<subject>:<number>:<until>`: one control of the settings of the server that it is in.

    Attributes:
        about: the form or page, "" where the step says all.
        subject: `r`, `c` or `u` with the id of a role, channel or person; "" for the whole server.
        number, until: the version of the settings that a form was opened with; the changes that are to be undone.
    """

    step: ServerStep
    about: str = ""
    subject: str = ""
    number: int = 0
    until: int = 0

    def __str__(self) -> str:
        return f"3:server:{self.step}:{self.about}:{self.subject}:{self.number}:{self.until}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is none that this Easel gives out."""
        found = _SERVER.fullmatch(custom_id)
        if found is None or found["step"] not in set(ServerStep):
            return None
        return cls(
            ServerStep(found["step"]), found["about"], found["subject"], int(found["number"]), int(found["until"])
        )


class QueueStep(StrEnum):
    """What a control under `/queue` does."""

    CANCEL = "cancel"
    ALL = "all"  # cancel all of them
    SHOW = "show"  # the list as it is now


@dataclass(frozen=True)
class QueueId:
    """One control under the list of a person's own jobs: `3:queue:<step>:<job>`, or `6:queue:all:<until>`.

    Attributes:
        until: what was asked for later is not meant, in milliseconds since the epoch by Redis's clock; 0: all is.
    """

    step: QueueStep
    job: str = ""
    until: int = 0

    def __str__(self) -> str:
        return f"6:queue:{self.step}:{self.until}" if self.until else f"3:queue:{self.step}:{self.job}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is none."""
        if found := _QUEUE_UNTIL.fullmatch(custom_id):
            return cls(QueueStep(found["step"]), until=int(found["until"]))
        found = _QUEUE.fullmatch(custom_id)
        return cls(QueueStep(found["step"]), found["job"]) if found else None


class KeptStep(StrEnum):
    """What a control under `/favourites` does."""

    SHOW = "show"  # a page
    REMOVE = "remove"  # what is chosen, from a page


@dataclass(frozen=True)
class KeptId:
    """`4:kept:<step>:<page>`: one control under the results that a person keeps; page from 0."""

    step: KeptStep
    page: int = 0

    def __str__(self) -> str:
        return f"4:kept:{self.step}:{self.page}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is none."""
        found = _KEPT.fullmatch(custom_id)
        return cls(KeptStep(found["step"]), int(found["page"])) if found else None


class TellStep(StrEnum):
    """Whether a person is to be told of all that ends late."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class TellId:
    """`5:tell:<step>`: of whoever presses it."""

    step: TellStep

    def __str__(self) -> str:
        return f"5:tell:{self.step}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The control behind a custom_id; None when it is none."""
        found = _TELL.fullmatch(custom_id)
        return cls(TellStep(found["step"])) if found else None


@dataclass(frozen=True)
class DrawId:
    """`5:draw:<prompt>`: one example, which whoever presses it asks for."""

    prompt: str

    def __str__(self) -> str:
        return f"5:draw:{self.prompt}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The example behind a custom_id; None when it is none."""
        found = _DRAW.fullmatch(custom_id)
        return cls(found["prompt"]) if found else None


def elsewhere(custom_id: str) -> bool:
    """Whether it is of a form, a panel or a list, which listen for their own; all others are under a job's message."""
    return any(each.parse(custom_id) is not None for each in (FormId, ServerId, QueueId, KeptId, TellId, DrawId))


def from_easel(custom_id: str) -> bool:
    """Whether an Easel of any version may have given it out, so that whoever presses it is owed an answer."""
    return _EASELS.match(custom_id) is not None


def from_newer(custom_id: str) -> bool:
    """Whether a newer Easel gave it out: its verb is one that this one does not know, or its shape.

    In the first version there was one shape alone, so what has another is nobody's.
    """
    begins, known = _EASELS.match(custom_id), _read(custom_id)
    if begins is None:
        return False
    return known["verb"] not in set(Verb) if known else int(begins["version"]) > _FIRST


def _read(custom_id: str) -> dict[str, str] | None:
    """The parts of an id of any shape that is known here, whatever its verb."""
    return next((found.groupdict() for each in _PATTERNS if (found := each.fullmatch(custom_id))), None)
