"""What whoever runs Easel sets while it runs, as Redis keeps it; what holds from the start is in the environment."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .server_settings import SENTENCE_MAX, Block

WEIGHT_MIN, WEIGHT_MAX = 0.01, 100.0

Weight = Annotated[float, Field(ge=WEIGHT_MIN, le=WEIGHT_MAX)]
TierName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class OfServer(_Document):
    """What the operator says of one server.

    Attributes:
        tier: the name of a table of `limits.toml`; None: the limits of all.
        weight: its share in line beside other servers; None: 1.
        blocked: why nobody there may ask for anything, as people are told; None: they may.
    """

    tier: TierName | None = None
    weight: Weight | None = None
    blocked: str | None = Field(None, max_length=SENTENCE_MAX)


class OperatorSettings(_Document):
    """All of it.

    Attributes:
        servers: by id; `dm` are all direct messages together.
        blocked: people who may not use Easel anywhere.
        paused: what everybody is told while nobody may ask for anything; None: it is not paused.
    """

    servers: dict[str, OfServer] = Field(default_factory=dict)
    blocked: dict[int, Block] = Field(default_factory=dict)
    paused: str | None = Field(None, max_length=SENTENCE_MAX)

    def of(self, server: int | None) -> OfServer:
        """What is said of a server; None: of direct messages."""
        return self.servers.get(DIRECT if server is None else str(server), OfServer())


DIRECT = "dm"  # stands for all direct messages, here and in the line
