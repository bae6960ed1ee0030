"""Making trouble: faults, the gateway, rate limits, the clock."""

import asyncio
from dataclasses import asdict

from deploy.sandbox.errors import bad_field
from deploy.sandbox.gateway.codes import Close, Op
from deploy.sandbox.gateway.hub import Hub
from deploy.sandbox.gateway.session import Session
from deploy.sandbox.model import Json

from .ask import Ask, Handler

CLOSED_AFTER_RECONNECT = 5.0  # seconds that a client has to leave by itself


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


def reconnect(_: Hub, session: Session, __: Json) -> None:
    """Op 7; a client that does not heed it is cut off a little later."""
    session.op(Op.RECONNECT, None)
    if session.link is not None:
        asyncio.get_running_loop().call_later(CLOSED_AFTER_RECONNECT, session.link.close, Close.UNKNOWN)


def invalidate(hub: Hub, session: Session, how: Json) -> None:
    resumable = bool(how.get("resumable"))
    session.op(Op.INVALID, resumable)
    if not resumable:
        hub.end(session)


def heartbeat(_: Hub, session: Session, __: Json) -> None:
    session.op(Op.HEARTBEAT, None)


ACTIONS = {"disconnect": disconnect, "reconnect": reconnect, "invalidate": invalidate, "heartbeat": heartbeat}


def manners(ask: Ask) -> object:
    """How the gateway treats connections: see README."""
    ask.box.hub.manners.change(ask.body)
    return ask.box.hub.manners.facts()


def limits(ask: Ask) -> object:
    """`enabled`: whether rate limits refuse anybody."""
    ask.box.enforce_limits(bool(ask.need("enabled")))
    return {"enabled": ask.box.limits.enabled}


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/faults", add_fault),
    ("GET", "/faults", faults),
    ("DELETE", "/faults", clear_faults),
    ("DELETE", "/faults/{fault}", clear_faults),
    ("POST", "/clock", clock),
    ("GET", "/clock", clock),
    ("POST", "/gateway", gateway),
    ("POST", "/gateway/manners", manners),
    ("POST", "/rate-limits", limits),
]
