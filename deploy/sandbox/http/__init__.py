"""The HTTP API, version 10: one module per resource, and what all routes share."""

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
