"""Reactions on messages."""

from deploy.sandbox.errors import TOO_MANY_REACTIONS, UNKNOWN_EMOJI, ApiError
from deploy.sandbox.state.model import MessageRecord
from deploy.sandbox.state.world import World
from deploy.sandbox.validate import emoji

from .announce import Announcer

MOST_EMOJIS = 20  # different ones on a message


class Reactions:
    """Adds reactions and takes them off; rights have been checked before."""

    def __init__(self, world: World, announce: Announcer) -> None:
        self._world = world
        self._announce = announce

    def add(self, message: MessageRecord, user_id: int, name: str) -> None:
        """Add someone's reaction; `name` is the emoji itself, or `name:id` of a custom one."""
        shown = emoji.of_reaction(name)
        users = message.reactions.get(name)
        if users is None:
            if len(message.reactions) >= MOST_EMOJIS:
                raise ApiError(TOO_MANY_REACTIONS)
            if shown["id"] is not None and int(shown["id"]) not in self._world.emojis:
                raise ApiError(UNKNOWN_EMOJI)
            users = message.reactions[name] = []
        if user_id not in users:
            users.append(user_id)
            self._show(message)
            self._announce.reaction(message, shown, user_id, added=True)

    def remove(self, message: MessageRecord, user_id: int, name: str) -> None:
        """Take a reaction off; nothing happens when there is none."""
        shown = emoji.of_reaction(name)
        users = message.reactions.get(name, [])
        if user_id in users:
            users.remove(user_id)
            if not users:
                del message.reactions[name]
            self._show(message)
            self._announce.reaction(message, shown, user_id, added=False)

    def clear(self, message: MessageRecord, name: str | None = None) -> None:
        """Take off all of them, or all of one kind."""
        shown = None if name is None else emoji.of_reaction(name)
        if name is None:
            message.reactions.clear()
        else:
            message.reactions.pop(name, None)
        self._show(message)
        self._announce.reactions_cleared(message, shown)

    def _show(self, message: MessageRecord) -> None:
        bot_id = self._world.bot.id
        shown = [
            {
                "emoji": emoji.of_reaction(name), "count": len(users), "me": bot_id in users, "me_burst": False,
                "count_details": {"burst": 0, "normal": len(users)}, "burst_colors": [],
            }
            for name, users in message.reactions.items()
        ]  # fmt: skip
        if shown:
            message.data["reactions"] = shown
        else:
            message.data.pop("reactions", None)
