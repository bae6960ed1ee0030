"""A bot that shows everything that the page can show."""

import io

import discord
from discord import app_commands
from PIL import Image

from tests.deploy.sandbox.parts import Bot

COLOURS = {"red": (204, 34, 51), "green": (32, 129, 74), "blue": (64, 96, 224), "gold": (240, 178, 50)}


def picture(colour: str, size: int = 256) -> discord.File:
    """A soft ball of one colour, so that a person sees which picture it is."""
    gradient = Image.radial_gradient("L").resize((size, size))
    image = Image.composite(
        Image.new("RGB", (size, size), (24, 24, 30)), Image.new("RGB", (size, size), COLOURS[colour]), gradient
    )
    data = io.BytesIO()
    image.save(data, "PNG")
    return discord.File(io.BytesIO(data.getvalue()), f"{colour}.png", description=f"A {colour} ball in the dark")


class Everything(discord.ui.Modal, title="Tell the painter"):
    note = discord.ui.TextDisplay("The painter reads **every word**.")
    prompt = discord.ui.Label(
        text="Prompt",
        description="What is to be seen",
        component=discord.ui.TextInput(
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            min_length=3,
            max_length=60,
            placeholder="a red apple",
        ),
    )
    style = discord.ui.Label(
        text="Style",
        component=discord.ui.Select(
            custom_id="style",
            options=[
                discord.SelectOption(label="Oil", value="oil", emoji="🎨", description="thick and warm"),
                discord.SelectOption(label="Ink", value="ink", emoji="🖋️"),
            ],
        ),
    )
    people = discord.ui.Label(
        text="For whom",
        description="Up to two people",
        component=discord.ui.UserSelect(custom_id="people", max_values=2, required=False),
    )
    files = discord.ui.Label(
        text="Source pictures",
        component=discord.ui.FileUpload(custom_id="files", max_values=2, required=False),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        style, people, files = (each.component for each in (self.style, self.people, self.files))
        assert isinstance(self.prompt.component, discord.ui.TextInput)
        assert isinstance(style, discord.ui.Select)
        assert isinstance(people, discord.ui.UserSelect)
        assert isinstance(files, discord.ui.FileUpload)
        told = [
            self.prompt.component.value,
            style.values[0],
            " and ".join(each.display_name for each in people.values) or "nobody",
            ", ".join(f"{each.filename} of {each.size} bytes" for each in files.values) or "no files",
        ]
        await interaction.response.send_message(" · ".join(told))


class Choices(discord.ui.Modal, title="Fine tuning"):
    size = discord.ui.Label(
        text="Size",
        component=discord.ui.RadioGroup(
            custom_id="size",
            options=[
                discord.RadioGroupOption(label="Small", value="s"),
                discord.RadioGroupOption(label="Large", value="l", description="takes longer"),
            ],
        ),
    )
    extras = discord.ui.Label(
        text="Extras",
        component=discord.ui.CheckboxGroup(
            custom_id="extras",
            required=False,
            max_values=2,
            options=[discord.CheckboxGroupOption(label=each, value=each) for each in ("frame", "glow", "shadow")],
        ),
    )
    public = discord.ui.Label(text="Show it to all", component=discord.ui.Checkbox(custom_id="public", default=True))
    role = discord.ui.Label(text="For which role", component=discord.ui.RoleSelect(custom_id="role", required=True))
    place = discord.ui.Label(
        text="Where",
        component=discord.ui.ChannelSelect(custom_id="place", required=True, channel_types=[discord.ChannelType.text]),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        size, extras, public = self.size.component, self.extras.component, self.public.component
        role, place = self.role.component, self.place.component
        assert isinstance(size, discord.ui.RadioGroup)
        assert isinstance(extras, discord.ui.CheckboxGroup)
        assert isinstance(public, discord.ui.Checkbox)
        assert isinstance(role, discord.ui.RoleSelect)
        assert isinstance(place, discord.ui.ChannelSelect)
        told = [size.value, "+".join(extras.values), public.value, role.values[0].name, place.values[0].name]
        await interaction.response.send_message(" · ".join(map(str, told)))


class Controls(discord.ui.View):
    @discord.ui.button(label="Tell", custom_id="tell", style=discord.ButtonStyle.primary)
    async def tell(self, interaction: discord.Interaction, _: discord.ui.Button["Controls"]) -> None:
        await interaction.response.send_modal(Everything())

    @discord.ui.button(label="Tune", custom_id="tune")
    async def tune(self, interaction: discord.Interaction, _: discord.ui.Button["Controls"]) -> None:
        await interaction.response.send_modal(Choices())

    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: discord.ui.Button["Controls"]) -> None:
        await interaction.response.send_message("for your eyes only", ephemeral=True)


def showing_bot() -> Bot:
    bot = Bot()

    @bot.tree.command(description="Draw four pictures")
    @app_commands.describe(prompt="What is to be seen")
    async def draw(interaction: discord.Interaction, prompt: str) -> None:
        await interaction.response.defer(thinking=True)
        pictures = [picture(colour) for colour in COLOURS]
        await interaction.edit_original_response(content=f"**{prompt}**", attachments=pictures, view=Controls())

    @bot.tree.command(description="Say how large a picture is")
    @app_commands.rename(given="picture")
    async def measure(interaction: discord.Interaction, given: discord.Attachment) -> None:
        await interaction.response.send_message(f"{given.filename}: {given.width} × {given.height}")

    @bot.tree.context_menu(name="Describe")
    async def describe(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"{len(message.attachments)} pictures")

    @bot.tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, user: discord.User) -> None:
        await interaction.response.send_message(f"hello {user.display_name}")

    return bot
