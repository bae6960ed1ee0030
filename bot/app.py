"""The bot itself: which events it hears, what it is made of, and what runs beside them."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from worker.contract.message.languages import language
from worker.contract.metrics.board import Board
from worker.contract.metrics.counts import NO_METRICS, Metrics
from worker.contract.metrics.serve import served
from worker.contract.metrics.table import BOT
from worker.contract.redis_check.check import Role, admit, check
from worker.contract.redis_check.errors import RedisRefusedError, refusal
from worker.contract.redis_check.outage import trouble
from worker.contract.redis_check.unreached import TellingPool
from worker.contract.store.jobs import Jobs
from worker.contract.store.operator_settings import OperatorStore
from worker.contract.store.server_settings import ServerSettingsStore
from worker.contract.store.settings_in_force import SettingsInForce

from .commands import form
from .commands.change import Change
from .commands.favourites import FavouritesCommand
from .commands.help import Help
from .commands.imagine import Imagine
from .commands.menus import Menus
from .commands.models import Models
from .commands.queue import Queue
from .commands.quota import QuotaCommand
from .commands.server.desk import Desk
from .commands.server.presses import ServerPresses
from .commands.server.typed import Server
from .commands.show import Show
from .controls.buttons import Buttons
from .controls.reactions import Reactions
from .controls.telling import TellSwitch
from .discord_io import command_sync
from .discord_io.direct import DirectMessages
from .discord_io.interactions import Interactions
from .discord_io.messages import Messages
from .discord_io.responder import Responder, answer
from .intake.admission import Intake
from .intake.command_rules import CommandRules
from .intake.live_models import LiveModels
from .intake.policies import Policies
from .intake.scrape import scrape, traced
from .intake.server_settings import ServerSettingsCache
from .policy.limits_file import ceilings_of
from .settings import Settings

log = logging.getLogger(__name__)

REAP_EVERY = 1.0  # seconds
FINISH = 8.0  # seconds, in which Discord takes a first answer, and Redis says or does not say what a later one is
_EVENTS = ("discord", "CommandTree")  # how discord.py names the tasks in which events, commands and presses run
FIRST_LOOK = 3.0  # seconds that a look at Redis may hold up the start
CONNECT_TIMEOUT = 1.0  # seconds; less than `defer_after`, so that a Redis that is away is told privately


class Tree(app_commands.CommandTree["Easel"]):
    """Sends what goes wrong before a command runs to the same handler as everything else."""

    async def on_error(self, interaction: discord.Interaction["Easel"], error: app_commands.AppCommandError, /) -> None:
        async def fail(_responder: Responder) -> None:
            raise error

        await answer(interaction.client.intake.responder(interaction), fail, defer_after=1.0)


class Easel(commands.AutoShardedBot):
    """Hears interactions and reactions, nothing else; no intent of it is privileged."""

    intake: Intake

    def __init__(self, settings: Settings) -> None:
        """Raises LimitsFileError."""
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, guild_reactions=True, dm_reactions=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0.5,  # nothing waits for every server to be known
            **settings.shards,
            http_trace=traced(metrics := Board(BOT)),
        )
        self.settings, self.metrics = settings, metrics
        self.ceilings = ceilings_of(settings)
        self.redis = connect(settings)
        self._session: aiohttp.ClientSession | None = None
        self._closing = asyncio.Event()
        self._reaper: asyncio.Task[None] | None = None
        self._redis_looked_at = False
        self._served = contextlib.AsyncExitStack()

    async def setup_hook(self) -> None:
        """Between log-in and the first event: the intake, commands, controls, and the task that reaps.

        Raises RedisRefusedError on a Redis that can never do.
        """
        await self._first_look()
        settings = self.settings
        self._session = Interactions.session()
        jobs, store = Jobs(self.redis, settings.timings), ServerSettingsStore(self.redis)
        interactions = Interactions(settings.discord_api, self._session, settings.discord_token, self.metrics)
        command_ids: dict[str, int] = {}
        self.intake = Intake(
            jobs=jobs,
            live_models=LiveModels(jobs),
            policies=Policies(self.ceilings, ServerSettingsCache(store, OperatorStore(self.redis)), self.get_guild),
            interactions=interactions,
            messages=Messages(self),
            direct=DirectMessages(self),
            command_ids=command_ids,
            command_rules=CommandRules(interactions, self.application_id or 0, command_ids),
            language=language(settings.language),
            defer_after=settings.defer_after,
            metrics=self.metrics,
        )
        intake = self.intake
        for cog in (Imagine, Change, Models, Help, FavouritesCommand, Show, Queue, QuotaCommand):
            await self.add_cog(cog(intake))
        await self.add_cog(Buttons(intake, form.offer))
        await self.add_cog(TellSwitch(intake))
        Menus(intake).add_to(self.tree)
        desk = Desk(intake, store, intake.policies.bounds, self._post)
        for admin in (Server, ServerPresses):
            await self.add_cog(admin(desk))
        await self.add_cog(Reactions(self, intake))
        await self._register_commands()
        in_force = SettingsInForce(settings, "bot", log)
        reaping = reap(jobs, in_force, self._closing, self.look_at_redis, self.metrics)
        self._reaper = asyncio.create_task(reaping, name="reaper")
        scraped = served(settings.bot_metrics, lambda: scrape(self.metrics, jobs, self.shards.values()), log)
        await self._served.enter_async_context(scraped)

    async def _post(self, channel: int, text: str) -> None:
        await self.get_partial_messageable(channel).send(text)

    async def look_at_redis(self) -> None:
        """See once whether it can do what Easel needs, and warn of what may cost requests.

        Raises RedisRefusedError where it cannot, any other RedisError when it is away.
        """
        if not self._redis_looked_at:
            admit(await check(self.redis, Role.BOT), log)
            self._redis_looked_at = True

    async def _first_look(self) -> None:
        """One that is away or slow is looked at by the reaper, once it is there; until then people are told."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_LOOK):
                try:
                    await self.look_at_redis()
                except RedisError as error:
                    if words := refusal(error):
                        raise RedisRefusedError(words) from error

    async def on_ready(self) -> None:
        """Say so in the log; comes again after each new gateway session."""
        self.intake.command_rules.expire()
        await self._rejoin([guild.id for guild in self.guilds])
        log.info("Easel is ready as %s in %s servers", self.user, len(self.guilds))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take up again what was set there before."""
        await self._rejoin([guild.id])

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep what was set there for a while. An outage of Discord's is another event (`on_guild_unavailable`)."""
        with contextlib.suppress(RedisError):
            await self.intake.policies.settings.store.leave(guild.id)

    async def _rejoin(self, servers: list[int]) -> None:
        """Should this fail, the first request there does it (`ServerSettingsCache.in_force`)."""
        if self._closing.is_set():  # discord.py is ready seconds after its log-in, and Redis let go of by then
            return
        with contextlib.suppress(RedisError):
            await self.intake.policies.settings.store.rejoin(servers)

    async def on_raw_app_command_permissions_update(self, event: discord.RawAppCommandPermissionsUpdateEvent) -> None:
        """Hear what a server's admins set for commands."""
        self.intake.command_rules.learn(event)

    async def close(self) -> None:
        """Stop hearing, answer what was heard, then let go of everything that was opened."""
        if self._closing.is_set():
            return
        self._closing.set()
        await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()), return_exceptions=True)
        await self._finish()
        if self._reaper is not None:
            self._reaper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reaper
        await self._served.aclose()
        await super().close()
        if self._session is not None:
            await self.intake.command_rules.close()
            await self._session.close()
        await self.redis.aclose()

    async def _finish(self) -> None:
        """Wait for the tasks that discord.py made of events, as long as their answers are worth it."""
        mine = asyncio.current_task()
        events = {t for t in asyncio.all_tasks() if t is not mine and t.get_name().startswith(_EVENTS)}
        if events:
            _, late = await asyncio.wait(events, timeout=FINISH)
            if late:
                log.warning("%s answers took too long and are given up", len(late))

    async def _register_commands(self) -> None:
        application = self.application_id
        if application is None:
            return
        commands = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        payload: list[Any] = [command_sync.translated(each, self.intake.language) for each in commands]
        try:
            there: list[Any] = await self.http.get_global_commands(application)
            self.intake.command_ids.update(command_sync.ids(there))
            if await command_sync.recall(self.redis, application) == command_sync.mark(payload, there):
                log.info("the %s commands are registered already", len(there))
                return
            registered: list[Any] = await self.http.bulk_upsert_global_commands(application, payload)
        except discord.HTTPException:
            # What Discord still holds keeps working; a bot that answers that is better than none.
            log.exception("could not register the commands")
            return
        self.intake.command_ids.update(command_sync.ids(registered))
        await command_sync.remember(self.redis, application, command_sync.mark(payload, registered))
        log.info("registered %s commands", len(registered))


def connect(settings: Settings) -> Redis:
    """A client that says within seconds that Redis is away. It connects at its first use.

    One repetition, for connections that Redis closed while they were idle: every script may run twice.
    """
    pool = TellingPool.from_url(
        settings.redis_url.get_secret_value(),
        socket_connect_timeout=min(CONNECT_TIMEOUT, settings.redis_timeout),
        socket_timeout=settings.redis_timeout,
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    )
    return Redis.from_pool(pool)


def _complain(error: RedisError) -> None:
    if words := refusal(error):
        log.error("%s. Until then nothing is accepted", words)
    else:
        log.warning("%s; commands are answered, nothing is accepted", trouble(error))


async def _looked_at() -> None:
    """For who has looked at Redis already."""


async def reap(
    jobs: Jobs,
    in_force: SettingsInForce,
    closing: asyncio.Event,
    look: Callable[[], Awaitable[None]] = _looked_at,
    metrics: Metrics = NO_METRICS,
) -> None:
    """Call the reaper each second until `closing`, and see to the shared settings; before that have a `look` at Redis.

    Each trouble of Redis is logged once, and once that it is back. Cancelling alone would not end it: on Python 3.11 a
    `wait_for` inside redis-py may swallow that.
    """
    said: set[str] = set()
    while not closing.is_set():
        try:
            await look()
            moved = await jobs.reap()
            metrics.count("easel_bot_reaped_total", moved)
            await in_force.refresh(jobs.redis)
        except RedisError as error:
            if trouble(error) not in said:
                _complain(error)
            said.add(trouble(error))
        else:
            if said:
                log.info("Redis is back")
            if moved:
                log.info("the reaper moved %s jobs", moved)
            said.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REAP_EVERY):
                await closing.wait()
