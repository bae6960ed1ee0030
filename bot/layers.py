"""Where a limit comes from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class LayerKind(StrEnum):
    """Who has set it, from those who have the last word on."""

    OPERATOR = "operator"
    TIER = "tier"  # of this server, by the operator
    SERVER = "server"
    ROLE = "role"
    CHANNEL = "channel"
    GRANT = "grant"


@dataclass(frozen=True)
class Layer:
    """One layer; `id` of the role or the channel, 0 of the others."""

    kind: LayerKind
    id: int = 0


OPERATOR, TIER, SERVER, GRANT = (
    Layer(LayerKind.OPERATOR),
    Layer(LayerKind.TIER),
    Layer(LayerKind.SERVER),
    Layer(LayerKind.GRANT),
)


@dataclass(frozen=True)
class Value(Generic[T]):
    """What holds, and which layer says so."""

    value: T
    layer: Layer
