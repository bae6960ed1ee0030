"""Users of Redis with the rights that docs/operate.md lists, and with fewer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

_LINES = re.compile(r"^ *user easel-(\w+) on >(\S+) (.+)$", re.MULTILINE)
_DOCUMENT = Path(__file__).parents[1] / "docs" / "operate.md"
PASSWORD = "right-secret"


def documented() -> dict[str, list[str]]:
    """The rules by process, as an operator copies them."""
    return {name: rules.split() for name, _, rules in _LINES.findall(_DOCUMENT.read_text(encoding="utf-8"))}


def as_user(url: str, who: str) -> str:
    """The same address for a user, given as `name:password`."""
    scheme, _, place = url.partition("://")
    return f"{scheme}://{who}@{place.rpartition('@')[2]}"


class Users:
    """Users of one Redis, all with `PASSWORD`."""

    def __init__(self, client: redis.Redis, url: str) -> None:
        self._client, self._url = client, url
        self._made: set[str] = set()

    def allow(self, name: str, *rules: str) -> str:
        """Give a user exactly these rules; returns an address that names it."""
        self._client.execute_command("ACL", "SETUSER", name, "reset", "on", f">{PASSWORD}", *rules)
        self._made.add(name)
        return as_user(self._url, f"{name}:{PASSWORD}")

    def denied(self, name: str) -> list[str]:
        """What Redis denied this user, as far as it remembers."""
        log = self._client.acl_log()
        return [f"{entry['reason']} {entry['object']}" for entry in log if entry["username"] == name]

    def forget(self) -> None:
        for name in self._made:
            self._client.execute_command("ACL", "DELUSER", name)


@contextmanager
def users(client: redis.Redis, url: str) -> Iterator[Users]:
    client.execute_command("ACL", "LOG", "RESET")
    made = Users(client, url)
    try:
        yield made
    finally:
        made.forget()
