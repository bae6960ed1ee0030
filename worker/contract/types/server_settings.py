"""What the admins of a server set, as Redis keeps it. Who may do what follows from it in `bot.policy` alone.

An older Easel that writes a document keeps what it does not know of (`extra="allow"`), so two versions may run side by
side. A value of None says nothing: the next layer decides.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .request import COUNT_MAX, GUIDANCE_MAX, PIXELS_MAX, SIDE_MAX, SIDE_MIN, SIDE_STEP, STEPS_MAX, ModelId
from .telling import Telling

AT_ONCE_MAX = 100_000
PICTURES_A_DAY_MAX = 1_000_000
SECONDS_A_DAY_MAX = 10_000_000
PER_MINUTE_MAX = 60_000  # beyond, a start would be less than a millisecond
NAME_MAX = 100  # characters of a name as Discord has it
MEGAPIXEL = 1024 * 1024  # pixels, as people count them: 1024 × 1024 is one
MEGAPIXELS_MAX = PIXELS_MAX / MEGAPIXEL
SENTENCE_MAX = 300  # characters of what admins say to their server

SamplerId = Annotated[str, Field(min_length=1, max_length=64)]  # of a newer Easel it may be one that is not known here
Positive = Annotated[int, Field(ge=1)]


class UsedUp(StrEnum):
    """What becomes of a request when its day is used up."""

    REFUSE = "refuse"
    LAST = "last"  # it is drawn after everybody else's


class Whose(StrEnum):
    """Who may use a button under another person's picture."""

    ANYONE = "anyone"
    OWNER = "owner"  # its owner and moderators
    NOBODY = "nobody"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Limits(_Document):
    """What one person may do, as one layer says it.

    Attributes:
        at_once: requests waiting or running in this server.
        day_pictures: pictures a day.
        day_gpu_seconds: reference GPU time a day.
        per_minute: starts of any verb.
        pictures, steps, guidance_scale: at most, of one request.
        megapixels: of one picture that is drawn; `upscale_megapixels`: of one that is made larger, after it. Each is
            `MEGAPIXEL` pixels.
        models, samplers: those that may be used, others may not; None: all. Never none of them: that is a pause.
    """

    at_once: int | None = Field(None, ge=1, le=AT_ONCE_MAX)
    day_pictures: int | None = Field(None, ge=0, le=PICTURES_A_DAY_MAX)
    day_gpu_seconds: int | None = Field(None, ge=0, le=SECONDS_A_DAY_MAX)
    per_minute: int | None = Field(None, ge=1, le=PER_MINUTE_MAX)
    pictures: int | None = Field(None, ge=1, le=COUNT_MAX)
    steps: int | None = Field(None, ge=1, le=STEPS_MAX)
    megapixels: float | None = Field(None, gt=0, le=MEGAPIXELS_MAX)
    upscale_megapixels: float | None = Field(None, gt=0, le=256)
    guidance_scale: float | None = Field(None, ge=0, le=GUIDANCE_MAX)
    models: tuple[ModelId, ...] | None = Field(None, min_length=1)
    samplers: tuple[SamplerId, ...] | None = Field(None, min_length=1)


class Together(_Document):
    """What all people of a server may do together; fields as in `Limits`."""

    at_once: int | None = Field(None, ge=1, le=AT_ONCE_MAX)
    day_pictures: int | None = Field(None, ge=0, le=PICTURES_A_DAY_MAX)
    day_gpu_seconds: int | None = Field(None, ge=0, le=SECONDS_A_DAY_MAX)
    per_minute: int | None = Field(None, ge=1, le=PER_MINUTE_MAX)


class Usual(_Document):
    """What a request has where its person typed nothing; None: the operator's or the model's own."""

    model: ModelId | None = None
    pictures: int | None = Field(None, ge=1, le=COUNT_MAX)
    steps: int | None = Field(None, ge=1, le=STEPS_MAX)
    guidance_scale: float | None = Field(None, ge=0, le=GUIDANCE_MAX)
    sampler: SamplerId | None = None
    width: int | None = Field(None, ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)
    height: int | None = Field(None, ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)


class ChannelSettings(_Document):
    """A channel lowers limits, changes what is usual, or sends results elsewhere. Its threads have the same.

    Attributes:
        results_to: id of another channel of the server in which results of this one are posted.
    """

    limits: Limits = Limits()
    usual: Usual = Usual()
    results_to: int | None = None


class Block(_Document):
    """A person who may not use Easel in a server: by whom (id), when (ms since the epoch), and why."""

    by: int = 0
    at: int = 0
    why: str = Field("", max_length=SENTENCE_MAX)


class Grant(_Document):
    """So many more pictures a day for a person, until that moment (ms since the epoch)."""

    pictures: int = Field(ge=1, le=PICTURES_A_DAY_MAX)
    until: int


class ServerSettings(_Document):
    """All that is set for one server. Keys of the tables are Discord's ids.

    Attributes:
        each: for everybody; a role can raise it, a channel only lower it.
        together: for all at once.
        used_up: what happens when a day is used up.
        roles: what members with a role have in place of `each`, where it is more.
        results_to: the channel in which all results are posted; None: where they were asked for.
        buttons: by verb, who may use it under another person's picture; a verb that is missing keeps its own rule.
        paused: what people are told while nobody may ask for anything here; None: it is not paused.
        log_channel: where changes of these settings are told.
        tell: when people are told that theirs has ended, who have not said so themselves; None: as ASKED.
    """

    each: Limits = Limits()
    together: Together = Together()
    used_up: UsedUp = UsedUp.REFUSE
    usual: Usual = Usual()
    roles: dict[int, Limits] = Field(default_factory=dict)
    channels: dict[int, ChannelSettings] = Field(default_factory=dict)
    results_to: int | None = None
    buttons: dict[str, Whose] = Field(default_factory=dict)
    blocked: dict[int, Block] = Field(default_factory=dict)
    grants: dict[int, Grant] = Field(default_factory=dict)
    paused: str | None = Field(None, max_length=SENTENCE_MAX)
    log_channel: int | None = None
    tell: Telling | None = None


class Change(_Document):
    """One line of the audit: who set what, when.

    Attributes:
        number: runs from 1 in each server; `version` of the settings is that of the last change.
        by, by_name: who; the name as it was.
        key: a dotted path, such as `each.at_once` or `roles.123.day_pictures`.
        old, new: as JSON has them.
        at: ms since the epoch.
        how: what else it was: `undo`, `import`, `reset`; else "".
    """

    number: Positive
    by: int
    by_name: str = Field("", max_length=NAME_MAX)
    key: str
    old: object = None
    new: object = None
    at: int
    how: str = ""
