"""Bodies that Discord refuses, and the nested errors that say why."""

from typing import Any

import pytest

from deploy.sandbox.client import SandboxClient
from tests.deploy.sandbox.parts import Api, button, row


def options(count: int) -> list[dict[str, str]]:
    return [{"label": f"o{number}", "value": f"o{number}"} for number in range(count)]


V2 = {"flags": 1 << 15}
MESSAGES = [
    ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    ({"content": 5, "embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"description": "x" * 4000}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "embeds.0.fields.0.name", "BASE_TYPE_REQUIRED"),
    ({"components": [row(button(custom_id=f"{n}")) for n in range(6)]}, "components", "BASE_TYPE_MAX_LENGTH"),
    ({"components": [row(*[button(custom_id=f"{n}") for n in range(6)])]}, "components.0.components",
     "BASE_TYPE_BAD_LENGTH"),
    ({"components": [row(button(custom_id="x" * 101))]}, "components.0.components.0.custom_id",
     "BASE_TYPE_BAD_LENGTH"),
    ({"components": [row(button(label="x" * 81))]}, "components.0.components.0.label", "BASE_TYPE_BAD_LENGTH"),
    ({"components": [row(button(), button())]}, "components.0.components.1.custom_id",
     "COMPONENT_CUSTOM_ID_DUPLICATED"),
    ({"components": [row({"type": 3, "custom_id": "s", "options": options(26)})]},
     "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    ({"components": [{"type": 10, "content": "text"}]}, "components.0.type", "BASE_TYPE_CHOICES"),
    ({**V2, "content": "x", "components": [{"type": 10, "content": "y"}]}, "content",
     "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ({**V2, "components": [{"type": 10, "content": str(n)} for n in range(41)]}, "components",
     "BASE_TYPE_MAX_LENGTH"),
    ({**V2, "components": [{"type": 12, "items": []}]}, "components.0.items", "BASE_TYPE_BAD_LENGTH"),
    ({**V2, "components": [{"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}]}, "components",
     "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
    ({"components": [row(button(emoji={"name": "smile"}))]}, "components.0.components.0.emoji.name",
     "COMPONENT_INVALID_EMOJI"),
    ({"components": [row({"type": 2, "style": 5, "label": "x", "url": "ftp://x"})]}, "components.0.components.0.url",
     "URL_TYPE_INVALID_SCHEME"),
    ({"components": [row(button(emoji={"id": "123456789012345678", "name": "gone"}))]},
     "components.0.components.0.emoji.name", "COMPONENT_INVALID_EMOJI"),
    ({"components": [row(button(style=5, url="https://example.com"))]}, "components.0.components.0.custom_id",
     "BUTTON_COMPONENT_FIELD_NOT_ALLOWED"),
    ({"components": [row({"type": 2, "style": 1, "label": "x"})]}, "components.0.components.0.custom_id",
     "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
    ({"components": [row({"type": 2, "style": 6})]}, "components.0.components.0.sku_id", "BASE_TYPE_REQUIRED"),
    ({"components": [row(button(id=7), button(id=7, custom_id="y"))]}, "components.0.components.1.id",
     "COMPONENT_ID_DUPLICATED"),
    ({"components": [row({"type": 5, "custom_id": "s", "min_values": 3, "max_values": 2})]},
     "components.0.components.0.max_values", "SELECT_COMPONENT_MAX_LESS_THAN_MIN"),
    ({"components": [row({"type": 5, "custom_id": "s", "default_values": [{"id": "1", "type": "role"}]})]},
     "components.0.components.0.default_values.0.type", "BASE_TYPE_CHOICES"),
    ({**V2, "components": [{"type": 17, "components": [{"type": 17, "components": []}]}]},
     "components.0.components.0.type", "BASE_TYPE_CHOICES"),
    ({**V2, "components": [{"type": 17, "accent_color": -1, "components": [{"type": 10, "content": "x"}]}]},
     "components.0.accent_color", "NUMBER_TYPE_MIN"),
    ({**V2, "components": [{"type": 10, "content": "x" * 2500}, {"type": 10, "content": "x" * 2500}]},
     "components", "COMPONENT_TEXT_TOO_LONG"),
    ({**V2, "components": [{"type": 9, "components": [{"type": 10, "content": "x"}], "accessory": {"type": 10}}]},
     "components.0.accessory.type", "BASE_TYPE_CHOICES"),
    ({**V2, "components": [{"type": 13, "file": {"url": "https://example.com/a"}}]}, "components.0.file.url",
     "URL_TYPE_INVALID_SCHEME"),
    ({**V2, "components": [{"type": 14, "spacing": 3}]}, "components.0.spacing", "NUMBER_TYPE_MAX"),
    ({"embeds": [{"image": {"url": "file:///etc/passwd"}}]}, "embeds.0.image.url", "URL_TYPE_INVALID_SCHEME"),
    ({"content": "x", "flags": 64}, "flags", "MESSAGE_FLAGS_INVALID"),
    ({"content": "x", "nonce": "x" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
    ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference", "REPLIES_UNKNOWN_MESSAGE"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions",
     "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "path", "code"), MESSAGES)
async def test_messages(api: Api, sandbox: SandboxClient, body: dict[str, Any], path: str, code: str) -> None:
    channel = (await sandbox.get("/channel", channel="gallery"))["id"]
    status, answer = await api("POST", f"/channels/{channel}/messages", body)
    assert (status, answer["code"]) == (400, 50035)
    node = answer["errors"]
    for part in path.split("."):
        node = node[part]
    assert node["_errors"][0]["code"] == code
    assert await sandbox.messages("gallery") == []


async def test_an_edit_that_leaves_nothing(api: Api, sandbox: SandboxClient) -> None:
    channel = (await sandbox.get("/channel", channel="gallery"))["id"]
    _, sent = await api("POST", f"/channels/{channel}/messages", {"content": "  x  ", "embeds": [{"title": "y"}]})
    assert sent["content"] == "x"
    path = f"/channels/{channel}/messages/{sent['id']}"
    assert (await api("PATCH", path, {"content": ""}))[0] == 200
    assert (await api("PATCH", path, {"embeds": []}))[1]["code"] == 50006
    assert (await api("PATCH", path, {"content": "z", "embeds": []}))[1]["content"] == "z"


async def test_components_v2_come_to_stay(api: Api, sandbox: SandboxClient) -> None:
    channel = (await sandbox.get("/channel", channel="gallery"))["id"]
    _, sent = await api("POST", f"/channels/{channel}/messages", {"content": "plain"})
    path, text = f"/channels/{channel}/messages/{sent['id']}", [{"type": 10, "content": "rich"}]
    _, refused = await api("PATCH", path, {**V2, "components": text})
    assert refused["errors"]["content"]["_errors"][0]["code"] == "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    _, turned = await api("PATCH", path, {**V2, "content": None, "components": text})
    assert (turned["flags"], turned["content"]) == (V2["flags"], "")
    _, kept = await api("PATCH", path, {"flags": 0})
    assert kept["flags"] == V2["flags"]
    assert "content" in (await api("PATCH", path, {"content": "plain again"}))[1]["errors"]


async def test_ids_of_components_are_kept_or_given(api: Api, sandbox: SandboxClient) -> None:
    channel = (await sandbox.get("/channel", channel="gallery"))["id"]
    body = {**V2, "components": [{"type": 10, "content": "a", "id": 2}, {"type": 10, "content": "b"}, row(button())]}
    _, sent = await api("POST", f"/channels/{channel}/messages", body)
    assert [each["id"] for each in sent["components"]] == [2, 1, 3]
    assert sent["components"][2]["components"][0]["id"] == 4


@pytest.mark.parametrize("body", [{}, {"content": " "}, {"content": None, "embeds": []}])
async def test_an_empty_message(api: Api, sandbox: SandboxClient, body: dict[str, Any]) -> None:
    channel = (await sandbox.get("/channel", channel="gallery"))["id"]
    assert (await api("POST", f"/channels/{channel}/messages", body))[1]["code"] == 50006


def command(**more: Any) -> dict[str, Any]:
    return {"name": "go", "description": "go", **more}


COMMANDS = [
    (command(name="Go"), "0.name"),
    (command(name="x" * 33), "0.name"),
    (command(description=""), "0.description"),
    (command(options=[{"type": 3, "name": f"o{n}", "description": "x"} for n in range(26)]), "0.options"),
    (command(options=[{"type": 3, "name": "a", "description": "x"},
                      {"type": 3, "name": "b", "description": "x", "required": True}]), "0.options.1"),
    (command(options=[{"type": 3, "name": "a", "description": "x", "autocomplete": True,
                       "choices": [{"name": "x", "value": "x"}]}]), "0.options.0.autocomplete"),
    (command(options=[{"type": 3, "name": "a", "description": "x",
                       "choices": [{"name": str(n), "value": str(n)} for n in range(26)]}]), "0.options.0.choices"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "path"), COMMANDS)
async def test_commands(api: Api, sandbox: SandboxClient, body: dict[str, Any], path: str) -> None:
    app = sandbox.info.application_id
    status, answer = await api("PUT", f"/applications/{app}/commands", [body])
    assert (status, answer["code"]) == (400, 50035)
    node = answer["errors"]
    for part in path.split("."):
        node = node[part]
    assert node["_errors"]
    assert await sandbox.commands() == []


async def test_commands_of_one_server(api: Api, sandbox: SandboxClient) -> None:
    app, guild = sandbox.info.application_id, (await sandbox.world())["guilds"][0]["id"]
    base = f"/applications/{app}/guilds/{guild}/commands"
    _, made = await api("POST", base, command())
    assert made["guild_id"] == guild
    _, changed = await api("PATCH", f"{base}/{made['id']}", {"description": "now"})
    assert changed["description"] == "now"
    assert [each["id"] for each in (await api("GET", base))[1]] == [made["id"]]
    assert (await api("GET", f"/applications/{app}/commands"))[1] == []
    assert (await api("DELETE", f"{base}/{made['id']}"))[0] == 204
    assert (await api("GET", f"{base}/{made['id']}"))[1]["code"] == 10063


async def test_two_hundred_new_commands_a_day(api: Api, sandbox: SandboxClient) -> None:
    path = f"/applications/{sandbox.info.application_id}/commands"
    for start in (0, 100):
        bodies = [command(name=f"c{start + number}") for number in range(100)]
        assert (await api("PUT", path, bodies))[0] == 200
    assert (await api("PUT", path, [command(name="one-more")]))[1]["code"] == 30034


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/channels/12/messages/5", 404, 10003), ("GET", "/channels/abc", 400, 50035),
        ("GET", "/guilds/12", 404, 10004), ("GET", "/users/12", 404, 10013),
        ("GET", "/nowhere", 404, 0), ("PUT", "/users/@me", 405, 0),
        ("PATCH", "/webhooks/1000000000004194304/none/messages/@original", 404, 10015),
        ("PATCH", "/webhooks/1000000000004194304/none/messages/%40original", 404, 10015),
        ("POST", "/interactions/12/none/callback", 404, 10062),
    ],
)  # fmt: skip
async def test_what_is_not_there(api: Api, method: str, path: str, status: int, code: int) -> None:
    found, body = await api(method, path, None if method == "GET" else {"type": 5})
    assert (found, body["code"]) == (status, code)


async def test_a_wrong_token_and_bad_json(api: Api) -> None:
    assert await api("GET", "/users/@me", token=False) == (401, {"message": "401: Unauthorized", "code": 0})
    answer = await api.raw("POST", "/users/@me/channels", data=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status, (await answer.json())["code"]) == (400, 50109)
    assert answer.headers["Content-Type"] == "application/json"
