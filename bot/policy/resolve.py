"""Many layers of limits become one policy: `min(ceiling, channel, max(server, the member's roles))` for each value.

A pure function: it asks nobody and knows no time but what it is told.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.layers import GRANT, OPERATOR, SERVER, TIER, Layer, LayerKind, Value
from bot.limit_errors import Blocked, Paused
from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_settings import ChannelSettings, Limits, ServerSettings, Together, Usual
from worker.contract.types.telling import Telling

from .ceilings import Ceilings
from .limits import Policy

LISTS = ("models", "samplers")  # what is allowed; all others are numbers, at most
NUMBERS = tuple(name for name in Limits.model_fields if name not in LISTS)
TOGETHER = tuple(Together.model_fields)
NOBODY = OperatorSettings()


def resolve(
    ceilings: Ceilings,
    server: ServerSettings,
    channel: ChannelSettings | None,
    roles: Mapping[int, Limits],
    person: int,
    *,
    operator: OperatorSettings = NOBODY,
    place: int | None = None,
    now: int = 0,
) -> Policy:
    """What holds for one person at one place.

    Args:
        ceilings: what is allowed at most.
        server: what its admins have set; nothing in direct messages.
        channel: what they have set for this channel.
        roles: what they have set for the roles that the person has, by their ids. The order does not matter.
        person: id.
        operator: what the operator has set since.
        place: id of the server, None in direct messages.
        now: milliseconds since the epoch, by which grants end.
    """
    layers = _Layers(ceilings, operator.of(place).tier, server, channel, dict(sorted(roles.items())))
    grant = server.grants.get(person)
    granted = grant.pictures if grant and grant.until > now else 0
    each = {name: layers.number(name, granted if name == "day_pictures" else 0) for name in NUMBERS}
    usual = _usual(channel.usual if channel else Usual(), server.usual, ceilings.usual)
    return Policy(
        each={name: value for name, value in each.items() if value}
        | {name: value for name in LISTS if (value := layers.listed(name))},
        together={name: value for name in TOGETHER if (value := layers.together(name))},
        bounds=ceilings.of(layers.tier),
        everywhere=ceilings.everywhere,
        per_minute=ceilings.per_minute,
        total=ceilings.total,
        used_up=server.used_up,
        usual=usual,
        model=usual.model or ceilings.model,
        buttons=server.buttons,
        tell=server.tell if server.tell is Telling.LATE else None,
        results_to=(channel.results_to if channel else None) or server.results_to,
        shut=_shut(server, operator, place, person),
    )


class _Layers:
    """What each layer says of one limit, and which of them it comes from in the end."""

    def __init__(
        self, ceilings: Ceilings, tier: str | None, server: ServerSettings, channel: ChannelSettings | None,
        roles: Mapping[int, Limits],
    ) -> None:  # fmt: skip
        self._ceilings, self.tier, self._server, self._channel, self._roles = ceilings, tier, server, channel, roles
        self._bounds = ceilings.of(tier)

    def number(self, name: str, granted: float) -> Value[Any] | None:
        """The limit, None where there is none."""
        found = self._floor(name, getattr(self._server.each, name), "unset")
        if found:
            for role, limits in self._roles.items():
                found = _higher(found, getattr(limits, name), Layer(LayerKind.ROLE, role))
            if granted:
                found = Value(found.value + granted, GRANT)
        found = _lower(found, *self._of_channel(name))
        return _lower(found, getattr(self._bounds.each, name), self._top("each", name))

    def listed(self, name: str) -> Value[Any] | None:
        """What is allowed, None for all there is."""
        found: Value[Any] | None = None
        if (own := getattr(self._server.each, name)) is not None:
            more = [(role, extra) for role, each in self._roles.items() if (extra := getattr(each, name)) is not None]
            added = _distinct(item for _, extra in more for item in extra if item not in own)
            last = next((role for role, extra in more if set(extra) - set(own)), None)
            found = Value((*own, *added), Layer(LayerKind.ROLE, last) if last is not None else SERVER)
        elif (unset := getattr(self._bounds.unset, name)) is not None:
            found = Value(unset, self._top("unset", name))
        found = _narrower(found, *self._of_channel(name))
        return _narrower(found, getattr(self._bounds.each, name), self._top("each", name))

    def together(self, name: str) -> Value[Any] | None:
        """A limit of all people of the server together."""
        own = getattr(self._server.together, name)
        found = Value(own, SERVER) if own is not None else None
        return _lower(found, getattr(self._bounds.together, name), self._top("together", name))

    def _floor(self, name: str, own: Any, table: str) -> Value[Any] | None:
        """What holds before roles: the server's word, else what the operator gives to those who have none."""
        if own is not None:
            return Value(own, SERVER)
        given = getattr(self._bounds.unset, name)
        return None if given is None else Value(given, self._top(table, name))

    def _of_channel(self, name: str) -> tuple[Any, Layer]:
        return getattr(self._channel.limits, name) if self._channel else None, Layer(LayerKind.CHANNEL)

    def _top(self, table: str, name: str) -> Layer:
        return TIER if self._ceilings.differs(self.tier, table, name) else OPERATOR


def _higher(found: Value[Any], other: Any, layer: Layer) -> Value[Any]:
    return found if other is None or other <= found.value else Value(other, layer)


def _lower(found: Value[Any] | None, other: Any, layer: Layer) -> Value[Any] | None:
    if other is None or (found and found.value <= other):
        return found
    return Value(other, layer)


def _narrower(found: Value[Any] | None, other: Any, layer: Layer) -> Value[Any] | None:
    if other is None:
        return found
    if found is None:
        return Value(tuple(other), layer)
    kept = tuple(item for item in found.value if item in other)
    return found if kept == found.value else Value(kept, layer)


def _distinct(items: Iterable[str]) -> list[str]:
    return sorted(set(items))


def _usual(*layers: Usual) -> Usual:
    """Each value from the first layer that says it."""
    found: dict[str, Any] = {}
    for layer in layers:
        found = layer.model_dump(exclude_none=True) | found
    return Usual.model_validate(found)


def _shut(
    server: ServerSettings, operator: OperatorSettings, place: int | None, person: int
) -> Blocked | Paused | None:
    """Why this person may ask for nothing here; a block goes before a pause, which ends by itself."""
    if block := operator.blocked.get(person):
        return Blocked(OPERATOR, block.why)
    if (why := operator.of(place).blocked) is not None:
        return Blocked(OPERATOR, why, whole_server=True)
    if block := server.blocked.get(person):
        return Blocked(SERVER, block.why)
    if operator.paused is not None:
        return Paused(OPERATOR, operator.paused)
    if server.paused is not None:
        return Paused(SERVER, server.paused)
    return None
