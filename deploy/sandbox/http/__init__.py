"""The HTTP API, version 10: one module per resource, and what all routes share.

- `entry`: the way into every route; `call`, `bodies`, `multipart`: a call as handlers see it; `answers`: what leaves
- `guard`: what the bot must be allowed first
- `cdn`: attachments, avatars, emojis
- the others: a resource each, with a table ROUTES
"""

from . import (
    channels,
    commands,
    emojis,
    guilds,
    interactions,
    me,
    members,
    messages,
    overwrites,
    pins,
    reactions,
    threads,
)

# Routes with fixed words come before those that would take the words for an id.
RESOURCES = (
    me, commands, emojis, channels, overwrites, pins, messages, threads, reactions, interactions, guilds, members,
)  # fmt: skip
