"""Commands in several languages, for chosen people and places, and in limited numbers."""

from typing import Any

import discord
import pytest
from discord import app_commands

from deploy.sandbox.client import SandboxClient, SandboxError
from tests.deploy.sandbox.parts import Api, Bot, Connect

WORDS = {"draw": "malen", "Draw a picture": "Ein Bild malen", "style": "stil", "oil": "Öl"}


class German(app_commands.Translator):
    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContext[Any, Any]
    ) -> str | None:
        return WORDS.get(string.message) if locale is discord.Locale.german else None


def bot_with_words() -> Bot:
    bot = Bot()
    name = app_commands.locale_str

    @bot.tree.command(name=name("draw"), description=name("Draw a picture"))
    @app_commands.rename(style=name("style"))
    @app_commands.choices(style=[app_commands.Choice(name=name("oil"), value="oil")])
    async def draw(interaction: discord.Interaction, style: str) -> None:
        await interaction.response.send_message(f"{style} in {interaction.locale}")

    async def setup() -> None:
        await bot.tree.set_translator(German())
        await bot.tree.sync()

    bot.setup_hook = setup
    return bot


async def test_people_are_offered_commands_in_their_language(
    connect: Connect, sandbox: SandboxClient, api: Api
) -> None:
    await connect(bot_with_words())
    await sandbox.change_person("Bea", locale="de")
    offered = (await sandbox.get("/commands", person="Bea", channel="gallery"))["commands"][0]
    assert (offered["name_localized"], offered["description_localized"]) == ("malen", "Ein Bild malen")
    assert offered["options"][0]["choices"][0]["name_localized"] == "Öl"
    await sandbox.slash("gallery", "Bea", "malen", {"style": "Öl"})
    assert (await sandbox.wait_message("gallery")).content == "oil in de"
    with pytest.raises(SandboxError, match="10063"):
        await sandbox.slash("gallery", "Cem", "malen", {"style": "Öl"})
    path = f"/applications/{sandbox.info.application_id}/commands"
    [plain] = (await api("GET", path))[1]
    assert "name_localizations" not in plain
    [full] = (await api("GET", f"{path}?with_localizations=true"))[1]
    assert full["options"][0]["name_localizations"] == {"de": "stil"}
    asked = await api.raw("GET", path, headers={"X-Discord-Locale": "de"})
    assert (await asked.json())[0]["name_localized"] == "malen"


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"name_localizations": {"xx": "a"}}, "name_localizations.xx"),
        ({"name_localizations": {"de": "A b"}}, "name_localizations.de"),
        ({"description_localizations": {"de": "x" * 101}}, "description_localizations.de"),
        ({"contexts": [3]}, "contexts.0"), ({"integration_types": [2]}, "integration_types.0"),
        ({"options": [{"type": 3, "name": "a", "description": "b", "min_value": 1}]}, "options.0.min_value"),
        ({"options": [{"type": 4, "name": "a", "description": "b", "min_value": 2, "max_value": 1}]}, "options.0"),
    ],
)  # fmt: skip
async def test_what_cannot_be_registered(api: Api, sandbox: SandboxClient, more: dict[str, Any], at: str) -> None:
    path = f"/applications/{sandbox.info.application_id}/commands"
    _, answer = await api("POST", path, {"name": "go", "description": "go", **more})
    node = answer["errors"]
    for part in at.split("."):
        node = node[part]
    assert node["_errors"]


async def test_overwriting_keeps_the_ids_of_the_same_names(api: Api, sandbox: SandboxClient) -> None:
    path = f"/applications/{sandbox.info.application_id}/commands"
    status, first = await api("POST", path, {"name": "go", "description": "one"})
    assert status == 201
    status, second = await api("POST", path, {"name": "go", "description": "two"})
    assert (status, second["id"]) == (200, first["id"])
    _, all_of_them = await api("PUT", path, [{"name": "go", "description": "three"}, {"name": "go", "type": 2}])
    assert all_of_them[0]["id"] == first["id"]
    assert all_of_them[0]["version"] != second["version"]
    assert all_of_them[1]["id"] != first["id"]
    _, renamed = await api("PATCH", f"{path}/{first['id']}", {"name": "went"})
    assert (renamed["id"], renamed["name"]) == (first["id"], "went")


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
async def test_so_many_commands_are_the_most(api: Api, sandbox: SandboxClient, kind: int, most: int) -> None:
    path = f"/applications/{sandbox.info.application_id}/commands"
    bodies = [{"name": f"c{n}", "type": kind, **({"description": "x"} if kind == 1 else {})} for n in range(most)]
    assert (await api("PUT", path, bodies))[0] == 200
    extra = {**bodies[0], "name": "more"}
    assert (await api("POST", path, extra))[1]["code"] == 30032
    assert (await api("PUT", path, [*bodies, extra]))[1]["code"] == 30032


async def test_admins_decide_who_uses_a_command_and_where(api: Api, sandbox: SandboxClient) -> None:
    app, guild = sandbox.info.application_id, (await sandbox.world())["guilds"][0]["id"]
    _, command = await api("POST", f"/applications/{app}/commands", {"name": "go", "description": "x"})
    base = f"/applications/{app}/guilds/{guild}/commands"
    assert (await api("GET", f"{base}/{command['id']}/permissions"))[1]["code"] == 10066
    assert (await api("PUT", f"{base}/{command['id']}/permissions", {"permissions": []}))[1]["code"] == 20001

    async def may(person: str, channel: str = "gallery") -> bool:
        return bool((await sandbox.get("/commands", person=person, channel=channel))["commands"])

    await sandbox.command_permissions("Studio", "go", allow=["Moderator"], deny=["@everyone", "#general"])
    assert [await may(person) for person in ("Ada", "Max", "Bea")] == [True, True, False]
    assert [await may(person, "general") for person in ("Ada", "Max")] == [True, False]
    _, shown = await api("GET", f"{base}/{command['id']}/permissions")
    assert {each["type"] for each in shown["permissions"]} == {1, 3}
    await sandbox.command_permissions("Studio", "go", allow=["Bea"])
    await sandbox.command_permissions("Studio", deny=["@everyone"])
    assert [await may(person) for person in ("Bea", "Cem")] == [True, False]
    assert len((await api("GET", f"{base}/permissions"))[1]) == 2
    assert await may("Cem", "Atelier/gallery")


async def test_commands_for_adults_need_a_channel_for_them(api: Api, sandbox: SandboxClient) -> None:
    body = {"name": "go", "description": "x", "nsfw": True}
    await api("POST", f"/applications/{sandbox.info.application_id}/commands", body)
    with pytest.raises(SandboxError, match="10063"):
        await sandbox.slash("gallery", "Bea", "go", wait=False)
    await sandbox.change_channel("gallery", nsfw=True)
    assert (await sandbox.slash("gallery", "Bea", "go", wait=False)).state == "pending"


async def test_the_silenced_use_no_commands(api: Api, sandbox: SandboxClient) -> None:
    await api("POST", f"/applications/{sandbox.info.application_id}/commands", {"name": "go", "description": "x"})
    said = await sandbox.say("gallery", "Ada", "hush")
    await sandbox.timeout("Studio", "Bea", 60)
    for act in (
        sandbox.slash("gallery", "Bea", "go"),
        sandbox.say("gallery", "Bea", "x"),
        sandbox.react(said, "🔁", "Bea"),
    ):
        with pytest.raises(SandboxError, match="50013"):
            await act
    await sandbox.timeout("Studio", "Ada", 60)
    await sandbox.say("gallery", "Ada", "admins cannot be silenced")
    await sandbox.clock(jump=61)
    await sandbox.say("gallery", "Bea", "again")


async def test_an_option_takes_channels_of_its_types_alone(api: Api, sandbox: SandboxClient) -> None:
    place = {"name": "place", "description": "x", "type": 7, "channel_types": [0, 5], "required": True}
    inner = {"name": "set", "description": "x", "type": 1, "options": [place]}
    body = {
        "name": "go",
        "description": "x",
        "options": [{"name": "here", "description": "x", "type": 2, "options": [inner]}],
    }
    await api("POST", f"/applications/{sandbox.info.application_id}/commands", body)
    for channel in ("lounge", "showcase"):
        with pytest.raises(SandboxError, match=r"Only channels of these types can be picked: \[0, 5\]"):
            await sandbox.slash("gallery", "Bea", "go here set", {"place": await number(sandbox, channel)}, wait=False)
    asked = await sandbox.slash("gallery", "Bea", "go here set", {"place": await number(sandbox, "news")}, wait=False)
    assert asked.state == "pending"


async def number(sandbox: SandboxClient, channel: str) -> str:
    guild = (await sandbox.world())["guilds"][0]
    found: str = next(each["id"] for each in guild["channels"] if each["name"] == channel)
    return found
