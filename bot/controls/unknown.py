"""Buttons, menus and forms that this Easel does not know: an answer in words, where Discord would say "failed"."""

import asyncio
import logging

import discord

from bot import texts
from bot.errors import AnswerError, DeadInteractionError, UnknownControl
from bot.intake.admission import Intake
from worker.contract.message.custom_ids import from_newer

log = logging.getLogger(__name__)

_NEWER_FIRST = 1.0  # seconds of the three that Discord waits


async def answer_unknown(intake: Intake, interaction: discord.Interaction, custom_id: str) -> None:
    """Say that this bot does not know what was used, unless a newer one beside it has answered by then."""
    await _let_newer_go_first()
    newer = from_newer(custom_id)
    log.info("an id that this version does not know was used: %s", "of a newer one" if newer else "unreadable")
    responder = intake.responder(interaction, hidden=True)
    try:
        await responder.whisper_if_first(texts.refusal(UnknownControl(newer=newer), responder.language))
    except (AnswerError, DeadInteractionError) as error:
        log.warning("could not say that an id is unknown: %s", error)


async def _let_newer_go_first() -> None:
    """While Easel is updated, a newer bot runs beside this one, and hears of everything that this one hears of."""
    await asyncio.sleep(_NEWER_FIRST)
