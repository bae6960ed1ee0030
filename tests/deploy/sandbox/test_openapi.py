"""Discord's own OpenAPI description judges what bots meet; the judge itself is tested here too.

Every test with a sandbox in its process is judged (`_judged` in tests/conftest.py), those with one in another process
where they read its log (tests/e2e). The two long tests here make sure that all routes and answers come up.
"""

import io
from pathlib import Path
from typing import Any

import discord
import pytest

from deploy.sandbox.client import SandboxClient
from deploy.sandbox.recording.exchanges import Exchange
from deploy.sandbox.server import Sandbox
from tests.deploy.sandbox.coverage import table
from tests.deploy.sandbox.openapi import MISSING, Description, Json, description, judge_event, judge_exchange
from tests.deploy.sandbox.openapi_watch import LogReader, watching
from tests.deploy.sandbox.parts import RED, Api, Bot, Connect
from tests.deploy.sandbox.test_people import Panel

ROOT = Path(__file__).parents[3]
SEND = "/channels/1/messages"


@pytest.fixture
def judge() -> Description:
    found = description()
    if found is None:
        pytest.skip(MISSING)
    return found


def exchange(method: str, path: str, status: int, response: object, request: object = None) -> Json:
    return {"method": method, "path": path, "status": status, "response": response, "request": request,
            "files": [], "fault": None}  # fmt: skip


USER: Json = {
    "id": "5", "username": "a", "avatar": None, "discriminator": "0", "public_flags": 0, "flags": 0,
    "global_name": None, "primary_guild": None,
}  # fmt: skip
NESTED = {"embeds": {"0": {"title": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Too long."}]}}}}


@pytest.mark.parametrize(
    ("method", "path", "status", "response", "complaint"),
    [
        ("GET", "/users/5", 200, USER, None),
        ("GET", "/users/5", 200, {**USER, "id": 5}, "$.id: 5 is not of type 'string'"),
        ("GET", "/users/5", 200, {**USER, "id": "05"}, "$.id: '05' does not match"),
        ("GET", "/users/5", 200, {**USER, "avatar": 1}, "$.avatar: 1 is not of type"),
        ("GET", "/users/5", 200, {**USER, "nick": None}, "$: Additional properties are not allowed ('nick'"),
        ("GET", "/users/5", 200, {**USER, "public_flags": 2**31}, "$.public_flags: 2147483648 is not a 'int32'"),
        ("GET", "/users/5", 200, {"id": "5"}, "$: 'username' is a required property"),
        ("GET", "/users/5", 201, USER, "does not answer GET /users/{user_id} with 201"),
        ("GET", "/users/5/shoes", 200, USER, "Discord has no GET /users/5/shoes"),
        ("GET", "/users/5", 404, {"message": "Unknown User", "code": 10013}, None),
        ("GET", "/users/5", 404, {"message": "Unknown User"}, "$: 'code' is a required property"),
        ("POST", SEND, 400, {"message": "Invalid Form Body", "code": 50035, "errors": NESTED}, None),
        ("POST", SEND, 400, {"message": "Invalid Form Body", "code": 50035, "errors": {"a": [1]}}, "$.errors.a: "),
        ("POST", SEND, 429, {"message": "Slow", "code": 0}, "$: 'retry_after' is a required property"),
        ("DELETE", f"{SEND}/2", 204, {}, "has a body"),
    ],
)
def test_the_judge_finds_what_is_wrong_with_an_answer(
    judge: Description, method: str, path: str, status: int, response: object, complaint: str | None
) -> None:
    said = judge_exchange(judge, exchange(method, path, status, response))
    assert any(complaint in each for each in said) if complaint else not said, said


@pytest.mark.parametrize(
    "other",
    [
        {"id": "012345678901234567"},
        {"id": "12345678901234567x"},
        {"id": 123456789012345678},
        {"username": None},
        {"public_flags": 2**31},
        {"sparkle": "123456789012345678"},
    ],
)
def test_what_was_flawless_before_hides_no_flaw(judge: Description, other: Json) -> None:
    """The judge remembers what it found flawless but for ids and moments."""
    for name in ("123456789012345678", "876543210987654321"):
        assert judge_exchange(judge, exchange("GET", "/users/5", 200, {**USER, "id": name})) == []
    assert judge_exchange(judge, exchange("GET", "/users/5", 200, {**USER, "id": "123456789012345678", **other}))


@pytest.mark.parametrize("other", ["2026-11-28T05:32:27.123456", "2026-13-28T05:32:27.123456+00:00", "soon", 5])
def test_nor_does_a_moment_hide_another(judge: Description, other: object) -> None:
    schema: Json = {"type": "string", "format": "date-time"}
    for moment in ("2026-11-28T05:32:27.123456+00:00", "2026-01-01T00:00:00+00:00"):
        assert list(judge.judge(moment, "moment", schema)) == []
    assert list(judge.judge(other, "moment", schema))


@pytest.mark.parametrize(("key", "most"), [("label", 80), ("custom_id", 100)])
def test_nor_do_words_that_fit_hide_some_that_do_not(judge: Description, key: str, most: int) -> None:
    for length in (most - 1, most, most + 1):
        button = {"type": 2, "style": 1, "label": "a", "custom_id": "b", key: "x" * length}
        body = {"components": [{"type": 1, "components": [button]}]}
        assert bool(list(judge.request("POST", SEND, body, files=False))) is (length > most)


@pytest.mark.parametrize(
    ("request_body", "complaint"),
    [
        ({"content": "x", "tts": False, "unknown": 1}, None),
        ({"attachments": [{"id": 0, "filename": "a.png"}]}, None),
        ({"content": "x" * 4001}, "$.content: "),
        ({"components": [{"type": 1, "components": [{"type": 2, "style": 9, "label": "x"}]}]}, "components[0].style: "),
        ({"embeds": [{"color": "red"}]}, "$.embeds[0].color: 'red' is not of type"),
    ],
)
def test_the_judge_finds_what_the_sandbox_should_not_have_taken(
    judge: Description, request_body: Json, complaint: str | None
) -> None:
    said = list(judge.request("POST", SEND, request_body, files=False))
    assert any(complaint in each for each in said) if complaint else not said, said


def test_the_judge_knows_the_objects_inside_events(judge: Description) -> None:
    typing: Json = {"channel_id": "1", "user_id": "2", "timestamp": 3}
    assert judge_event(judge, "TYPING_START", typing) == []
    assert "'timestamp' is a required" in judge_event(judge, "TYPING_START", {"channel_id": "1", "user_id": "2"})[0]
    assert "$.member: " in judge_event(judge, "TYPING_START", {**typing, "member": {}})[0]
    assert "not known" in judge_event(judge, "SHOE_CREATE", {})[0]


@pytest.mark.usefixtures("judge")
async def test_a_test_fails_where_a_sandbox_says_something_wrong(api: Api) -> None:
    async def something() -> None:
        with watching() as watch:
            await api("GET", "/gateway")
            assert [each["route"] for each in watch.log()] == ["/gateway"]
            watch.call(Exchange(1, 0.0, "GET", "/users/5", "/users/{user}", 200, 0.0, "", [], '{"id": "5"}'))

    with pytest.raises(pytest.fail.Exception, match=r"/users/\{user_id\} → 200: \$: 'username' is"):
        await something()


async def test_a_log_is_judged_piece_by_piece(
    judge: Description, box: Sandbox, sandbox: SandboxClient, api: Api
) -> None:
    reader = LogReader()
    await api("GET", "/users/@me")
    assert await reader.check(sandbox) == 1
    await api("GET", "/users/@me")
    await api("GET", "/gateway")
    assert await reader.check(sandbox) == 2
    box.exchanges.recent.clear()
    box.exchanges.next_number()
    await api("GET", "/users/@me")
    with pytest.raises(AssertionError, match="too short"):
        await reader.check(sandbox)


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
    assert len(await sandbox.exchanges()) >= 18


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


def test_the_readme_counts_what_is_served(judge: Description) -> None:
    """When it fails, `python -m tests.deploy.sandbox.coverage` has the new numbers for deploy/sandbox/README.md."""
    *_, total = table(judge, absent=False)
    served, most = total.split()[1::2]
    said = (ROOT / "deploy/sandbox/README.md").read_text()
    assert f"Of the {most} operations" in said
    assert f"{served} are served" in said
