"""How the gateway misbehaves when it is told to."""

from dataclasses import asdict, dataclass, fields

from deploy.sandbox.errors import bad_field
from deploy.sandbox.model import Json

HEARTBEAT_SECONDS = 41.25


@dataclass(slots=True)
class Manners:
    """How connections are treated; as it stands here, as Discord does on a good day.

    Events are never sent twice or in another order than they happened: Discord does not do that either. What can come
    in another order is an event and the answer to the call that caused it, and that is what `late` is for.
    """

    refuse: int | None = None  # this HTTP status instead of a WebSocket
    hello: bool = True
    hello_delay: float = 0.0
    ack: bool = True  # answer heartbeats
    late: float = 0.0  # so many seconds later does everything arrive
    heartbeat_seconds: float = HEARTBEAT_SECONDS  # for connections made from now on

    def change(self, body: Json) -> None:
        """Set what is given. Refuses unknown names (50035) and values of another kind."""
        kinds = {each.name: type(getattr(Manners(), each.name)) for each in fields(self)}
        for name, value in body.items():
            if name not in kinds:
                raise bad_field(name, "UNKNOWN_FIELD", f"The gateway has: {', '.join(kinds)}.")
            if name == "refuse":
                good = value is None or (isinstance(value, int) and 400 <= value <= 599)
            elif kinds[name] is bool:
                good = isinstance(value, bool)
            else:
                good = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
            if not good:
                raise bad_field(name, "BASE_TYPE_CONVERT", f"{value!r} does not fit {name}.")
        for name, value in body.items():
            setattr(self, name, value)

    def facts(self) -> Json:
        return asdict(self)
