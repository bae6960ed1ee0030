"""`/queue`: what somebody has waiting or being drawn, wherever they asked, and buttons that cancel it."""

import asyncio
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_io.responder import Responder, answer
from bot.intake.admission import Intake
from bot.texts import queue as said
from bot.verbs import records
from worker.contract.message.custom_ids import QueueId, QueueStep
from worker.contract.message.languages import N_, Language
from worker.contract.store import own_jobs
from worker.contract.store.jobs import Cancelled, Standing
from worker.contract.types.job import Job, Reason

from .server import parts
from .server.parts import Part

SHOWN = 10  # of a message's 40 components each job takes three


class Queue(commands.Cog):
    """The command, and its buttons, which look the jobs up anew at every press."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("What you have waiting or being drawn, to look at and to cancel"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def queue(self, interaction: discord.Interaction) -> None:
        async def work(to: Responder) -> None:
            await to.tell(await self._list(interaction.user.id))

        responder = self._intake.responder(interaction, hidden=True)
        await answer(responder, work, defer_after=self._intake.defer_after)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Cancel one of the presser's own jobs, or all of them, and show what is left."""
        data = cast("dict[str, Any]", interaction.data or {})
        found = QueueId.parse(str(data.get("custom_id") or ""))
        if found is None:
            return
        person = interaction.user.id

        async def work(to: Responder) -> None:
            count = await self._cancel(found, person)
            await to.show_in_place(await self._list(person, count if found.step is not QueueStep.SHOW else None))

        responder = self._intake.responder(interaction, in_place=True)
        await answer(responder, work, defer_after=self._intake.defer_after)

    async def _cancel(self, pressed: QueueId, person: int) -> int:
        """Cancel what was meant, as far as it is this person's; returns how many."""
        mine = await own_jobs.of(self._intake.jobs.redis, person)
        wanted = mine if pressed.step is QueueStep.ALL else [each for each in mine if each == pressed.job]
        if pressed.step is QueueStep.SHOW:
            return 0
        done = [await self._intake.jobs.cancel(each, Reason.OWNER) for each in wanted]
        return sum(each is Cancelled.DONE for each in done)

    async def _list(self, person: int, cancelled: int | None = None) -> Part:
        jobs = self._intake.jobs
        ids = await own_jobs.of(jobs.redis, person)
        found = await asyncio.gather(*(records.find(jobs, each) for each in ids))
        mine = sorted((each for each in found if each and not each.state.terminal), key=lambda job: job.created)
        shown = mine[:SHOWN]
        standings = await asyncio.gather(*(jobs.standing(each.id) for each in shown))
        return listed(list(zip(shown, standings, strict=True)), len(mine), cancelled, self._intake.language)


def listed(jobs: list[tuple[Job, Standing]], count: int, cancelled: int | None, language: Language) -> Part:
    """The list as a message: each job with its button, and one for all."""
    head = [said.heading(count, language), said.cancelled(cancelled, language) if cancelled is not None else ""]
    lines = [
        parts.section(said.cancel(language), QueueId(QueueStep.CANCEL, job.id), *said.job(job, standing, language))
        for job, standing in jobs
    ]
    if count > len(jobs):
        lines.append(parts.text(said.more(count - len(jobs), language)))
    ends = [parts.button(said.refresh(language), QueueId(QueueStep.SHOW))]
    if count > 1:
        ends.append(parts.button(said.cancel_all(count, language), QueueId(QueueStep.ALL), style=parts.DANGER))
    return parts.message(parts.text(*head), *lines, parts.row(*ends))
