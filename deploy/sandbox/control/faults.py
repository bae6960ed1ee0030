"""Making trouble: faults, the gateway, rate limits, the clock."""

from dataclasses import asdict, dataclass

from deploy.sandbox.errors import bad_field
from deploy.sandbox.faults import dataclass_input
from deploy.sandbox.gateway.codes import Close, Op
from deploy.sandbox.gateway.hub import Hub
from deploy.sandbox.gateway.session import Session
from deploy.sandbox.state.model import Json

from .request import Ask, Handler


def add_fault(ask: Ask) -> object:
    return asdict(ask.box.faults.add(ask.body))


def faults(ask: Ask) -> object:
    return ask.box.faults.facts()


def clear_faults(ask: Ask) -> object:
    ask.box.faults.clear(int(ask.number("fault")) if ask.get("fault") is not None else None)
    return None


def clock(ask: Ask) -> object:
    """`scale` (virtual seconds in a real one) and `jump` (virtual seconds ahead)."""
    box = ask.box
    try:
        if ask.get("scale") is not None:
            box.clock.set_scale(ask.number("scale"))
        if ask.get("jump") is not None:
            box.clock.jump(ask.number("jump"))
    except ValueError as wrong:
        raise bad_field("clock", "NUMBER_TYPE_MIN", str(wrong)) from None
    return {"now": box.clock.now(), "scale": box.clock.scale}


def gateway(ask: Ask) -> object:
    """`action` on the open connections, all of them or those of one `shard`.

    disconnect (with `code`, or `abort` to cut the TCP connection), reconnect (op 7), invalidate (op 9, `resumable`),
    heartbeat (op 1: ask for one now).
    """
    act = ACTIONS.get(str(ask.need("action")))
    if act is None:
        raise bad_field("action", "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(ACTIONS)}}}.")
    shard = int(ask.number("shard")) if ask.get("shard") is not None else None
    found = [each for each in ask.box.hub.of_shard(shard) if each.link is not None]
    for session in found:
        act(ask.box.hub, session, ask.body)
    return {"sessions": len(found)}


def disconnect(_: Hub, session: Session, how: Json) -> None:
    if session.link is not None:
        session.link.close(int(how.get("code", Close.UNKNOWN)), abort=bool(how.get("abort")))


def reconnect(hub: Hub, session: Session, _: Json) -> None:
    hub.reconnect(session)


def invalidate(hub: Hub, session: Session, how: Json) -> None:
    hub.invalidate(session, resumable=bool(how.get("resumable")))


def heartbeat(_: Hub, session: Session, __: Json) -> None:
    session.op(Op.HEARTBEAT, None)


ACTIONS = {"disconnect": disconnect, "reconnect": reconnect, "invalidate": invalidate, "heartbeat": heartbeat}


def manners(ask: Ask) -> object:
    """How the gateway treats connections: see README."""
    ask.box.hub.manners.change(ask.body)
    return ask.box.hub.manners.facts()


def limits(ask: Ask) -> object:
    """What limits there are: see README. Lifts a ban when `ban_after` is given."""
    box, starts = ask.box, ask.box.hub.starts
    dataclass_input.check(ask.body, Knobs, "Rate limits")
    if "enabled" in ask.body:
        box.enforce_limits(ask.body["enabled"])
    if "ban_after" in ask.body:
        box.ban.after = ask.body["ban_after"]
        box.ban.lift()
    starts.total = ask.body.get("session_starts", starts.total)
    starts.max_concurrency = max(1, ask.body.get("max_concurrency", starts.max_concurrency))
    return {
        **asdict(Knobs(box.limits.enabled, box.ban.after, starts.total, starts.max_concurrency)),
        "refused": box.ban.counted, "banned_for": round(box.ban.seconds_left, 3), "starts_left": starts.remaining,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knobs:
    """What can be set about limits."""

    enabled: bool
    ban_after: int
    session_starts: int
    max_concurrency: int


def chaos(ask: Ask) -> object:
    """What it does, and has done."""
    return ask.box.chaos.facts()


def start_chaos(ask: Ask) -> object:
    """`seed`, `intensity`, `rates` by kind, `seconds`: see README."""
    seed, rates = ask.get("seed"), ask.get("rates") or {}
    if not isinstance(rates, dict) or not all(isinstance(each, int | float) for each in rates.values()):
        raise bad_field("rates", "MODEL_TYPE_CONVERT", "Rates are numbers by kind.")
    seconds = ask.number("seconds") if ask.get("seconds") is not None else None
    ask.box.chaos.start(None if seed is None else str(seed), ask.number("intensity", 1.0), rates, seconds)
    return ask.box.chaos.facts()


def stop_chaos(ask: Ask) -> object:
    ask.box.chaos.stop()
    return ask.box.chaos.facts()


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/faults", add_fault),
    ("GET", "/faults", faults),
    ("DELETE", "/faults", clear_faults),
    ("DELETE", "/faults/{fault}", clear_faults),
    ("POST", "/clock", clock),
    ("GET", "/clock", clock),
    ("POST", "/gateway", gateway),
    ("POST", "/gateway/manners", manners),
    ("GET", "/gateway/manners", manners),
    ("POST", "/rate-limits", limits),
    ("GET", "/rate-limits", limits),
    ("POST", "/chaos", start_chaos),
    ("GET", "/chaos", chaos),
    ("DELETE", "/chaos", stop_chaos),
]
