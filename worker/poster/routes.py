"""Every way to a job's message, in the order of preference."""

from dataclasses import dataclass
from enum import StrEnum

from worker.contract.types.destination import Destination

from .discord import RefusedError
from .limits import Route

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10003, 10008, 10015
BAD_INTERACTION_TOKEN = 50027
FILE_TOO_LARGE = 40005
EDIT_CAP = 30046


class How(StrEnum):
    """TOKEN edits the interaction's reply, CHANNEL edits it as a message, CREATE makes one, DM makes one there."""

    TOKEN = "token"  # noqa: S105 - not a password
    CHANNEL = "channel"
    CREATE = "create"
    DM = "dm"


@dataclass(frozen=True)
class Way:
    """One way, and the route that it begins with."""

    how: How
    route: Route


def routes(place: Destination, *, final: bool) -> list[Way]:
    """How to reach a message, best first. Only what is final is worth a direct message."""
    found: list[Way] = []
    if place.token and place.application:
        found.append(Way(How.TOKEN, edit_reply(place)))
    if place.installed and not place.ephemeral:
        if place.message:
            found.append(Way(How.CHANNEL, edit_message(place.channel, place.message)))
        else:
            found.append(Way(How.CREATE, create_message(place.channel)))
    elif final:
        found.append(Way(How.DM, OPEN_DM))
    return found


def edit_reply(place: Destination) -> Route:
    """The interaction's reply, reached with its own token."""
    message = str(place.message) if place.message else "@original"
    return Route(
        "PATCH",
        "/webhooks/{application}/{token}/messages/{message}",
        f"/webhooks/{place.application}/{place.token}/messages/{message}",
        f"{place.application}/{place.token}",
        bot=False,
    )


def follow_up(place: Destination) -> Route:
    """A further message of the same interaction."""
    return Route(
        "POST",
        "/webhooks/{application}/{token}",
        f"/webhooks/{place.application}/{place.token}?wait=true",
        f"{place.application}/{place.token}",
        bot=False,
    )


def edit_message(channel: int, message: int) -> Route:
    """A message of the bot's own, through its channel."""
    return Route(
        "PATCH", "/channels/{channel}/messages/{message}", f"/channels/{channel}/messages/{message}", str(channel)
    )


def create_message(channel: int) -> Route:
    """A new message in a channel."""
    return Route("POST", "/channels/{channel}/messages", f"/channels/{channel}/messages", str(channel))


OPEN_DM = Route("POST", "/users/@me/channels", "/users/@me/channels", "")


def token_dead(error: RefusedError) -> bool:
    """The interaction's token no longer works, or never got an answer to edit."""
    return error.status == 401 or error.code in {BAD_INTERACTION_TOKEN, UNKNOWN_WEBHOOK}


def gone(error: RefusedError) -> bool:
    """The message or its channel is no more."""
    return error.code in {UNKNOWN_CHANNEL, UNKNOWN_MESSAGE} or error.status == 404


def too_large(error: RefusedError) -> bool:
    """The upload must become smaller."""
    return error.status == 413 or error.code == FILE_TOO_LARGE
