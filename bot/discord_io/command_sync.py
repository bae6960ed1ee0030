"""Registers the slash commands with Discord, only when they or Discord's copy of them changed.

Discord allows 200 new commands a day, and people's clients reload the list after each change. What was registered
is remembered in Redis together with the versions that Discord gave it, so both sides are compared.
"""

import hashlib
import json
import logging
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from worker.contract.message.languages import Language
from worker.contract.store.keys import PREFIX

log = logging.getLogger(__name__)


def key(application: int) -> str:
    """String: what was registered last for this application."""
    return f"{PREFIX}commands:{application}"


def translated(command: dict[str, Any], language: Language) -> dict[str, Any]:
    """A command as people of that language read it. Its name and those of its options stay as they are typed."""
    said = dict(command)
    if said.get("description"):
        said["description"] = language.gettext(said["description"])
    if "options" in said:
        said["options"] = [translated(option, language) for option in said["options"]]
    if "choices" in said:
        said["choices"] = [{**each, "name": _choice(each["name"], language)} for each in said["choices"]]
    return said


def _choice(name: str, language: Language) -> str:
    """The name of a choice, unless it is the same in all languages, such as 16:9."""
    return language.gettext(name) if any(map(str.isalpha, name)) else name


def fingerprint(payload: list[dict[str, Any]]) -> str:
    """Of the commands as we would register them."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32]


def versions(registered: list[Any]) -> str:
    """Of the commands as Discord holds them: a version changes with every change there."""
    return ",".join(sorted(f"{each['id']}:{each.get('version', '')}" for each in registered))


def ids(registered: list[Any]) -> dict[str, int]:
    """The ids of commands by their names, by which a message links to them."""
    return {each["name"]: int(each["id"]) for each in registered}


async def recall(redis: Redis, application: int) -> str | None:
    """What `remember` kept; None when nothing is known or Redis is away."""
    try:
        value = await redis.get(key(application))
    except RedisError:
        return None
    return value.decode() if isinstance(value, bytes) else None


async def remember(redis: Redis, application: int, mark: str) -> None:
    """Keep what is registered now; without Redis the next start registers once more, which is harmless."""
    try:
        await redis.set(key(application), mark)
    except RedisError as error:
        log.warning("could not remember the registered commands: %s", type(error).__name__)


def mark(payload: list[dict[str, Any]], registered: list[Any]) -> str:
    """Both sides in one string."""
    return f"{fingerprint(payload)} {versions(registered)}"
