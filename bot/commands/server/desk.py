"""Where settings of servers are read and changed: who may, what a page shows, and the compare-and-set."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import discord
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.discord_io.responder import TROUBLE
from bot.errors import CommandDenied
from bot.intake.admission import Intake
from bot.policy import permissions
from bot.setting_errors import ChangedMeanwhile, NotAdmin, NothingToUndo, NotInServer
from bot.texts.server import answers as said
from bot.texts.server import values as words
from worker.contract.discord_limits import CONTENT_MAX
from worker.contract.store import keys, own_jobs
from worker.contract.store.server_settings import CHANGES_MAX, Conflict, ServerSettingsStore, Versioned
from worker.contract.types.server_changes import changes_between, undone, value_at, with_values
from worker.contract.types.server_settings import NAME_MAX, Change, ServerSettings

from . import summary
from .pages import View
from .values import Known

log = logging.getLogger(__name__)

COMMAND = "server"
_TRIES = 5  # of a compare-and-set that others keep winning
Make = Callable[[ServerSettings], ServerSettings]
# The most that may be set by key, and what holds where nothing is.
Post = Callable[[int, str], Awaitable[object]]
BoundsOf = Callable[[int], Awaitable[tuple[Mapping[str, Any], Mapping[str, Any]]]]


class Desk:
    """Reads and changes what admins set.

    Args:
        bounds: what the operator allows in a server.
        post: says something in a channel.
    """

    def __init__(self, intake: Intake, store: ServerSettingsStore, bounds: BoundsOf, post: Post) -> None:
        self.intake = intake
        self.store = store
        self._bounds = bounds
        self._post = post
        self._telling: set[asyncio.Task[None]] = set()

    async def admin(self, interaction: discord.Interaction) -> discord.Guild:
        """The server, for somebody who may change its settings now. Raises NotAdmin, CommandDenied or NotInServer."""
        asker = permissions.asker(interaction)
        if asker is None or interaction.guild is None:
            raise NotInServer
        try:
            explicit = await self.intake.command_rules.check(COMMAND, asker)
        except CommandDenied:
            raise NotAdmin from None
        if not explicit and not interaction.permissions.manage_guild and not interaction.permissions.administrator:
            raise NotAdmin
        return interaction.guild

    async def known(self, server: int, guild: discord.Guild | None = None) -> Known:
        """What values are read and shown with in a server; with `guild` also which channels can be chosen."""
        models, (ceilings, unset) = await self.intake.live_models.models(), await self._bounds(server)
        writable, postable = await self._open_to_it(guild) if guild else (None, None)
        titles = {each.id: each.title for each in models}
        return Known(self.intake.language, titles, ceilings, unset, writable, postable)

    async def _open_to_it(self, guild: discord.Guild) -> tuple[frozenset[int], frozenset[int]]:
        """The channels in which it can write, and post pictures, too.

        Of a server that it has not heard of yet, those that are set already: a form keeps them, and takes no other,
        which may be one of another server.
        """
        if permissions.heard_of(guild):
            return permissions.writable(guild), permissions.writable(guild, pictures=True)
        settings = (await self.store.read(guild.id)).settings
        results = [settings.results_to, *(each.results_to for each in settings.channels.values())]
        return frozenset(filter(None, [settings.log_channel])), frozenset(filter(None, results))

    async def read(self, server: int) -> Versioned:
        """The settings of a server, in the time that a form has. Raises RedisError."""
        try:
            async with asyncio.timeout(self.intake.defer_after):
                return await self.store.read(server)
        except TimeoutError:
            raise RedisTimeoutError from None

    async def view(self, guild: discord.Guild) -> View:
        """All that the pages of a server show, as it is now."""
        held, changes, usage = await asyncio.gather(
            self.store.read(guild.id), self.store.changes(guild.id, 1), self.store.usage(guild.id)
        )
        waiting = await self.store.redis.scard(keys.server(str(guild.id)))
        return View(
            name=guild.name or str(guild.id),
            version=held.version,
            settings=held.settings,
            known=await self.known(guild.id, guild),
            pictures=usage[0].pictures,
            people=sum(each.pictures > 0 for each in usage[0].people.values()),
            waiting=waiting,
            median=usage[0].median_wait,
            untold=held.untold,
            gone=self.gone(held.settings, guild),
            last=changes[0] if changes else None,
            damaged=held.damaged,
        )

    async def waiting(self, server: int, person: int) -> list[str]:
        """The jobs of a person in a server that have not ended."""
        return await own_jobs.of(self.store.redis, person, str(server))

    async def save(
        self, server: int, by: discord.abc.User, version: int, wanted: Mapping[str, Any], shown: Iterable[str] | None,
        how: str = "",
    ) -> list[Change]:  # fmt: skip
        """Set these values, unless one of the keys that were shown was set by others since that version.

        Returns the lines of the audit. Raises ChangedMeanwhile or RedisError.
        """
        return await self.change(server, by, version, lambda now: with_values(now, wanted), shown, how)

    async def change(
        self, server: int, by: discord.abc.User, version: int, make: Make, shown: Iterable[str] | None, how: str = ""
    ) -> list[Change]:
        """The same with any change of the settings; `shown` None: nobody may have set anything since."""
        for _ in range(_TRIES):
            held = await self.store.read(server)
            await self._refuse_stale(server, version, held.version, shown)
            new = make(held.settings)
            lines = changes_between(
                held.settings, new, by=by.id, by_name=by.display_name[:NAME_MAX], at=words.now_ms(), how=how
            )
            outcome = await self.store.change(server, held.version, new, lines)
            if not isinstance(outcome, Conflict):
                first = outcome - len(lines)
                made = [each.model_copy(update={"number": first + each.number}) for each in lines]
                self._announce(server, new, made, held.settings.log_channel, await self.known(server))
                return made
            conflict = outcome.last
        raise ChangedMeanwhile(conflict)

    async def _refuse_stale(self, server: int, version: int, now: int, shown: Iterable[str] | None) -> None:
        if now == version:
            return
        since = [each for each in await self.store.changes(server, CHANGES_MAX) if each.number > version]
        wanted = None if shown is None else set(shown)
        clash = next((each for each in since if wanted is None or each.key in wanted), None)
        if clash is not None:
            raise ChangedMeanwhile(clash)
        if len(since) < now - version:  # too many to tell
            raise ChangedMeanwhile(None)

    async def undo(self, server: int, by: discord.abc.User, first: int, last: int) -> list[Change]:
        """Take changes back, unless the same was set since. Raises NothingToUndo, ChangedMeanwhile or RedisError."""
        known = await self.store.changes(server, CHANGES_MAX)
        mine = [each for each in reversed(known) if first <= each.number <= last]
        if not mine or mine[0].number != first:
            raise NothingToUndo
        shown = {each.key for each in mine}
        held = await self.store.read(server)
        for each in mine:
            if value_at(held.settings, each.key) != each.new and not _again(each, mine):
                raise ChangedMeanwhile(next((other for other in known if other.key == each.key), None))
        return await self.change(server, by, held.version, lambda now: undone(now, mine), shown, "undo")

    async def clear(self, server: int, by: discord.abc.User, version: int, *keys: str) -> list[Change]:
        """Take away all that stands under these keys, such as `roles.123`. Raises ChangedMeanwhile or RedisError."""
        held = await self.store.read(server)
        under = tuple(f"{key}." for key in keys)
        shown = [each for each in summary.all_keys(held.settings) if each.startswith(under)]
        return await self.change(server, by, version, lambda now: with_values(now, dict.fromkeys(keys)), shown)

    @staticmethod
    def gone(settings: ServerSettings, guild: discord.Guild) -> frozenset[str]:
        """The roles (`r123`) and channels (`c123`) that something is set for and that are no longer there."""
        if not permissions.heard_of(guild):
            return frozenset()  # else all would be taken away that is not known yet
        roles = settings.roles.keys() - {each.id for each in guild.roles} - {guild.id}
        channels = settings.channels.keys() - {each.id for each in guild.channels}
        return frozenset([*(f"r{each}" for each in roles), *(f"c{each}" for each in channels)])

    def _announce(
        self, server: int, settings: ServerSettings, made: Sequence[Change], before: int | None, known: Known
    ) -> None:
        """Tell the channels that hear of changes: the one that does, and the one that did."""
        if not made:
            return
        language, last = known.language, made[-1]
        text = said.log_line(last.by, last.by_name, [summary.changed(each, known) for each in made], language)
        for channel in {settings.log_channel, before} - {None}:
            of = server if channel == settings.log_channel else None
            task = asyncio.create_task(self._tell(channel or 0, text[:CONTENT_MAX], of), name="settings log")
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell(self, channel: int, text: str, server: int | None) -> None:
        """Say it there; whether it came through is kept for the admins of that server."""
        told = False
        try:
            await self._post(channel, text)
            told = True
        except (discord.HTTPException, TimeoutError, *TROUBLE) as error:
            log.warning("channel %s could not be told of changed settings: %s", channel, type(error).__name__)
        with contextlib.suppress(RedisError):
            if server is not None:
                await self.store.note_told(server, channel, words.now_ms(), told=told)


def _again(change: Change, all_of_them: Sequence[Change]) -> bool:
    """Whether the same key was set once more among these."""
    return any(each.key == change.key and each.number > change.number for each in all_of_them)
