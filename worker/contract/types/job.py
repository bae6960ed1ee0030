"""One accepted request: its states, its record, and why it ended."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .cause import Cause
from .destination import Destination
from .picture_place import PicturePlace
from .posted_as import PostedAs
from .request import Request
from .result import Result
from .source_place import SourcePlaces
from .telling import Telling
from .upscale_source import UpscaleSource

# The newest record that is read here. Each is written with the oldest version that can say it, so that older workers
# and posters go on reading what says nothing new.
RECORD_VERSION = max(part.newest() for part in (Request, Destination, UpscaleSource, SourcePlaces))


class State(StrEnum):
    """`queued → claimed → rendered → posted`, or `failed` / `cancelled`. The last three never change."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    RENDERED = "rendered"
    POSTED = "posted"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        return self in {State.POSTED, State.FAILED, State.CANCELLED}


class Reason(StrEnum):
    """Why a job failed or was cancelled. `message/texts.py` has the sentences; a Cause may say more exactly why."""

    ATTEMPTS = "attempts"  # three workers died or hung over it
    MEMORY = "memory"  # the GPU ran out of memory
    MODEL = "model"  # its model is missing or damaged
    INVALID = "invalid"  # the engine refused the request
    ENGINE = "engine"  # the engine failed while drawing it
    TIMEOUT = "timeout"  # a phase took longer than it may
    WAITED = "waited"  # it waited longer than the maximum
    SOURCE = "source"  # the picture that it begins with cannot be had, or cannot be read
    UNPOSTED = "unposted"  # drawn, but Discord would not take it
    DAMAGED = "damaged"  # its record cannot be read
    OWNER = "owner"  # cancelled by its owner
    MODERATOR = "moderator"  # cancelled by a moderator
    CLOSED = "closed"  # cancelled undrawn: nothing can be posted where it was asked for


class Progress(BaseModel):
    """How far a render is: `phase` is one of wait, fetch, load, encode, steps, decode, post."""

    model_config = ConfigDict(frozen=True)

    phase: str = "steps"
    step: int = 0
    steps: int = 0


class NewJob(BaseModel):
    """What the bot hands to admission.

    Attributes:
        id: derived from the Discord event; at most 40 characters of `[A-Za-z0-9_-]`.
        event: what makes the event unique: the same event is never accepted twice.
        event_ttl: seconds for which it is remembered; None as long as the job's record lives.
        owner: the person's id.
        server: fairness and caps are counted under this: a server's id, or `dm-<person>`.
        factor: of the model or upscaler, for `Request.cost`.
        source: the picture to upscale.
        sources: where the pictures lie that the request begins with, or what it enlarges began with.
        age_restricted: it was asked for in a place for adults, so its pictures are shown nowhere else.
        upscale_of: the job of that picture, where a message of it can show that it was upscaled; else "".
        tells_of: where the picture is whose way it shows, where that can be looked at later.
        results_to: the channel in which its pictures are to be posted; None: where it was asked for.
        tell: when its owner is told of its end, unless they have said otherwise; None: never.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    event: str = Field(min_length=1, max_length=120)
    event_ttl: float | None = None
    owner: int
    server: str
    request: Request
    destination: Destination
    factor: float = Field(default=1.0, gt=0)
    verb: str = "imagine"
    source: UpscaleSource | None = None
    sources: SourcePlaces | None = None
    age_restricted: bool = False
    upscale_of: str = ""
    tells_of: PicturePlace | None = None
    results_to: int | None = None
    tell: Telling | None = None

    @property
    def version(self) -> int:
        """Of its record: the oldest that has all that its parts say."""
        parts = (self.request, self.destination, self.source, self.sources)
        return max(part.version for part in parts if part)


class Job(BaseModel):
    """A job's record as read from Redis at one moment.

    Attributes:
        revision: grows with every change that its message should show.
        attempt: the fence: number of the newest try at rendering it, 0 before the first.
        uncounted: how many of its attempts say nothing of it: they ended before they began, or over others.
        redrawn: of those, how many had made steps that people saw.
        alone: it may have ended an engine, so it is drawn together with no other.
        stalled: it waits, and no worker draws with its model now.
        holder: which hold of a poster's is on its message, "" when there is none.
        reason: why it ended; None while it has not, and where a newer Easel has a reason that this one does not know.
        cause: more exactly why; None where nothing more is known.
        detail: the same as an English sentence, in records that an older Easel has written; else "".
        upscales: which of its pictures were made larger, or are being, with the job of each.
        upscaled_at: where those larger pictures are, channel and message of each, as far as they are posted.
        upscale_of: of an upscale, the job whose picture it is and its number from 0, as `<job>:<number>`; else "".
        tells_of: as in NewJob; None where that is damaged, for it is only a link.
        posted_as: what its message was when its pictures came; None in records of an older Easel.
        created, changed, lease: milliseconds since the epoch by Redis's clock.
        age_restricted, results_to: as in NewJob.
        tries: at showing what its message should show, that failed so far.
        shut: ways to its message that are not tried again.
        early: it goes its last way without trying others: that has begun, or Discord refuses too many results.
        wordless: Discord objects to its words, so they are not shown.
        old_message: the message that it had before, which is to become a link; `old_channel`: its channel.
        shown_at: when its message last showed its job; 0 where it never has: "is thinking" stands there at most.
        in_flight: until when, by the scripts' `now`, what was sent earlier may still reach its message: by a poster
            that was lost, or without an answer. 0 when there is nothing.
        tell: when its owner is to be told of its end; None: not at all.
        telling: that is due; the revision that the message shows by then, -1 where it is not final yet.
        gathers: all jobs, itself among them, of whose end this one's poster tells their owner; `gathered`: by which of
            them that is done.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    version: int = 1
    state: State
    revision: int = 0
    attempt: int = 0
    uncounted: int = 0
    redrawn: int = 0
    alone: bool = False
    owner: int
    server: str
    verb: str = "imagine"
    request: Request
    destination: Destination
    source: UpscaleSource | None = None
    sources: SourcePlaces | None = None
    created: int
    changed: int
    lease: int = 0
    progress: Progress | None = None
    place: int | None = None
    eta: float | None = None
    stalled: bool = False
    holder: str = ""
    reason: Reason | None = None
    cause: Cause | None = None
    detail: str = ""
    result: Result | None = None
    age_restricted: bool = False
    tries: int = 0
    shut: tuple[str, ...] = ()
    early: bool = False
    wordless: bool = False
    old_message: int | None = None
    old_channel: int | None = None
    results_to: int | None = None
    shown_at: int = 0
    in_flight: int = 0
    gathers: tuple[str, ...] = ()
    gathered: str = ""
    tell: Telling | None = None
    telling: int | None = None

    @field_validator("tell", mode="before")
    @classmethod
    def _when(cls, tell: Any) -> Any:
        return tell if tell in set(Telling) else None

    @field_validator("shut", "gathers", mode="before")
    @classmethod
    def _listed(cls, text: Any) -> Any:
        return tuple(text.split(",")) if isinstance(text, str) else text

    upscales: dict[int, str] = Field(default_factory=dict)
    upscaled_at: dict[int, tuple[int, int]] = Field(default_factory=dict)
    upscale_of: str = ""
    tells_of: PicturePlace | None = None
    posted_as: PostedAs | None = None

    @field_validator("tells_of", mode="before")
    @classmethod
    def _tells_of(cls, told: Any) -> Any:
        return PicturePlace.read(told) if isinstance(told, str) else told

    @field_validator("upscales", mode="before")
    @classmethod
    def _upscales(cls, told: Any) -> Any:
        found = _told(told, {})
        if isinstance(found, dict):
            return {int(index): job for index, job in found.items() if str(index).isdecimal() and isinstance(job, str)}
        return found

    @field_validator("upscaled_at", mode="before")
    @classmethod
    def _upscaled_at(cls, told: Any) -> Any:
        found = _told(told, {})
        if not isinstance(told, str):
            return found
        places = {int(index): _PLACE.fullmatch(str(place)) for index, place in found.items() if str(index).isdecimal()}
        return {index: (int(place[1]), int(place[2])) for index, place in places.items() if place}

    @field_validator("posted_as", mode="before")
    @classmethod
    def _posted_as(cls, told: Any) -> Any:
        found = _told(told, None)
        try:
            return PostedAs.model_validate(found) if isinstance(found, dict) else found
        except ValidationError:
            return None

    @field_validator("reason", mode="before")
    @classmethod
    def _known(cls, reason: Any) -> Any:
        """None for a reason that only a newer worker or bot has: it ended, and that much can be told."""
        return reason if reason in set(Reason) else None

    @property
    def tried(self) -> int:
        """How many of its attempts count, the newest among them as long as it runs."""
        return max(0, self.attempt - self.uncounted)

    @property
    def begun(self) -> int:
        """Which beginning people see: the attempts that count, and those that had made steps."""
        return self.tried + max(0, self.redrawn)

    @classmethod
    def from_hash(cls, job: str, record: Mapping[bytes, bytes]) -> Self:
        """Read a record. Raises pydantic.ValidationError when it is damaged."""
        fields: dict[str, Any] = {k.decode(): v.decode() for k, v in record.items()}
        for name, model in _NESTED.items():
            if name in fields:
                fields[name] = model.model_validate_json(fields[name])
        fields["cause"] = Cause.read(fields.get("cause", ""))
        where = {name: fields.pop(name) for name in ("token", "message", "channel", "ephemeral") if name in fields}
        if "destination" in fields:
            base: Destination = fields["destination"]
            fields["destination"] = Destination.model_validate(base.model_dump() | where)
        return cls(id=job, **{name: value for name, value in fields.items() if value != "" or name == "detail"})

    @classmethod
    def remains(cls, job: str, record: Mapping[bytes, bytes]) -> Self | None:
        """What a damaged record still lets its owner be told: that it failed. None when nobody can be."""
        text = {k.decode(errors="replace"): v.decode(errors="replace") for k, v in record.items()}
        numbers = {name: int(text[name]) for name in ("owner", "revision", "message", "channel") if _whole(text, name)}
        try:
            place = Destination.model_validate_json(text.get("destination", ""))
        except ValidationError:
            return None
        if "owner" not in numbers:
            return None
        where: dict[str, Any] = {name: numbers[name] for name in ("message", "channel") if name in numbers}
        if token := text.get("token"):
            where["token"] = token
        try:
            request = Request.model_validate_json(text.get("request", ""))
        except ValidationError:
            request = UNREADABLE
        return cls(
            id=job, state=State.FAILED, reason=Reason.DAMAGED, revision=numbers.get("revision", 0), changed=0,
            created=0, owner=numbers["owner"], request=request, destination=place.model_copy(update=where), server="",
        )  # fmt: skip


_NESTED: dict[str, type[BaseModel]] = {
    "request": Request,
    "destination": Destination,
    "source": UpscaleSource,
    "sources": SourcePlaces,
    "progress": Progress,
    "result": Result,
}

_PLACE = re.compile(r"([1-9][0-9]{0,19})/([1-9][0-9]{0,19})")  # channel and message

UNREADABLE = Request(  # stands for one that cannot be read any more
    prompt="?",
    model="unknown",
    width=64,
    height=64,
    steps=1,
    guidance_scale=1,
    seed=0,
)


def _told(told: Any, otherwise: Any) -> Any:
    """What JSON of the record says, where it is an object; it only tells how buttons look, so damage ends nothing."""
    if not isinstance(told, str):
        return told
    try:
        found = json.loads(told)
    except ValueError:
        return otherwise
    return found if isinstance(found, dict) else otherwise


def _whole(text: Mapping[str, str], name: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,20}", text.get(name, "")))
