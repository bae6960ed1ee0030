"""A message whose job nobody knows any more: it must not go on saying that something is being drawn."""

from typing import Any

import discord

from bot import texts
from worker.contract.message.custom_ids import CustomId, Verb

_SECONDARY = 2  # Discord's button style


def forgotten(message: discord.Message, job: str) -> dict[str, Any]:
    """The same message with its first line, the words for it, and Delete alone."""
    first, _, _ = message.content.partition("\n")
    delete = {
        "type": 2,
        "style": _SECONDARY,
        "label": "Delete",
        "emoji": {"name": "❌"},
        "custom_id": str(CustomId(Verb.DELETE, job)),
    }
    return {
        "content": f"{first}\n{texts.FORGOTTEN}",
        "components": [{"type": 1, "components": [delete]}],
        "attachments": [],  # a preview of what is no longer drawn
        "allowed_mentions": {"parse": []},
    }
