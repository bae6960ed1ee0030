"""The shapes of answers, judged by Discord's own OpenAPI description where it is at hand."""

import io
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import discord
import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect
from tests.deploy.sandbox.test_people import Panel

FILE = os.environ.get("EASEL_DISCORD_OPENAPI", "")
pytestmark = pytest.mark.skipif(
    not FILE, reason="EASEL_DISCORD_OPENAPI does not name Discord's openapi.json (github.com/discord/discord-api-spec)"
)


@cache
def description() -> tuple[dict[str, Any], "Registry[Any]"]:
    document = json.loads(Path(FILE).read_text())
    resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
    return document, Registry().with_resource("urn:discord", resource)


@cache
def templates() -> list[tuple[re.Pattern[str], str]]:
    """Paths as patterns; those with fewer parameters first, so that @me is not taken for an id."""
    paths = sorted(description()[0]["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "$"), path) for path in paths]


def schema_of(method: str, path: str, status: int) -> dict[str, Any] | None:
    """The schema of an answer, or None when it has no body. Raises LookupError for what Discord does not have."""
    document, _ = description()
    template = next((name for pattern, name in templates() if pattern.match(path)), None)
    if template is None or method.lower() not in document["paths"][template]:
        raise LookupError(f"Discord has no {method} {path}")
    responses = document["paths"][template][method.lower()]["responses"]
    found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    if found is None:
        raise LookupError(f"Discord does not answer {method} {template} with {status}")
    if "$ref" in found:
        found = document["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]
    schema: dict[str, Any] | None = found.get("content", {}).get("application/json", {}).get("schema")
    return absolute(schema) if schema is not None else None


def absolute(schema: Any) -> Any:
    """The schema with its references pointing into the document."""
    if isinstance(schema, dict):
        return {key: f"urn:discord{value}" if key == "$ref" else absolute(value) for key, value in schema.items()}
    return [absolute(each) for each in schema] if isinstance(schema, list) else schema


def faults_of(exchange: dict[str, Any]) -> Iterator[str]:
    """What Discord's description has against an answer."""
    where = f"{exchange['method']} {exchange['path']} → {exchange['status']}"
    try:
        schema = schema_of(exchange["method"], exchange["path"], exchange["status"])
    except LookupError as missing:
        yield f"{where}: {missing}"
        return
    if schema is None:
        if exchange["response"] is not None:
            yield f"{where}: has a body"
        return
    validator = jsonschema.Draft202012Validator(schema, registry=description()[1])
    for error in validator.iter_errors(exchange["response"]):
        best = jsonschema.exceptions.best_match([error])
        if "errors" in best.absolute_path and best.absolute_path[-1] == "code":
            continue  # the description says integer; Discord sends names, as its documentation shows
        yield f"{where}: {'.'.join(str(each) for each in best.absolute_path)}: {best.message[:300]}"


async def judge(sandbox: SandboxClient, at_least: int) -> None:
    exchanges = await sandbox.exchanges(limit=3000)
    assert len(exchanges) >= at_least
    assert [fault for each in exchanges for fault in faults_of(each)] == []


async def test_what_a_bot_meets_has_discords_shapes(connect: Connect, sandbox: SandboxClient) -> None:
    bot = Bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction, prompt: str) -> None:
        await interaction.response.defer(thinking=True)
        picture = discord.File(io.BytesIO(RED), "a.png", description=prompt)
        embed = discord.Embed(title="x", description="y").add_field(name="a", value="b").set_footer(text="f")
        await interaction.edit_original_response(content=prompt, attachments=[picture], embed=embed, view=Panel())
        await interaction.followup.send("more", ephemeral=True)
        shown = await interaction.original_response()
        await shown.add_reaction("🔁")

    @bot.tree.command()
    async def gallery(interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView()
        pictures = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png"))
        text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay("hi")
        view.add_item(discord.ui.Container(text, pictures, discord.ui.Separator()))
        view.add_item(discord.ui.Section(text, accessory=discord.ui.Thumbnail("attachment://a.png")))
        view.add_item(discord.ui.File("attachment://a.png"))
        await interaction.response.send_message(view=view, file=discord.File(io.BytesIO(RED), "a.png"))

    @imagine.autocomplete("prompt")
    async def prompts(interaction: discord.Interaction, current: str) -> list[discord.app_commands.Choice[str]]:
        return [discord.app_commands.Choice(name="a", value="b")]

    await connect(bot)
    await sandbox.autocomplete("gallery", "Bea", "imagine", "prompt", "a")
    asked = await sandbox.slash("gallery", "Bea", "imagine", {"prompt": "hey <@1000000000054525952>"})
    done = await sandbox.wait_message("gallery", lambda message: "🔁" in message.reactions)
    assert done.id == asked.message_id
    await sandbox.press(done, "Again", "Bea")
    await sandbox.select(done, "pick", ["a"], "Bea")
    assert (await sandbox.slash("gallery", "Bea", "gallery")).answered
    channel = await bot.fetch_channel(done.channel_id)
    assert isinstance(channel, discord.TextChannel)
    async for message in channel.history():
        assert message.id
    await (await bot.fetch_user(int((await sandbox.world())["people"][2]["id"]))).send("hello")
    await judge(sandbox, 18)


async def test_what_is_read_and_refused_has_discords_shapes(api: Api, sandbox: SandboxClient, box: Sandbox) -> None:
    world = await sandbox.world()
    app, guild = world["application_id"], world["guilds"][0]
    channel = f"/channels/{guild['channels'][0]['id']}"
    _, sent = await api("POST", f"{channel}/messages", {"content": "x", "nonce": "n", "enforce_nonce": True})
    one = f"{channel}/messages/{sent['id']}"
    _, reply = await api(
        "POST", f"{channel}/messages", {"content": "y", "message_reference": {"message_id": sent["id"]}}
    )
    assert reply["referenced_message"]["id"] == sent["id"]
    heart = "%E2%9D%A4%EF%B8%8F"
    calls: list[tuple[str, str, object]] = [
        ("GET", "/gateway", None), ("GET", "/gateway/bot", None), ("GET", "/users/@me", None),
        ("GET", "/users/@me/guilds", None), ("GET", f"/users/{world['people'][0]['id']}", None),
        ("GET", "/oauth2/applications/@me", None), ("GET", "/applications/@me", None),
        ("POST", "/users/@me/channels", {"recipient_id": world["people"][0]["id"]}),
        ("GET", channel, None), ("GET", one, None), ("GET", f"{channel}/messages", None),
        ("PUT", f"{one}/reactions/{heart}/@me", None), ("GET", f"{one}/reactions/{heart}", None), ("GET", one, None),
        ("DELETE", f"{one}/reactions/{heart}/@me", None), ("POST", f"{channel}/typing", None),
        ("GET", f"/guilds/{guild['id']}", None), ("GET", f"/guilds/{guild['id']}/channels", None),
        ("GET", f"/guilds/{guild['id']}/roles", None),
        ("GET", f"/guilds/{guild['id']}/members/{world['people'][0]['id']}", None),
        ("POST", f"/applications/{app}/commands", {"name": "a", "description": "b", "options": [
            {"type": 3, "name": "x", "description": "y", "choices": [{"name": "q", "value": "q"}]},
            {"type": 4, "name": "n", "description": "y", "min_value": 1}]}),
        ("GET", f"/applications/{app}/commands", None),
        ("PUT", f"/applications/{app}/guilds/{guild['id']}/commands", [{"name": "a", "description": "b"}]),
        # and refusals
        ("GET", "/channels/1", None), ("POST", f"{channel}/messages", {"content": "x" * 2001}),
        ("POST", f"{channel}/messages", {}), ("GET", f"{channel}/messages/1", None),
        ("PATCH", f"{channel}/messages/1", {"content": "x"}), ("GET", "/guilds/1", None),
        ("POST", f"/applications/{app}/commands", {"name": "A"}), ("PUT", f"{one}/reactions/x/@me", None),
        ("POST", "/interactions/1/x/callback", {"type": 5}), ("POST", f"/webhooks/{app}/x", {"content": "x"}),
        ("PATCH", f"/webhooks/{app}/x/messages/@original", {"content": "x"}),
        ("DELETE", one, None),
    ]  # fmt: skip
    for method, path, body in calls:
        await api(method, path, body)
    box.limits.enabled = True
    for _ in range(6):
        await api("POST", f"{channel}/typing")
    assert {429, 200, 204, 400, 404} <= {each["status"] for each in await sandbox.exchanges()}
    await judge(sandbox, len(calls))
