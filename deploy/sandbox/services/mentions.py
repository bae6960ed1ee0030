"""Whom a message pings: users and roles that its text names, as far as `allowed_mentions` lets it."""

import re

from deploy.sandbox import serialise
from deploy.sandbox.state.model import Json, User
from deploy.sandbox.state.world import World

_USER, _ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
_EVERYONE = ("@everyone", "@here")


def of(world: World, text: str, allowed: Json | None, *, everyone: bool, replied: User | None = None) -> Json:
    """The three fields of a message. Without `allowed_mentions` all are pinged, as is the author replied to.

    `everyone` says whether the sender may ping all of a channel.
    """
    parse = ("users", "roles", "everyone") if allowed is None else allowed.get("parse") or ()
    given = allowed or {}
    named = [int(each) for each in _USER.findall(text)]
    users = [each for each in named if "users" in parse or str(each) in (given.get("users") or ())]
    roles = [each for each in _ROLE.findall(text) if "roles" in parse or each in (given.get("roles") or ())]
    if replied is not None and (allowed is None or allowed.get("replied_user")):
        users.append(replied.id)
    known = dict.fromkeys(each for each in users if each in world.users)
    return {
        "mentions": [serialise.user(world.users[each]) for each in known],
        "mention_roles": list(dict.fromkeys(roles)),
        "mention_everyone": everyone and "everyone" in parse and any(each in text for each in _EVERYONE),
    }
