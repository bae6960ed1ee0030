"""A message whose job nobody knows any more: it must not go on saying that something is being drawn."""

from typing import Any

import discord

from bot import texts
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.languages import Language
from worker.contract.message.layout import button
from worker.contract.message.verbs import Verb


def forgotten(message: discord.Message, job: str, language: Language) -> dict[str, Any]:
    """The same message with its first line, the words for it, and Delete alone."""
    first, _, _ = message.content.partition("\n")
    return {
        "content": f"{first}\n{texts.forgotten(language)}",
        "components": [{"type": 1, "components": [button(CustomId(Verb.DELETE, job), language)]}],
        "attachments": [],  # a preview of what is no longer drawn
        "allowed_mentions": {"parse": []},
    }
