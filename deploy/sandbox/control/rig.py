"""What no person could do: ending a token, the developer portal's switches, starting over."""

from .request import Ask, Handler


def expire(ask: Ask) -> object:
    """End one interaction's token now."""
    ask.box.interactions.expire(ask.interaction())
    return None


def application(ask: Ask) -> object:
    """`privileged_intents`: whether they are switched on in the developer portal."""
    ask.box.world.privileged_intents = bool(ask.need("privileged_intents"))
    ask.box.announce.world_changed()
    return None


def reset(ask: Ask) -> object:
    ask.box.reset()
    return None


ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/interactions/{interaction}/expire", expire),
    ("POST", "/application", application),
    ("POST", "/reset", reset),
]
