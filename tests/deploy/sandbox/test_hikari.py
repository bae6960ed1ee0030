"""A foreign client, hikari, plays through what a bot does; nothing here is written for discord.py."""

import asyncio
from typing import Any

import hikari
import pytest
from hikari.impl import (
    AutocompleteChoiceBuilder,
    ContainerComponentBuilder,
    MessageActionRowBuilder,
    ModalActionRowBuilder,
    SlashCommandBuilder,
)

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.hikari_bot import Bot, logged_in
from tests.deploy.sandbox.parts import RED

pytestmark = pytest.mark.filterwarnings(
    # hikari leaves closing its HTTP session's sockets to the event loop's end.
    "ignore:unclosed transport:ResourceWarning",
)
PROMPT = hikari.CommandOption(
    type=hikari.OptionType.STRING, name="prompt", description="What to draw", is_required=True, autocomplete=True
)
STEPS = hikari.CommandOption(
    type=hikari.OptionType.INTEGER, name="steps", description="How long", min_value=1, max_value=50
)


def imagine() -> SlashCommandBuilder:
    return SlashCommandBuilder("imagine", "Draw something").add_option(PROMPT).add_option(STEPS)


def controls() -> list[MessageActionRowBuilder]:
    again = MessageActionRowBuilder().add_interactive_button(hikari.ButtonStyle.SECONDARY, "again", label="Again")
    pick = MessageActionRowBuilder()
    menu = pick.add_text_menu("pick", placeholder="Pick one", max_values=2)
    menu.add_option("Oil", "oil", emoji="🎨").add_option("Ink", "ink", description="black")
    return [again, pick]


async def test_a_command_from_registering_to_a_follow_up(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        [known] = await bot.rest.set_application_commands(bot.app, [imagine()])
        assert isinstance(known, hikari.SlashCommand)
        assert [option.name for option in known.options or ()] == ["prompt", "steps"]

        @bot.on("imagine")
        async def draw(made: hikari.CommandInteraction) -> None:
            assert made.app_permissions is not None
            assert made.app_permissions & hikari.Permissions.ATTACH_FILES
            prompt, steps = (each.value for each in made.options or ())
            await made.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
            await made.edit_initial_response(
                f"{prompt} in {steps}",
                embed=hikari.Embed(title="A picture", colour=0xCC2233).set_image(hikari.Bytes(RED, "a.png")),
                components=controls(),
            )
            await made.execute("for you alone", flags=hikari.MessageFlag.EPHEMERAL)
            shown = await made.fetch_initial_response()
            assert shown.embeds[0].image is not None
            assert await shown.embeds[0].image.read() == RED

        @bot.on("autocomplete")
        async def complete(made: hikari.AutocompleteInteraction) -> None:
            await made.create_response([AutocompleteChoiceBuilder(name="A red apple", value="apple")])

        offered = await sandbox.autocomplete("gallery", "Bea", "imagine", "prompt", "re")
        assert offered == [{"name": "A red apple", "value": "apple"}]
        asked = await sandbox.slash("gallery", "Bea", "imagine", {"prompt": "an apple", "steps": 9})
        done = await sandbox.wait_message("gallery", lambda message: message.content == "an apple in 9")
        assert (asked.answer_type, asked.message_id) == (5, done.id)
        whisper = await sandbox.wait_message("gallery", lambda message: message.ephemeral)
        assert whisper.content == "for you alone"


async def test_a_button_updates_a_select_tells_its_values_and_a_modal_comes_back(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        heard: list[Any] = []

        @bot.on("again")
        async def again(made: hikari.ComponentInteraction) -> None:
            assert made.message.author.is_bot
            await made.create_initial_response(hikari.ResponseType.MESSAGE_UPDATE, "pressed", components=controls())

        @bot.on("pick")
        async def pick(made: hikari.ComponentInteraction) -> None:
            heard.append(list(made.values))
            text = ModalActionRowBuilder().add_text_input("why", "Why?", min_length=1, max_length=20)
            await made.create_modal_response("Reasons", "reasons", components=[text])

        @bot.on("reasons")
        async def reasons(made: hikari.ModalInteraction) -> None:
            heard.append(made.components[0].components[0].value)
            await made.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "thanks")

        message = await bot.rest.create_message(await channel(sandbox), "press", components=controls())
        await sandbox.press(message.id, "again", "Bea")
        assert (await sandbox.message(message.id)).content == "pressed"
        opened = await sandbox.select(message.id, "pick", ["oil", "ink"], "Bea")
        assert opened.modal is not None
        assert (await sandbox.submit(opened, {"why": "because"}, "Bea")).answered
        await sandbox.wait_message("gallery", lambda shown: shown.content == "thanks")
        assert heard == [["oil", "ink"], "because"]


async def channel(sandbox: SandboxClient, name: str = "gallery") -> int:
    [studio, *_] = (await sandbox.world())["guilds"]
    return next(int(each["id"]) for each in studio["channels"] if each["name"] == name)


async def person(sandbox: SandboxClient, name: str) -> int:
    return next(int(each["id"]) for each in (await sandbox.world())["people"] if each["global_name"] == name)


async def test_reactions_arrive_and_are_added(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        message = await bot.rest.create_message(await channel(sandbox), "react")
        added = bot.soon(hikari.GuildReactionAddEvent, lambda event: not event.member.is_bot)
        gone = bot.soon(hikari.GuildReactionDeleteEvent)
        await sandbox.react(message.id, "🔁", "Bea")
        assert (await added).emoji_name == "🔁"
        await bot.rest.add_reaction(message.channel_id, message.id, "🔁")
        assert [each.id async for each in bot.rest.fetch_reactions_for_emoji(message.channel_id, message.id, "🔁")]
        await sandbox.unreact(message.id, "🔁", "Bea")
        assert (await gone).user_id == await person(sandbox, "Bea")
        await bot.rest.delete_my_reaction(message.channel_id, message.id, "🔁")
        assert (await sandbox.message(message.id)).reactions == {}


async def test_people_write_directly_and_are_written_to(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        direct = await bot.rest.create_dm_channel(await person(sandbox, "Bea"))
        heard = bot.soon(hikari.DMMessageCreateEvent, lambda event: event.is_human)
        await direct.send("hello", attachment=hikari.Bytes(RED, "a.png"))
        await sandbox.say("dm:Bea", "Bea", "hello yourself")
        assert (await heard).content == "hello yourself"
        closed = await bot.rest.create_dm_channel(await person(sandbox, "Eli"))
        with pytest.raises(hikari.ForbiddenError) as caught:
            await closed.send("hello")
        assert caught.value.code == 50007


async def test_components_of_the_newer_kind_are_read_back(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        box = ContainerComponentBuilder().add_text_display("# Done").add_separator()
        box.add_media_gallery([hikari.impl.MediaGalleryItemBuilder(media=hikari.Bytes(RED, "a.png"))])
        sent = await bot.rest.create_message(await channel(sandbox), component=box)
        read = await bot.rest.fetch_message(sent.channel_id, sent.id)
        [container] = read.components
        assert isinstance(container, hikari.ContainerComponent)
        assert [type(each).__name__ for each in container.components] == [
            "TextDisplayComponent", "SeparatorComponent", "MediaGalleryComponent"]  # fmt: skip


async def test_a_cut_connection_is_resumed_and_nothing_is_missed(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        resumed, again = bot.soon(hikari.ShardResumedEvent), bot.soon(hikari.ShardReadyEvent)
        message = await bot.rest.create_message(await channel(sandbox), "react")
        heard = bot.soon(hikari.GuildReactionAddEvent)
        await sandbox.cut_gateway()
        await sandbox.react(message.id, "🔁", "Bea")
        assert (await heard).message_id == message.id
        await resumed
        assert not again.done()
        again.cancel()


async def test_a_wrong_token_is_refused(sandbox: SandboxClient) -> None:
    bot = Bot(sandbox, token=sandbox.info.token + "x")
    with pytest.raises(hikari.UnauthorizedError):
        await bot.gateway.start(check_for_updates=False)
    await bot.gateway.rest.close()


async def test_rate_limits_are_understood(sandbox: SandboxClient) -> None:
    """By headers the client waits by itself; the 429 that it could not foresee it sits out."""
    await sandbox.rate_limits(enabled=True)
    await sandbox.clock(scale=10)
    async with logged_in(sandbox) as bot:
        where = await channel(sandbox)
        await asyncio.gather(*(bot.rest.create_message(where, f"number {number}") for number in range(7)))
        assert 429 not in {each["status"] for each in await sandbox.exchanges("POST /channels/{channel}/messages")}
        await sandbox.fault("POST", "*/messages", status=429, retry_after=0.2)
        await bot.rest.create_message(where, "number 7")
        statuses = [each["status"] for each in await sandbox.exchanges("POST /channels/{channel}/messages")]
        assert statuses[-2:] == [429, 200]
        assert len(await sandbox.messages("gallery")) == 8


async def test_a_thread_is_started_written_in_and_left(sandbox: SandboxClient) -> None:
    async with logged_in(sandbox) as bot:
        where = await channel(sandbox)
        message = await bot.rest.create_message(where, "let us go on below")
        made = bot.soon(hikari.GuildThreadCreateEvent)
        thread = await bot.rest.create_message_thread(where, message, "Below")
        assert (await made).thread_id == thread.id
        heard = bot.soon(hikari.GuildMessageCreateEvent, lambda event: event.channel_id == thread.id)
        await thread.send("here", attachment=hikari.Bytes(RED, "a.png"))
        assert (await heard).message.attachments[0].filename == "a.png"
        assert (await bot.rest.fetch_channel(thread.id)).name == "Below"
        await bot.rest.leave_thread(thread.id)
        await bot.rest.edit_channel(thread.id, archived=True)
