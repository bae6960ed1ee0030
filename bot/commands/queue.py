"""`/queue`: what somebody has waiting or being drawn, wherever they asked, and buttons that cancel it."""

import asyncio
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Pressed:
    """What a press did.

    Attributes:
        cancelled: how many jobs.
        later: how many go on, as they were asked for after the list was shown.
    """

    cancelled: int
    later: int = 0


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
            pressed = await self._cancel(found, person)
            await to.show_in_place(await self._list(person, pressed))

        responder = self._intake.responder(interaction, in_place=True)
        await answer(responder, work, defer_after=self._intake.defer_after)

    async def _cancel(self, pressed: QueueId, person: int) -> Pressed | None:
        """Cancel what was meant, as far as it is this person's; None where it was to look only."""
        if pressed.step is QueueStep.SHOW:
            return None
        jobs, later = self._intake.jobs, 0
        wanted = await own_jobs.of(jobs.redis, person)
        if pressed.step is QueueStep.CANCEL:
            wanted = [each for each in wanted if each == pressed.job]
        elif pressed.until:
            mine = await self._mine(person)
            wanted = [job.id for job in mine if job.created <= pressed.until]
            later = len(mine) - len(wanted)
        done = [await jobs.cancel(each, Reason.OWNER) for each in wanted]
        return Pressed(sum(each is Cancelled.DONE for each in done), later)

    async def _mine(self, person: int) -> list[Job]:
        """What this person has waiting or being drawn, the oldest first."""
        jobs = self._intake.jobs
        found = await asyncio.gather(*(records.find(jobs, each) for each in await own_jobs.of(jobs.redis, person)))
        return sorted((each for each in found if each and not each.state.terminal), key=lambda job: job.created)

    async def _list(self, person: int, pressed: Pressed | None = None) -> Part:
        mine = await self._mine(person)
        shown = mine[:SHOWN]
        standings = await asyncio.gather(*(self._intake.jobs.standing(each.id) for each in shown))
        until = mine[-1].created if mine else 0
        return listed(list(zip(shown, standings, strict=True)), len(mine), until, pressed, self._intake.language)


def listed(
    jobs: list[tuple[Job, Standing]], count: int, until: int, pressed: Pressed | None, language: Language
) -> Part:
    """The list as a message: each job with its button, and one for all that there are, the newest of them `until`."""
    head = [said.heading(count, language)]
    if pressed is not None:
        head.append(said.cancelled(pressed.cancelled, language))
        head += [said.later(pressed.later, language)] * bool(pressed.later)
    lines = [
        parts.section(said.cancel(language), QueueId(QueueStep.CANCEL, job.id), *said.job(job, standing, language))
        for job, standing in jobs
    ]
    if count > len(jobs):
        lines.append(parts.text(said.more(count - len(jobs), language)))
    ends = [parts.button(said.refresh(language), QueueId(QueueStep.SHOW))]
    if count > 1:
        everything = QueueId(QueueStep.ALL, until=until)
        ends.append(parts.button(said.cancel_all(count, language), everything, style=parts.DANGER))
    return parts.message(parts.text(*head), *lines, parts.row(*ends))
