"""Faults of the gateway: how it treats connections, set through the control API."""

from dataclasses import asdict, dataclass

from deploy.sandbox.errors import bad_field
from deploy.sandbox.faults import dataclass_input
from deploy.sandbox.state.model import Json

HEARTBEAT_SECONDS = 41.25


@dataclass(slots=True)
class GatewayFaults:
    """How connections are treated; as it stands here, as Discord does on a good day.

    Events are never sent twice or in another order than they happened: Discord does not do that either. What can come
    in another order is an event and the answer to the call that caused it, and that is what `late` is for.
    """

    refuse: int | None = None  # this HTTP status instead of a WebSocket
    hello: bool = True
    hello_delay: float = 0.0
    ack: bool = True  # answer heartbeats
    late: float = 0.0  # seconds by which everything arrives late
    heartbeat_seconds: float = HEARTBEAT_SECONDS  # for connections made from now on

    def change(self, body: Json) -> None:
        """Set what is given. Refuses unknown names and values of another kind (50035)."""
        dataclass_input.check(body, GatewayFaults, "The gateway")
        if not 400 <= (body.get("refuse") or 503) <= 599:
            raise bad_field("refuse", "NUMBER_TYPE_MIN", "A refusal's status is between 400 and 599.")
        for name, value in body.items():
            setattr(self, name, value)

    def facts(self) -> Json:
        """All settings as JSON."""
        return asdict(self)
