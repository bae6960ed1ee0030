"""Modals: what may be shown, what people fill in, and how it arrives."""

from typing import Any

import discord
import pytest

from deploy.sandbox.client import SandboxClient, SandboxError
from deploy.sandbox.client import file as upload
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect


class Everything(discord.ui.Modal, title="Everything"):
    """A component of each kind that discord.py can put into a modal."""

    hint = discord.ui.TextDisplay("Fill **all** of it in.")
    words = discord.ui.Label(text="Words", component=discord.ui.TextInput(custom_id="words", max_length=10))
    pick = discord.ui.Label(
        text="Pick", description="one or two",
        component=discord.ui.Select(custom_id="pick", max_values=2, options=[
            discord.SelectOption(label="A", value="a"), discord.SelectOption(label="B", value="b")]),
    )  # fmt: skip
    who = discord.ui.Label(text="Who", component=discord.ui.UserSelect(custom_id="who", required=True))
    picture = discord.ui.Label(text="Picture", component=discord.ui.FileUpload(custom_id="picture", max_values=2))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        interaction.client.heard.put_nowait(("submitted", self))  # type: ignore[attr-defined]
        await interaction.response.send_message("thanks")


class Choosing(discord.ui.Modal, title="Choosing"):
    colour = discord.ui.Label(
        text="Colour",
        component=discord.ui.RadioGroup(custom_id="colour", options=[
            discord.RadioGroupOption(label="Red", value="red"), discord.RadioGroupOption(label="Blue", value="blue")]),
    )  # fmt: skip
    extras = discord.ui.Label(
        text="Extras",
        component=discord.ui.CheckboxGroup(custom_id="extras", required=False, options=[
            discord.CheckboxGroupOption(label="A", value="a"), discord.CheckboxGroupOption(label="B", value="b")]),
    )  # fmt: skip
    sure = discord.ui.Label(text="Sure?", component=discord.ui.Checkbox(custom_id="sure"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        parts: list[Any] = [self.colour.component, self.extras.component, self.sure.component]
        values = (parts[0].value, parts[1].values, parts[2].value)
        interaction.client.heard.put_nowait(("chosen", values))  # type: ignore[attr-defined]
        await interaction.response.defer()


def modal_bot() -> Bot:
    bot = Bot()

    @bot.tree.command()
    async def choose(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Choosing())

    @bot.tree.command()
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Everything())

    return bot


async def test_all_that_a_person_fills_in_arrives(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(modal_bot())
    opened = await sandbox.slash("gallery", "Bea", "ask")
    people = {each["global_name"]: each["id"] for each in (await sandbox.world())["people"]}
    fields = {"words": "hey", "pick": ["a", "b"], "who": [people["Cem"]], "picture": [upload("a.png", RED)]}
    done = await sandbox.submit(opened, fields, "Bea")
    assert done.answered
    modal = await bot.next("submitted")
    assert modal.words.component.value == "hey"
    assert modal.pick.component.values == ["a", "b"]
    assert [each.display_name for each in modal.who.component.values] == ["Cem"]
    assert await modal.picture.component.values[0].read() == RED


async def test_what_a_person_chooses_arrives(connect: Connect, sandbox: SandboxClient) -> None:
    bot = await connect(modal_bot())
    opened = await sandbox.slash("gallery", "Bea", "choose")
    await sandbox.submit(opened, {"colour": "blue", "extras": ["a", "b"], "sure": True}, "Bea")
    assert await bot.next("chosen") == ("blue", ["a", "b"], True)
    opened = await sandbox.slash("gallery", "Bea", "choose")
    await sandbox.submit(opened, {"colour": "red"}, "Bea")
    assert await bot.next("chosen") == ("red", [], False)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"words": ""}, "words"), ({"words": "x" * 11}, "words"), ({"pick": ["c"]}, "pick"),
        ({"pick": ["a", "b", "a"]}, "pick"), ({"who": ["5"]}, "who"), ({"who": []}, "who"),
        ({"picture": [upload("a", b"x")] * 3}, "picture"),
    ],
)  # fmt: skip
async def test_what_discords_client_would_not_submit(
    connect: Connect, sandbox: SandboxClient, fields: dict[str, Any], at: str
) -> None:
    await connect(modal_bot())
    opened = await sandbox.slash("gallery", "Bea", "ask")
    bea = (await sandbox.world())["people"][2]["id"]
    good = {"words": "hey", "pick": ["a"], "who": [bea], "picture": [upload("a.png", RED)]}
    with pytest.raises(SandboxError) as caught:
        await sandbox.submit(opened, {**good, **fields}, "Bea")
    assert list(caught.value.errors) == [at]


def label(component: dict[str, Any]) -> dict[str, Any]:
    return {"type": 18, "label": "x", "component": {"custom_id": f"c{component['type']}", **component}}


def choices(*names: str, **more: Any) -> dict[str, Any]:
    return {"options": [{"label": each, "value": each} for each in names], **more}


async def shown(api: Api, sandbox: SandboxClient, components: object) -> tuple[Any, tuple[int, Any]]:
    """Ask for a modal with these components; what was asked, and Discord's answer to it."""
    app = sandbox.info.application_id
    await api("POST", f"/applications/{app}/commands", {"name": "ask", "description": "x"})
    asked = await sandbox.slash("gallery", "Bea", "ask", wait=False)
    body = {"type": 9, "data": {"custom_id": "m", "title": "M", "components": components}}
    return asked, await api("POST", f"/interactions/{asked.id}/{asked.token}/callback", body, token=False)


async def test_radio_buttons_and_checkboxes(api: Api, sandbox: SandboxClient) -> None:
    components = [
        {"type": 10, "content": "hint"}, label({"type": 21, **choices("red", "blue")}),
        label({"type": 22, **choices("a", "b", "c", max_values=2)}), label({"type": 23, "default": True}),
        label({"type": 22, "custom_id": "none", "required": False, **choices("a")}),
    ]  # fmt: skip
    asked, (status, _) = await shown(api, sandbox, components)
    assert status == 204
    done = await sandbox.submit(asked, {"c21": "blue", "c22": ["a", "c"]}, "Bea", wait=False)
    filled = (await sandbox.get(f"/interactions/{done.id}"))["data"]["components"]
    assert filled[0] == {"type": 10, "id": 1}
    assert [each["component"].get("value") for each in filled[1:]] == ["blue", None, True, None]
    assert [each["component"].get("values") for each in filled[1:]] == [None, ["a", "c"], None, []]
    for wrong in (
        {"c21": "green", "c22": ["a"]},
        {"c21": "red", "c22": ["a", "b", "c"]},
        {"c21": "red"},
        {"c22": ["a"]},
    ):
        with pytest.raises(SandboxError, match="50035"):
            await sandbox.submit(asked, wrong, "Bea", wait=False)


@pytest.mark.parametrize(
    ("components", "at"),
    [
        ([], "components"), ([label({"type": 23})] * 6, "components"), ([{"type": 2}], "components.0.type"),
        ([label({"type": 2})], "components.0.component.type"), ([{"type": 18, "label": "x"}], "components.0.component"),
        ([label({"type": 4})], "components.0.component.style"),
        ([label({"type": 23}), label({"type": 23})], "components.1.component.custom_id"),
        ([label({"type": 21, **choices("one")})], "components.0.component.options"),
        ([label({"type": 22, **choices("a", "a")})], "components.0.component.options.1.value"),
        ([label({"type": 19, "min_values": 0})], "components.0.component.min_values"),
        ([label({"type": 19, "max_values": 11})], "components.0.component.max_values"),
        ([label({"type": 3, **choices("a"), "disabled": True})], "components.0.component.disabled"),
        ([{"type": 1, "components": [{"type": 4, "custom_id": "x", "style": 1}]}], "components.0.components.0.label"),
    ],
)  # fmt: skip
async def test_what_cannot_be_shown(
    api: Api, sandbox: SandboxClient, components: list[dict[str, Any]], at: str
) -> None:
    _, (status, answer) = await shown(api, sandbox, components)
    assert (status, answer["code"]) == (400, 50035)
    node = answer["errors"]["data"]
    for part in at.split("."):
        node = node[part]
    assert node["_errors"]
