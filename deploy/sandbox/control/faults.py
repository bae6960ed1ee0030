"""Faults, the gateway's faults, rate limits, chaos, and the clock."""

from dataclasses import asdict, dataclass

from deploy.sandbox.errors import bad_field
from deploy.sandbox.faults import dataclass_input
from deploy.sandbox.gateway.codes import Close, Op
from deploy.sandbox.gateway.hub import Hub
from deploy.sandbox.gateway.session import Session
from deploy.sandbox.state.model import Json

from .request import ControlRequest, Handler

CODES = range(1000, 5000)  # with which a WebSocket may be closed


def add_fault(request: ControlRequest) -> object:
    """Arm a fault (README: Faults); returns it with its `id`. Refuses unknown fields and values (50035)."""
    return asdict(request.box.faults.add(request.body))


def faults(request: ControlRequest) -> object:
    """The faults that are still armed."""
    return request.box.faults.facts()


def clear_faults(request: ControlRequest) -> object:
    """Disarm one fault, or all."""
    request.box.faults.clear(int(request.number("fault")) if request.get("fault") is not None else None)
    return None


def clock(request: ControlRequest) -> object:
    """What time it is in the sandbox, and how fast it passes."""
    return {"now": request.box.clock.now(), "scale": request.box.clock.scale}


def set_clock(request: ControlRequest) -> object:
    """`scale` (virtual seconds in a real one) and `jump` (virtual seconds ahead)."""
    box = request.box
    try:
        if request.get("scale") is not None:
            box.clock.set_scale(request.number("scale"))
        if request.get("jump") is not None:
            box.clock.jump(request.number("jump"))
    except ValueError as wrong:
        raise bad_field("clock", "NUMBER_TYPE_MIN", str(wrong)) from None
    return clock(request)


def gateway(request: ControlRequest) -> object:
    """`action` on the open connections, all of them or those of one `shard`.

    disconnect (with `code`, or `abort` to cut the TCP connection), reconnect (op 7), invalidate (op 9, `resumable`),
    heartbeat (op 1: ask for one now).
    """
    act = ACTIONS.get(str(request.need("action")))
    if act is None:
        raise bad_field("action", "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(ACTIONS)}}}.")
    shard = int(request.number("shard")) if request.get("shard") is not None else None
    found = [each for each in request.box.hub.of_shard(shard) if each.link is not None]
    code = int(request.number("code", Close.UNKNOWN))
    if code not in CODES:
        raise bad_field("code", "NUMBER_TYPE_MAX", f"A close code is between {CODES[0]} and {CODES[-1]}.")
    for session in found:
        act(request.box.hub, session, request.body | {"code": code})
    return {"sessions": len(found)}


def disconnect(_: Hub, session: Session, how: Json) -> None:
    """Close the connection with `code` (4000), or cut it with `abort`. The session can be resumed."""
    if session.link is not None:
        session.link.close(how["code"], abort=bool(how.get("abort")))


def reconnect(hub: Hub, session: Session, _: Json) -> None:
    """Op 7."""
    hub.reconnect(session)


def invalidate(hub: Hub, session: Session, how: Json) -> None:
    """Op 9, `resumable` or not."""
    hub.invalidate(session, resumable=bool(how.get("resumable")))


def heartbeat(_: Hub, session: Session, __: Json) -> None:
    """Op 1 from the server: the client answers with a heartbeat at once."""
    session.op(Op.HEARTBEAT, None)


ACTIONS = {"disconnect": disconnect, "reconnect": reconnect, "invalidate": invalidate, "heartbeat": heartbeat}


def gateway_faults(request: ControlRequest) -> object:
    """How the gateway treats connections: see README."""
    request.box.hub.gateway_faults.change(request.body)
    return request.box.hub.gateway_faults.facts()


def limits(request: ControlRequest) -> object:
    """What limits there are: see README. Lifts a ban when `ban_after` is given."""
    box, session_limits = request.box, request.box.hub.session_limits
    dataclass_input.check(request.body, LimitSettings, "Rate limits")
    if "enabled" in request.body:
        box.enforce_limits(request.body["enabled"])
    if "ban_after" in request.body:
        box.ban.after = request.body["ban_after"]
        box.ban.lift()
    session_limits.total = request.body.get("session_starts", session_limits.total)
    session_limits.max_concurrency = max(1, request.body.get("max_concurrency", session_limits.max_concurrency))
    settings = LimitSettings(box.limits.enabled, box.ban.after, session_limits.total, session_limits.max_concurrency)
    return {
        **asdict(settings),
        "refused": box.ban.counted,
        "banned_for": round(box.ban.seconds_left, 3),
        "starts_left": session_limits.remaining,
    }


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What can be set about limits."""

    enabled: bool
    ban_after: int
    session_starts: int
    max_concurrency: int


def chaos(request: ControlRequest) -> object:
    """What it does, and has done."""
    return request.box.chaos.facts()


def start_chaos(request: ControlRequest) -> object:
    """`seed`, `intensity`, `rates` by kind, `seconds`: see README."""
    seed, rates = request.get("seed"), request.get("rates") or {}
    if not isinstance(rates, dict) or not all(isinstance(each, int | float) for each in rates.values()):
        raise bad_field("rates", "MODEL_TYPE_CONVERT", "Rates are numbers by kind.")
    seconds = request.number("seconds") if request.get("seconds") is not None else None
    request.box.chaos.start(None if seed is None else str(seed), request.number("intensity", 1.0), rates, seconds)
    return request.box.chaos.facts()


def stop_chaos(request: ControlRequest) -> object:
    """No more chaos; returns what it has done."""
    request.box.chaos.stop()
    return request.box.chaos.facts()


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/faults", add_fault),
    ("GET", "/faults", faults),
    ("DELETE", "/faults", clear_faults),
    ("DELETE", "/faults/{fault}", clear_faults),
    ("POST", "/clock", set_clock),
    ("GET", "/clock", clock),
    ("POST", "/gateway", gateway),
    ("POST", "/gateway/manners", gateway_faults),
    ("GET", "/gateway/manners", gateway_faults),
    ("POST", "/rate-limits", limits),
    ("GET", "/rate-limits", limits),
    ("POST", "/chaos", start_chaos),
    ("GET", "/chaos", chaos),
    ("DELETE", "/chaos", stop_chaos),
]
