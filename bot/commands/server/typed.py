"""`/server` with its subcommands: the same as the panel, for those who type."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.discord_io.responder import Responder, answer
from bot.texts.server import answers as said
from worker.contract.discord_limits import CHOICES_MAX
from worker.contract.message.languages import N_
from worker.contract.types.server_settings import PICTURES_A_DAY_MAX, SENTENCE_MAX

from . import pages, people, shown, transfer, usage
from .desk import Desk
from .press import changes_page
from .setting import Setter, suggest
from .table import DAYS_MAX

_VALUE_MAX = 400  # characters
Work = Callable[[discord.Guild, Responder], Awaitable[None]]
_OF_SERVERS = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
)


class Channel(app_commands.Transformer):
    """A channel of the server, as Discord tells it: its id is all that is asked of it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return list(_OF_SERVERS)

    async def transform(self, _interaction: discord.Interaction, value: Any, /) -> app_commands.AppCommandChannel:
        channel: app_commands.AppCommandChannel = value
        return channel


ChannelOption = app_commands.Transform[app_commands.AppCommandChannel, Channel]
_LIMIT = app_commands.describe(limit=N_("Which setting"), value=N_("Its value"))


@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
class Server(commands.GroupCog, group_name="server", group_description=N_("How Easel behaves in this server")):
    """Each subcommand asks once more who may, for what an admin has set on Discord's page."""

    limit = app_commands.Group(name="limit", description=N_("What holds for everybody"))
    role = app_commands.Group(name="role", description=N_("More for the members with a role"))
    channel = app_commands.Group(name="channel", description=N_("Less in a channel, or other usual values"))
    model = app_commands.Group(name="model", description=N_("Which models may be used"))

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _do(self, interaction: discord.Interaction, work: Work) -> None:
        async def allowed(to: Responder) -> None:
            await work(await self._desk.admin(interaction), to)

        intake = self._desk.intake
        await answer(intake.responder(interaction, hidden=True), allowed, defer_after=intake.defer_after)

    async def _set(self, interaction: discord.Interaction, subject: str, limit: str, value: str) -> None:
        await self._do(
            interaction, lambda guild, to: Setter(self._desk, guild, interaction.user, to).set(subject, limit, value)
        )

    async def _put(
        self, interaction: discord.Interaction, wanted: Mapping[str, object], check: Callable[[], None] = lambda: None
    ) -> None:
        async def work(guild: discord.Guild, to: Responder) -> None:
            check()
            known = await self._desk.known(guild.id)
            await Setter(self._desk, guild, interaction.user, to).put(wanted, known)

        await self._do(interaction, work)

    @app_commands.command(description=N_("All settings of this server, to see and change"))
    async def settings(self, interaction: discord.Interaction) -> None:
        async def work(guild: discord.Guild, to: Responder) -> None:
            await to.tell(pages.panel(await self._desk.view(guild)))

        await self._do(interaction, work)

    @limit.command(name="show", description=N_("What is set, and what whoever runs Easel allows"))
    async def limit_show(self, interaction: discord.Interaction) -> None:
        async def work(guild: discord.Guild, to: Responder) -> None:
            await to.tell(shown.message(await self._desk.view(guild)))

        await self._do(interaction, work)

    @limit.command(name="set", description=N_("Set one limit, or another setting"))
    @_LIMIT
    async def limit_set(self, interaction: discord.Interaction, limit: str, value: Range[str, 1, _VALUE_MAX]) -> None:
        await self._set(interaction, "", limit, value)

    @limit.command(name="reset", description=N_("Take one setting back to what Easel does by itself"))
    @app_commands.describe(limit=N_("Which setting"))
    async def limit_reset(self, interaction: discord.Interaction, limit: str) -> None:
        await self._set(interaction, "", limit, "")

    @role.command(name="set", description=N_("Set what members with a role may have"))
    @_LIMIT
    @app_commands.describe(role=N_("Which role"))
    async def role_set(
        self, interaction: discord.Interaction, role: discord.Role, limit: str, value: Range[str, 1, _VALUE_MAX]
    ) -> None:
        await self._set(interaction, f"r{role.id}", limit, value)

    @role.command(name="reset", description=N_("Take away what a role has"))
    @app_commands.describe(role=N_("Which role"), limit=N_("Which setting; all of them by default"))
    async def role_reset(self, interaction: discord.Interaction, role: discord.Role, limit: str = "") -> None:
        await self._reset(interaction, f"r{role.id}", limit)

    @channel.command(name="set", description=N_("Set what holds in a channel and its threads"))
    @_LIMIT
    @app_commands.describe(channel=N_("Which channel"))
    async def channel_set(
        self,
        interaction: discord.Interaction,
        channel: ChannelOption,
        limit: str,
        value: Range[str, 1, _VALUE_MAX],
    ) -> None:
        await self._set(interaction, f"c{channel.id}", limit, value)

    @channel.command(name="reset", description=N_("Take away what a channel has"))
    @app_commands.describe(channel=N_("Which channel"), limit=N_("Which setting; all of them by default"))
    async def channel_reset(self, interaction: discord.Interaction, channel: ChannelOption, limit: str = "") -> None:
        await self._reset(interaction, f"c{channel.id}", limit)

    async def _reset(self, interaction: discord.Interaction, subject: str, limit: str) -> None:
        if limit:
            await self._set(interaction, subject, limit, "")
        else:
            await self._do(
                interaction, lambda guild, to: Setter(self._desk, guild, interaction.user, to).clear(subject)
            )

    @model.command(name="allow", description=N_("Let a model be used here"))
    @app_commands.describe(model=N_("Which model"))
    async def model_allow(self, interaction: discord.Interaction, model: str) -> None:
        await self._model(interaction, model, allow=True)

    @model.command(name="forbid", description=N_("Let a model be used here no more"))
    @app_commands.describe(model=N_("Which model"))
    async def model_forbid(self, interaction: discord.Interaction, model: str) -> None:
        await self._model(interaction, model, allow=False)

    @model.command(name="usual", description=N_("The model for people who choose none"))
    @app_commands.describe(model=N_("Which model"))
    async def model_usual(self, interaction: discord.Interaction, model: str) -> None:
        await self._set(interaction, "", "usual.model", model)

    async def _model(self, interaction: discord.Interaction, model: str, *, allow: bool) -> None:
        await self._do(
            interaction,
            lambda guild, to: Setter(self._desk, guild, interaction.user, to).model(model, allow=allow),
        )

    @app_commands.command(description=N_("Let a person ask for nothing here, and cancel what they have waiting"))
    @app_commands.describe(person=N_("Whom"), why=N_("Why; they are told so"))
    async def block(
        self, interaction: discord.Interaction, person: discord.User, why: Range[str, 0, SENTENCE_MAX] = ""
    ) -> None:
        def check() -> None:
            people.check_chosen(person)
            people.check_block(f"u{person.id}", interaction.user.id)

        await self._put(interaction, people.blocking(f"u{person.id}", interaction.user.id, why), check)

    @app_commands.command(description=N_("Let a blocked person ask again"))
    @app_commands.describe(person=N_("Whom"))
    async def unblock(self, interaction: discord.Interaction, person: discord.User) -> None:
        await self._put(interaction, {f"blocked.{person.id}": None})

    @app_commands.command(description=N_("Give a person more pictures a day, for some days"))
    @app_commands.describe(
        person=N_("Whom"), pictures=N_("How many more a day; 0 takes them back"), days=N_("How long")
    )
    async def grant(
        self,
        interaction: discord.Interaction,
        person: discord.User,
        pictures: Range[int, 0, PICTURES_A_DAY_MAX],
        days: Range[int, 1, DAYS_MAX] = 30,
    ) -> None:
        def check() -> None:
            if pictures:  # what was given once can be taken back
                people.check_chosen(person)

        more = people.granting(f"u{person.id}", pictures, days) if pictures else {}
        await self._put(interaction, {f"grants.{person.id}": None} | more, check)

    @app_commands.command(description=N_("Cancel all that a person has waiting or being drawn here"))
    @app_commands.describe(person=N_("Whose"))
    async def stop(self, interaction: discord.Interaction, person: discord.User) -> None:
        async def work(guild: discord.Guild, to: Responder) -> None:
            count = await people.cancel_waiting(self._desk, guild, person.id)
            language = to.language
            await to.whisper(said.cancelled(count, language) if count else said.nothing_waits(person.id, language))

        await self._do(interaction, work)

    @app_commands.command(description=N_("Take no requests here until you resume"))
    @app_commands.describe(sentence=N_("What people are told"))
    async def pause(self, interaction: discord.Interaction, sentence: Range[str, 1, SENTENCE_MAX]) -> None:
        await self._set(interaction, "", "paused", sentence)

    @app_commands.command(description=N_("Take requests again after a pause"))
    async def resume(self, interaction: discord.Interaction) -> None:
        await self._put(interaction, {"paused": None})

    @app_commands.command(description=N_("Who used how much, by day"))
    @app_commands.describe(days=N_("How many days back"))
    async def usage(self, interaction: discord.Interaction, days: Range[int, 1, 30] = usage.DAYS) -> None:
        await self._do(interaction, lambda guild, to: usage.tell(self._desk, guild, to, days))

    @app_commands.command(description=N_("Who changed what, and when"))
    async def changes(self, interaction: discord.Interaction) -> None:
        async def work(guild: discord.Guild, to: Responder) -> None:
            await to.tell(await changes_page(self._desk, guild))

        await self._do(interaction, work)

    @app_commands.command(description=N_("All settings of this server as a file"))
    async def export(self, interaction: discord.Interaction) -> None:
        await self._do(interaction, lambda guild, to: transfer.export(self._desk, guild, to))

    @app_commands.command(name="import", description=N_("Take in such a file; first shows what it would change"))
    @app_commands.describe(file=N_("What an export made"))
    async def import_(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        await self._do(interaction, lambda guild, to: transfer.question(self._desk, guild, file, to))

    @limit_set.autocomplete("limit")
    @limit_reset.autocomplete("limit")
    async def _limits(self, _interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        return suggest("", typed, self._desk.intake.language)

    @role_set.autocomplete("limit")
    @role_reset.autocomplete("limit")
    async def _of_roles(self, _interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        return suggest("r", typed, self._desk.intake.language)

    @channel_set.autocomplete("limit")
    @channel_reset.autocomplete("limit")
    async def _of_channels(self, _interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        return suggest("c", typed, self._desk.intake.language)

    @model_allow.autocomplete("model")
    @model_forbid.autocomplete("model")
    @model_usual.autocomplete("model")
    async def _models(self, _interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        intake = self._desk.intake
        models = await intake.live_models.suggest(typed, intake.defer_after)
        return [Choice(name=each.title, value=each.id) for each in models[:CHOICES_MAX]]
