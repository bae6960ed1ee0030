"""A real discord.py bot, played by people: commands, buttons, selects, modals, reactions, messages."""

import io

import discord
import pytest
from discord import app_commands

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.client import file as upload
from tests.deploy.sandbox.parts import RED, Bot, Connect, refused


async def test_a_command_is_deferred_then_edited_with_a_picture(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def imagine(
        interaction: discord.Interaction, prompt: str, steps: app_commands.Range[int, 1, 50] = 20
    ) -> None:
        await interaction.response.defer(thinking=True)
        picture = discord.File(io.BytesIO(RED), "a.png", description=prompt)
        await interaction.edit_original_response(content=f"{prompt} in {steps}", attachments=[picture])

    await connect(bot)
    asked = await sandbox.slash("gallery", "Bea", "imagine", {"prompt": "a red apple", "steps": 12})
    assert (asked.answer_type, asked.state) == (5, "answered")
    done = await sandbox.wait_message("gallery", lambda message: not message.thinking)
    assert done.id == asked.message_id
    assert done.content == "a red apple in 12"
    [picture] = done.attachments
    assert (picture.description, picture.content_type, picture.width) == ("a red apple", "image/png", 64)
    assert await sandbox.download(picture) == RED
    history = (await sandbox.message(done)).history
    assert [len(each.attachments) for each in history] == [0, 1]
    assert history[0].flags == 1 << 7
    assert await sandbox.command_syncs() == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [({}, "prompt"), ({"prompt": "x", "steps": 51}, "steps"), ({"prompt": "x", "style": "oil"}, "style"),
     ({"prompt": "x", "no": 1}, "no"), ({"prompt": "x" * 101}, "prompt")],
)  # fmt: skip
async def test_what_discords_client_would_not_send_is_refused(
    connect: Connect, sandbox: SandboxClient, options: dict[str, object], field: str
) -> None:
    bot = Bot()

    @bot.tree.command()
    @app_commands.choices(style=[app_commands.Choice(name="Water colour", value="water")])
    async def imagine(
        interaction: discord.Interaction, prompt: app_commands.Range[str, 1, 100],
        steps: app_commands.Range[int, 1, 50] = 20, style: str = "water",
    ) -> None:  # fmt: skip
        await interaction.response.send_message("never")

    await connect(bot)
    with pytest.raises(SandboxError) as caught:
        await sandbox.slash("gallery", "Bea", "imagine", options)
    assert caught.value.code == 50035
    assert list(caught.value.errors) == [field]


async def test_options_of_every_type_arrive(connect: Connect, sandbox: SandboxClient) -> None:
    bot, seen = Bot(), []

    @bot.tree.command()
    async def all_of_them(  # noqa: PLR0917 - one option of each type
        interaction: discord.Interaction, word: str, count: int, share: float, loud: bool, who: discord.Member,
        where: discord.TextChannel, role: discord.Role, picture: discord.Attachment,
    ) -> None:  # fmt: skip
        seen.extend((word, count, share, loud, who.display_name, where.id, role.name, await picture.read()))
        await interaction.response.send_message("ok", ephemeral=True)

    await connect(bot)
    world = await sandbox.world()
    studio = world["guilds"][0]
    ids = {
        "who": next(each["id"] for each in world["people"] if each["global_name"] == "Cem"),
        "where": studio["channels"][1]["id"],
        "role": next(each["id"] for each in studio["roles"] if each["name"] == "Moderator"),
    }
    options = {"word": "hey", "count": 3, "share": 0.5, "loud": True, "picture": upload("a.png", RED), **ids}
    assert (await sandbox.slash("gallery", "Ada", "all_of_them", options)).answered
    assert seen == ["hey", 3, 0.5, True, "Cem", int(ids["where"]), "Moderator", RED]


async def test_autocomplete_and_subcommands(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()
    group = app_commands.Group(name="server", description="Settings")

    @group.command()
    async def model(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(f"now {name}")

    @model.autocomplete("name")
    async def names(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=each.title(), value=each) for each in ("starter", "sdxl") if current in each]

    bot.tree.add_command(group)
    await connect(bot)
    choices = await sandbox.autocomplete("gallery", "Bea", "server model", "name", "sd")
    assert choices == [{"name": "Sdxl", "value": "sdxl"}]
    await sandbox.slash("gallery", "Bea", "server model", {"name": "sdxl"})
    assert (await sandbox.wait_message("gallery")).content == "now sdxl"


async def test_ephemeral_messages_are_seen_by_one_person_only(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def secret(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("first")  # takes the deferral's place, and its flag
        more = await interaction.followup.send("second", ephemeral=True, wait=True)
        channel = interaction.channel
        assert isinstance(channel, discord.TextChannel)
        async with refused(10008):
            await channel.fetch_message(more.id)
        await interaction.followup.send("public")

    await connect(bot)
    asked = await sandbox.slash("gallery", "Bea", "secret")
    await sandbox.wait_message("gallery", lambda message: message.content == "public")
    assert [each.content for each in await sandbox.messages("gallery", "Bea")] == ["first", "second", "public"]
    assert [each.content for each in await sandbox.messages("gallery", "Ada")] == ["public"]
    assert (await sandbox.message(asked.message_id or 0)).content == "first"


async def test_the_first_follow_up_after_a_public_deferral_is_public(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def loud(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("heard by all", ephemeral=True)

    await connect(bot)
    asked = await sandbox.slash("gallery", "Bea", "loud")
    done = await sandbox.wait_message("gallery", lambda message: message.content == "heard by all")
    assert done.id == asked.message_id
    assert not done.ephemeral


class Panel(discord.ui.View):
    @discord.ui.button(label="Again", custom_id="1:rerun:abc:0")
    async def again(self, interaction: discord.Interaction, button: discord.ui.Button["Panel"]) -> None:
        button.disabled = True
        await interaction.response.edit_message(content="pressed", view=self)

    @discord.ui.select(custom_id="pick", options=[discord.SelectOption(label=each) for each in "abc"], max_values=2)
    async def pick(self, interaction: discord.Interaction, select: discord.ui.Select["Panel"]) -> None:
        await interaction.response.send_message(" and ".join(select.values))


async def test_buttons_and_selects(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here", view=Panel())

    await connect(bot)
    asked = await sandbox.slash("gallery", "Bea", "panel")
    shown = await sandbox.message(asked.message_id or 0)
    picked = await sandbox.select(shown, "pick", ["a", "c"], "Cem")
    answer = await sandbox.message(picked.message_id or 0)
    assert (answer.content, answer.reply_to) == ("a and c", shown.id)
    with pytest.raises(SandboxError, match="Value must be one of"):
        await sandbox.select(shown, "pick", ["z"], "Cem")
    pressed = await sandbox.press(shown, "1:rerun", "Dua")
    assert (pressed.answer_type, pressed.message_id) == (7, shown.id)
    after = await sandbox.message(shown)
    assert after.content == "pressed"
    with pytest.raises(SandboxError, match="disabled"):
        await sandbox.press(after, "Again", "Dua")


class Question(discord.ui.Modal, title="Remix"):
    prompt: discord.ui.TextInput["Question"] = discord.ui.TextInput(label="Prompt", default="a fox", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"remix: {self.prompt.value}")


async def test_modals(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def remix(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Question(custom_id="ask"))

    await connect(bot)
    asked = await sandbox.slash("gallery", "Bea", "remix")
    assert asked.modal is not None
    assert asked.modal["title"] == "Remix"
    [row] = asked.modal["components"]
    field = row.get("component") or row["components"][0]
    with pytest.raises(SandboxError, match="20 in length"):
        await sandbox.submit(asked, {field["custom_id"]: "x" * 21}, "Bea")
    assert (await sandbox.submit(asked, {}, "Bea")).answered
    assert (await sandbox.wait_message("gallery")).content == "remix: a fox"


async def test_context_menus(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.context_menu(name="Describe")
    async def describe(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"it says {message.content}")

    @bot.tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.display_name}")

    await connect(bot)
    said = await sandbox.say("gallery", "Cem", "boo")
    asked = await sandbox.context_menu("Bea", "Describe", message=said.id)
    assert (await sandbox.message(asked.message_id or 0)).content == "it says boo"
    asked = await sandbox.context_menu("Bea", "Greet", user="Cem", channel="gallery")
    assert (await sandbox.message(asked.message_id or 0)).content == "hello Cem"


async def test_reactions_reach_the_bot(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    channel = bot.get_partial_messageable(int((await sandbox.get("/channel", channel="gallery"))["id"]))
    sent = await channel.send("react to me")
    await sent.add_reaction("🔁")
    assert (await bot.next("reaction")).user_id == bot.user.id
    await sandbox.react(sent.id, "🔁", "Bea")
    event = await bot.next("reaction")
    assert (str(event.emoji), event.message_author_id, event.message_id) == ("🔁", bot.user.id, sent.id)
    assert event.member is not None
    await sandbox.unreact(sent.id, "🔁", "Bea")
    assert str((await bot.next("unreaction")).emoji) == "🔁"
    again = await channel.fetch_message(sent.id)
    assert [(str(each.emoji), each.count, each.me) for each in again.reactions] == [("🔁", 1, True)]
    await sent.remove_reaction("🔁", discord.Object(bot.user.id))
    assert not (await sandbox.message(sent.id)).reactions


async def test_commands_in_direct_messages(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"hi {interaction.user.name} in {interaction.context.dm_channel}")

    await connect(bot)
    asked = await sandbox.slash("dm:Bea", "Bea", "imagine")
    assert (await sandbox.message(asked.message_id or 0)).content == "hi bea in True"
    with pytest.raises(SandboxError):
        await sandbox.slash("dm:Bea", "Ada", "imagine")


async def test_direct_messages(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    people = {each["global_name"]: int(each["id"]) for each in (await sandbox.world())["people"]}
    bea, eli = await bot.fetch_user(people["Bea"]), await bot.fetch_user(people["Eli"])
    await bea.send("your pictures", file=discord.File(io.BytesIO(RED), "a.png"))
    assert (await sandbox.wait_message("dm:Bea")).content == "your pictures"
    async with refused(50007):
        await eli.send("hello")
    await sandbox.set_dms("Eli", opened=True)
    await eli.send("hello")
    await sandbox.say("dm:Bea", "Bea", "thanks")
    heard = [(await bot.next("message")).content for _ in range(3)]
    assert heard == ["your pictures", "hello", "thanks"]


async def test_messages_of_others_come_without_content(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    await sandbox.say("gallery", "Bea", "between us", files=[upload("a.png", RED)])
    heard = await bot.next("message")
    assert (heard.content, heard.attachments, heard.author.display_name) == ("", [], "Bea")
    await sandbox.say("gallery", "Bea", f"hey <@{sandbox.info.application_id}>")
    assert (await bot.next("message")).content.startswith("hey <@")


async def test_components_v2_show_what_was_uploaded(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def gallery(interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView()
        pictures = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png", description="red"))
        view.add_item(discord.ui.Container(discord.ui.TextDisplay("# Here"), pictures, accent_colour=0xFF0000))
        await interaction.response.send_message(view=view, file=discord.File(io.BytesIO(RED), "a.png"))

    await connect(bot)
    asked = await sandbox.slash("gallery", "Bea", "gallery")
    shown = await sandbox.message(asked.message_id or 0)
    [container] = shown.components
    media = container["components"][1]["items"][0]["media"]
    assert media["url"].startswith(sandbox.info.cdn)
    assert media["width"] == 64
    assert await sandbox.fetch(media["url"]) == RED


async def test_edits_keep_or_remove_attachments(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    channel = bot.get_partial_messageable(int((await sandbox.get("/channel", channel="gallery"))["id"]))
    files = [discord.File(io.BytesIO(RED), f"{name}.png") for name in "ab"]
    sent = await channel.send("two", files=files)
    await sent.edit(content="still two")
    assert len((await sandbox.message(sent.id)).attachments) == 2
    await sent.edit(attachments=[sent.attachments[1]])
    assert [each.filename for each in (await sandbox.message(sent.id)).attachments] == ["b.png"]
    await sent.edit(attachments=[sent.attachments[1], discord.File(io.BytesIO(RED), "c.png")])
    now = await sandbox.message(sent.id)
    assert [each.filename for each in now.attachments] == ["b.png", "c.png"]
    assert now.raw["edited_timestamp"] is not None


async def test_an_embed_shows_an_upload(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(Bot())
    channel = bot.get_partial_messageable(int((await sandbox.get("/channel", channel="gallery"))["id"]))
    embed = discord.Embed(title="Result", description="here").set_image(url="attachment://a.png")
    sent = await channel.send(embed=embed, file=discord.File(io.BytesIO(RED), "a.png"))
    assert sent.attachments == []  # Discord lists it in the embed only
    assert sent.embeds[0].image.url is not None
    assert await sandbox.fetch(sent.embeds[0].image.url) == RED


async def test_a_command_that_admins_alone_may_use(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    @app_commands.default_permissions()
    async def settings(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("settings", ephemeral=True)

    await connect(bot)
    assert (await sandbox.slash("gallery", "Ada", "settings")).answered
    with pytest.raises(SandboxError) as caught:
        await sandbox.slash("gallery", "Bea", "settings")
    assert caught.value.code == 50013
