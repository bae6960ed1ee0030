"""Names in Discord's markdown, and text that is not ours made harmless for it."""

import re

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides and isolates of bidirectional text


def mention(person: int) -> str:
    """A person's name, as Discord shows it; it pings only where the message allows that."""
    return f"<@{person}>"


def channel_link(channel: int) -> str:
    """A channel's name, which leads there."""
    return f"<#{channel}>"


def message_link(server: int | None, channel: int, message: int) -> str:
    """A link to a message; `server` is None for direct messages."""
    return f"https://discord.com/channels/{server or '@me'}/{channel}/{message}"


def safe(text: str, limit: int) -> str:
    """Text of a person for the screen: one line, at most `limit` characters, no markdown, no working mention, no link.

    An invitation (discord.gg/…) works without https, too, so slashes are escaped as well. Characters that turn the
    direction of writing are dropped, for they would turn what follows the text as well.

    Escapes come after cutting, so the result may be longer than `limit`, at most twice.
    """
    flat = " ".join(_TURNS.sub("", text).split())
    if len(flat) > limit:
        flat = flat[: limit - 1].rstrip() + "…"
    flat = re.sub(r"([\\*_~`|<>\[\]()#:/])", r"\\\1", flat)
    return flat.replace("@", "@\u200b")
