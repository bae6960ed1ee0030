"""Every way to a job's message, in the order of preference, and the routes of Discord's API that they take."""

from dataclasses import dataclass

from worker.contract.discord_answers import How
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, State

from .limits import Route


@dataclass(frozen=True)
class Way:
    """One way, and the route that it begins with."""

    how: How
    route: Route


def routes(job: Job) -> list[Way]:
    """How to reach a job's message where it is or is to be, best first; direct messages are another matter.

    A new message in the place of one that can no longer be edited is worth it only for what is final: it reopens a
    thread that was archived. Not for what has its pictures already: a new message would come without them.
    """
    there = job.state is State.POSTED and job.cause is None
    place, final = job.destination, job.state not in {State.QUEUED, State.CLAIMED} and not there
    found: list[Way] = []
    if place.token and place.application:
        found.append(Way(How.TOKEN, edit_reply(place)))
    if place.shared:
        if place.message:
            found.append(Way(How.CHANNEL, edit_message(place.channel, place.message)))
        if final or not place.message:
            found.append(Way(How.CREATE, create_message(place.channel)))
    return [way for way in found if way.how not in job.shut]


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


def look_at(channel: int, message: int) -> Route:
    """A message, as it is now."""
    return Route(
        "GET", "/channels/{channel}/messages/{message}", f"/channels/{channel}/messages/{message}", str(channel)
    )


def messages_after(channel: int, message: int) -> Route:
    """Up to a hundred messages of a channel, the first after that id."""
    return Route(
        "GET", "/channels/{channel}/messages", f"/channels/{channel}/messages?limit=100&after={message}", str(channel)
    )


OPEN_DM = Route("POST", "/users/@me/channels", "/users/@me/channels", "")
