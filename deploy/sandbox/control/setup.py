"""What no person could do: end a token, change the developer portal's switches, start over."""

from .request import ControlRequest, Handler


def expire(request: ControlRequest) -> object:
    """End one interaction's token now."""
    request.box.interactions.expire(request.interaction())
    return None


def application(request: ControlRequest) -> object:
    """`privileged_intents`: whether they are switched on in the developer portal."""
    request.box.world.privileged_intents = bool(request.need("privileged_intents"))
    request.box.announce.world_changed()
    return None


def reset(request: ControlRequest) -> object:
    """The default world again; see `Sandbox.reset`."""
    request.box.reset()
    return None


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/interactions/{interaction}/expire", expire),
    ("POST", "/application", application),
    ("POST", "/reset", reset),
]
