"""How version 1 read what it found: its types as they were before there were upscales, frozen. Never to be edited.

What today's writer makes of a version-1 request must pass through here, for such bots, workers and posters may still
run beside ours, and such pictures are read by whoever kept an older Easel. Nothing is imported from the product.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

VERSION = 1
RECORD_VERSION = 1
PROMPT_MAX = 1000
SIDE_MIN, SIDE_MAX, SIDE_STEP = 64, 2048, 8
PIXELS_MAX = 2048 * 2048
STEPS_MAX = 150
GUIDANCE_MAX = 30.0
COUNT_MAX = 10
SEED_MAX = 2**32 - 1

Side = Annotated[int, Field(ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)]
Seed = Annotated[int, Field(ge=0, le=SEED_MAX)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=PROMPT_MAX)]


class Scheduler(StrEnum):
    EULER = "euler"
    EULER_A = "euler_a"
    DPMPP_2M = "dpmpp_2m"
    DPMPP_2M_KARRAS = "dpmpp_2m_karras"
    DDIM = "ddim"
    UNIPC = "unipc"
    LCM = "lcm"


class Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(default=VERSION, ge=1, le=VERSION)
    prompt: Annotated[Text, Field(min_length=1)]
    negative_prompt: Text = ""
    model: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    width: Side
    height: Side
    steps: int = Field(ge=1, le=STEPS_MAX)
    guidance_scale: float = Field(ge=0, le=GUIDANCE_MAX)
    scheduler: Scheduler | None = None
    seed: Seed
    count: int = Field(default=1, ge=1, le=COUNT_MAX)

    @model_validator(mode="after")
    def _area(self) -> Self:
        if self.width * self.height > PIXELS_MAX:
            raise ValueError(f"{self.width} × {self.height} is more than {PIXELS_MAX:,} pixels")
        return self


class Recipe(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    request: Request
    index: int = Field(default=0, ge=0)
    revision: str = Field(default="", max_length=100, description="of the model's weights")


class Destination(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: int
    server: int | None = None
    application: int | None = None
    token: str | None = None
    message: int | None = None
    reply_to: int | None = None
    ephemeral: bool = False
    installed: bool = True
    upload_limit: int = 10 * 1024 * 1024


class Known(BaseModel):
    model_config = ConfigDict(frozen=True)

    things: tuple[str, ...]
    styles: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ()


class Taken(BaseModel):
    LONGEST: ClassVar = 28

    model_config = ConfigDict(frozen=True)

    asked: str = Field(max_length=LONGEST)
    took: str = Field(max_length=LONGEST)


class Notice(BaseModel):
    model_config = ConfigDict(frozen=True)

    model: str
    known: int
    kind: str = ""
    taken: tuple[Taken, ...] = ()
    left: tuple[str, ...] = ()
    more: int = 0
    at_once: int = 0


class Picture(BaseModel):
    model_config = ConfigDict(frozen=True)

    seed: int
    width: int
    height: int
    content_type: str = "image/png"
    size: int = Field(ge=0, description="bytes")


class Result(BaseModel):
    model_config = ConfigDict(frozen=True)

    pictures: tuple[Picture, ...]
    timings: dict[str, float] = Field(default_factory=dict)
    engine: str = ""
    notice: Notice | None = None


class State(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    RENDERED = "rendered"
    POSTED = "posted"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    ATTEMPTS = "attempts"
    MEMORY = "memory"
    MODEL = "model"
    INVALID = "invalid"
    ENGINE = "engine"
    TIMEOUT = "timeout"
    WAITED = "waited"
    UNPOSTED = "unposted"
    DAMAGED = "damaged"
    OWNER = "owner"
    MODERATOR = "moderator"


class Progress(BaseModel):
    model_config = ConfigDict(frozen=True)

    phase: str = "steps"
    step: int = 0
    steps: int = 0


class Job(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    version: int = RECORD_VERSION
    state: State
    revision: int = 0
    attempt: int = 0
    owner: int
    server: str
    verb: str = "imagine"
    request: Request
    destination: Destination
    created: int
    changed: int
    lease: int = 0
    progress: Progress | None = None
    place: int | None = None
    eta: float | None = None
    stalled: bool = False
    reason: Reason | None = None
    detail: str = ""
    result: Result | None = None

    @classmethod
    def from_hash(cls, job: str, record: Mapping[bytes, bytes]) -> Self:
        fields: dict[str, Any] = {k.decode(): v.decode() for k, v in record.items()}
        for name, model in _NESTED.items():
            if name in fields:
                fields[name] = model.model_validate_json(fields[name])
        where = {name: fields.pop(name) for name in ("token", "message", "channel", "ephemeral") if name in fields}
        if "destination" in fields:
            base: Destination = fields["destination"]
            fields["destination"] = Destination.model_validate(base.model_dump() | where)
        return cls(id=job, **{name: value for name, value in fields.items() if value != "" or name == "detail"})


_NESTED: dict[str, type[BaseModel]] = {
    "request": Request,
    "destination": Destination,
    "progress": Progress,
    "result": Result,
}
