"""Told once to whoever may manage a server and uses Easel there: that its settings are theirs."""

import contextlib

import discord
from redis.exceptions import RedisError

from bot.discord_io.responder import Responder
from bot.errors import AnswerError, DeadInteractionError
from bot.intake.admission import Intake
from bot.texts.server import answers as said
from worker.contract.store import keys

_KEPT = 1000  # pairs of server and person that are not asked about again
_STAYS = 400 * 86400  # seconds without any admin of a server using Easel, after which it is said once more


async def tell_once(intake: Intake, interaction: discord.Interaction, to: Responder) -> None:
    """Say so below an answer that was given, unless this person has read it before in this server."""
    server, person = interaction.guild_id, interaction.user.id
    if (
        server is None
        or not interaction.permissions.manage_guild
        or not to.answered
        or (server, person) in intake.hinted
    ):
        return
    with contextlib.suppress(RedisError, AnswerError, DeadInteractionError):  # the answer was what mattered
        async with intake.jobs.redis.pipeline(transaction=False) as pipe:
            pipe.sadd(keys.server_hints(server), person)
            pipe.expire(keys.server_hints(server), _STAYS)
            first, _ = await pipe.execute()
        intake.hinted[server, person] = None
        while len(intake.hinted) > _KEPT:
            del intake.hinted[next(iter(intake.hinted))]
        if first:
            await to.whisper(said.hint(to.language))
